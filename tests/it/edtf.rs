//! Dates as written: the standard's own examples, known faults of others, calendars.

use regesta::time::{
    Calendar, Date, DayNumber, Grain, Hemisphere, Level, Role, Settings, Stretch, Value,
};

const EXAMPLES: &str = include_str!("../oracles/edtf/loc-examples.tsv");
const INVALID: &str = include_str!("../oracles/edtf/invalid.txt");

fn day(text: &str) -> DayNumber {
    let value = Value::read(text, Role::Moment, &Settings::STRICT).expect(text);
    assert_eq!(value.bounds().earliest_start, value.bounds().latest_end, "{text} is one day");
    value.bounds().earliest_start
}

/// `first..last` of everything that a moment may be.
fn reach(text: &str) -> String {
    let date = Date::parse(text, Role::Moment).expect(text);
    date.bounds().reach().to_string()
}

fn four(text: &str) -> String {
    let bounds = Date::parse(text, Role::Period).expect(text).bounds();
    format!(
        "{} {} {} {}",
        bounds.earliest_start, bounds.latest_start, bounds.earliest_end, bounds.latest_end
    )
}

#[test]
fn every_example_of_the_standard_is_accepted_at_its_level() {
    let lines: Vec<(&str, &str)> = EXAMPLES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_once('\t').expect(line))
        .collect();
    assert!(lines.len() > 60);
    for (level, text) in &lines {
        let date = Date::parse(text, Role::Period).unwrap_or_else(|error| {
            panic!("{text}: {} ({})", error.message(), error.help());
        });
        let found = match date.level() {
            Level::Zero => "0",
            Level::One => "1",
            Level::Two => "2",
            Level::Extended => "extended",
        };
        // `2004-06-11%` stands among the examples of two levels: the lower one has it.
        let also = |level: &str| lines.contains(&(level, text));
        assert!(found == *level || also(found), "{text}: level {found}, not {level}");
        assert_eq!(date.text(), *text);
        let bounds = date.bounds();
        assert!(bounds.earliest_start <= bounds.latest_start, "{text}");
        assert!(bounds.earliest_end <= bounds.latest_end, "{text}");
        if !text.contains('/') {
            Date::parse(text, Role::Moment).expect(text);
        }
    }
}

#[test]
fn what_is_not_a_date_is_refused_with_a_reason() {
    for text in INVALID.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let parsed = Date::parse(text, Role::Period);
        if text == "0000-02/0000" {
            // From February of the year 0 to some later day of that year: docs/time.md.
            assert!(parsed.is_ok());
            continue;
        }
        let error = parsed.expect_err(text);
        assert!(!error.message().is_empty() && !error.help().is_empty(), "{text}");
        assert!(error.range().end <= text.len(), "{text}");
    }
}

#[test]
fn known_faults_of_other_libraries_are_not_ours() {
    assert!(Date::parse("1900-02-29", Role::Moment).is_err());
    assert_eq!(reach("[1919..1921]"), "1919-01-01/1921-12-31");
    assert_eq!(reach("1950S2"), "1900-01-01/1999-12-31");
    assert_eq!(reach("-0322"), "-0322-01-01/-0322-12-31");
    assert_eq!(day("-0322-01-01").next(), day("-0322-01-02"));
    // 323 BCE to 1 January 1: 323 years, of which 0, -4, … -320 are leap years, without the
    // centuries -100, -200, -300.
    let days = 322 * 365 + (81 - 3) + 365;
    assert_eq!(day("0001-01-01").rata_die() - day("-0322-01-01").rata_die(), days);
}

#[test]
fn days_are_counted_from_the_first_of_january_of_the_year_1() {
    assert_eq!(day("0001-01-01").rata_die(), 1);
    assert_eq!(day("1970-01-01").rata_die(), 719_163);
    assert_eq!(day("0000-02-29").next(), day("0000-03-01"));
    assert_eq!(reach("Y170000002"), "170000002-01-01/170000002-12-31");
    assert_eq!(reach("Y-17E7"), "-170000000-01-01/-170000000-12-31");
    assert_eq!(reach("Y3388E2S3"), "338000-01-01/338999-12-31");
    assert_eq!(reach("-1950S2"), "-1999-01-01/-1900-12-31");
    assert!(Date::parse("Y1E15", Role::Moment).is_err());
    assert!(Date::parse("Y99999999999999999999", Role::Moment).is_err());
}

#[test]
fn days_and_their_numbers_are_each_others_inverse() {
    for calendar in [Calendar::Gregorian, Calendar::Julian] {
        let mut number = calendar.day(-800, 1, 1).unwrap().rata_die();
        for year in -800..=800 {
            for month in 1..=12 {
                for in_month in 1..=calendar.days_in_month(year, month) {
                    let day = calendar.day(year, month, in_month).unwrap();
                    assert_eq!(day.rata_die(), number, "{calendar:?} {year}-{month}-{in_month}");
                    if calendar == Calendar::Gregorian {
                        assert_eq!(day.ymd(), Some((year, month, in_month)));
                    }
                    number += 1;
                }
            }
        }
    }
}

#[test]
fn old_style_dates_are_reckoned_as_the_days_they_were() {
    let pairs = [
        ("1582-10-05 julian", "1582-10-15"),
        ("1582-10-04 julian", "1582-10-14"),
        ("1917-10-25 julian", "1917-11-07"),
        ("1918-01-31 julian", "1918-02-13"),
        ("1900-02-28 julian", "1900-03-12"),
        ("1900-02-29 julian", "1900-03-13"),
        ("1700-02-29 julian", "1700-03-11"),
        ("1752-09-02 julian", "1752-09-13"),
        ("1066-10-14 julian", "1066-10-20"),
        ("0325-05-20 julian", "0325-05-21"),
        ("0200-03-01 julian", "0200-03-01"),
        ("0001-01-01 julian", "0000-12-30"),
        ("0000-02-29 julian", "0000-02-27"),
        ("-0043-03-15 julian", "-0043-03-13"),
        ("-0100-02-29 julian", "-0100-02-26"),
        ("-4712-01-01 julian", "-4713-11-24"),
    ];
    for (julian, gregorian) in pairs {
        assert_eq!(day(julian).to_string(), gregorian, "{julian}");
        assert_eq!(day(julian), day(gregorian));
    }
    assert_eq!(reach("1917-10 julian"), "1917-10-14/1917-11-13");
    assert_eq!(reach("1917 julian"), "1917-01-14/1918-01-13");
    assert!(Date::parse("1917-02-29 julian", Role::Moment).is_err());
    assert!(Date::parse("1917-21 julian", Role::Moment).is_err());
    let date = Date::parse("1917-10-25 julian", Role::Moment).unwrap();
    assert_eq!(date.display(), "1917-10-25 julian (1917-11-07)");
    assert_eq!(date.to_string(), "1917-10-25 julian");
    assert_eq!(date.level(), Level::Extended);
    let both = Date::parse("1917-02-23 julian/1917-10-25 julian", Role::Period).unwrap();
    assert_eq!(both.display(), "1917-02-23 julian (1917-03-08)/1917-10-25 julian (1917-11-07)");
}

#[test]
fn seasons_and_other_parts_of_a_year() {
    let expected = [
        (21, "1932-03-01/1932-05-31"),
        (22, "1932-06-01/1932-08-31"),
        (23, "1932-09-01/1932-11-30"),
        (24, "1932-12-01/1933-02-28"),
        (25, "1932-03-01/1932-05-31"),
        (28, "1932-12-01/1933-02-28"),
        (29, "1932-09-01/1932-11-30"),
        (30, "1932-12-01/1933-02-28"),
        (31, "1932-03-01/1932-05-31"),
        (32, "1932-06-01/1932-08-31"),
        (33, "1932-01-01/1932-03-31"),
        (36, "1932-10-01/1932-12-31"),
        (37, "1932-01-01/1932-04-30"),
        (39, "1932-09-01/1932-12-31"),
        (40, "1932-01-01/1932-06-30"),
        (41, "1932-07-01/1932-12-31"),
    ];
    for (code, stretch) in expected {
        assert_eq!(reach(&format!("1932-{code}")), stretch);
    }
    let southern = Settings { hemisphere: Hemisphere::Southern, ..Settings::DEFAULT };
    let spring = Value::read("1932-21", Role::Moment, &southern).unwrap();
    assert_eq!(spring.bounds().reach().to_string(), "1932-09-01/1932-11-30");
}

#[test]
fn unspecified_digits_leave_out_what_does_not_fit() {
    assert_eq!(reach("193X"), "1930-01-01/1939-12-31");
    assert_eq!(reach("-193X"), "-1939-01-01/-1930-12-31");
    assert_eq!(reach("-000X"), "-0009-01-01/-0001-12-31");
    assert_eq!(reach("1984-1X"), "1984-10-01/1984-12-31");
    let count = |text: &str| Date::parse(text, Role::Moment).expect(text).alternatives().count();
    assert_eq!(count("156X-12-25"), 10);
    assert_eq!(count("XXXX-12-XX"), 10_000);
    assert_eq!(count("1985-XX-XX"), 1);
    assert_eq!(count("1985-04-X1"), 3);
    assert_eq!(count("19XX-02-29"), 24);
    assert_eq!(count("1X56"), 10);
    assert!(Date::parse("1985-02-3X", Role::Moment).is_err());
    assert!(Date::parse("190X-02-3X", Role::Moment).is_err());
    assert!(Date::parse("1985-2X", Role::Moment).is_err());
}

#[test]
fn approximate_dates_are_widened_by_one_unit_of_what_is_qualified() {
    assert_eq!(reach("1926~"), "1925-01-01/1927-12-31");
    assert_eq!(reach("1926%"), "1925-01-01/1927-12-31");
    assert_eq!(reach("1926-04~"), "1926-03-01/1926-05-31");
    assert_eq!(reach("1926-04-30~"), "1926-04-29/1926-05-01");
    assert_eq!(reach("2004-06-~11"), "2004-06-10/2004-06-12");
    assert_eq!(reach("2004-06~-11"), "2004-05-11/2004-07-11");
    assert_eq!(reach("~2004-06-11"), "2003-06-11/2005-06-11");
    assert_eq!(reach("193X~"), "1920-01-01/1949-12-31");
    assert_eq!(reach("1932-21~"), "1931-12-01/1932-08-31");
    assert_eq!(reach("1926?"), "1926-01-01/1926-12-31");
    let strict = Value::read("1926~", Role::Moment, &Settings::STRICT).unwrap();
    assert_eq!(strict.bounds().reach().to_string(), "1926-01-01/1926-12-31");
    for (text, doubted, approximate) in
        [("1926", false, false), ("1926?", true, false), ("1926~", false, true)]
    {
        let date = Date::parse(text, Role::Moment).unwrap();
        assert_eq!((date.is_doubted(), date.is_approximate()), (doubted, approximate), "{text}");
    }
    let parts = Date::parse("?2004-06-~11", Role::Moment).unwrap();
    assert!(parts.is_doubted() && parts.is_approximate());
    assert!(Date::parse("2004??", Role::Moment).is_err());
}

#[test]
fn intervals_have_four_bounds_in_order() {
    assert_eq!(four("1918/1921"), "1918-01-01 1918-12-31 1921-01-01 1921-12-31");
    assert_eq!(four("1918/.."), "1918-01-01 1918-12-31 .. ..");
    assert_eq!(four("1918/"), "1918-01-01 1918-12-31 1918-01-01 ..");
    assert_eq!(four("/1918"), ".. 1918-12-31 1918-01-01 1918-12-31");
    assert_eq!(four("../1918"), ".. .. 1918-01-01 1918-12-31");
    assert_eq!(four("1918/[1920,1921]"), "1918-01-01 1918-12-31 1920-01-01 1921-12-31");
    assert_eq!(four("1934-09/[1936..]"), "1934-09-01 1934-09-30 1936-01-01 ..");
    assert_eq!(four("1918-03/1918"), "1918-03-01 1918-03-31 1918-03-01 1918-12-31");
    assert_eq!(four("1927"), "1927-01-01 1927-12-31 1927-01-01 1927-12-31");
    let levels = [("1918/[1920,1921]", Level::Extended), ("1984~/2004-06", Level::One)];
    for (text, level) in levels {
        assert_eq!(Date::parse(text, Role::Period).unwrap().level(), level, "{text}");
    }
    for text in ["1921/1918", "../..", "/", "../", "1918/1919/1920", "1918/{1920,1921}"] {
        assert!(Date::parse(text, Role::Period).is_err(), "{text}");
    }
}

#[test]
fn an_all_of_set_is_several_values() {
    let texts = |text: &str| -> Vec<String> {
        let date = Date::parse(text, Role::Moment).expect(text);
        let split = date.split();
        for part in &split {
            let again = Date::parse(part.text(), Role::Moment).unwrap();
            assert_eq!(&again, part, "{text}");
        }
        split.iter().map(|date| date.text().to_owned()).collect()
    };
    assert_eq!(texts("{1960,1961-12}"), ["1960", "1961-12"]);
    assert_eq!(texts("{1667,1668,1670..1672}"), ["1667", "1668", "1670", "1671", "1672"]);
    assert_eq!(texts("{1919-12..1920-01}"), ["1919-12", "1920-01"]);
    assert_eq!(texts("{1919-12-31..1920-01-01}"), ["1919-12-31", "1920-01-01"]);
    assert_eq!(texts("{..1984}"), ["[..1984]"]);
    assert_eq!(texts("[1919,1920]"), ["[1919,1920]"]);
    assert_eq!(texts("1919"), ["1919"]);
}

#[test]
fn date_times_are_reckoned_by_their_day() {
    assert_eq!(reach("1985-04-12T23:20:30-04"), "1985-04-12");
    assert_eq!(reach("-1985-04-12T23:20:30Z"), "-1985-04-12");
    for text in ["1985-04-12T24:20:30", "1985-04-12T23:60:30", "1985-04T23:20:30"] {
        assert!(Date::parse(text, Role::Moment).is_err(), "{text}");
    }
}

#[test]
fn units_of_the_calendar() {
    let around =
        |grain: Grain, text: &str| (grain.around(day(text)).to_string(), grain.label(day(text)));
    let both = |stretch: &str, label: &str| (stretch.to_owned(), label.to_owned());
    assert_eq!(around(Grain::Decade, "1925-06-01"), both("1920-01-01/1929-12-31", "192X"));
    assert_eq!(around(Grain::Century, "1925-06-01"), both("1900-01-01/1999-12-31", "19XX"));
    assert_eq!(around(Grain::Month, "1924-02-01"), both("1924-02-01/1924-02-29", "1924-02"));
    assert_eq!(around(Grain::Decade, "-0322-06-01"), both("-0329-01-01/-0320-12-31", "-032X"));
    assert_eq!(around(Grain::Decade, "0000-06-01"), both("0000-01-01/0009-12-31", "000X"));
    assert_eq!(around(Grain::Decade, "-0001-06-01"), both("-0009-01-01/-0001-12-31", "-000X"));
    for label in ["192X", "19XX", "1924-02", "-032X", "000X", "-000X"] {
        let stretch = Stretch::parse(label).expect(label);
        let grain = match label.matches('X').count() {
            1 => Grain::Decade,
            2 => Grain::Century,
            _ => Grain::Month,
        };
        assert_eq!(grain.around(stretch.first()), stretch, "{label}");
    }
}

#[test]
fn a_question_takes_exact_dates_only() {
    let exact = |text: &str| Stretch::parse(text).expect(text).to_string();
    assert_eq!(exact("1930"), "1930-01-01/1930-12-31");
    assert_eq!(exact("1918/1921"), "1918-01-01/1921-12-31");
    assert_eq!(exact("1918/.."), "1918-01-01/..");
    assert_eq!(exact("193X"), "1930-01-01/1939-12-31");
    assert_eq!(exact("1932-21"), "1932-03-01/1932-05-31");
    assert_eq!(exact("1917-10-25 julian"), "1917-11-07");
    for (text, help) in [
        ("1930?", "a question is asked about whole, exact dates: write `1930`"),
        ("1930~/1931", "a question is asked about whole, exact dates: write `1930/1931`"),
        ("1918/", "a question is asked about whole, exact dates: write `1918/..`"),
        (
            "[1919,1920]",
            "a question is asked about whole, exact dates: write `1919-01-01/1920-12-31`",
        ),
        ("156X-12-25", "name whole dates, such as `1922`, `1922-04` or `1918/1921`"),
    ] {
        assert_eq!(Stretch::parse(text).expect_err(text).help(), help, "{text}");
    }
}
