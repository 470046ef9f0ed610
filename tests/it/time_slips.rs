//! What is said about a text that is not a date: the fault, and exactly what to write instead.

use regesta::time::{Date, DateError, Role};

fn error(text: &str, role: Role) -> DateError {
    Date::parse(text, role).expect_err(text)
}

/// One line a slip: what is written, what is wrong, what to write.
fn told(role: Role, texts: &[&str]) -> String {
    let mut lines = String::new();
    for text in texts {
        let error = error(text, role);
        for offer in error.offers() {
            let found = Date::parse(&offer.text, role);
            assert!(found.is_ok(), "{text}: the offer {} is no date", offer.text);
        }
        assert!(text.get(error.range()).is_some(), "{text}: {:?}", error.range());
        let message = error.message();
        assert!(!message.ends_with('.') && !message.contains(" you "), "{message}");
        lines.push_str(&format!("{text:?}\n  {message}\n  {}\n", error.help()));
    }
    lines
}

#[test]
fn slips_in_a_moment() {
    let texts = [
        "",
        "1922-16-04",
        "16.04.1922",
        "16/04/1922",
        "04/05/1922",
        "April 1922",
        "16 April 1922",
        "April 16, 1922",
        "16th of April, 1922",
        "Feb 1922",
        "1922 Apr 16",
        "1922.04.16",
        "c. 1919",
        "ca. 1919",
        "circa 16 April 1922",
        "c1919",
        "1919-20",
        "1919-1920",
        "1922-4-16",
        "1922-4",
        "30 February",
        "30 February 1922",
        "1922-02-30",
        "1900-02-29",
        "1919/1920",
        "1918/",
        "../1918",
        "1919 or 1920",
        "1919 and 1920",
        "1919–1920",
        "1914–18",
        "before 1920",
        "before April 1922",
        "after 1920",
        "until 1920",
        "since 1919",
        "between 1919 and 1921",
        "1930s",
        "1900s",
        "early 1930s",
        "192?",
        "19??",
        "1922-??-??",
        "192x",
        "19th century",
        "323 BC",
        "AD 50",
        "-322",
        "322",
        "20067890",
        "Y1984",
        "-0000",
        "1917-10-25 O.S.",
        "1917-10-25 Julian",
        "25 October 1917 (Old Style)",
        "[1919, 1920]",
        " 1922",
        "1922-04-16 ",
        "1985-04-12t23:20:30z",
        "spring 1932",
        "Q1 1932",
        "n.d.",
        "?",
        "probably 1919",
        "1919 (?)",
        "1919..1921",
        "[1921..1919]",
        "[1919,1920",
        "[]",
        "1922-13",
        "1922-42",
        "1922-00",
        "1922-04-00",
        "1922-04-16-17",
        "hello",
        "1917-02-29 julian",
        "1917-21 julian",
        "+2006",
        "1985-04-12T25:00:00",
        "19X5-21",
        "1950S5",
    ];
    insta::assert_snapshot!(told(Role::Moment, &texts), @r##"
    ""
      a date is missing
      write year-month-day as far as known, such as `1922-04-16`, `1922-04` or `1922`
    "1922-16-04"
      there is no month 16
      a date is year-month-day: write `1922-04-16`
    "16.04.1922"
      `16.04.1922` does not begin with the year
      a date is year-month-day: write `1922-04-16`
    "16/04/1922"
      `16/04/1922` does not begin with the year
      a date is year-month-day: write `1922-04-16`
    "04/05/1922"
      `04/05/1922` does not begin with the year
      a date is year-month-day: write `1922-05-04` for day before month, or `1922-04-05` for month before day
    "April 1922"
      the month in `April 1922` is a word
      a date is year-month-day: write `1922-04`
    "16 April 1922"
      the month in `16 April 1922` is a word
      a date is year-month-day: write `1922-04-16`
    "April 16, 1922"
      the month in `April 16, 1922` is a word
      a date is year-month-day: write `1922-04-16`
    "16th of April, 1922"
      the month in `16th of April, 1922` is a word
      a date is year-month-day: write `1922-04-16`
    "Feb 1922"
      the month in `Feb 1922` is a word
      a date is year-month-day: write `1922-02`
    "1922 Apr 16"
      the month in `1922 Apr 16` is a word
      a date is year-month-day: write `1922-04-16`
    "1922.04.16"
      year, month and day in `1922.04.16` have no hyphens
      write `1922-04-16`
    "c. 1919"
      `c. 1919` says "about" in words
      `~` after a date means about: write `1919~`
    "ca. 1919"
      `ca. 1919` says "about" in words
      `~` after a date means about: write `1919~`
    "circa 16 April 1922"
      `circa 16 April 1922` says "about" in words
      `~` after a date means about: write `1922-04-16~`
    "c1919"
      `c1919` says "about" in words
      `~` after a date means about: write `1919~`
    "1919-20"
      the second year in `1919-20` is cut short
      write `[1919,1920]` for one or the other, or `[1919..1920]` for some time between them
    "1919-1920"
      `1919-1920` joins two dates with a dash
      write `[1919,1920]` for one or the other, or `[1919..1920]` for some time between them
    "1922-4-16"
      a month or day in `1922-4-16` has only one digit
      a month and a day have two digits: write `1922-04-16`
    "1922-4"
      a month or day in `1922-4` has only one digit
      a month and a day have two digits: write `1922-04`
    "30 February"
      February never has 30 days
      write the month alone if the day is not known
    "30 February 1922"
      February never has 30 days
      write `1922-02` for the month alone, or `1922-02-28` for its last day
    "1922-02-30"
      February never has 30 days
      write `1922-02` for the month alone, or `1922-02-28` for its last day
    "1900-02-29"
      February 1900 has only 28 days
      write `1900-02` for the month alone, or `1900-02-28` for its last day, or `1900-02-29 julian` for an Old Style date
    "1919/1920"
      `1919/1920` is a stretch of time, but a single moment is recorded here
      a slash runs from one date to the other: write `[1919,1920]` for one or the other, or `[1919..1920]` for some day between them
    "1918/"
      `1918/` is a stretch of time, but a single moment is recorded here
      a slash runs from one date to the other: write `[1918..]`
    "../1918"
      `../1918` is a stretch of time, but a single moment is recorded here
      a slash runs from one date to the other: write `[..1918]`
    "1919 or 1920"
      `1919 or 1920` joins dates with words
      write `[1919,1920]`
    "1919 and 1920"
      `1919 and 1920` joins dates with words
      write `{1919,1920}`
    "1919–1920"
      `1919–1920` joins two dates with a dash
      write `[1919,1920]` for one or the other, or `[1919..1920]` for some time between them
    "1914–18"
      the second year in `1914–18` is cut short
      write `[1914,1918]` for one or the other, or `[1914..1918]` for some time between them
    "before 1920"
      `before 1920` sets a limit in words
      write `[..1919]`
    "before April 1922"
      `before April 1922` sets a limit in words
      write `[..1922-03]`
    "after 1920"
      `after 1920` sets a limit in words
      write `[1921..]`
    "until 1920"
      `until 1920` sets a limit in words
      write `[..1920]`
    "since 1919"
      `since 1919` sets a limit in words
      write `[1919..]`
    "between 1919 and 1921"
      `between 1919 and 1921` joins dates with words
      write `[1919..1921]`
    "1930s"
      `1930s` is a decade in words
      `X` stands for an unknown digit: write `193X`
    "1900s"
      `1900s` is a decade in words
      `X` stands for an unknown digit: write `190X` for the decade, or `19XX` for the century
    "early 1930s"
      `early 1930s` is a decade in words
      `X` stands for an unknown digit: write `193X`
    "192?"
      unknown digits in `192?` are not written as `X`
      `X` stands for an unknown digit: write `192X`
    "19??"
      unknown digits in `19??` are not written as `X`
      `X` stands for an unknown digit: write `19XX`
    "1922-??-??"
      unknown digits in `1922-??-??` are not written as `X`
      `X` stands for an unknown digit: write `1922-XX-XX`
    "192x"
      `192x` has small letters
      write `192X`
    "19th century"
      `19th century` is a century in words
      `X` stands for an unknown digit: write `18XX`
    "323 BC"
      `323 BC` names its era in words
      years before 1 CE count from 0000, which is 1 BCE: write `-0322`
    "AD 50"
      `AD 50` names its era in words
      years before 1 CE count from 0000, which is 1 BCE: write `0050`
    "-322"
      the year `-322` has fewer than four digits
      a year has four digits: write `-0322`
    "322"
      the year `322` has fewer than four digits
      a year has four digits: write `0322`
    "20067890"
      the year `20067890` has more than four digits and no `Y`
      a longer year begins with `Y`: write `Y20067890`
    "Y1984"
      `Y1984` has a `Y` but only four digits
      write `1984`
    "-0000"
      there is no year `-0000`
      write `0000`
    "1917-10-25 O.S."
      `1917-10-25 O.S.` names its calendar in another way
      an Old Style date is followed by `julian`: write `1917-10-25 julian`
    "1917-10-25 Julian"
      `1917-10-25 Julian` names its calendar in another way
      an Old Style date is followed by `julian`: write `1917-10-25 julian`
    "25 October 1917 (Old Style)"
      `25 October 1917 (Old Style)` names its calendar in another way
      an Old Style date is followed by `julian`: write `1917-10-25 julian`
    "[1919, 1920]"
      there are spaces within `[1919, 1920]`
      write `[1919,1920]`
    " 1922"
      there are spaces within ` 1922`
      write `1922`
    "1922-04-16 "
      there are spaces within `1922-04-16 `
      write `1922-04-16`
    "1985-04-12t23:20:30z"
      `1985-04-12t23:20:30z` has small letters
      write `1985-04-12T23:20:30Z`
    "spring 1932"
      `spring 1932` names its season in words
      21 to 24 are spring, summer, autumn and winter: write `1932-21`
    "Q1 1932"
      `Q1 1932` names its season in words
      21 to 24 are spring, summer, autumn and winter: write `1932-33`
    "n.d."
      `n.d.` is not a date
      write `unknown` for a date that nobody knows, or leave the field out
    "?"
      `?` is not a date
      write `unknown` for a date that nobody knows, or leave the field out
    "probably 1919"
      `probably 1919` says "perhaps" in words
      `?` after a date means doubtful: write `1919?`
    "1919 (?)"
      `1919 (?)` says "perhaps" in words
      `?` after a date means doubtful: write `1919?`
    "1919..1921"
      the range `1919..1921` stands outside brackets
      write `[1919..1921]`
    "[1921..1919]"
      the range `1921..1919` ends before it begins
      write `[1919..1921]`
    "[1919,1920"
      the set `[1919,1920` is not closed
      write `[1919,1920]`
    "[]"
      the set `[]` names no date
      write `[1919,1920]` for one or the other, `{1919,1920}` for both
    "1922-13"
      there is no month 13
      months are 01 to 12, and 21 to 41 are seasons and other parts of a year
    "1922-42"
      the second year in `1922-42` is cut short
      write `[1922,1942]` for one or the other, or `[1922..1942]` for some time between them
    "1922-00"
      there is no month 0
      months are 01 to 12, and 21 to 41 are seasons and other parts of a year
    "1922-04-00"
      there is no day 0 in a month
      write `1922-04`
    "1922-04-16-17"
      `-17` is not a date
      write year-month-day as far as known, such as `1922-04-16`, `1922-04` or `1922`
    "hello"
      `hello` is not a date
      write year-month-day as far as known, such as `1922-04-16`, `1922-04` or `1922`
    "1917-02-29 julian"
      February 1917 has only 28 days in the Julian calendar
      write `1917-02 julian` for the month alone, or `1917-02-28 julian` for its last day
    "1917-21 julian"
      `1917-21 julian`: only a year, month or day can be `julian`
      write the month or the day, such as `1917-10-25 julian`
    "+2006"
      `+2006` is not a date
      write `2006`
    "1985-04-12T25:00:00"
      `25:00:00` is not a time of day
      write the time as in `1985-04-12T23:20:30Z`, or leave it out
    "19X5-21"
      `19X5-21` is a season of no one year
      give the year in full, such as `1932-21`
    "1950S5"
      the number of certain digits in `1950S5` does not fit its year
      write `1950S2` for 1900 to 1999, about 1950
    "##);
}

#[test]
fn slips_in_a_period() {
    let texts = [
        "1919-20",
        "1919–1920",
        "1914–18",
        "1919 to 1921",
        "from 1919 to April 1921",
        "until 1920",
        "since 1919",
        "1921/1918",
        "1918/{1920,1921}",
        "1918-4/1919",
        "16 April 1922/1923",
        "1917-02/1917-10 julian",
        "../..",
        "2005-07-25T10:10:10Z/2006-01",
        "1919..1921",
        "1918/1919/1920",
        "1939-1945",
        "1918 / 1921",
        "1919 or 1920",
    ];
    insta::assert_snapshot!(told(Role::Period, &texts), @r##"
    "1919-20"
      the second year in `1919-20` is cut short
      write `1919/1920` for the whole stretch, or `[1919,1920]` for one or the other, or `[1919..1920]` for some time between them
    "1919–1920"
      `1919–1920` joins two dates with a dash
      write `1919/1920` for the whole stretch, or `[1919,1920]` for one or the other, or `[1919..1920]` for some time between them
    "1914–18"
      the second year in `1914–18` is cut short
      write `1914/1918` for the whole stretch, or `[1914,1918]` for one or the other, or `[1914..1918]` for some time between them
    "1919 to 1921"
      `1919 to 1921` joins dates with words
      write `1919/1921` for the whole stretch, or `[1919,1921]` for one or the other, or `[1919..1921]` for some time between them
    "from 1919 to April 1921"
      `from 1919 to April 1921` joins dates with words
      write `1919/1921-04` for the whole stretch, or `[1919,1921-04]` for one or the other, or `[1919..1921-04]` for some time between them
    "until 1920"
      `until 1920` sets a limit in words
      write `/1920` for an unknown beginning, or `../1920` for no beginning
    "since 1919"
      `since 1919` sets a limit in words
      write `1919/..` for no end, or `1919/` for an unknown end
    "1921/1918"
      `1921/1918` ends before it begins
      write `1918/1921`
    "1918/{1920,1921}"
      several dates at once, `{1920,1921}`, cannot bound a stretch
      write `1918/[1920,1921]`
    "1918-4/1919"
      a month or day in `1918-4` has only one digit
      a month and a day have two digits: write `1918-04/1919`
    "16 April 1922/1923"
      the month in `16 April 1922` is a word
      a date is year-month-day: write `1922-04-16/1923`
    "1917-02/1917-10 julian"
      `julian` holds for the second date of this stretch only
      write `1917-02 julian/1917-10 julian` for two Old Style dates, or `1917-02/1917-11-13` for two dates of the Gregorian calendar
    "../.."
      `../..` names no date
      write `unknown` for a date that nobody knows, or leave the field out
    "2005-07-25T10:10:10Z/2006-01"
      a stretch is bounded by days, not by `2005-07-25T10:10:10Z`
      the time of day is left out: write `2005-07-25/2006-01`
    "1919..1921"
      the range `1919..1921` stands outside brackets
      write `[1919..1921]` for some time between them, or `1919/1921` for the whole stretch
    "1918/1919/1920"
      `/1920` is not a date
      write year-month-day as far as known, such as `1922-04-16`, `1922-04` or `1922`
    "1939-1945"
      `1939-1945` joins two dates with a dash
      write `1939/1945` for the whole stretch, or `[1939,1945]` for one or the other, or `[1939..1945]` for some time between them
    "1918 / 1921"
      there are spaces within `1918 / 1921`
      write `1918/1921`
    "1919 or 1920"
      `1919 or 1920` joins dates with words
      write `[1919,1920]`
    "##);
}

#[test]
fn no_text_whatever_makes_the_parser_fail_otherwise() {
    let awkward = [
        "é",
        "19é2",
        "1922-é4",
        "１９２２",
        "[é]",
        "{,}",
        "[,1919]",
        "[1919,]",
        "[..]",
        "[..1919..]",
        "[1919..1920..1921]",
        "Y",
        "Y-",
        "YE",
        "Y1E",
        "Y12345E",
        "Y12345S",
        "1950S",
        "~",
        "~~1919",
        "%-",
        "1919-~",
        "1919-04-~",
        "T",
        "1919-04-16T",
        "julian",
        " julian",
        "1919 julian julian",
        "before ",
        "before é",
        "é or é",
        "–",
        "––",
        "1919–",
        "–1919",
        "or",
        "1919 or ",
        "c.",
        "c. ",
        "s",
        "'s",
        "th century",
        "99th century",
        "0 BC",
        "BC",
        "ad ",
        "/é",
        "é/",
        "1/2/3",
        "0/0/0",
        "0000-00-00",
        "99999999999999999999 April 1922",
        "April",
        "q9 1932",
        "------",
        "-",
        "--",
        "\u{0}",
        "\n",
        "1919\n",
        "🙂",
        "1919🙂",
        "between 1 and",
        "[1919,1920]/[1921]/",
        "]",
        "[",
    ];
    for text in awkward {
        for role in [Role::Moment, Role::Period] {
            if let Err(error) = Date::parse(text, role) {
                assert!(!error.message().is_empty() && !error.help().is_empty());
                assert!(text.get(error.range()).is_some(), "{text:?}: {:?}", error.range());
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn random_texts_are_dates_or_errors(text in "[0-9X\\-/.,\\[\\]{}?~%YES julian–a-z]{0,24}") {
        for role in [Role::Moment, Role::Period] {
            match Date::parse(&text, role) {
                Ok(date) => {
                    let again = Date::parse(&date.to_string(), role);
                    proptest::prop_assert_eq!(again.as_ref(), Ok(&date));
                    let _ = (date.reading(), date.display(), date.level(), date.split());
                }
                Err(error) => {
                    proptest::prop_assert!(text.get(error.range()).is_some());
                    for offer in error.offers() {
                        proptest::prop_assert!(Date::parse(&offer.text, role).is_ok());
                    }
                }
            }
        }
    }
}
