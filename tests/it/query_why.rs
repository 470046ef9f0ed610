//! Names in use, reasons for what is only possible, and reasons for a whole answer.

use super::query::index_of;
use regesta::query::{Allowance, Answers, CellValue, Reasons, answer};
use regesta::render::{AnswerFormat, Style, write_answers, write_why};
use regesta::source::Sources;
use regesta::{pipeline, resolve};

const BASE: &str = r#"
relation polity, polities "A state"
  founded: date ?

relation treaty, treaties "An agreement"
  party:  polity 2..  inverse treaties
  signed: date
  kind:   words peace | trade | non-aggression ?
  ended:  date ?

source notes "Lecture notes"
source carr "Carr"

cite notes "1"

polity russia "Russia"
  name: "Soviet Russia" (1917-11-07/1922-12-30), "USSR" (1922-12-30/1991-12-26)
polity germany "Germany"
  founded: 1871-01-18
polity poland "Poland"

treaty rapallo "Treaty of Rapallo"
  party:  germany, russia
  signed: 1922-04-16
  kind:   trade
treaty berlin "Treaty of Berlin"
  party:  germany, russia (source: carr "p. 9")
  signed: 1926-04-24
  kind:   non-aggression
treaty vague "Vague Agreement"
  party:  russia, poland (disputed)
  signed: [1921,1935]
treaty slip "Misdated Protocol"
  party:  russia, poland
  signed: 1939 (rejected; note: "a slip")
  signed: 1929-02-09
  kind:   peace
treaty placed "Undated Annexe"
  party:  germany, poland
  signed: 1926 (after: berlin)
"#;

fn answers_to(text: &str) -> Answers {
    let index = index_of(BASE);
    let mut sources = Sources::new();
    let file = sources.add("query", text);
    let (query, said) = resolve::query(&index, &sources, file).expect("the index is sound");
    assert!(said.is_empty(), "{said:#?}");
    answer(&index, &query.expect("it is understood")).expect("the index is sound")
}

fn names_in(text: &str) -> String {
    let mut shown = String::new();
    for row in answers_to(text).rows {
        for cell in &row.cells {
            for value in &cell.values {
                shown += match value {
                    CellValue::Text(name) | CellValue::Entity { name: Some(name), .. } => name,
                    CellValue::Entity { id, .. } => id,
                    _ => "?",
                };
                shown.push(' ');
            }
            shown.push('|');
        }
        shown.push('\n');
    }
    shown
}

#[test]
fn a_name_is_the_one_in_use_at_the_date_of_the_row() {
    insta::assert_snapshot!(names_in("treaties where party = russia show id, party"), @r"
    vague |Russia Poland |
    rapallo |Germany Soviet Russia |
    berlin |Germany USSR |
    slip |USSR Poland |
    ");
    insta::assert_snapshot!(names_in("polities where id = russia show name"), @"Russia |");
    insta::assert_snapshot!(names_in("polities where id = russia as of 1920 show name"), @"Soviet Russia |");
    insta::assert_snapshot!(names_in("treaties where id = berlin as of 1920 show party"), @"Germany Soviet Russia |");
}

fn explained(text: &str, format: AnswerFormat) -> String {
    let index = index_of(BASE);
    let allowance = Allowance { reasons: Reasons::Plain, ..Allowance::default() };
    let asked = pipeline::ask(&index, text, &allowance).expect("the index is sound");
    let answers = asked.answers.expect("it is understood");
    let mut bytes = Vec::new();
    write_answers(&mut bytes, text, &answers, format, Style::PLAIN).expect("memory can be written");
    String::from_utf8(bytes).expect("it is text")
}

fn why(text: &str, name: &str) -> String {
    why_in(BASE, text, name)
}

/// Tells why a record is among the rows of a question over some facts, or not.
pub fn why_in(base: &str, text: &str, name: &str) -> String {
    let index = index_of(base);
    let reasoned = pipeline::why(&index, text, name).expect("the index is sound");
    assert!(reasoned.findings.is_empty(), "{:#?}", reasoned.findings);
    let mut bytes = Vec::new();
    match reasoned.why.expect("it is understood") {
        Ok(why) => write_why(&mut bytes, &why, Style::PLAIN).expect("memory can be written"),
        Err(message) => return message,
    }
    String::from_utf8(bytes).expect("it is text")
}

#[test]
fn possible_rows_say_what_may_be_so() {
    let query = "treaties where (signed = 1930 and not kind = peace) or (party = poland and signed < 1922) show id";
    insta::assert_snapshot!(explained("treaties where signed = 1930 show id", AnswerFormat::Table), @r"0");
    insta::assert_snapshot!(explained(query, AnswerFormat::Table), @r"
    id
    ─────

    possible
    vague
        party is poland: this is disputed
        signed is [1921,1935]: may lie before 1922

    0 (+1 possible)
    ");
    insta::assert_snapshot!(explained("treaties where party = poland show id", AnswerFormat::Json), @r#"
    {"query":"treaties where party = poland show id","columns":["id"],"rows":[
    {"id":"placed","match":"certain","reason":null},
    {"id":"slip","match":"certain","reason":null},
    {"id":"vague","match":"possible","reason":"party is poland: this is disputed"}
    ],"certain":2,"possible":1}
    "#);
    insta::assert_snapshot!(explained("treaties where not signed > 1930 show id", AnswerFormat::Csv), @r#"
    id,match,reason
    rapallo,certain,
    berlin,certain,
    placed,certain,
    slip,certain,
    vague,possible,"signed is [1921,1935]: may not lie after 1930"
    "#);
}

#[test]
fn each_condition_is_told_with_the_statements_that_decided_it() {
    insta::assert_snapshot!(why("treaties where party = Russia and (year < 1925 or not kind = peace)", "berlin"), @r"
    Treaty of Berlin [berlin] is in the answer
    treaty, base.kb:26

    holds: party = Russia and (year < 1925 or not kind = peace)
    ├─ holds: party = Russia
    │     berlin: party = Russia [russia], base.kb:27, Carr, p. 9 [carr]
    └─ holds: year < 1925 or not kind = peace
       ├─ fails: year < 1925
       │     berlin: signed = 1926-04-24, base.kb:28, Lecture notes, 1 [notes]
       │     it lies about 3 months after 1925
       └─ holds: not kind = peace
             berlin: kind = non-aggression, base.kb:29, Lecture notes, 1 [notes]
    ");
}

#[test]
fn what_is_possible_says_what_is_uncertain() {
    insta::assert_snapshot!(why("treaties where party = poland and signed < 1930", "vague"), @r"
    Vague Agreement [vague] is possibly in the answer
    treaty, base.kb:30

    possible: party = poland and signed < 1930
    ├─ possible: party = poland
    │     vague: party = Poland [poland] (disputed), base.kb:31, Lecture notes, 1 [notes]
    │       party is poland: this is disputed
    └─ possible: signed < 1930
          vague: signed = [1921,1935], base.kb:32, Lecture notes, 1 [notes]
            signed is [1921,1935]: may lie before 1930
    ");
}

#[test]
fn relative_dates_name_their_links() {
    insta::assert_snapshot!(why("treaties where signed = 1926-05", "placed"), @r"
    Undated Annexe [placed] is possibly in the answer
    treaty, base.kb:38

    possible: signed = 1926-05
       placed: signed = 1926 (after: berlin), base.kb:40, Lecture notes, 1 [notes]
         after: berlin, signed 1926-04-24 (base.kb:28)
         signed is 1926: may fall in 1926-05
    ");
}

#[test]
fn what_is_not_in_the_answer_says_how_nearly() {
    insta::assert_snapshot!(why("treaties where party = Germany and year < 1920", "rapallo"), @r"
    Treaty of Rapallo [rapallo] is not in the answer
    treaty, base.kb:22

    fails: party = Germany and year < 1920
    ├─ holds: party = Germany
    │     rapallo: party = Germany [germany], base.kb:23, Lecture notes, 1 [notes]
    └─ fails: year < 1920
          rapallo: signed = 1922-04-16, base.kb:24, Lecture notes, 1 [notes]
          it lies about 15 months after 1920
    ");
    insta::assert_snapshot!(why("treaties where signed = 1939", "slip"), @r"
    Misdated Protocol [slip] is not in the answer
    treaty, base.kb:33

    fails: signed = 1939
       slip: signed = 1939 (rejected), base.kb:35, Lecture notes, 1 [notes]
         does not count
         note: a slip
       slip: signed = 1929-02-09, base.kb:36, Lecture notes, 1 [notes]
       it lies about 9 years before 1939
    ");
    insta::assert_snapshot!(why("treaties where ended > 1930", "slip"), @r"
    Misdated Protocol [slip] is not in the answer
    treaty, base.kb:33

    fails: ended > 1930
       `ended` is not recorded; `or no ended` takes such records in
    ");
    insta::assert_snapshot!(why("treaties where name ~ rapalo", "rapallo"), @r"
    Treaty of Rapallo [rapallo] is not in the answer
    treaty, base.kb:22

    fails: name ~ rapalo
       rapallo: name = Treaty of Rapallo, base.kb:22, Lecture notes, 1 [notes]
       `Rapallo` comes closest to `rapalo`
    ");
    insta::assert_snapshot!(why("treaties where year > 1900", "Russia"), @r"
    Russia [russia] is not in the answer
    polity, base.kb:16
      it is of the relation `polity`, and the query asks for treaties
    ");
    insta::assert_snapshot!(why("treaties where year > 1900 limit 1", "berlin"), @r"
    Treaty of Berlin [berlin] is in the answer
    treaty, base.kb:26
      `limit 1` does not show it: it is number 3 of 5 rows that are certain

    holds: year > 1900
       berlin: signed = 1926-04-24, base.kb:28, Lecture notes, 1 [notes]
    ");
    insta::assert_snapshot!(why("polities where treaties[kind = trade and year > 1930]", "Germany"), @r"
    Germany [germany] is not in the answer
    polity, base.kb:18

    fails: treaties[kind = trade and year > 1930]
       rapallo: party = Germany [germany], base.kb:23, Lecture notes, 1 [notes]
         fails: kind = trade and year > 1930
         ├─ holds: kind = trade
         │     rapallo: kind = trade, base.kb:25, Lecture notes, 1 [notes]
         └─ fails: year > 1930
               rapallo: signed = 1922-04-16, base.kb:24, Lecture notes, 1 [notes]
               it lies about 7 years before 1930
       berlin: party = Germany [germany], base.kb:27, Lecture notes, 1 [notes]
         fails: kind = trade and year > 1930
         ├─ fails: kind = trade
         │     berlin: kind = non-aggression, base.kb:29, Lecture notes, 1 [notes]
         └─ fails: year > 1930
               berlin: signed = 1926-04-24, base.kb:28, Lecture notes, 1 [notes]
               it lies about 3 years before 1930
       placed: party = Germany [germany], base.kb:39, Lecture notes, 1 [notes]
         fails: kind = trade and year > 1930
         ├─ fails: kind = trade
         │     `kind` is not recorded; `or no kind` takes such records in
         └─ fails: year > 1930
               placed: signed = 1926 (after: berlin), base.kb:40, Lecture notes, 1 [notes]
                 after: berlin, signed 1926-04-24 (base.kb:28)
               it lies about 3 years before 1930
    ");
    insta::assert_snapshot!(why("treaties where party in (polities where founded < 1900)", "rapallo"), @r"
    Treaty of Rapallo [rapallo] is in the answer
    treaty, base.kb:22

    holds: party in (polities where founded < 1900)
       rapallo: party = Germany [germany], base.kb:23, Lecture notes, 1 [notes]
         holds: founded < 1900
            germany: founded = 1871-01-18, base.kb:19, Lecture notes, 1 [notes]
    ");
    insta::assert_snapshot!(why("treaties where year > 1900", "Rapalo"), @r"there is no record `Rapalo`; did somebody mean `rapallo`?");
}

fn remarks(text: &str) -> String {
    let answers = answers_to(text);
    let warnings = answers.warnings.iter().map(|warning| format!("warning: {warning}\n"));
    let notes = answers.notes.iter().map(|note| format!("note: {note}\n"));
    warnings.chain(notes).collect()
}

#[test]
fn an_empty_answer_names_the_condition_that_removed_the_last_rows() {
    insta::assert_snapshot!(remarks("treaties where party = Germany and year < 1925 and kind = peace"), @r"
    note: 1 record is left out: `kind` is not recorded; add `or no kind` to take it in
    note: `party = germany and year < 1925` leaves 1 record, and `kind = peace` does not hold of it
    ");
    insta::assert_snapshot!(remarks("treaties where party = Germany and year < 1850"), @r"note: `year < 1850` holds of none of 5 records");
    insta::assert_snapshot!(remarks("treaties where party = Germany and year < 1925"), @"");
}

#[test]
fn what_can_never_or_always_hold_is_a_warning() {
    insta::assert_snapshot!(remarks("treaties where kind = trade and kind = peace"), @r"warning: `kind = trade` and `kind = peace` can never hold together: `kind` has one value; `kind in (…, …)` takes either");
    insta::assert_snapshot!(remarks("treaties where year < 1920 and signed > 1930"), @r"warning: `year < 1920` and `signed > 1930` can never hold together: `year` has one value");
    insta::assert_snapshot!(remarks("treaties where year < 1930 or signed >= 1930"), @r"warning: `year < 1930 or signed >= 1930` leaves nothing out but what is not recorded; `has …` says that plainly");
    insta::assert_snapshot!(remarks("treaties where kind = trade and not kind = trade"), @r"warning: `kind = trade` and `not kind = trade` can never hold together");
    insta::assert_snapshot!(remarks("treaties where party = Germany and party = Russia"), @"");
}

#[test]
fn a_hidden_or_rejected_claim_that_would_match_is_noted() {
    insta::assert_snapshot!(remarks("treaties where signed = 1939"), @r"note: 1 record would match by a claim that is rejected or hidden by a better one: `slip`; `all claims` takes such claims in");
    insta::assert_snapshot!(remarks("treaties where signed = 1939 all claims"), @"");
    insta::assert_snapshot!(remarks("treaties where signed = 1929"), @"");
}
