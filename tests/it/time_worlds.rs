//! Comparisons against brute force: every world is made, and looked at.
//!
//! The generator writes a date and lists its worlds by itself, from what the words of the
//! language say; it shares no reckoning with the library. All days lie in February 1920 or,
//! where a mask has a gap, in December.

use proptest::prelude::*;
use regesta::time::{
    Date, DayNumber, Grain, Operator, Part, Role, Settings, Stretch, Truth, Value, Verdict,
};

/// The last day of January 1920: day `n` of February is this and `n`.
const JANUARY: i64 = 700_930;
const PAST: i64 = i64::MIN;
const FUTURE: i64 = i64::MAX;
/// A set that is open towards the past holds these days and one that stands for all before.
const LEAST: i64 = JANUARY - 1;
const GREATEST: i64 = JANUARY + 31;
/// The last day of November.
const NOVEMBER: i64 = JANUARY + 29 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 30;

type World = (i64, i64);

#[derive(Clone, Debug)]
struct Written {
    text: String,
    role: Role,
    worlds: Vec<World>,
    doubted: bool,
}

impl Written {
    fn value(&self) -> Value {
        let mut values = Value::read_all(&self.text, self.role, &Settings::DEFAULT).unwrap();
        assert_eq!(values.len(), 1);
        values.remove(0)
    }
}

fn day_text(day: i64) -> String {
    format!("1920-02-{:02}", day - JANUARY)
}

/// A text, the days that it names, and whether it has alternatives of their own, run by run.
#[derive(Clone, Debug)]
struct Days {
    text: String,
    runs: Vec<Vec<i64>>,
}

fn days(from: i64, to: i64) -> Vec<i64> {
    (from..=to).collect()
}

/// The days that stand for all beyond February: those about the masks' December, and one.
fn later() -> Vec<i64> {
    let mut all = days(NOVEMBER - 1, NOVEMBER + 12);
    all.push(FUTURE);
    all
}

fn one_day() -> impl Strategy<Value = Days> {
    (1..=12_i64).prop_map(|n| Days { text: day_text(JANUARY + n), runs: vec![vec![JANUARY + n]] })
}

fn masked() -> impl Strategy<Value = Days> {
    let december = |n: i64| NOVEMBER + n;
    let february = |n: i64| JANUARY + n;
    prop_oneof![
        Just(Days {
            text: "1920-02-X1".to_owned(),
            runs: [1, 11, 21].map(|n| vec![february(n)]).to_vec(),
        }),
        Just(Days {
            text: "1920-02-X7".to_owned(),
            runs: [7, 17, 27].map(|n| vec![february(n)]).to_vec(),
        }),
        Just(Days {
            text: "1920-X2-0X".to_owned(),
            runs: vec![days(february(1), february(9)), days(december(1), december(9))],
        }),
        Just(Days { text: "1920-02-0X".to_owned(), runs: vec![days(february(1), february(9))] }),
        Just(Days { text: "1920-02".to_owned(), runs: vec![days(february(1), february(29))] }),
    ]
}

fn one_of() -> impl Strategy<Value = Days> {
    let member = prop_oneof![
        3 => one_day().prop_map(|day| (day.text, day.runs[0].clone())),
        2 => (1..=12_i64, 0..=4_i64).prop_map(|(first, more)| {
            let (first, last) = (JANUARY + first, JANUARY + first + more);
            (format!("{}..{}", day_text(first), day_text(last)), days(first, last))
        }),
        1 => (1..=12_i64).prop_map(|n| {
            let mut all = days(LEAST, JANUARY + n);
            all.insert(0, PAST);
            (format!("..{}", day_text(JANUARY + n)), all)
        }),
        1 => (1..=12_i64).prop_map(|n| {
            let mut all = days(JANUARY + n, GREATEST);
            all.extend(later());
            (format!("{}..", day_text(JANUARY + n)), all)
        }),
    ];
    prop::collection::vec(member, 1..4).prop_map(|members| Days {
        text: format!(
            "[{}]",
            members.iter().map(|member| member.0.clone()).collect::<Vec<_>>().join(",")
        ),
        runs: members.into_iter().map(|member| member.1).collect(),
    })
}

fn any_days() -> impl Strategy<Value = Days> {
    prop_oneof![3 => one_day(), 2 => masked(), 3 => one_of()]
}

fn moment() -> impl Strategy<Value = Written> {
    (any_days(), any::<bool>()).prop_map(|(days, doubt)| {
        let doubted = doubt && !days.text.starts_with('[');
        let worlds = days.runs.iter().flatten().map(|day| (*day, *day)).collect();
        let text = if doubted { format!("{}?", days.text) } else { days.text };
        Written { text, role: Role::Moment, worlds, doubted }
    })
}

/// Some stretch within what one date names.
fn period_within() -> impl Strategy<Value = Written> {
    any_days().prop_map(|days| {
        let mut worlds = Vec::new();
        for run in &days.runs {
            for (place, start) in run.iter().enumerate() {
                worlds.extend(run[place..].iter().map(|end| (*start, *end)));
            }
        }
        Written { text: days.text, role: Role::Period, worlds, doubted: false }
    })
}

fn bound(open: i64) -> impl Strategy<Value = Days> {
    let mut unknown = days(LEAST, GREATEST);
    unknown.insert(0, PAST);
    unknown.extend(later());
    prop_oneof![
        6 => any_days(),
        1 => Just(Days { text: "..".to_owned(), runs: vec![vec![open]] }),
        1 => Just(Days { text: String::new(), runs: vec![unknown] }),
    ]
}

fn interval() -> impl Strategy<Value = Written> {
    (bound(PAST), bound(FUTURE)).prop_filter_map("a date, in order", |(start, end)| {
        let starts: Vec<i64> = start.runs.iter().flatten().copied().collect();
        let ends: Vec<i64> = end.runs.iter().flatten().copied().collect();
        let mut worlds = Vec::new();
        for start in &starts {
            worlds.extend(ends.iter().filter(|end| start <= end).map(|end| (*start, *end)));
        }
        let text = format!("{}/{}", start.text, end.text);
        let dated = text.contains("1920");
        // The second date of the pair is kept few-worlded: pairs of values are compared too.
        (dated && !worlds.is_empty() && worlds.len() < 1500).then_some(Written {
            text,
            role: Role::Period,
            worlds,
            doubted: false,
        })
    })
}

fn written() -> impl Strategy<Value = Written> {
    prop_oneof![moment(), period_within(), interval()]
}

fn holds(operator: Operator, (s, e): World, (p, q): World) -> bool {
    let next = |day: i64, other: i64| day != PAST && other != FUTURE && other - 1 == day;
    match operator {
        Operator::Equal | Operator::Overlaps => s <= q && e >= p,
        Operator::NotEqual => !(s <= q && e >= p),
        Operator::Less => s < p,
        Operator::LessOrEqual => s <= q,
        Operator::Greater => e > q,
        Operator::GreaterOrEqual => e >= p,
        Operator::Before => e < p,
        Operator::After => s > q,
        Operator::During => s >= p && e <= q,
        Operator::Contains => s <= p && e >= q,
        Operator::Meets => (p != PAST && next(e, p)) || (s != PAST && next(q, s)),
    }
}

/// The truth over worlds, in some of which a doubted value is not there: then neither the
/// comparison nor its negation holds.
fn brute(operator: Operator, left: &Written, right: &Written) -> Verdict {
    let outcomes = left
        .worlds
        .iter()
        .flat_map(|world| right.worlds.iter().map(move |other| holds(operator, *world, *other)));
    let (mut yes, mut no) = (false, false);
    for outcome in outcomes {
        yes |= outcome;
        no |= !outcome;
    }
    let absent = left.doubted || right.doubted;
    let truth = |some: bool, other: bool| match (some, other || absent) {
        (false, _) => Truth::No,
        (true, true) => Truth::Possible,
        (true, false) => Truth::Certain,
    };
    Verdict { holds: truth(yes, no), fails: truth(no, yes) }
}

fn literal() -> impl Strategy<Value = Written> {
    (0..=14_i64, 0..=6_i64, 0..8_u8).prop_map(|(first, more, open)| {
        let mut first = JANUARY + first;
        let mut last = first + more;
        match open {
            0 => first = PAST,
            1 => last = FUTURE,
            _ => {}
        }
        Written {
            text: String::new(),
            role: Role::Period,
            worlds: vec![(first, last)],
            doubted: false,
        }
    })
}

fn stretch(written: &Written) -> Stretch {
    let (first, last) = written.worlds[0];
    let day = DayNumber::from_rata_die;
    Stretch::new(day(first), day(last)).unwrap()
}

#[test]
fn the_days_of_the_model_are_those_of_february_1920() {
    assert_eq!(DayNumber::from_ymd(1920, 1, 31).unwrap().rata_die(), JANUARY);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn comparisons_with_exact_stretches(left in written(), right in literal()) {
        let value = left.value();
        for operator in Operator::ALL {
            prop_assert_eq!(
                value.test(operator, stretch(&right)),
                brute(operator, &left, &right),
                "{:?} {:?} {:?}", left.text, operator, right.worlds
            );
        }
    }

    #[test]
    fn comparisons_of_the_ends(left in written(), right in literal()) {
        let value = left.value();
        let end = |part: Part| Written {
            worlds: left.worlds.iter().map(|(s, e)| match part {
                Part::Start => (*s, *s),
                _ => (*e, *e),
            }).collect(),
            ..left.clone()
        };
        for part in [Part::Start, Part::End] {
            for operator in Operator::ALL {
                prop_assert_eq!(
                    value.part(part).test(operator, stretch(&right)),
                    brute(operator, &end(part), &right),
                    "{:?} {:?} {:?} {:?}", left.text, part, operator, right.worlds
                );
            }
        }
    }

    #[test]
    fn bounds_are_the_hull_of_the_worlds(written in written()) {
        let bounds = written.value().bounds();
        let day = |day: Option<i64>| DayNumber::from_rata_die(day.unwrap());
        let starts = || written.worlds.iter().map(|world| world.0);
        let ends = || written.worlds.iter().map(|world| world.1);
        prop_assert_eq!(bounds.earliest_start, day(starts().min()), "{}", written.text);
        prop_assert_eq!(bounds.latest_start, day(starts().max()), "{}", written.text);
        prop_assert_eq!(bounds.earliest_end, day(ends().min()), "{}", written.text);
        prop_assert_eq!(bounds.latest_end, day(ends().max()), "{}", written.text);
        prop_assert!(bounds.earliest_start <= bounds.latest_start);
        prop_assert!(bounds.earliest_start <= bounds.earliest_end);
        prop_assert!(bounds.latest_start <= bounds.latest_end);
        prop_assert!(bounds.earliest_end <= bounds.latest_end);
    }

    #[test]
    fn what_is_printed_is_parsed_to_the_same_date(written in written()) {
        let date = Date::parse(&written.text, written.role).unwrap();
        let again = Date::parse(&date.to_string(), written.role).unwrap();
        prop_assert_eq!(&date, &again);
        prop_assert_eq!(date.values(), &[written.value()][..]);
    }

    #[test]
    fn a_packed_cell_judges_as_the_text_does(left in written(), right in literal()) {
        let value = left.value();
        if let Some(unpacked) = Value::from_packed(&value.packed()) {
            for operator in Operator::ALL {
                prop_assert_eq!(
                    unpacked.test(operator, stretch(&right)),
                    value.test(operator, stretch(&right))
                );
            }
        }
    }

    #[test]
    fn thresholds_on_columns_decide_as_the_worlds_do(left in written(), right in literal()) {
        let value = left.value();
        let exact = Value::from_packed(&value.packed()).is_some();
        let (first, last) = right.worlds[0];
        for operator in Operator::ALL {
            let Some(sieve) = operator.sieve(stretch(&right)) else { continue };
            let bounds = value.bounds();
            let (may_hold, may_fail) =
                (sieve.may_hold.is_met(&bounds), sieve.may_fail.is_met(&bounds));
            let verdict = brute(operator, &left, &right);
            let moment_contains = operator == Operator::Contains
                && left.role == Role::Moment && first < last;
            if exact && !moment_contains {
                prop_assert_eq!(may_hold, verdict.holds > Truth::No, "{} {:?}", left.text, operator);
                prop_assert_eq!(may_fail, verdict.fails > Truth::No, "{} {:?}", left.text, operator);
            } else {
                prop_assert!(may_hold || verdict.holds == Truth::No);
                prop_assert!(may_fail || verdict.fails == Truth::No);
            }
        }
    }

    #[test]
    fn lengths_and_differences_have_the_least_and_the_greatest(
        left in written(), right in written(),
    ) {
        let finite = |written: &Written| {
            written.worlds.iter().all(|(s, e)| *s != PAST && *e != FUTURE)
        };
        if !finite(&left) || !finite(&right) {
            return Ok(());
        }
        let lengths: Vec<i64> = left.worlds.iter().map(|(s, e)| e - s + 1).collect();
        let value = left.value();
        let length = value.length();
        let is_product = left.text.contains('/') && left.text.contains(['[', 'X']);
        if !is_product {
            prop_assert_eq!(length.least(), lengths.iter().min().copied(), "{}", left.text);
            prop_assert_eq!(length.greatest(), lengths.iter().max().copied());
        } else {
            prop_assert!(length.least() <= lengths.iter().min().copied());
            prop_assert!(length.greatest() >= lengths.iter().max().copied());
        }
        let (mut least, mut greatest) = (i64::MAX, i64::MIN);
        for (s, e) in &left.worlds {
            for (p, q) in &right.worlds {
                least = least.min(s - q);
                greatest = greatest.max(e - p);
            }
        }
        let difference = value.minus(&right.value());
        prop_assert_eq!(difference.least(), Some(least));
        prop_assert_eq!(difference.greatest(), Some(greatest));
    }

    #[test]
    fn groups_are_those_that_a_value_may_touch(left in written()) {
        let value = left.value();
        let first = DayNumber::from_rata_die(JANUARY - 1);
        let window = Stretch::new(first, first.plus_days(500)).unwrap();
        let bounds = value.bounds();
        if !bounds.earliest_start.is_a_day() || !bounds.latest_end.is_a_day() {
            return Ok(());
        }
        for grain in [Grain::Day, Grain::Month, Grain::Year, Grain::Decade] {
            let found: Vec<(Stretch, Truth)> = value.groups(grain, window).collect();
            let mut expected = Vec::new();
            let mut day = window.first();
            while day <= window.last() {
                let unit = grain.around(day);
                let truth = value.test(Operator::Equal, unit).holds;
                if truth > Truth::No {
                    expected.push((unit, truth));
                }
                day = unit.last().next();
            }
            prop_assert_eq!(found, expected, "{} {:?}", left.text, grain);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn comparisons_of_two_stored_values(left in written(), right in written()) {
        if left.worlds.len() * right.worlds.len() > 50_000 {
            return Ok(());
        }
        let (value, other) = (left.value(), right.value());
        for operator in Operator::ALL {
            prop_assert_eq!(
                value.compare(operator, &other),
                brute(operator, &left, &right),
                "{:?} {:?} {:?}", left.text, operator, right.text
            );
        }
    }

    /// `from A to B`: the three are chosen world by world, and an empty range holds nothing.
    #[test]
    fn a_value_between_two_others(
        value in written(), from in written(), to in written(), of_months in any::<bool>(),
    ) {
        let few = |worlds: &[World], of: &dyn Fn(&World) -> i64| {
            let mut days: Vec<i64> = worlds.iter().map(of).collect();
            days.sort();
            days.dedup();
            days
        };
        let is_of_days = |written: &Written| {
            written.worlds.iter().all(|(s, e)| s == e && *s != PAST && *e != FUTURE)
        };
        let all = [&value, &from, &to];
        let of_months = of_months && all.iter().all(|written| is_of_days(written));
        let month = |day: i64, last: bool| match of_months {
            false => day,
            true => {
                let unit = Grain::Month.around(DayNumber::from_rata_die(day));
                if last { unit.last().rata_die() } else { unit.first().rata_die() }
            }
        };
        let (starts, ends) = (few(&from.worlds, &|world| world.0), few(&to.worlds, &|world| world.1));
        let (mut yes, mut no) = (false, false);
        for (s, e) in &value.worlds {
            for p in &starts {
                for q in &ends {
                    let (p, q) = (month(*p, false), month(*q, true));
                    let holds = p <= q && *s <= q && *e >= p;
                    yes |= holds;
                    no |= !holds;
                }
            }
        }
        let verdict = Verdict::from_worlds(yes, no);
        let is_doubted = all.iter().any(|written| written.doubted);
        let expected = if is_doubted { verdict.doubted() } else { verdict };
        let (from_value, to_value) = (from.value(), to.value());
        let found = match of_months {
            true => value.value().lies_between_units(Grain::Month, &from_value, &to_value),
            false => value.value().lies_between(&from_value, &to_value),
        };
        prop_assert_eq!(found, expected, "{} from {} to {}", value.text, from.text, to.text);
    }

    /// Several values of one record: some of them satisfies, or each of them does.
    #[test]
    fn many_values_of_one_record(
        values in prop::collection::vec(moment(), 1..4), right in literal(),
    ) {
        for operator in [Operator::Equal, Operator::Less, Operator::Meets] {
            // A world picks a day for each value, and whether a doubted one is there.
            let mut worlds: Vec<Vec<bool>> = vec![Vec::new()];
            for value in &values {
                let mut outcomes: Vec<Option<bool>> = value.worlds.iter()
                    .map(|world| Some(holds(operator, *world, right.worlds[0]))).collect();
                if value.doubted {
                    outcomes.push(None);
                }
                outcomes.sort();
                outcomes.dedup();
                worlds = worlds.iter().flat_map(|world| outcomes.iter().map(|outcome| {
                    let mut world = world.clone();
                    world.extend(outcome);
                    world
                })).collect();
            }
            let truth = |holds: &dyn Fn(&Vec<bool>) -> bool| {
                match worlds.iter().filter(|world| holds(world)).count() {
                    0 => Truth::No,
                    all if all == worlds.len() => Truth::Certain,
                    _ => Truth::Possible,
                }
            };
            let some = Verdict {
                holds: truth(&|world| world.iter().any(|holds| *holds)),
                fails: truth(&|world| !world.is_empty() && world.iter().all(|holds| !holds)),
            };
            let every = Verdict {
                holds: truth(&|world| !world.is_empty() && world.iter().all(|holds| *holds)),
                fails: truth(&|world| world.iter().any(|holds| !holds)),
            };
            let verdicts: Vec<Verdict> =
                values.iter().map(|value| value.value().test(operator, stretch(&right))).collect();
            prop_assert_eq!(Verdict::some(verdicts.iter().copied()), some);
            prop_assert_eq!(Verdict::every(verdicts), every);
        }
    }
}
