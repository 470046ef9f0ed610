//! Planned evaluation against a naive one: random bases, random queries, both sets of each answer.
//!
//! The naive evaluator looks at one record after another, follows each path statement by statement, and combines
//! verdicts as language.md 3 defines them. It shares nothing with the planned one but the typed query.

use crate::query::index_of;
use proptest::prelude::*;
use regesta::index::{Index, Standing};
use regesta::model::{EntityId, FieldId, NumberRank, StringId, TimeRank, Type, ValueCode};
use regesta::query::expression::*;
use regesta::query::{Match, answer};
use regesta::resolve;
use regesta::source::Sources;
use regesta::time::{Date, Operator, Role, Truth, Value, Verdict};

/// What a path leads to in one record.
#[derive(Clone, Debug)]
enum Leaf {
    Entity(EntityId),
    Code(FieldId, ValueCode),
    Unknown,
    /// Behind a record that is unknown.
    Beyond,
    None,
    Denied(Box<Leaf>),
}

/// A leaf, how far the statements on the way hold, and how far the filters on the way do.
#[derive(Clone, Debug)]
struct Reached {
    leaf: Leaf,
    way: Truth,
    filters: Truth,
}

fn statements(index: &Index, field: FieldId, entity: EntityId) -> Vec<(Leaf, Truth)> {
    let column = index.column(field).unwrap();
    let is_reference = !index.schema().field(field).value_type.targets().is_empty();
    let mut all = Vec::new();
    for position in column.statements_of(entity).unwrap() {
        let leaf = match column.value(position).unwrap() {
            ValueCode::UNKNOWN => Leaf::Unknown,
            ValueCode::NONE => Leaf::None,
            code if is_reference => Leaf::Entity(EntityId(code.0)),
            code => Leaf::Code(field, code),
        };
        all.push(match column.standing(position).unwrap() {
            Standing::Certain => (leaf, Truth::Certain),
            Standing::Possible => (leaf, Truth::Possible),
            Standing::Never => continue,
            Standing::Denied => (Leaf::Denied(Box::new(leaf)), Truth::Certain),
        });
    }
    all
}

/// Takes one way once from a record.
fn go(index: &Index, way: &Way, from: EntityId) -> Vec<(Leaf, Truth)> {
    let Way::Fields { forward, backward } = way else { panic!("no groups are generated") };
    let mut all = Vec::new();
    for field in forward {
        all.extend(statements(index, *field, from));
    }
    for field in backward {
        for id in index.records_of(index.schema().field(*field).relation) {
            for (leaf, truth) in statements(index, *field, EntityId(id)) {
                if matches!(leaf, Leaf::Entity(target) if target == from) {
                    all.push((Leaf::Entity(EntityId(id)), truth));
                }
            }
        }
    }
    all
}

fn step(index: &Index, step: &Step, from: &Reached) -> Vec<Reached> {
    let Leaf::Entity(entity) = from.leaf else { return vec![] };
    let mut found: Vec<(Leaf, Truth)> = go(index, &step.way, entity);
    if step.repeats == Repeats::OnceOrMore {
        // Once with all statements, once with the certain ones only: each as far as it goes.
        let mut best: Vec<(EntityId, Truth)> = Vec::new();
        for least in [Truth::Certain, Truth::Possible] {
            let mut open: Vec<EntityId> = vec![entity];
            let mut seen: Vec<EntityId> = Vec::new();
            while let Some(next) = open.pop() {
                for (leaf, truth) in go(index, &step.way, next) {
                    if let Leaf::Entity(target) = leaf
                        && truth >= least
                        && !seen.contains(&target)
                    {
                        seen.push(target);
                        open.push(target);
                    }
                }
            }
            for target in seen {
                if !best.iter().any(|(known, _)| *known == target) {
                    best.push((target, least));
                }
            }
        }
        // An unknown step somewhere on the way may lead anywhere.
        let mut special = Vec::new();
        for (from, way) in std::iter::once((entity, Truth::Certain)).chain(best.iter().copied()) {
            for (leaf, truth) in go(index, &step.way, from) {
                let is_first = from == entity;
                match leaf {
                    Leaf::Unknown => special.push((leaf, truth.min(way))),
                    Leaf::None | Leaf::Denied(_) if is_first => special.push((leaf, truth)),
                    _ => {}
                }
            }
        }
        found = best
            .into_iter()
            .map(|(target, truth)| (Leaf::Entity(target), truth))
            .chain(special)
            .collect();
    }
    let mut all = Vec::new();
    for (leaf, truth) in found {
        let filters = match &leaf {
            Leaf::Entity(target) => verdict(index, &step.filter, *target).holds,
            _ if step.filter == Condition::Always => Truth::Certain,
            Leaf::Unknown => Truth::Possible,
            _ => Truth::Certain,
        };
        all.push(Reached { leaf, way: truth.min(from.way), filters: filters.min(from.filters) });
    }
    all
}

fn reach(index: &Index, path: &Path, row: EntityId) -> Vec<Reached> {
    let mut reached =
        vec![Reached { leaf: Leaf::Entity(row), way: Truth::Certain, filters: Truth::Certain }];
    for (place, each) in path.steps.iter().enumerate() {
        let is_last = place + 1 == path.steps.len() && matches!(path.end, End::Records(_));
        let mut next = Vec::new();
        for from in &reached {
            match &from.leaf {
                Leaf::Entity(_) => next.extend(step(index, each, from)),
                Leaf::Denied(_) => {}
                Leaf::Unknown => next.push(Reached { leaf: Leaf::Beyond, ..from.clone() }),
                _ => next.push(from.clone()),
            }
        }
        next.retain(|found| is_last || !matches!(found.leaf, Leaf::Denied(_)));
        reached = next;
    }
    let End::Values { fields, .. } = &path.end else { return reached };
    let mut values = Vec::new();
    for from in reached {
        let Leaf::Entity(entity) = from.leaf else {
            let leaf = if matches!(from.leaf, Leaf::Unknown) { Leaf::Beyond } else { from.leaf };
            values.push(Reached { leaf, ..from });
            continue;
        };
        for field in fields {
            for (leaf, truth) in statements(index, *field, entity) {
                if index.schema().field(*field).relation == index.relation_of(entity).unwrap() {
                    values.push(Reached { leaf, way: truth.min(from.way), filters: from.filters });
                }
            }
        }
    }
    values
}

fn times(index: &Index, field: FieldId, code: ValueCode) -> Vec<Value> {
    let (text, role) = match index.schema().field(field).value_type {
        Type::Period => (index.period_text(TimeRank(code.0)).unwrap(), Role::Period),
        _ => (index.date_text(TimeRank(code.0)).unwrap(), Role::Moment),
    };
    Date::parse(text, role).unwrap().values().to_vec()
}

fn exact(holds: bool) -> Verdict {
    if holds { Verdict::CERTAIN } else { Verdict::NO }
}

fn test_verdict(index: &Index, path: &Path, test: &Test, leaf: &Leaf, row: EntityId) -> Verdict {
    match (leaf, test) {
        (Leaf::Beyond, _) => Verdict::UNKNOWN,
        (Leaf::Unknown, Test::IsUnknown) | (Leaf::None, Test::IsNone) => Verdict::CERTAIN,
        (_, Test::IsUnknown | Test::IsNone) => Verdict::NO,
        (Leaf::Unknown, _) => Verdict::UNKNOWN,
        (Leaf::None, _) => Verdict::NO,
        (Leaf::Entity(entity), Test::Records(Rows::Records(wanted))) => {
            exact(wanted.contains(entity))
        }
        (Leaf::Code(field, code), Test::Words(words)) => {
            exact(words.iter().any(|(each, places)| each == field && places.contains(&code.0)))
        }
        (Leaf::Code(_, code), Test::Text(TextTest::Contains(needle))) => {
            let text = index.string(StringId(code.0)).unwrap();
            exact(text.to_lowercase().contains(&needle.to_lowercase()))
        }
        (Leaf::Code(_, code), Test::Numbers(numbers)) => {
            let [number] = numbers.as_slice() else { panic!("no list is asked") };
            let row = index.number(NumberRank(code.0)).unwrap();
            assert_eq!(row.least, row.greatest);
            exact(match number.operator {
                Operator::Less => row.least < number.least,
                Operator::Greater => row.least > number.least,
                _ => row.least == number.least,
            })
        }
        (Leaf::Code(field, code), Test::Time(time)) => {
            let End::Values { part, .. } = &path.end else { panic!("dates are values") };
            let TimeAgainst::Literal(others) = &time.against else {
                panic!("only literals are generated")
            };
            Verdict::some(times(index, *field, *code).iter().map(|value| {
                let value = value.part(part.of_time());
                let verdicts = others.iter().map(|other| value.compare(time.operator, other));
                verdicts.reduce(Verdict::or).unwrap()
            }))
        }
        (Leaf::Code(field, code), Test::Path { operator: PathOperator::Time(operator), right }) => {
            let lefts = times(index, *field, *code);
            Verdict::some(
                reach(index, right, row)
                    .iter()
                    .filter(|other| !matches!(other.leaf, Leaf::Denied(_)))
                    .map(|other| {
                        let verdict = match &other.leaf {
                            Leaf::Code(field, code) => Verdict::some(lefts.iter().map(|left| {
                                Verdict::some(
                                    times(index, *field, *code)
                                        .iter()
                                        .map(|right| left.compare(*operator, right)),
                                )
                            })),
                            Leaf::None => Verdict::NO,
                            _ => Verdict::UNKNOWN,
                        };
                        if other.way < Truth::Certain { verdict.doubted() } else { verdict }
                    }),
            )
        }
        (leaf, test) => panic!("not generated: {leaf:?} {test:?}"),
    }
}

/// A verdict, and how surely there is anything to judge.
#[derive(Clone, Copy, Debug)]
struct Judged {
    verdict: Verdict,
    recorded: Truth,
}

impl Judged {
    fn doubted_if(self, doubt: bool) -> Judged {
        match doubt {
            true => Judged {
                verdict: self.verdict.doubted(),
                recorded: self.recorded.min(Truth::Possible),
            },
            false => self,
        }
    }

    fn some(all: Vec<Judged>) -> Judged {
        Judged {
            verdict: Verdict::some(all.iter().map(|each| each.verdict)),
            recorded: all.iter().map(|each| each.recorded).max().unwrap_or(Truth::No),
        }
    }

    /// Judges what stands behind a filter: what does not pass is recorded, and does not fulfil the test.
    fn filtered(self, filter: Truth) -> Judged {
        let holds = self.verdict.holds.min(filter);
        let fails = match holds {
            _ if filter == Truth::Certain => self.verdict.fails,
            Truth::No => self.recorded,
            _ => self.recorded.min(Truth::Possible),
        };
        Judged { verdict: Verdict { holds, fails }, ..self }
    }
}

/// Judges a comparison from a record, step by step: what hangs on one statement hangs together.
fn judge(
    index: &Index,
    comparison: &Comparison,
    steps: &[Step],
    at: EntityId,
    row: EntityId,
    turned: bool,
) -> Judged {
    let Comparison { path, test, .. } = comparison;
    let of_leaf = |leaf: &Leaf| {
        let verdict = test_verdict(index, path, test, leaf, row);
        Judged {
            verdict: if turned { verdict.negated() } else { verdict },
            recorded: Truth::Certain,
        }
    };
    let mut all = Vec::new();
    let (reached, rest) = match steps.split_first() {
        Some((first, rest)) => {
            let from =
                Reached { leaf: Leaf::Entity(at), way: Truth::Certain, filters: Truth::Certain };
            (step(index, first, &from), rest)
        }
        None => match &path.end {
            End::Values { fields, .. } => {
                let fields = fields.iter().filter(|field| {
                    index.schema().field(**field).relation == index.relation_of(at).unwrap()
                });
                let leaves = fields.flat_map(|field| statements(index, *field, at));
                let reached =
                    leaves.map(|(leaf, way)| Reached { leaf, way, filters: Truth::Certain });
                (reached.collect(), steps)
            }
            _ => return of_leaf(&Leaf::Entity(at)),
        },
    };
    let is_end = steps.is_empty() || (rest.is_empty() && matches!(path.end, End::Records(_)));
    for Reached { leaf, way, filters } in reached {
        let judged = match &leaf {
            Leaf::Denied(denied) => {
                let is_value = !matches!(**denied, Leaf::Unknown | Leaf::None);
                let asked = || test_verdict(index, path, test, denied, row).holds == Truth::Certain;
                if is_end && is_value && asked() {
                    // Denied what is asked: it is recorded that it was not so.
                    all.push(Judged { verdict: Verdict::NO, recorded: Truth::Certain });
                }
                continue;
            }
            Leaf::Entity(target) if !is_end => {
                judge(index, comparison, rest, *target, row, turned).filtered(filters)
            }
            Leaf::Unknown if !is_end => {
                Judged { verdict: Verdict::UNKNOWN, recorded: Truth::Certain }
            }
            // Where there is no record, its values are not there either.
            Leaf::None if !is_end => Judged { verdict: Verdict::NO, recorded: Truth::Certain },
            Leaf::Code(field, code) if index.schema().field(*field).value_type.is_time() => {
                let is_doubted = times(index, *field, *code).iter().all(Value::is_doubted);
                of_leaf(&leaf).doubted_if(is_doubted)
            }
            leaf => of_leaf(leaf).filtered(filters),
        };
        all.push(judged.doubted_if(way < Truth::Certain));
    }
    Judged::some(all)
}

fn has(index: &Index, path: &Path, row: EntityId) -> Truth {
    let found = reach(index, path, row).into_iter();
    let values = found.filter(|found| !matches!(found.leaf, Leaf::None | Leaf::Denied(_)));
    let truths = values.map(|found| match found.leaf {
        Leaf::Beyond => Truth::Possible.min(found.way),
        _ => found.way.min(found.filters),
    });
    truths.max().unwrap_or(Truth::No)
}

fn complement(truth: Truth) -> Truth {
    match truth {
        Truth::Certain => Truth::No,
        Truth::Possible => Truth::Possible,
        Truth::No => Truth::Certain,
    }
}

fn both(holds: Truth) -> Verdict {
    Verdict { holds, fails: complement(holds) }
}

fn verdict(index: &Index, condition: &Condition, row: EntityId) -> Verdict {
    match condition {
        Condition::Always => Verdict::CERTAIN,
        Condition::Never => Verdict::NO,
        Condition::And(parts) => parts
            .iter()
            .map(|part| verdict(index, part, row))
            .reduce(Verdict::and)
            .unwrap_or(Verdict::CERTAIN),
        Condition::Or(parts) => parts
            .iter()
            .map(|part| verdict(index, part, row))
            .reduce(Verdict::or)
            .unwrap_or(Verdict::NO),
        Condition::Not(inner) => verdict(index, inner, row).negated(),
        Condition::Certainly(inner) => exact(verdict(index, inner, row).holds == Truth::Certain),
        Condition::Possibly(inner) => exact(verdict(index, inner, row).holds > Truth::No),
        // These queries use no rules.
        Condition::Computed(_) | Condition::Joined(_) => Verdict::NO,
        Condition::Has(path) => both(has(index, path, row)),
        Condition::Lacks(path) => both(complement(has(index, path, row))),
        Condition::Compare(comparison) => match comparison.quantifier {
            Quantifier::Some => {
                judge(index, comparison, &comparison.path.steps, row, row, false).verdict
            }
            Quantifier::No => {
                let holds =
                    judge(index, comparison, &comparison.path.steps, row, row, false).verdict.holds;
                both(complement(holds))
            }
            Quantifier::Every => {
                let fails =
                    judge(index, comparison, &comparison.path.steps, row, row, true).verdict.holds;
                Verdict { holds: has(index, &comparison.path, row).min(complement(fails)), fails }
            }
        },
    }
}

const DATES: &[&str] =
    &["1919", "1925-03", "192X", "[1919,1935]", "1919?", "1930~", "unknown", "1925-03-04"];
const STATUSES: &[&str] = &["", "", "", " (disputed)", " (denied)", " (rejected)"];

fn base() -> impl Strategy<Value = String> {
    let polity = (0..DATES.len() + 2, 0..8usize, 0..4usize);
    let treaty = (
        0..DATES.len(),
        prop::collection::vec((0..6usize, 0..STATUSES.len()), 0..3),
        prop::collection::vec((0..4usize, 0..STATUSES.len()), 0..3),
        0..8usize,
    );
    (prop::collection::vec(polity, 4), prop::collection::vec(treaty, 5)).prop_map(|(polities, treaties)| {
        let mut text = String::from(
            "relation polity, polities\n  founded: date ?\n  succeeds: polity ?  inverse succeeded-by\n  size: integer ?\n\
             relation treaty, treaties\n  signed: date\n  party: polity *  inverse treaties\n  kind: words aa | bb | cc *\n  \
             extends: treaty ?\nsource notes\ncite notes\n",
        );
        for (number, (founded, succeeds, size)) in polities.iter().enumerate() {
            text += &format!("polity p{number} \"Polity {number}\"\n");
            if let Some(date) = DATES.get(*founded) {
                text += &format!("  founded: {date}\n");
            }
            text += &match succeeds {
                0..4 => format!("  succeeds: p{succeeds}\n"),
                4 => "  succeeds: unknown\n".into(),
                5 => "  succeeds: none\n".into(),
                _ => String::new(),
            };
            if *size < 3 {
                text += &format!("  size: {size}\n");
            }
        }
        for (number, (signed, parties, kinds, extends)) in treaties.iter().enumerate() {
            text += &format!("treaty t{number}\n  signed: {}\n", DATES[*signed]);
            let mut seen = Vec::new();
            for (party, status) in parties {
                if !seen.contains(party) {
                    seen.push(*party);
                    let party = if *party < 4 { format!("p{party}") } else { "unknown".into() };
                    let status = if party == "unknown" { "" } else { STATUSES[*status] };
                    if !(party == "unknown" && seen.contains(&4) && seen.contains(&5)) {
                        text += &format!("  party: {party}{status}\n");
                    }
                }
            }
            seen.clear();
            for (kind, status) in kinds {
                if !seen.contains(kind) {
                    seen.push(*kind);
                    let kind = ["aa", "bb", "cc", "unknown"][*kind];
                    let status = if kind == "unknown" { "" } else { STATUSES[*status] };
                    text += &format!("  kind: {kind}{status}\n");
                }
            }
            if *extends < 5 {
                text += &format!("  extends: t{extends}\n");
            }
        }
        text
    })
}

fn condition() -> impl Strategy<Value = String> {
    let operator =
        prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">=", "before", "after", "during"]);
    let literal =
        prop::sample::select(vec!["1919", "1925", "1925-03", "192X", "1935", "[1919,1925]"]);
    let dated = prop::sample::select(vec![
        "signed",
        "year",
        "party.founded",
        "extends.signed",
        "decade",
        "party[size = 1].founded",
    ]);
    let polity = (0..4u8).prop_map(|number| format!("p{number}"));
    let to_polity = prop::sample::select(vec![
        "party",
        "party.succeeds",
        "party.succeeds+",
        "extends.party",
        "extends+.party",
        "party[founded < 1925]",
        "every party",
        "no party",
        "party.succeeded-by",
    ]);
    let existing = prop::sample::select(vec![
        "party",
        "kind",
        "extends",
        "extends.party",
        "party.founded",
        "party.treaties",
        "party[size > 0]",
    ]);
    let fixed = prop::sample::select(vec![
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
    ]);
    let leaf = prop_oneof![
        (dated, operator, literal)
            .prop_map(|(path, operator, literal)| format!("{path} {operator} {literal}")),
        (to_polity, any::<bool>(), polity).prop_map(|(path, equal, polity)| {
            format!("{path} {} {polity}", if equal { "=" } else { "!=" })
        }),
        (any::<bool>(), existing)
            .prop_map(|(has, path)| format!("{} {path}", if has { "has" } else { "no" })),
        fixed.prop_map(str::to_owned),
    ];
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

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn planned_evaluation_finds_what_naive_evaluation_finds(
        base in base(),
        conditions in prop::collection::vec(condition(), 12),
    ) {
        let index = index_of(&base);
        for condition in conditions {
            let text = format!("treaties where {condition} show id");
            let mut sources = Sources::new();
            let file = sources.add("query", text.as_str());
            let (query, said) = resolve::query(&index, &sources, file).unwrap();
            let Some(query) = query else { panic!("{text}: {said:#?}") };
            let answers = answer(&index, &query).unwrap();
            let ids = |wanted: Match| {
                let rows = answers.rows.iter().filter(|row| row.matched == wanted);
                let mut ids: Vec<String> = rows.map(|row| row.id.clone()).collect();
                ids.sort();
                ids
            };
            let treaty = index.schema().relation_named("treaty").unwrap();
            let naive = |wanted: Truth| {
                let rows = index.records_of(treaty).map(EntityId);
                let rows = rows.filter(|row| verdict(&index, &query.condition, *row).holds == wanted);
                let mut ids: Vec<String> = rows.map(|row| index.id_of(row).unwrap().into_owned()).collect();
                ids.sort();
                ids
            };
            prop_assert_eq!(ids(Match::Certain), naive(Truth::Certain), "certain: {}\n{}", text, base);
            prop_assert_eq!(ids(Match::Possible), naive(Truth::Possible), "possible: {}\n{}", text, base);
        }
    }
}
