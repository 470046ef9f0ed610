//! The truth of conditions on time, as the language's own table has it.

use regesta::time::{Date, Operator, Part, Role, Stretch, Truth, Value, Verdict};

use Operator::{After, Before, Contains, During, Equal, Greater, Less, LessOrEqual, Meets};
use Truth::{Certain, No, Possible};

fn judged(role: Role, text: &str, operator: Operator, literal: &str) -> Verdict {
    Date::parse(text, role).expect(text).test(operator, Stretch::parse(literal).expect(literal))
}

fn date(text: &str, operator: Operator, literal: &str) -> Truth {
    judged(Role::Moment, text, operator, literal).holds
}

fn period(text: &str, operator: Operator, literal: &str) -> Truth {
    judged(Role::Period, text, operator, literal).holds
}

#[test]
fn the_table_of_the_language() {
    for text in ["1929", "192X", "[1919,1920]", "{1919,1935}"] {
        assert_eq!(date(text, Less, "1930"), Certain, "{text}");
    }
    for text in ["1930", "193X"] {
        assert_eq!(date(text, Less, "1930"), No, "{text}");
    }
    for text in ["19XX", "[1919,1935]", "1919?"] {
        assert_eq!(date(text, Less, "1930"), Possible, "{text}");
    }
    assert_eq!(period("1922/1941", Less, "1930"), Certain);
    assert_eq!(period("1922/1941", Equal, "1925"), Certain);
    let ends = Date::parse("1928/[1929,1931]", Role::Period).unwrap();
    let end = ends.values()[0].part(Part::End).into_owned();
    assert_eq!(end.test(Less, Stretch::parse("1930").unwrap()).holds, Possible);
    assert_eq!(date("[1919,1935]", Equal, "1925"), No);
    assert_eq!(
        judged(Role::Moment, "1919?", Greater, "1930"),
        Verdict { holds: No, fails: Possible }
    );
    assert_eq!(Verdict::UNKNOWN.negated(), Verdict::UNKNOWN);
}

#[test]
fn relations_of_periods() {
    assert_eq!(period("1918/1921", During, "1918/1921"), Certain);
    assert_eq!(period("1918/1921", During, "1917/1922"), Certain);
    assert_eq!(period("1918/1921", Contains, "1919/1920"), Certain);
    assert_eq!(period("1918/1921", Contains, "1918-06/1920"), Possible);
    assert_eq!(period("1918/1921", Before, "1922"), Certain);
    assert_eq!(period("1918/1921", After, "1917"), Certain);
    assert_eq!(period("1918/..", After, "1917"), Certain);
    assert_eq!(period("1918/..", Before, "2100"), No);
    assert_eq!(period("1918/", Before, "2100"), Possible);
    assert_eq!(period("1918-01-01/1921-12-31", Meets, "1922/1930"), Certain);
    assert_eq!(period("1918-01-01/1921-12-31", Meets, "1921-12-31/1930"), No);
    assert_eq!(period("1918/1921", Meets, "1922"), Possible);
    assert_eq!(period("1927", Equal, "1927"), Certain);
    assert_eq!(period("1927", Equal, "1927-06"), Possible);
}

#[test]
fn relations_of_moments() {
    assert_eq!(date("1922-04-16", LessOrEqual, "1922-04"), Certain);
    assert_eq!(date("1922", LessOrEqual, "1922-04"), Possible);
    assert_eq!(date("1922-04-16", During, "1922"), Certain);
    assert_eq!(date("156X-12-25", Equal, "1564-12"), Possible);
    assert_eq!(date("156X-12-25", Equal, "1564-11"), No);
    assert_eq!(date("1926~", Equal, "1926"), Possible);
    assert_eq!(date("1926~", Less, "1928"), Certain);
    assert_eq!(date("{..1984}", Equal, "1950"), Possible);
    assert_eq!(date("{1960..1962}", Equal, "1961"), Certain);
    assert_eq!(date("1917-10-25 julian", Equal, "1917-11"), Certain);
}

#[test]
fn days_between_dates() {
    let value = |text: &str| Date::parse(text, Role::Moment).unwrap().values()[0].clone();
    let days = value("1939-09-01").minus(&value("1939-08-23"));
    assert_eq!((days.least(), days.greatest()), (Some(9), Some(9)));
    let days = value("1939-09").minus(&value("1939-08-23"));
    assert_eq!((days.least(), days.greatest()), (Some(9), Some(38)));
    let days = value("[1936..]").minus(&value("1935"));
    assert_eq!((days.least(), days.greatest()), (Some(1), None));
    assert_eq!(days.test(Greater, 0), Verdict::CERTAIN);
    assert_eq!(days.test(Greater, 100).holds, Possible);
}

#[test]
fn length_counts_both_ends() {
    let value = |text: &str| Date::parse(text, Role::Period).unwrap().values()[0].clone();
    let length = |text: &str| {
        let days = value(text).length();
        (days.least(), days.greatest())
    };
    assert_eq!(length("1922-04-10/1922-05-19"), (Some(40), Some(40)));
    assert_eq!(length("1922"), (Some(1), Some(365)));
    assert_eq!(length("1918/1920"), (Some(367), Some(1096)));
    assert_eq!(length("1918/.."), (None, None));
    assert_eq!(length("1918/"), (Some(1), None));
    assert_eq!(value("1918/..").test_length(Greater, 1_000_000), Verdict::CERTAIN);
    assert_eq!(value("1918/").test_length(Greater, 1_000_000).holds, Possible);
}

#[test]
fn order_is_by_the_four_bounds() {
    let mut texts =
        ["1920", "1919-05", "[..1918]", "1919", "1919-01-01", "../1918", "1919/1921", "1919/.."];
    let key = |text: &&str| Date::parse(text, Role::Period).unwrap().order_key();
    texts.sort_by_key(key);
    assert_eq!(
        texts,
        ["../1918", "[..1918]", "1919-01-01", "1919", "1919/1921", "1919/..", "1919-05", "1920"]
    );
    let certain = |one: &str, other: &str| key(&one).order_is_certain(&key(&other));
    assert!(certain("1919", "1920"));
    assert!(!certain("1919", "1919-05"));
    assert!(certain("1919-01-01", "1919-01-01"));
    assert!(certain("1918/1921", "1919/1920"));
    assert!(certain("1918-03-03/1919", "1918-03-03/1920"));
    assert!(!certain("1918/1919", "1918/1920"));
}

#[test]
fn a_narrowed_value_has_only_the_worlds_that_are_left() {
    let value = |text: &str, role| Date::parse(text, role).unwrap().values()[0].clone();
    let window = value("1919/1920", Role::Period).bounds().reach();
    let bounds = Value::moment(window).bounds();
    let set = value("[1917,1919,1925]", Role::Moment).narrowed(&bounds).unwrap();
    assert_eq!(set.bounds().reach().to_string(), "1919-01-01/1919-12-31");
    let mask = value("19X9-06-01", Role::Moment).narrowed(&bounds).unwrap();
    assert_eq!(mask.bounds().reach().to_string(), "1919-06-01");
    assert!(value("1921", Role::Moment).narrowed(&bounds).is_none());
}
