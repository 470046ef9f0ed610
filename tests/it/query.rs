//! Queries end to end over a small base: what they answer, and what is said of those that cannot be answered.

use regesta::index::{Index, build};
use regesta::query::{Answers, CellValue, RowsOf, answer};
use regesta::source::Sources;
use regesta::{resolve, syntax};

const BASE: &str = r#"
relation polity, polities "A state"
  founded:  date ?
  ended:    date ?
  succeeds: polity ?  inverse succeeded-by
  area:     quantity km2 ?

relation person, persons "A person"
  faction:   words menshevik | bolshevik ?
  member-of: body *  inverse members  dated

relation body, bodies "An organisation"

relation office, offices "A post"

relation tenure, tenures "A person holds an office"
  person: person  inverse tenures
  office: office  inverse holders
  period: period

relation treaty, treaties "An agreement"
  party:   polity 2..  inverse treaties
  signed:  date
  kind:    words peace | trade | non-aggression +
  extends: treaty ?  inverse extended-by
  terms:   text *

union happening, happenings = treaty | tenure

source notes "Lecture notes"
source carr "Carr"

cite notes "1"

polity russia "Russia"
  name:    "Soviet Russia" (1917-11-07/1922-12-30), "USSR" (1922-12-30/1991-12-26)
  also:    "Soviet Union"
  founded: 1917-11-07
polity germany "Germany"
  also:    "Weimar Republic" (1919/1933)
  founded: 1871-01-18
  area:    468_787 km2
polity great-britain "Great Britain"
  founded: 1707
polity france "France"
  founded: [1789,1792]
  area:    ~550_000 km2
polity poland "Poland"
  founded: 1918?
  succeeds: none
polity latvia "Latvia"

body politburo "Politburo"
body central-committee "Central Committee"

person litvinov "Maxim Litvinov"
  faction:   menshevik (disputed), bolshevik (preferred; source: carr)
  member-of: politburo (denied), central-committee (1934/1941)
person trotsky "Leon Trotsky"
  faction:   menshevik (disputed)
  member-of: politburo (1919/1926)
person chicherin "Georgy Chicherin"
  faction:   unknown
person nobody "Nobody"

office foreign-commissar "Foreign Commissar"
office ambassador "Ambassador"

table tenure: person | office | period
  trotsky   | foreign-commissar | 1917-11-08/1918-03-13
  chicherin | foreign-commissar | 1918/1930
  litvinov  | foreign-commissar | 1930-07-21/1939-05-03
  litvinov  | ambassador        | 1941-11/1943

treaty brest-litovsk "Treaty of Brest-Litovsk"
  party:  germany, russia
  signed: 1918-03-03
  kind:   peace
treaty rapallo-1922 "Treaty of Rapallo"
  party:  germany, russia
  signed: 1922-04-16
  kind:   trade
  terms:  "Both renounce claims.", "Čičerin signed."
treaty berlin-1926 "Treaty of Berlin"
  party:   germany, russia
  signed:  1926-04-24
  kind:    non-aggression
  extends: rapallo-1922
treaty protocol "Moscow Protocol"
  party:   russia, poland
  signed:  1939 (rejected; source: notes; note: "a slip")
  signed:  1929-02-09 (source: carr)
  kind:    non-aggression
treaty extension "Extension of Berlin"
  party:   germany, russia (disputed)
  signed:  1933~
  kind:    non-aggression, trade
  extends: berlin-1926
treaty vague "Vague Agreement"
  party:   france, great-britain
  signed:  192X
  kind:    unknown
treaty either "One or the other"
  party:   france, unknown
  signed:  [1919,1935]
  kind:    peace
"#;

pub(crate) fn index_of(text: &str) -> Index {
    let mut sources = Sources::new();
    let file = sources.add("base.kb", text);
    let (tree, mut findings) = syntax::parse_file(&sources, file);
    let (resolved, more) = resolve::facts(&sources, &[tree]);
    findings.extend(more);
    let errors: Vec<String> = findings
        .iter()
        .filter(|found| found.severity == regesta::diagnostic::Severity::Error)
        .map(|found| {
            format!(
                "{}:{} {}",
                sources.start(found.primary.span).line,
                found.code.number,
                found.message
            )
        })
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    Index::in_memory(build(&resolved.facts).expect("the facts fit together"))
        .expect("the index is sound")
}

fn text_of(value: &CellValue) -> String {
    match value {
        CellValue::Text(text) | CellValue::Word(text) | CellValue::Number { text, .. } => {
            text.clone()
        }
        CellValue::Time { shown, .. } => shown.clone(),
        CellValue::Entity { id, .. } => id.clone(),
        CellValue::Count { certain, possible: 0 } => certain.to_string(),
        CellValue::Count { certain, possible } => format!("{certain} (+{possible})"),
        CellValue::Unknown => "unknown".into(),
        CellValue::None => "none".into(),
    }
}

fn show(answers: &Answers) -> String {
    let mut text = String::new();
    for row in &answers.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| cell.values.iter().map(text_of).collect::<Vec<_>>().join(", "))
            .collect();
        let mark = if row.order_is_uncertain { "≈ " } else { "  " };
        let reason =
            if row.reason.is_empty() { String::new() } else { format!("   ({})", row.reason) };
        text += &format!("{mark}{}{reason}\n", cells.join(" | "));
    }
    if answers.rows_of != RowsOf::Groups {
        text += &format!("  = {}", answers.certain);
        text +=
            &if answers.possible > 0 { format!(" (+{})\n", answers.possible) } else { "\n".into() };
    }
    for note in &answers.notes {
        text += &format!("  note: {note}\n");
    }
    text
}

/// Answers each line as a query, or tells what is wrong with it.
fn ask(queries: &str) -> String {
    let index = index_of(BASE);
    let mut text = String::new();
    for line in queries.trim().lines() {
        let line = line.trim();
        text += &format!("{line}\n");
        let mut sources = Sources::new();
        let file = sources.add("query", line);
        let (query, said) = resolve::query(&index, &sources, file).expect("the index is sound");
        for found in &said {
            let span = found.primary.span;
            let before = line.get(..span.start as usize).unwrap_or("").chars().count();
            let width =
                line.get(span.start as usize..span.end as usize).unwrap_or("").chars().count();
            text += &format!(
                "{}{} {}\n",
                " ".repeat(before),
                "^".repeat(width.max(1)),
                found.code.number
            );
            text += &format!("  {}\n", found.message);
            text.extend(found.help.iter().map(|help| format!("  help: {help}\n")));
            text.extend(found.notes.iter().map(|note| format!("  note: {note}\n")));
        }
        if let Some(query) = query {
            text += &show(&answer(&index, &query).expect("the index is sound"));
        }
    }
    text
}

#[test]
fn references_dates_and_words() {
    insta::assert_snapshot!(ask(r#"
        treaties where party = Germany and year < 1930 show id, signed
        treaties where party = Germany and party = "Soviet Union" show id
        treaties where party = great britain show id
        treaties where kind in (trade, peace) and signed in 1918..1922 show id, kind
        treaties where signed from 1922 to 1926 sort by name desc show name
        treaties where name ~ "treaty" and not kind = peace show id
        treaties where terms ~ cicerin show id
        treaties where name = "treaty of rapallo" show id
        polities where area > 500_000 km2 show id, area
        polities where name = "Weimar Republic" show name
        treaties where party = "Weimar Republic" and id ~ 1922 show id
        happenings where year = 1918 show id
        treaties where decade = 1920s and month = 1922-04 show id, decade, century
        this is no query
    "#), @"");
}

#[test]
fn doubt_gives_possible_rows_with_their_reasons() {
    insta::assert_snapshot!(ask(r#"
        treaties where year < 1930 show id
        treaties where year > 1930 show id
        treaties where not year > 1930 show id
        treaties where signed = 1925 show id
        treaties where signed is unknown or kind is unknown show id
        treaties where kind = trade show id
        treaties where not kind = trade show id
        treaties where party = russia and year > 1930 show id
        polities where founded = 1918 show id
        polities where not founded > 1930 show id
        polities where certainly founded < 1918 show id
        polities where possibly founded = 1918 count
        persons where faction = menshevik show id
        persons where faction = bolshevik show id
        persons where not faction = bolshevik show id
        treaties where every party in (france, great-britain) show id
        treaties where no party = germany show id
    "#), @"");
}

#[test]
fn absence_is_counted_aloud_and_denial_is_certain() {
    insta::assert_snapshot!(ask(r#"
        polities where founded < 1900 show id
        polities where not founded < 1900 show id
        polities where not founded < 1900 or no founded show id
        polities where has founded and no area show id
        polities where succeeds is none show id
        polities where not succeeds = germany show id
        persons where member-of = politburo show id
        persons where not member-of = politburo show id
        persons where not member-of = central-committee show id
        persons where faction != menshevik show id
        treaties where extends != rapallo-1922 show id
    "#), @"");
}

#[test]
fn paths_brackets_closures_and_subqueries() {
    insta::assert_snapshot!(ask(r#"
        persons where tenures[office = foreign-commissar and period overlaps 1930] show id
        persons where tenures.office = ambassador and tenures.period overlaps 1935 show id
        persons where tenures[office = ambassador].period overlaps 1935 show id
        polities where no treaties show id
        polities where treaties.kind = trade show id, treaties
        treaties where party.founded > signed show id
        treaties where party.founded < signed and year < 1920 show id
        treaties where extends+ = rapallo-1922 show id
        treaties where (extends.extends)+ = rapallo-1922 show id
        polities where treaties.extends+ = rapallo-1922 show id
        treaties where signed during (tenures where person = Litvinov).period show id
        treaties where signed after rapallo-1922.signed and signed before 1930 show id
        treaties where party in (polities where founded < 1800) show id
        (treaties where kind = trade) where year < 1930 show id
        tenures where length < 200 show person, length, start, end
        everything where mentions germany show id
        treaties where party[status = disputed] = russia show id
        persons where member-of[period overlaps 1925] = politburo show id
        happenings where this is tenure count
    "#), @"");
}

#[test]
fn clauses_groups_and_order() {
    insta::assert_snapshot!(ask(r#"
        treaties
        treaties sort by signed desc limit 2 show id, signed
        treaties sort by kind, name show kind, name
        treaties limit 1 show id
        treaties count
        treaties count by kind
        treaties count by party
        treaties group by decade show decade, count(), min(signed), max(signed)
        polities group by founded.century show count(), sum(area)
        persons where member-of = politburo as of 1925 show id
        persons where member-of = politburo as of 1930 show id
        treaties where signed = 1939 according to notes show id
        treaties where signed = 1939 all claims show id, signed
        tenures as of 1930-08 show person
        happenings limit 3
    "#), @"");
}

#[test]
fn what_cannot_be_settled_is_told_with_a_way_out() {
    insta::assert_snapshot!(ask(r#"
        treatys where year < 1930
        rapallo-1922 show id
        treaties where partie = germany
        treaties where party = germny
        treaties where party = litvinov
        treaties where kind = tradde
        treaties where party < 1930
        treaties where signed = rapallo-1922
        treaties where signed = 1922-16-04
        treaties where name > 3
        polities where area > 5
        polities where area > 5 acres
        treaties where extends < 1930 and foo = 1 sort by bar
        treaties where signed in 1930..1920
        treaties where kind is treaty
        treaties where party.kind = trade
        treaties where signed.day = 3
        treaties group by kind show name
        treaties where ended - founded > 3
        persons where length > 3
        treaties where 1930 > year
        treaties where party = Germany and Russia
    "#), @"");
}
