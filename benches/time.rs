//! How long dates take: conversions, comparisons and parsing in nanoseconds, chains in all.

use divan::{Bencher, black_box};
use regesta::time::constraint::{Order, Placement};
use regesta::time::{DayNumber, Operator, Role, Settings, Stretch, Value};

fn main() {
    divan::main();
}

const FORMS: [&str; 10] = [
    "1922",
    "1922-04",
    "1922-04-16",
    "1918/1921",
    "1926~",
    "193X",
    "[1919,1920]",
    "156X-12-25",
    "1917-10-25 julian",
    "1918/[1920,1921]",
];

#[divan::bench]
fn day_from_year_month_day(bencher: Bencher) {
    bencher.bench(|| DayNumber::from_ymd(black_box(1922), black_box(4), black_box(16)));
}

#[divan::bench]
fn year_month_day_from_day(bencher: Bencher) {
    let day = DayNumber::from_rata_die(701_735);
    bencher.bench(|| black_box(day).ymd());
}

#[divan::bench(args = FORMS)]
fn read(bencher: Bencher, text: &str) {
    bencher.bench(|| Value::read(black_box(text), Role::Period, &Settings::DEFAULT));
}

#[divan::bench(args = FORMS)]
fn less(bencher: Bencher, text: &str) {
    let value = Value::read(text, Role::Period, &Settings::DEFAULT).expect("a date");
    let literal = Stretch::parse("1930").expect("a date");
    bencher.bench(|| black_box(&value).test(Operator::Less, black_box(literal)));
}

#[divan::bench(args = FORMS)]
fn overlaps(bencher: Bencher, text: &str) {
    let value = Value::read(text, Role::Period, &Settings::DEFAULT).expect("a date");
    let literal = Stretch::parse("1919/1930").expect("a date");
    bencher.bench(|| black_box(&value).test(Operator::Overlaps, black_box(literal)));
}

#[divan::bench]
fn packed_less(bencher: Bencher) {
    let value = Value::read("1922", Role::Moment, &Settings::DEFAULT).expect("a date");
    let cell = value.packed();
    let literal = Value::exact(Stretch::parse("1930").expect("a date"));
    bencher.bench(|| {
        let value = Value::from_packed(black_box(&cell));
        value.map(|value| value.compare(Operator::Less, &literal))
    });
}

#[divan::bench(sample_count = 20)]
fn chain_of_ten_thousand(bencher: Bencher) {
    bencher.bench(|| {
        let mut order = Order::new();
        let mut last = order.add_unknown(Role::Moment);
        for _ in 0..10_000 {
            let next = order.add_unknown(Role::Moment);
            order.place(next, Placement::After, last);
            last = next;
        }
        order.narrow()
    });
}
