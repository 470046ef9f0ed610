//! Relative dates: chains, circles, contradictions.

use std::time::Instant;

use proptest::prelude::*;
use regesta::time::constraint::{ContradictionKind, Distance, LinkId, NodeId, Order, Placement};
use regesta::time::{Bounds, Date, DayNumber, Role, Stretch, Value};

use Distance::{Days, Months};
use Placement::{After, Before, EarlierBy, LaterBy};

fn value(text: &str, role: Role) -> Value {
    Date::parse(text, role).expect(text).values()[0].clone()
}

fn moment(text: &str) -> Value {
    value(text, Role::Moment)
}

fn reach(bounds: Bounds) -> String {
    bounds.reach().to_string()
}

#[test]
fn a_date_between_two_others() {
    let mut order = Order::new();
    let nomonhan = order.add(&moment("1939-08-31"));
    let pact = order.add(&moment("1939-09-28"));
    let unknown = order.add_unknown(Role::Moment);
    let first = order.place(unknown, After, nomonhan);
    let second = order.place(unknown, Before, pact);
    let narrowed = order.narrow();
    assert_eq!(reach(narrowed.bounds(unknown)), "1939-09-01/1939-09-27");
    assert_eq!(narrowed.why_not_earlier(unknown), [first]);
    assert_eq!(narrowed.why_not_later(unknown), [second]);
    assert!(narrowed.is_certainly_before(nomonhan, unknown));
    assert!(!narrowed.is_certainly_before(unknown, nomonhan));
}

#[test]
fn exact_distances_in_both_directions() {
    let mut order = Order::new();
    let election = order.add(&moment("1924-10-29"));
    let letter = order.add(&moment("1924"));
    order.place(letter, EarlierBy(Days(4)), election);
    let later = order.add_unknown(Role::Moment);
    order.place(later, LaterBy(Months(4)), election);
    let vague = order.add(&moment("1925"));
    let known = order.add(&moment("1926-03-31"));
    order.place(known, LaterBy(Months(13)), vague);
    let narrowed = order.narrow();
    assert!(narrowed.contradictions().is_empty());
    assert_eq!(reach(narrowed.bounds(letter)), "1924-10-25");
    assert_eq!(reach(narrowed.bounds(later)), "1925-02-28");
    // 13 months before 31 March is the last of February, as February has no 31st.
    assert_eq!(reach(narrowed.bounds(vague)), "1925-02-28");
}

#[test]
fn periods_have_two_ends() {
    let mut order = Order::new();
    let war = order.add(&value("1918/[1920,1921]", Role::Period));
    let peace = order.add(&moment("1920-06"));
    let link = order.place(peace, After, war);
    let narrowed = order.narrow();
    let bounds = narrowed.bounds(war);
    assert_eq!(bounds.latest_end.to_string(), "1920-06-29");
    assert_eq!(bounds.earliest_start.to_string(), "1918-01-01");
    assert_eq!(narrowed.chain_before(war, peace), Some(vec![link]));
    assert_eq!(narrowed.chain_before(peace, war), None);
}

#[test]
fn chains_prove_an_order_without_any_date() {
    let mut order = Order::new();
    let nodes: Vec<NodeId> = (0..5).map(|_| order.add_unknown(Role::Moment)).collect();
    order.place(nodes[1], After, nodes[0]);
    order.place(nodes[2], EarlierBy(Days(3)), nodes[1]);
    order.place(nodes[3], LaterBy(Days(10)), nodes[2]);
    order.place(nodes[4], LaterBy(Months(2)), nodes[3]);
    let narrowed = order.narrow();
    assert!(narrowed.is_certainly_before(nodes[0], nodes[1]));
    assert!(!narrowed.is_certainly_before(nodes[0], nodes[2]));
    assert!(narrowed.is_certainly_before(nodes[2], nodes[1]));
    assert!(narrowed.is_certainly_before(nodes[0], nodes[3]));
    assert_eq!(narrowed.chain_before(nodes[1], nodes[4]), Some([1, 2, 3].map(LinkId).to_vec()));
}

#[test]
fn a_circle_is_shown_link_by_link() {
    let mut order = Order::new();
    let nodes: Vec<NodeId> = (0..4).map(|_| order.add_unknown(Role::Moment)).collect();
    let dated = order.add(&moment("1919"));
    let a = order.place(nodes[1], After, nodes[0]);
    let b = order.place(nodes[2], After, nodes[1]);
    let c = order.place(nodes[0], After, nodes[2]);
    order.place(nodes[3], After, dated);
    let narrowed = order.narrow();
    let [circle] = narrowed.contradictions() else { panic!("{:?}", narrowed.contradictions()) };
    assert_eq!(circle.kind, ContradictionKind::Cycle);
    let mut links = circle.links.clone();
    links.sort();
    assert_eq!(links, [a, b, c]);
    // What does not hang together with the circle is narrowed all the same.
    assert_eq!(narrowed.bounds(nodes[3]).earliest_start.to_string(), "1919-01-02");
}

#[test]
fn a_value_cannot_be_placed_by_itself() {
    let mut order = Order::new();
    let node = order.add(&moment("1919"));
    let link = order.place(node, After, node);
    let narrowed = order.narrow();
    assert_eq!(narrowed.contradictions()[0].links, [link]);
    let mut order = Order::new();
    let node = order.add(&moment("1919"));
    order.place(node, LaterBy(Months(1)), node);
    assert_eq!(order.narrow().contradictions()[0].kind, ContradictionKind::Cycle);
}

#[test]
fn saying_the_same_from_both_sides_is_no_contradiction() {
    let mut order = Order::new();
    let one = order.add(&moment("1919"));
    let other = order.add(&moment("1919"));
    order.place(other, LaterBy(Days(4)), one);
    order.place(one, EarlierBy(Days(4)), other);
    order.place(one, Before, other);
    let narrowed = order.narrow();
    assert!(narrowed.contradictions().is_empty());
    assert_eq!(reach(narrowed.bounds(other)), "1919-01-05/1919-12-31");
    assert_eq!(reach(narrowed.bounds(one)), "1919-01-01/1919-12-27");
}

/// One month and 30 days are the same in some months: the dates are moved until they are.
#[test]
fn months_and_days_may_agree() {
    let mut order = Order::new();
    let first = order.add(&moment("1919"));
    let month_later = order.add_unknown(Role::Moment);
    let days_later = order.add_unknown(Role::Moment);
    order.place(month_later, LaterBy(Months(1)), first);
    order.place(days_later, LaterBy(Days(30)), first);
    order.place(days_later, LaterBy(Days(0)), month_later);
    let narrowed = order.narrow();
    assert!(narrowed.contradictions().is_empty(), "{:?}", narrowed.contradictions());
    assert!(narrowed.bounds(first).earliest_start > DayNumber::from_ymd(1919, 1, 1).unwrap());
}

#[test]
fn distances_that_disagree_are_a_circle() {
    let mut order = Order::new();
    let one = order.add_unknown(Role::Moment);
    let other = order.add_unknown(Role::Moment);
    let a = order.place(other, LaterBy(Days(4)), one);
    let b = order.place(other, LaterBy(Days(5)), one);
    let narrowed = order.narrow();
    let mut links = narrowed.contradictions()[0].links.clone();
    links.sort();
    assert_eq!(links, [a, b]);
}

#[test]
fn a_contradiction_shows_every_link_and_the_dates_at_its_ends() {
    let mut order = Order::new();
    let early = order.add(&moment("1919"));
    let middle = order.add_unknown(Role::Moment);
    let late = order.add(&moment("1918"));
    let a = order.place(middle, After, early);
    let b = order.place(middle, Before, late);
    let narrowed = order.narrow();
    let [found] = narrowed.contradictions() else { panic!("{:?}", narrowed.contradictions()) };
    assert_eq!(found.kind, ContradictionKind::NoDayLeft);
    assert_eq!(found.links, [a, b]);
    assert_eq!(found.nodes, [early, late]);
    assert_eq!(reach(narrowed.bounds(early)), "1919-01-01/1919-12-31");
}

#[test]
fn a_doubted_date_narrows_nothing_but_its_place_does() {
    let mut order = Order::new();
    let sure = order.add(&moment("1910"));
    let doubted = order.add(&moment("1919?"));
    let last = order.add_unknown(Role::Moment);
    order.place(doubted, After, sure);
    order.place(last, After, doubted);
    let narrowed = order.narrow();
    assert_eq!(narrowed.bounds(last).earliest_start.to_string(), "1910-01-03");
    assert_eq!(reach(narrowed.bounds(doubted)), "1919-01-01/1919-12-31");
}

/// Ten thousand records, linked in ways that make a naive search slow.
#[test]
fn long_chains_are_quick() {
    const MANY: u32 = 10_000;
    let links: [fn(u32) -> Placement; 4] = [
        |_| After,
        |_| LaterBy(Days(1)),
        |place| if place % 2 == 0 { LaterBy(Months(1)) } else { EarlierBy(Months(1)) },
        |place| if place % 3 == 0 { After } else { LaterBy(Days(2)) },
    ];
    let begun = Instant::now();
    for placement in links {
        for backwards in [false, true] {
            for dated_all in [false, true] {
                let mut order = Order::new();
                let own = value("1700/2100", Role::Period).bounds().reach();
                let own = Value::moment(own);
                let nodes: Vec<NodeId> =
                    (0..MANY)
                        .map(|_| {
                            if dated_all {
                                order.add(&own)
                            } else {
                                order.add_unknown(Role::Moment)
                            }
                        })
                        .collect();
                let name =
                    |place: u32| nodes[(if backwards { MANY - 1 - place } else { place }) as usize];
                let start = order.add(&moment("1750-01-01"));
                order.place(name(0), After, start);
                for place in 1..MANY {
                    order.place(name(place), placement(place), name(place - 1));
                }
                let narrowed = order.narrow();
                assert!(narrowed.contradictions().is_empty());
                let last = narrowed.bounds(name(MANY - 1));
                assert!(last.earliest_start > DayNumber::from_ymd(1749, 11, 1).unwrap());
                assert!(narrowed.is_certainly_before(start, name(0)));
            }
        }
    }
    // A circle of all of them.
    let mut order = Order::new();
    let nodes: Vec<NodeId> = (0..MANY).map(|_| order.add_unknown(Role::Moment)).collect();
    for place in 0..MANY {
        order.place(nodes[place as usize], After, nodes[((place * 7919 + 1) % MANY) as usize]);
    }
    assert!(!order.narrow().contradictions().is_empty());
    // Seventeen bases without optimisation; one is well under a second.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

type Link = (usize, Placement, usize);

fn placement() -> impl Strategy<Value = Placement> {
    prop_oneof![
        Just(After),
        Just(Before),
        (0..4_u32).prop_map(|days| LaterBy(Days(days))),
        (0..4_u32).prop_map(|days| EarlierBy(Days(days))),
        (0..3_u32).prop_map(|months| LaterBy(Months(months))),
        (0..3_u32).prop_map(|months| EarlierBy(Months(months))),
    ]
}

/// Counting forwards from the earlier or backwards from the later leads at most to the other.
fn months_apart(early: i64, late: i64, months: i64) -> bool {
    let day = DayNumber::from_rata_die;
    late >= day(early).plus_months(months).rata_die()
        && early >= day(late).plus_months(-months).rata_die()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Against all assignments of days to four moments.
    #[test]
    fn narrowing_is_what_all_assignments_leave(
        stretches in prop::collection::vec((prop_oneof![1..9_i64, 25..34_i64, 55..64_i64], 0..6_i64), 4),
        links in prop::collection::vec((0..4_usize, placement(), 0..4_usize), 0..6),
    ) {
        let day = DayNumber::from_rata_die;
        let mut order = Order::new();
        let nodes: Vec<NodeId> = stretches.iter().map(|(first, more)| {
            order.add(&Value::moment(Stretch::new(day(*first), day(first + more)).unwrap()))
        }).collect();
        for (placed, placement, by) in &links {
            order.place(nodes[*placed], *placement, nodes[*by]);
        }
        let narrowed = order.narrow();
        let satisfied = |days: &[i64], (placed, placement, by): &Link| match placement {
            After => days[*placed] > days[*by],
            Before => days[*placed] < days[*by],
            LaterBy(Days(n)) => days[*placed] == days[*by] + i64::from(*n),
            EarlierBy(Days(n)) => days[*placed] == days[*by] - i64::from(*n),
            LaterBy(Months(n)) => months_apart(days[*by], days[*placed], i64::from(*n)),
            EarlierBy(Months(n)) => months_apart(days[*placed], days[*by], i64::from(*n)),
        };
        let all = |place: usize| stretches[place].0..=stretches[place].0 + stretches[place].1;
        let mut left: Vec<Vec<i64>> = Vec::new();
        for a in all(0) { for b in all(1) { for c in all(2) { for d in all(3) {
            let days = vec![a, b, c, d];
            if links.iter().all(|link| satisfied(&days, link)) {
                left.push(days);
            }
        }}}}
        prop_assert_eq!(left.is_empty(), !narrowed.contradictions().is_empty());
        for (place, node) in nodes.iter().enumerate() {
            if left.is_empty() {
                break;
            }
            let bounds = narrowed.bounds(*node);
            let days = || left.iter().map(|days| days[place]);
            prop_assert_eq!(Some(bounds.earliest_start.rata_die()), days().min());
            prop_assert_eq!(Some(bounds.latest_end.rata_die()), days().max());
            for (other_place, other) in nodes.iter().enumerate() {
                if narrowed.is_certainly_before(*node, *other) {
                    prop_assert!(left.iter().all(|days| days[place] < days[other_place]));
                }
            }
        }
        for contradiction in narrowed.contradictions() {
            // The links that are shown cannot all be true, with these dates or with any.
            prop_assert!(!contradiction.links.is_empty());
            let shown: Vec<&Link> =
                contradiction.links.iter().map(|link| &links[link.0 as usize]).collect();
            let mut possible = false;
            for a in all(0) { for b in all(1) { for c in all(2) { for d in all(3) {
                let days = vec![a, b, c, d];
                possible |= shown.iter().all(|link| satisfied(&days, link));
            }}}}
            prop_assert!(!possible);
        }
    }
}
