use super::super::commands;
use crate::index::{Index, build};
use crate::source::Sources;
use crate::{resolve, syntax};

const BASE: &str = r#"
relation polity, polities "A state"
  founded:  date ?
  succeeds: polity ?  inverse succeeded-by
relation person, persons "A person"
relation tenure, tenures "A person holds an office"
  person:  person  inverse tenures
  period:  period
relation treaty, treaties "An agreement"
  party:   polity 2..  inverse treaties
  signed:  date
  kind:    words peace | trade | non-aggression +
  terms:   text *
union happening, happenings = treaty | tenure
source notes "Lecture notes"
cite notes "1"
polity russia "Russia"
  also: "Soviet Union"
polity germany "Germany"
polity great-britain "Great Britain"
polity greece "Greece"
polity "A \"so-called\" state"
polity bell "Bell\u{7}"
person litvinov "Maxim Litvinov"
tenure litvinov-commissar
  person: litvinov
  period: 1930/1939
treaty rapallo "Treaty of Rapallo"
  party:  germany, russia
  signed: 1922-04-16
  kind:   trade
"#;

/// What the base may define beside its facts.
const DEFINITIONS: &str = r#"
rule ally(a: polity, b: polity) "bound by a treaty"
  if t is treaty and t.party = a and t.party = b and a != b
rule old(this-one: polity | person)
  if this-one.founded < 1900
query trading "What was traded"
  treaties where kind = trade
query trading-early
  # Not the late ones.
  trading where signed < 1925
"#;

fn index() -> Index {
    index_of(BASE)
}

fn index_of(base: &str) -> Index {
    let mut sources = Sources::new();
    let file = sources.add("kb/a.kb", base);
    let (tree, _) = syntax::parse_file(&sources, file);
    let (resolved, _) = resolve::facts(&sources, &[tree]);
    Index::in_memory(build(&resolved.facts).expect("the facts fit together"))
        .expect("the index is sound")
}

/// Completes each line at `|`: what is typed is kept up to the bracket, and what is offered stands behind it.
fn offered(lines: &str) -> String {
    offered_over(&index(), lines)
}

fn offered_over(index: &Index, lines: &str) -> String {
    let mut text = String::new();
    for line in lines.trim().lines().map(str::trim) {
        let position = line.find('|').expect("a place");
        let typed = line.replacen('|', "", 1);
        let found = commands::complete(index, &typed, position).expect("the index is sound");
        let kept = &typed[..found.start];
        let shown: Vec<&str> =
            found.candidates.iter().map(|candidate| candidate.shown.as_str()).collect();
        text += &format!("{kept}{{{}}}\n", shown.join(", "));
    }
    text
}

/// What the first candidate makes of a line.
fn completed(line: &str) -> String {
    let position = line.find('|').expect("a place");
    let typed = line.replacen('|', "", 1);
    let found = commands::complete(&index(), &typed, position).expect("the index is sound");
    let first = found.candidates.first().map_or("", |candidate| &candidate.text);
    format!("{}{first}{}", &typed[..found.start], &typed[position..])
}

#[test]
fn a_query_begins_with_what_is_asked_for() {
    insta::assert_snapshot!(offered(
        "
        |
        t|
        treaty|
        TREA|ies where
        (treat|
        "
    ), @"
    {sources, polities, persons, tenures, treaties, happenings, everything, statements, find}
    {tenures, treaties}
    {treaty}
    {treaties}
    ({treaties}
    ");
}

#[test]
fn fields_and_ways_back_behind_a_source_or_a_dot() {
    insta::assert_snapshot!(offered(
        "
        treaties |
        treaties where |
        treaties where s|
        polities where |
        happenings where p|
        treaties where party.|
        treaties where party.s|
        treaties where party.succeeds.succeeded-by.f|
        treaties where signed.|
        treaties where has |
        treaties where party[f|
        polities where treaties[party = russia and s|
        persons where (tenures.p|
        (treaties where kind = trade) where si|
        treaties where rapallo.s|
        treaties where nonsense.|
        "
    ), @"
    treaties {where, sort by, limit, show, count, group by, as of, according to, all claims}
    treaties where {party, signed, kind, terms, id, name, also, note, source, text, date, year, month, decade, century, start, end, length, not, has, no, some, every, mentions, certainly, possibly}
    treaties where {signed, source, start, some}
    polities where {founded, succeeds, succeeded-by, treaties, id, name, also, note, source, text, date, year, month, decade, century, start, end, length, not, has, no, some, every, mentions, certainly, possibly}
    happenings where {person, period, party, possibly}
    treaties where party.{founded, succeeds, succeeded-by, treaties, id, name, also, note, source, text, date, year, month, decade, century, start, end, length}
    treaties where party.{succeeds, succeeded-by, source, start}
    treaties where party.succeeds.succeeded-by.{founded}
    treaties where signed.{year, month, decade, century, start, end, length}
    treaties where has {party, signed, kind, terms, id, name, also, note, source, text, date, year, month, decade, century, start, end, length}
    treaties where party[{founded}
    polities where treaties[party = russia and {signed, source, start, status, some}
    persons where (tenures.{person, period}
    (treaties where kind = trade) where {signed}
    treaties where rapallo.{signed, source, start}
    treaties where nonsense.{}
    ");
}

#[test]
fn operators_connectors_and_clauses() {
    insta::assert_snapshot!(offered(
        "
        treaties where signed |
        treaties where party |
        treaties where kind i|
        polities where no treaties a|
        treaties where kind = trade |
        treaties where kind = trade s|
        treaties where (kind = trade |
        treaties sort |
        treaties sort by si|
        treaties sort by signed |
        treaties show name, p|
        treaties show c|
        treaties count |
        treaties count by k|
        treaties as |
        treaties according to n|
        treaties all |
        treaties where kind is |
        treaties limit |
        treaties limit 5 so|
        "
    ), @r#"
    treaties where signed {in, is, not, from, before, after, during, contains, overlaps, meets}
    treaties where party {in, is, not, from, mentions}
    treaties where kind {in, is}
    polities where no treaties {and, as of, according to, all claims}
    treaties where kind = trade {and, or, sort by, limit, show, count, group by, as of, according to, all claims}
    treaties where kind = trade {sort by, show}
    treaties where (kind = trade {and, or}
    treaties sort {by}
    treaties sort by {signed}
    treaties sort by signed {desc, asc, sort by, limit, show, count, group by, as of, according to, all claims}
    treaties show name, {party}
    treaties show {century, count}
    treaties count {by, sort by, limit, show, count, group by, as of, according to, all claims}
    treaties count by {kind}
    treaties as {of}
    treaties according to {notes ("Lecture notes")}
    treaties all {claims}
    treaties where kind is {unknown, none, not}
    treaties limit {}
    treaties limit 5 {sort by}
    "#);
}

#[test]
fn words_and_names() {
    insta::assert_snapshot!(offered(
        "
        treaties where kind = |
        treaties where kind in (peace, n|
        treaties where party = g|
        treaties where party = GERM|
        treaties where party = great b|
        treaties where party = soviet |
        treaties where party = \"gr|
        treaties where party = 'Sov|
        treaties where party = a|
        treaties where party != germany and party = r|
        treaties where party = bel|
        tenures where person = max|
        polities where name = g|
        polities where id = g|
        everything where mentions ra|
        treaties where signed = |
        treaties where signed during (te|
        treaties where signed during (tenures where person = l|
        treaties where signed during (tenures where person = litvinov).|
        treaties where party[status = d|
        find a, b wh|
        "
    ), @r#"
    treaties where kind = {peace, trade, non-aggression}
    treaties where kind in (peace, {non-aggression}
    treaties where party = {germany ("Germany"), great-britain ("Great Britain"), greece ("Greece")}
    treaties where party = {germany ("Germany")}
    treaties where party = {"Great Britain" (great-britain)}
    treaties where party = {"Soviet Union" (russia), and, or, sort by, limit, show, count, group by, as of, according to, all claims}
    treaties where party = {"Great Britain" (great-britain), "Greece" (greece)}
    treaties where party = {"Soviet Union" (russia)}
    treaties where party = {"A \"so-called\" state"}
    treaties where party != germany and party = {russia ("Russia")}
    treaties where party = {bell}
    tenures where person = {"Maxim Litvinov" (litvinov)}
    polities where name = {"Germany" (germany), "Great Britain" (great-britain), "Greece" (greece)}
    polities where id = {germany ("Germany"), great-britain ("Great Britain"), greece ("Greece")}
    everything where mentions {rapallo ("Treaty of Rapallo")}
    treaties where signed = {}
    treaties where signed during ({tenures}
    treaties where signed during (tenures where person = {litvinov ("Maxim Litvinov")}
    treaties where signed during (tenures where person = litvinov).{person, period, id, name, also, note, source, text, date, year, month, decade, century, start, end, length}
    treaties where party[status = {disputed, denied}
    find a, b {where}
    "#);
    assert_eq!(
        completed("treaties where party = great b|"),
        "treaties where party = \"Great Britain\""
    );
    assert_eq!(completed("treaties where party = gr|"), "treaties where party = great-britain");
    assert_eq!(
        completed("treaties where party = a|  count"),
        "treaties where party = \"A \\\"so-called\\\" state\"  count"
    );
}

#[test]
fn nothing_is_offered_inside_comments_dates_and_closed_strings() {
    insta::assert_snapshot!(offered(
        "
        treaties # tr|
        treaties where signed = 19|
        treaties where party = \"Germany\"|
        "
    ), @"
    {}
    {}
    {}
    ");
}

#[test]
fn commands() {
    insta::assert_snapshot!(offered(
        "
        .|
        .s|
        .schema t|
        .format c|
        .explain KB020|
        .show soviet u|
        .show g|
        .nonsense |
        "
    ), @"
    {.schema, .show, .explain, .format, .help, .quit}
    {.schema, .show}
    .schema {tenures, treaties}
    .format {csv, count}
    .explain {KB0201, KB0202, KB0203, KB0204, KB0205, KB0206, KB0207, KB0208}
    .show {Soviet Union}
    .show {Germany, Great Britain, Greece, germany, great-britain, greece}
    .nonsense {}
    ");
}

#[test]
fn rules_and_saved_queries() {
    let index = index_of(&format!("{BASE}{DEFINITIONS}"));
    insta::assert_snapshot!(offered_over(&index,
        "
        tr|
        a|
        trading where s|
        trading-early where k|
        old where f|
        ally where |
        polities where a|
        polities where ally(this, germany) |
        treaties where party in (tr|
        .explain trading where ki|
        "
    ), @"
    {treaties, trading, trading-early}
    {ally}
    trading where {signed, source, start, some}
    trading-early where {kind}
    old where {founded}
    ally where {not, has, no, some, every, mentions, certainly, possibly, ally(a: polity, b: polity), old(this-one: polity | person)}
    polities where {also, ally(a: polity, b: polity)}
    polities where ally(this, germany) {and, or, sort by, limit, show, count, group by, as of, according to, all claims}
    treaties where party in ({treaties, trading, trading-early}
    .explain trading where {kind}
    ");
}

#[test]
fn no_text_makes_completion_fail() {
    let index = index();
    let text =
        "treaties where (party.x[a = \"b\"] in (1918..[1919,1920], ä') and no . , (( show count(";
    for (position, _) in text.char_indices() {
        for start in text.char_indices().map(|(start, _)| start).filter(|start| *start <= position)
        {
            let cut = &text[start..];
            commands::complete(&index, cut, position - start).expect("the index is sound");
        }
    }
    commands::complete(&index, "ä", 1).expect("a place inside a letter");
}
