//! What queries are read as, and what is said of those that cannot be read.

use super::ast::*;
use super::*;

/// Writes a tree on one line, each condition in parentheses.
fn sketch(query: &Query) -> String {
    let mut text = match &query.body {
        Body::From { source, condition } => {
            let condition =
                condition.as_ref().map(|inner| format!(" where {}", sketch_condition(inner)));
            format!("{}{}", sketch_source(source), condition.unwrap_or_default())
        }
        Body::Find { variables, condition } => {
            let names: Vec<&str> = variables.iter().map(|word| word.text.as_str()).collect();
            format!("find {} where {}", names.join(", "), sketch_condition(condition))
        }
    };
    for clause in &query.clauses {
        text += &format!(" | {} ", clause.kind.words());
        text += &match &clause.kind {
            ClauseKind::AsOf(value) | ClauseKind::AccordingTo(value) => sketch_operand(value),
            ClauseKind::AllClaims => String::new(),
            ClauseKind::Sort(keys) => {
                let keys = keys
                    .iter()
                    .map(|key| format!("{} {:?}", sketch_operand(&key.by), key.direction));
                keys.collect::<Vec<_>>().join(", ")
            }
            ClauseKind::Limit(most) => most.to_string(),
            ClauseKind::Show(columns) => {
                columns.iter().map(sketch_operand).collect::<Vec<_>>().join(", ")
            }
            ClauseKind::Count(by) => by.as_ref().map(sketch_path).unwrap_or_default(),
            ClauseKind::Group(by) => sketch_path(by),
        };
    }
    text.trim_end().to_owned()
}

fn sketch_source(source: &Source) -> String {
    match source {
        Source::Named(word) => word.text.clone(),
        Source::Everything(_) => "*".into(),
        Source::Statements(_) => "statements".into(),
        Source::Query(inner) => format!("({})", sketch(inner)),
    }
}

fn sketch_condition(condition: &Condition) -> String {
    let all = |parts: &[Condition], joint: &str| {
        format!("({})", parts.iter().map(sketch_condition).collect::<Vec<_>>().join(joint))
    };
    match condition {
        Condition::And(parts) => all(parts, " and "),
        Condition::Or(parts) => all(parts, " or "),
        Condition::Prefixed { prefix, inner, .. } => {
            format!("{prefix:?}{{{}}}", sketch_condition(inner))
        }
        Condition::Exists { negated, path, .. } => {
            format!("{} {}", if *negated { "no" } else { "has" }, sketch_path(path))
        }
        Condition::Compare { quantifier, left, predicate, .. } => {
            let quantifier = if *quantifier == Quantifier::Some {
                String::new()
            } else {
                format!("{quantifier:?} ")
            };
            format!("{quantifier}{} {}", sketch_operand(left), sketch_predicate(predicate))
        }
        Condition::Call { rule, arguments, .. } => {
            format!(
                "{}({})",
                rule.text,
                arguments.iter().map(sketch_operand).collect::<Vec<_>>().join(", ")
            )
        }
        Condition::Mentions { value, .. } => format!("mentions {}", sketch_operand(value)),
    }
}

fn sketch_predicate(predicate: &Predicate) -> String {
    let not = |negated: &bool| if *negated { "not " } else { "" };
    match predicate {
        Predicate::Against { comparator, right, .. } => {
            format!("{} {}", comparator.written(), sketch_operand(right))
        }
        Predicate::Among { members, negated } => {
            format!(
                "{}in {{{}}}",
                not(negated),
                members.iter().map(sketch_operand).collect::<Vec<_>>().join(", ")
            )
        }
        Predicate::Between { from, to, negated } => {
            format!("{}in {}..{}", not(negated), sketch_operand(from), sketch_operand(to))
        }
        Predicate::Is { kind, negated } => format!("is {}{}", not(negated), kind.text),
    }
}

fn sketch_operand(operand: &Operand) -> String {
    match operand {
        Operand::Path(path) => sketch_path(path),
        Operand::Aggregate(aggregate) => {
            format!(
                "{:?}({})",
                aggregate.fold,
                aggregate.path.as_ref().map(sketch_path).unwrap_or_default()
            )
        }
        Operand::Quoted(word) => format!("{:?}", word.text),
        Operand::Phrase(phrase) => format!("‹{}›", phrase.text),
        Operand::Difference(left, right) => {
            format!("{} minus {}", sketch_operand(left), sketch_operand(right))
        }
    }
}

fn sketch_path(path: &Path) -> String {
    let head = match &path.head {
        Head::Row => None,
        Head::This(_) => Some("this".to_owned()),
        Head::Query(inner) => Some(format!("({})", sketch(inner))),
    };
    let steps = path.steps.iter().map(|step| {
        let way = match &step.way {
            Way::Name(word) => word.text.clone(),
            Way::Group(inner) => format!("({})", sketch_path(inner)),
        };
        let filters: String =
            step.filters.iter().map(|each| format!("[{}]", sketch_condition(each))).collect();
        format!("{way}{}{filters}", if step.closure.is_some() { "+" } else { "" })
    });
    head.into_iter().chain(steps).collect::<Vec<_>>().join(".")
}

/// Reads each line as a query and shows what became of it.
fn read_all(queries: &str) -> String {
    let mut text = String::new();
    for line in queries.trim().lines() {
        let outcome = parse(line.trim(), FileId(0), 0);
        text += &match outcome.tree.as_ref().filter(|_| outcome.diagnostics.is_empty()) {
            Some(tree) => sketch(tree) + "\n",
            None => explain(line.trim(), &outcome.diagnostics),
        };
    }
    text
}

fn explain(query: &str, diagnostics: &[Diagnostic]) -> String {
    let mut text = format!("{query}\n");
    for each in diagnostics {
        let span = each.primary.span;
        let before = query.get(..span.start as usize).unwrap_or("").chars().count();
        let width = query.get(span.start as usize..span.end as usize).unwrap_or("").chars().count();
        text +=
            &format!("{}{} {}\n", " ".repeat(before), "^".repeat(width.max(1)), each.primary.text);
        text += &format!("  {}: {}\n", each.code.number, each.message);
        for help in &each.help {
            text += &format!("  help: {help}\n");
        }
    }
    text
}

#[test]
fn every_query_of_the_design_is_read() {
    insta::assert_snapshot!(read_all(r#"
        treaties where party = Germany and year < 1930
        treaties where party = Germany and party = "Soviet Union" sort by signed desc limit 5 show name, signed, party
        tenures where office = foreign-commissar and period overlaps 1918 show person, period
        persons where tenures[office = foreign-commissar and period overlaps 1930]
        treaties where signed during (tenures where person = Litvinov).period
        polities where no treaties
        events where caused-by+ = treaty-of-versailles
        everything where mentions turkey
        treaties count
        treaties count by kind
        treaties group by decade show decade, count(), min(signed)
        persons where member-of = politburo as of 1925
        treaties where signed = 1939 according to notes
        statements where status in (disputed, rejected)
        find a, b where ally(a, b) and a.name ~ "france"
    "#), @r#"
    treaties where (party = ‹Germany› and year < ‹1930›)
    treaties where (party = ‹Germany› and party = "Soviet Union") | sort by signed Descending | limit 5 | show name, signed, party
    tenures where (office = ‹foreign-commissar› and period overlaps ‹1918›) | show person, period
    persons where has tenures[(office = ‹foreign-commissar› and period overlaps ‹1930›)]
    treaties where signed during (tenures where person = ‹Litvinov›).period
    polities where no treaties
    events where caused-by+ = ‹treaty-of-versailles›
    * where mentions ‹turkey›
    treaties | count
    treaties | count kind
    treaties | group by decade | show decade, Count(), Min(signed)
    persons where member-of = ‹politburo› | as of ‹1925›
    treaties where signed = ‹1939› | according to ‹notes›
    statements where status in {‹disputed›, ‹rejected›}
    find a, b where (ally(‹a›, ‹b›) and a.name ~ "france")
    "#);
}

#[test]
fn values_of_several_words_end_where_something_else_begins() {
    insta::assert_snapshot!(read_all(r#"
        treaties where party = Great Britain sort by name
        treaties where (party = Great Britain)
        treaties where name = Hitler's Pact or name = 'Hitler''s'
        events where name = War and Peace
        treaties where signed in 1919..1930 and signed from 1919 to 1930
        treaties where signed = [..1918] or signed = {1934,1936} or signed = 1918/[1920,1921]
        treaties where signed = 1917-10-25 julian or signed = 1926~ or signed = 1918/.. as of 1920
        events where amount > 26_000 GBP and share <= 0.47 and balance = -3
        polities where ended - founded > 100 and name = A - B
        treaties where count(party) > 2 and party.founded > signed
        treaties where party in (Germany, Great Britain) and every party not in (polities where ended < 1920)
        treaties where signed is unknown or extends is not none or not no party
        events where (causes.effect)+ = x and (led-to+[year = 1920].name ~ y)
        treaties where kind = show show kind
        treaties where party = (germany) and no party = france
        TREATIES WHERE certainly NOT year < 1930
    "#), @r#"
    treaties where party = ‹Great Britain› | sort by name Ascending
    treaties where party = ‹Great Britain›
    treaties where name = Hitler's Pact or name = 'Hitler''s'
                                                          ^^^ not expected here
      KB1001: `'s'` stands where the query should end
      help: behind the conditions come `sort by`, `limit`, `show`, `count`, `group by`, `as of`, `according to` or `all claims`
    events where name = War and Peace
                                ^^^^^ a field is expected here, with an operator and a value
      KB1001: the query breaks off behind `Peace`
      help: each condition names its field: `FIELD = … and FIELD = Peace`
      help: put a name that has `and` or `or` in it between quotation marks
    treaties where (signed in ‹1919›..‹1930› and signed in ‹1919›..‹1930›)
    treaties where (signed = ‹[..1918]› or signed = ‹{1934,1936}› or signed = ‹1918/[1920,1921]›)
    treaties where (signed = ‹1917-10-25 julian› or signed = ‹1926~› or signed = ‹1918/..›) | as of ‹1920›
    events where (amount > ‹26_000 GBP› and share <= ‹0.47› and balance = ‹-3›)
    polities where (ended minus founded > ‹100› and name = ‹A› minus B)
    treaties where (Count(party) > ‹2› and party.founded > ‹signed›)
    treaties where (party in {‹Germany›, ‹Great Britain›} and Every party not in {(polities where ended < ‹1920›)})
    treaties where (signed is unknown or extends is not none or Not{no party})
    events where ((causes.effect)+ = ‹x› and led-to+[year = ‹1920›].name ~ ‹y›)
    treaties where kind = ‹show› | show kind
    treaties where (party = ‹germany› and No party = ‹france›)
    TREATIES where Certainly{Not{year < ‹1930›}}
    "#);
}

#[test]
fn what_cannot_be_read_is_shown_with_a_way_out() {
    insta::assert_snapshot!(read_all(r#"
        treaties where party = Germany and year < 1930 or kind = trade
        treaties where party == Germany && year <> 1930
        treaties where party : Germany
        treaties where name LIKE 'Pact%'
        SELECT name, signed FROM treaties WHERE year < 1930
        find p, count(p.treaties) where p is polity
        treaties where party = Germany year < 1930
        treaties where year
        treaties where year <
        treaties where party Germany
        treaties where name = "Rapallo
        treaties where (party = germany
        treaties where party = germany)
        treaties limit five
        treaties limit 5 limit 6
        treaties order by name
        treaties where year between 1919 and 1930
        where party = germany
        treaties where
        treaties party = germany
        treaties where signed = 1919..1930
        treaties where and
        treaties show
        find a where
        treaties where ()
        treaties where party[ = 3
    "#), @r#"
    treaties where party = Germany and year < 1930 or kind = trade
                                                   ^^ `or` here
      KB1002: `and` and `or` stand side by side without parentheses
      help: write `(party = Germany and year < 1930) or kind = trade`
      help: or write `party = Germany and (year < 1930 or kind = trade)`
    treaties where party == Germany && year <> 1930
                         ^^ a sign of another language
      KB1010: `==` is written `=` here
      help: write `=`
                                    ^^ a sign of another language
      KB1010: `&&` is written `and` here
      help: write `and`
                                            ^^ a sign of another language
      KB1010: `<>` is written `!=` here
      help: write `!=`
    treaties where party : Germany
                         ^ a sign of another language
      KB1010: `:` is written `=` here
      help: write `=`
    treaties where name LIKE 'Pact%'
                        ^^^^ a sign of another language
      KB1010: `LIKE` is written `~` here
      help: write `~`
    SELECT name, signed FROM treaties WHERE year < 1930
    ^^^^^^ a word of another language
      KB1010: a query begins with what is asked for, not with `select`
      help: write `treaties where … show name, signed`
    find p, count(p.treaties) where p is polity
                 ^ no part of a variable's name
      KB1010: `find` names variables, and what is shown of them stands behind `show`
      help: write it so: `find p where p is polity show p, p.name, count(p.treaties)`
    treaties where party = Germany year < 1930
                                   ^^^^ a second comparison begins here
      KB1010: `and` is missing before `year`
      help: write `Germany and year …`
    treaties where year
                       ^ an operator and a value are missing
      KB1010: the query breaks off behind `year`
      help: to ask whether it is recorded at all, write `has year`
      help: if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`
    treaties where year <
                         ^ a value is missing
      KB1001: the query breaks off where a value is missing
      help: if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`
    treaties where party Germany
                         ^^^^^^^ an operator behind `party` is missing here
      KB1001: an operator behind `party` is missing before `Germany`
      help: compare it: `party = Germany`
    treaties where name = "Rapallo
                          ^ the quotation opens here
      KB1001: a quotation mark is never closed
      help: close it with the same mark, or leave the marks out: several bare words may stand as a value
    treaties where (party = germany
                   ^ it opens here
      KB1001: `(` is never closed
      help: add `)` where it should end
    treaties where party = germany)
                                  ^ no bracket is open here
      KB1001: `)` closes nothing
      help: take `)` out, or open the bracket where it should begin
    treaties limit five
                   ^^^^ a whole number of rows is missing here
      KB1001: a whole number of rows is missing before `five`
    treaties limit 5 limit 6
                     ^^^^^^^ the second one
      KB1009: `limit` stands twice in one query
      help: keep one of them; several columns or keys are parted by commas
    treaties order by name
             ^^^^^^^^ a sign of another language
      KB1010: `order by` is written `sort by` here
      help: write `sort by`
    treaties where year between 1919 and 1930
                        ^^^^^^^ a sign of another language
      KB1010: `between` is written `in A..B` here
      help: write `in A..B`
      help: for example `year in 1919..1930`, or `year from 1919 to 1930`
    where party = germany
    ^^^^^ what is asked for, a relation such as `treaties`, is missing here
      KB1001: what is asked for, a relation such as `treaties`, is missing before `where`
    treaties where
                  ^ a condition is missing
      KB1001: the query breaks off where a condition is missing
      help: if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`
    treaties party = germany
             ^^^^^ `where` is missing here
      KB1001: `where` is missing before `party`
      help: conditions follow `where`: `where party …`
    treaties where signed = 1919..1930
                                ^ `in` is missing here
      KB1001: `in` is missing before `.`
      help: a range follows `in`: `year in 1919..1930`
    treaties where and
                   ^^^ a field is missing here
      KB1001: a field is missing before `and`
    treaties show
                 ^ a field to show is missing
      KB1001: the query breaks off where a field to show is missing
      help: if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`
    find a where
                ^ a condition is missing
      KB1001: the query breaks off where a condition is missing
      help: if a shell took `<` or `>` for itself, put the whole query in single quotes, or write `before` and `after`
    treaties where ()
                    ^ a condition is missing here
      KB1001: a condition is missing before `)`
    treaties where party[ = 3
                        ^ it opens here
      KB1001: `[` is never closed
      help: add `]` where it should end
    "#);
}

#[test]
fn depth_and_length_do_no_harm() {
    let deep = format!("treaties where {}a = b{}", "(".repeat(100_000), ")".repeat(100_000));
    let outcome = parse(&deep, FileId(0), 0);
    assert_eq!(outcome.diagnostics.first().map(|said| said.code.number), Some("KB1011"));
    let nots = format!("treaties where {}a = b", "not ".repeat(100_000));
    assert_eq!(
        parse(&nots, FileId(0), 0).diagnostics.first().map(|said| said.code.number),
        Some("KB1011")
    );
    let within = format!("treaties where {}a = b{}", "(".repeat(64), ")".repeat(64));
    assert_eq!(parse(&within, FileId(0), 0).diagnostics, []);
    let filters = format!("treaties where {}a = b{}", "x[".repeat(64), "]".repeat(64));
    assert_eq!(parse(&filters, FileId(0), 0).diagnostics, []);
    let long = format!("treaties where a = b{}", " and a = b".repeat(50_000));
    assert_eq!(parse(&long, FileId(0), 0).diagnostics, []);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-c \"'()\\[\\]{}=<>!~.,+#é0-9-]{0,40}|(treaties|where|and|or|not|in|[(]|[)]|=| |[.]{1,2}|x|1|has|no|is|to|from|count|by|sort|,|'){0,20}") {
        let outcome = parse(&text, FileId(0), 0);
        proptest::prop_assert!(outcome.tree.is_some() || !outcome.diagnostics.is_empty());
        for said in &outcome.diagnostics {
            let span = said.primary.span;
            proptest::prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?}", span);
        }
    }
}
