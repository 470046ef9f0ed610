//! Random bases and random questions over them.

use proptest::prelude::*;

/// The schema of every base, with its rules and a saved question.
pub const SCHEMA: &str = "\
relation polity, polities
  founded: date ?
  succeeds: polity ?  inverse succeeded-by
  size: integer ?
  allied: polity *  inverse allied  dated
relation treaty, treaties
  signed: date
  party: polity *  inverse treaties
  kind: words aa | bb | cc *
  extends: treaty ?
  seal: words aa | bb ?
relation tenure, tenures
  of: polity ?  inverse tenures
  period: period
union happening, happenings = treaty | tenure
source notes
source carr
rule linked(t: treaty, p: polity)
  if t.party = p
rule line(a: treaty, b: treaty)
  if a.extends = b
  if m is treaty and a.extends = m and line(m, b)
rule ally(a: polity, b: polity)
  if t is treaty and t.party = a and t.party = b and a != b
rule lone(p: polity)
  if not (t is treaty and linked(t, p))
rule busier(a: polity, b: polity)
  if count(a.treaties) > count(b.treaties)
rule grown(p: polity, t: treaty)
  if t.party = p and t.signed - p.founded > 700
  if grown(p, t.extends) and max(t.party.size) >= count(p.treaties)
rule often(p: polity)
  if count(p.treaties[even(this)]) > 0 and not count((polities where lone(this)).treaties) > p.size
rule even(t: treaty)
  if t.kind = aa
  if m is treaty and t.extends = m and odd(m)
rule odd(t: treaty)
  if m is treaty and t.extends = m and even(m)
query early
  treaties where signed < 1926
cite notes
";

const DATES: &[&str] =
    &["1919", "1925-03", "192X", "[1919,1935]", "1919?", "1930~", "unknown", "1925-03-04"];
const PERIODS: &[&str] = &["1919/1925", "1922/[1924,1930]", "1919/", "1925-03/..", "192X/1931"];
/// What stands in the parentheses of a value.
const QUALIFIERS: &[&str] = &[
    "",
    "",
    "",
    " (disputed)",
    " (denied)",
    " (rejected)",
    " (1919/1924)",
    " (1924/[1926,1931]; source: carr)",
    " (192X; disputed; source: carr)",
    " (source: carr)",
    " (inferred; note: \"so it seems\")",
    " (rejected; source: carr)",
];

/// Returns a value with what stands behind it; what is unknown stands alone.
fn value(text: &str, qualifier: usize) -> String {
    match text {
        "unknown" | "none" => text.to_owned(),
        _ => format!("{text}{}", QUALIFIERS[qualifier]),
    }
}

/// Returns the lines of a field with each value at most once.
fn lines(field: &str, values: Vec<(String, usize)>) -> String {
    let mut seen = Vec::new();
    let mut text = String::new();
    for (each, qualifier) in values {
        if !seen.contains(&each) {
            text += &format!("  {field}: {}\n", value(&each, qualifier));
            seen.push(each);
        }
    }
    text
}

/// A base of four polities, five treaties and three tenures.
pub fn base() -> impl Strategy<Value = String> {
    let qualifier = 0..QUALIFIERS.len();
    let allied = prop::collection::vec((0..5usize, qualifier.clone()), 0..3);
    let polity = (0..DATES.len() + 2, 0..8usize, 0..4usize, allied);
    let treaty = (
        0..DATES.len(),
        prop::collection::vec((0..6usize, qualifier.clone()), 0..3),
        prop::collection::vec((0..4usize, qualifier), 0..3),
        0..8usize,
        0..6usize,
    );
    let tenure = (0..6usize, 0..PERIODS.len());
    let parts = (
        prop::collection::vec(polity, 4),
        prop::collection::vec(treaty, 5),
        prop::collection::vec(tenure, 3),
    );
    parts.prop_map(|(polities, treaties, tenures)| {
        let mut text = SCHEMA.to_owned();
        let polity = |number: usize| match number {
            0..4 => format!("p{number}"),
            _ => "unknown".to_owned(),
        };
        for (number, (founded, succeeds, size, allied)) in polities.into_iter().enumerate() {
            text += &format!("polity p{number} \"Polity {number}\"\n");
            if let Some(date) = DATES.get(founded) {
                text += &format!("  founded: {date}\n");
            }
            match succeeds {
                5 => text += "  succeeds: none\n",
                0..5 => text += &format!("  succeeds: {}\n", polity(succeeds)),
                _ => {}
            }
            if size < 3 {
                text += &format!("  size: {size}\n");
            }
            let allied = allied.into_iter().map(|(other, how)| (polity(other), how));
            text += &lines("allied", allied.collect());
        }
        for (number, treaty) in treaties.into_iter().enumerate() {
            let (signed, parties, kinds, extends, seal) = treaty;
            text += &format!("treaty t{number}\n  signed: {}\n", DATES[signed]);
            let parties = parties.into_iter().map(|(party, how)| (polity(party), how));
            text += &lines("party", parties.collect());
            let words = ["aa", "bb", "cc", "unknown"];
            let kinds = kinds.into_iter().map(|(kind, how)| (words[kind].to_owned(), how));
            text += &lines("kind", kinds.collect());
            if extends < 5 {
                text += &format!("  extends: t{extends}\n");
            }
            text += match seal {
                0 => "  seal: aa\n",
                1 => "  seal: aa, bb (disputed)\n",
                2 => "  seal: aa (disputed), bb (disputed; source: carr)\n",
                3 => "  seal: bb (denied; source: carr)\n",
                _ => "",
            };
        }
        for (number, (of, period)) in tenures.into_iter().enumerate() {
            text += &format!("tenure n{number}\n  period: {}\n", PERIODS[period]);
            text += &format!("  of: {}\n", polity(of));
        }
        text
    })
}

pub(super) fn one_of(all: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(all).prop_map(str::to_owned)
}

const OPERATORS: &[&str] = &["=", "!=", "<", "<=", ">", ">=", "before", "after", "during"];
const LITERALS: &[&str] = &["1919", "1925", "1925-03", "192X", "1935", "[1919,1925]"];

/// Puts conditions together.
pub(super) fn joined(
    leaf: impl Strategy<Value = String> + 'static,
) -> impl Strategy<Value = String> {
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one}) and ({two})")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one}) or ({two})")),
            inner.clone().prop_map(|inner| format!("not ({inner})")),
            inner.clone().prop_map(|inner| format!("certainly ({inner})")),
            inner.prop_map(|inner| format!("possibly ({inner})")),
        ]
    })
}

/// A condition on treaties.
pub fn of_treaties() -> impl Strategy<Value = String> {
    let dated = one_of(&[
        "signed",
        "year",
        "party.founded",
        "extends.signed",
        "decade",
        "party[size = 1].founded",
        "party.tenures.period",
        "party.tenures.period.end",
    ]);
    let to_polity = one_of(&[
        "party",
        "party.succeeds",
        "party.succeeds+",
        "extends.party",
        "extends+.party",
        "party[founded < 1925]",
        "every party",
        "no party",
        "party.succeeded-by",
        "party.allied",
    ]);
    let existing = one_of(&[
        "party",
        "kind",
        "extends",
        "extends.party",
        "party.founded",
        "party.treaties",
        "party[size > 0]",
        "seal",
        "party.tenures",
    ]);
    let fixed = one_of(&[
        "party.founded < signed",
        "party.treaties.kind = aa",
        "every kind in (aa, bb)",
        "party.size > 0",
        "kind is unknown",
        "party is unknown",
        "not party is unknown",
        "party.succeeds is none",
        "party in (p0, p1)",
        "no kind = cc",
        "kind != bb",
        "every kind != bb",
        "extends+ = t0",
        "extends+ = t3",
        "party ~ 'polity 2'",
        "seal = aa",
        "seal != bb",
        "not seal = aa",
        "linked(this, p1)",
        "not linked(this, p2)",
        "line(this, t0)",
        "line(t1, this)",
        "even(this)",
        "not odd(this)",
        "line(this, t1.extends)",
        "not line(extends, (treaties where kind = aa))",
        "linked(this, (treaties where seal = aa).party)",
        "signed during (treaties where kind = aa).signed",
        "signed after t1.signed",
        "count(party) > 1",
        "count(party.treaties) = 2",
        "count(kind) < 2",
        "not count(party.allied) > 0",
        "count(seal) = 1",
        "count(extends.party) != 1",
        "max(party.size) > 0",
        "not sum(party.size) <= count(party)",
        "avg(party.size) < 1",
        "min(party.founded) < signed",
        "not max(party.founded) during 192X",
        "signed - min(party.founded) > 300",
        "count(party) in 1..2",
        "count((polities where lone(this)).treaties) < count(party)",
        "signed > min((treaties where kind = aa).signed)",
        "mentions p1",
        "not mentions p0",
        "(extends.extends)+ = t2",
        "(party.allied)+ = p3",
        "has party[status in (rejected, denied)]",
        "has party[source = carr]",
        "party[source = carr] = p1",
        "not party[source = carr] = p2",
        "party.allied[period overlaps 1924] = p2",
        "party[period before 1926].founded < 1925",
        "has party.allied[period overlaps 1924]",
        "has party[period before 1926 and size > 0]",
        "signed - party.founded > 700",
        "not signed - party.founded <= 400",
        "party.tenures.period.length > 1000",
        "every party.founded < signed",
        "no party.founded > signed",
        "this in (early)",
        "extends = this",
        "party = extends.party",
        "not party = extends.party",
        "seal = kind",
        "signed not in (party.founded, 1925)",
        "this in (statements where status = disputed).of",
        "source in (statements where field = party and status != accepted).source",
        "signed in (treaties where kind = bb show signed)",
        "signed after (find t where t is treaty and line(t, t0)).signed",
        "every party not in (t0.party, p2)",
    ]);
    let among = (
        one_of(&["", "", "every ", "no ", "not "]),
        one_of(&[
            "signed from party.founded to extends.signed",
            "signed from party.founded to 1930",
            "signed from 192X to party.founded",
            "signed from party.tenures.period.start to party.tenures.period.end",
            "signed from t1.signed to party.founded",
            "signed in (party.founded, extends.signed, 1919)",
            "signed.year from party.founded.year to extends.signed.year",
            "party.tenures.period from signed to extends.signed",
            "party.size from 1 to extends.party.size",
            "party.size from party.succeeds.size to p1.size",
            "party.size in (extends.party.size, 2)",
            "party.size < p1.size",
            "party.size >= (polities where no treaties).size",
            "party in (extends.party, p1)",
            "mentions t1.party",
            "mentions extends.party",
            "mentions (polities where founded < 1925)",
            "party in (extends.party, (polities where founded < 1925))",
            "party in (t0.party, p2)",
            "party = t1.party",
            "party != t2.party",
            "party.allied = (treaties where kind = bb).party",
            "kind = t0.kind",
            "kind in (t1.kind, cc)",
            "seal in (kind, bb)",
            "signed in (t1.signed, 1925)",
            "party.tenures.period.length in (2192 day, 730 day)",
            "party.tenures.period.length from 1000 day to p1.tenures.period.length",
        ]),
    )
        .prop_map(|(before, condition)| match condition.starts_with("mentions") {
            true if before != "not " => condition,
            _ => format!("{before}{condition}"),
        });
    let inside = one_of(&[
        "polities where founded < 1925",
        "polities where has size sort by size desc limit 2",
        "polities where treaties.kind = aa",
        "polities where no treaties",
        "polities where allied = p1 as of 1924",
        "polities where lone(this)",
        "treaties where kind = bb show party",
        "treaties where kind = aa sort by signed limit 2 show extends.party",
        "find a where a is polity and t is treaty and linked(t, a) and t.kind = aa",
        "find a where a is polity and a.size > 0 sort by a.founded desc limit 1",
        "find a where (a is polity and a.founded < 1925) or (a is polity and ally(a, p1)) as of 1925",
        "find t where t is treaty and t.kind = bb show t.party",
        "statements where status in (disputed, rejected) show of",
        "statements where source = carr and period overlaps 1924 show value",
        "statements where status = denied show of.party",
    ]);
    let polity = (0..4u8).prop_map(|number| format!("p{number}"));
    joined(prop_oneof![
        3 => (dated, one_of(OPERATORS), one_of(LITERALS))
            .prop_map(|(path, operator, literal)| format!("{path} {operator} {literal}")),
        3 => (to_polity, any::<bool>(), polity).prop_map(|(path, equal, polity)| {
            format!("{path} {} {polity}", if equal { "=" } else { "!=" })
        }),
        2 => (any::<bool>(), existing)
            .prop_map(|(has, path)| format!("{} {path}", if has { "has" } else { "no" })),
        4 => fixed,
        3 => among,
        1 => (one_of(&["party", "extends.party", "party.allied"]), inside)
            .prop_map(|(path, inside)| format!("{path} in ({inside})")),
    ])
}

/// A condition on polities.
fn of_polities() -> impl Strategy<Value = String> {
    joined(one_of(&[
        "founded < 1925",
        "size > 0",
        "allied = p0",
        "allied = p3",
        "not allied = p1",
        "no allied",
        "treaties.kind = bb",
        "treaties[source = carr].kind = aa",
        "tenures[period overlaps 1920]",
        "tenures.period.start < 1922",
        "ally(this, p1)",
        "not ally(p0, this)",
        "lone(this)",
        "not lone(this)",
        "often(this)",
        "not busier(this, p1)",
        "linked(t2, this)",
        "treaties in (early where kind = aa)",
        "succeeds is unknown",
        "has succeeded-by",
    ]))
}

/// Which statements are taken.
pub fn claims() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        4 => one_of(&[
            " as of 1924",
            " as of 192X",
            " as of 1930-05-01",
            " according to carr",
            " according to notes",
            " all claims",
            " as of 1925 according to carr",
            " all claims as of 1921",
        ]),
    ]
}

/// A question for records.
pub fn records() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (one_of(&["treaties", "treaties", "early", "(treaties where has party)"]), of_treaties())
            .prop_map(|(source, condition)| format!("{source} where {condition}")),
        1 => of_polities().prop_map(|condition| format!("polities where {condition}")),
        1 => of_polities().prop_map(|condition| format!("(treaties where kind = aa show party) where {condition}")),
        1 => of_polities().prop_map(|condition| format!("(find p where (p is polity and lone(p)) or (p is polity and p.size > 0)) where {condition}")),
        1 => one_of(&[
            "lone",
            "(statements where has period show of) where mentions p1",
            "(statements where status = disputed and has period show value) where this is polity",
            "even where has party",
            "tenures where period overlaps 1922",
            "tenures where of.treaties.kind = aa",
            "tenures where not period before 1925",
            "tenures where not length > 2000",
            "happenings where year < 1925",
            "happenings where this is tenure or party = p1",
            "happenings where mentions p2 sort by id desc",
            "everything where mentions p1",
            "everything where this is polity and not mentions p0",
        ]),
    ]
}

/// An order, a limit, or both.
pub fn order() -> impl Strategy<Value = String> {
    let key = one_of(&[
        "",
        " sort by signed",
        " sort by signed desc",
        " sort by kind desc, signed",
        " sort by party.size",
        " sort by party.founded desc, id",
        " sort by party",
    ]);
    (key, 0..7u8).prop_map(|(key, limit)| match limit {
        0..4 => format!("{key} limit {limit}"),
        _ => key,
    })
}

/// What treaties are grouped by.
pub fn grouping() -> impl Strategy<Value = String> {
    one_of(&["kind", "party", "decade", "extends", "party.size", "seal", "party.allied"])
}

/// A question for a polity `a` and a treaty `b`.
pub fn pairs() -> impl Strategy<Value = String> {
    let pair = joined(one_of(&[
        "b.party = a",
        "linked(b, a)",
        "not linked(b, a)",
        "a.founded < b.signed",
        "not a.founded < b.signed",
        "b.kind = aa",
        "a.size > 0",
        "ally(a, p1)",
        "lone(a)",
        "not (c is treaty and c.party = a and c.extends = b)",
        "c is treaty and line(b, c) and c.party = a",
        "b.extends.party = a",
        "a.allied = b.party",
        "b mentions a",
        "not b mentions a",
        "b.extends mentions a",
        "a[size > 0] = b.party",
        "not b[kind = aa].party = a",
        "b[kind = bb].signed > a.founded",
        "no b[seal = aa].party = a",
        "a[founded < 1925 and has size]",
        "a in (b.party, p1)",
        "b.party not in (a, p2)",
        "no b.party in (a, p2)",
        "count(b.party) in (count(a.treaties), 2)",
        "not b.signed in (a.founded, 1925)",
        "t1.signed < b.signed",
        "linked(b, a[size > 0])",
        "linked((treaties where kind = aa), a) and line(b, t2.extends)",
        "not linked(b.extends, (polities where has size))",
        "count(b.party) > 1",
        "count(a.treaties) > count(b.party)",
        "not count(a.allied) = count(b.kind)",
        "count(a.treaties[even(this)]) >= count(b.extends)",
        "b.signed - a.founded > 700",
        "not b.signed - a.founded <= 400",
        "a.founded - b.signed != 300",
        "no b.signed - a.founded > 100",
        "b.signed - a.founded < b.signed - b.extends.signed",
        "min(a.treaties.signed) < b.signed",
        "min(a.treaties.signed) before max(b.party.founded)",
        "max(b.party.size) >= a.size",
        "not sum(b.party.size) > a.size",
        "avg(b.party.size) < count(a.treaties)",
        "max(b.party.founded) - min(a.treaties.signed) > 0",
        "count((treaties where kind = aa).party) > count(b.party)",
        "max(b.party.founded) in 1919..1925",
        "grown(a, b)",
        "not often(a)",
        "not b.party != a",
    ]));
    pair.prop_map(|with| format!("find a, b where a is polity and b is treaty and ({with})"))
}

/// A question for several records a row.
pub fn several() -> impl Strategy<Value = String> {
    let same = joined(one_of(&[
        "a != b",
        "a.allied = b",
        "ally(a, b)",
        "not ally(a, b)",
        "a.founded = b.founded",
        "a.succeeds = b.succeeds",
        "count(a.treaties) >= count(b.treaties)",
        "a.founded - b.founded > 1000",
        "not min(a.treaties.signed) < min(b.treaties.signed)",
        "busier(a, b)",
        "not busier(b, a)",
        "t is treaty and linked(t, a) and not linked(t, b)",
    ]));
    prop_oneof![
        2 => pairs(),
        2 => same.prop_map(|with| format!("find a, b where a is polity and b is polity and ({with})")),
        1 => one_of(&["line where a.kind = aa", "ally", "grown where count(t.party) > 1", "busier", "linked where t.signed < 1926 and has p.size"]),
    ]
}
