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
        lines.push_str(&format!("{text}\n  {message}\n  {}\n", error.help()));
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
    insta::assert_snapshot!(told(Role::Moment, &texts));
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
    insta::assert_snapshot!(told(Role::Period, &texts));
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
