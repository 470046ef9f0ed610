//! Dates: any text is a date or refused with a reason, and the bounds of a date are in order.

use regesta::time::{Date, Role, Settings, Stretch, Value, describe};

/// Reads bytes as a date of either kind.
pub fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for role in [Role::Moment, Role::Period] {
        match Date::parse(text, role) {
            Ok(date) => is_sound(&date, text),
            Err(error) => {
                assert!(!error.message().is_empty() && !error.help().is_empty());
                assert!(text.get(error.range()).is_some(), "{:?}", error.range());
            }
        }
        // The short way and the long one read the same.
        let read = Value::read_all(text, role, &Settings::STRICT);
        assert_eq!(read.is_ok(), Date::parse(text, role).is_ok());
    }
    // Whatever is a date can be described, and nothing else.
    let is_date = [Role::Moment, Role::Period].map(|role| Date::parse(text, role).is_ok());
    assert_eq!(describe(text).is_ok(), is_date.contains(&true));
    if let Ok(stretch) = Stretch::parse(text) {
        assert!(stretch.first() <= stretch.last());
    }
}

fn is_sound(date: &Date, text: &str) {
    assert_eq!(date.text(), text);
    assert!(!date.values().is_empty() && !date.display().is_empty() && !date.reading().is_empty());
    for value in date.values() {
        let bounds = value.bounds();
        assert!(bounds.earliest_start <= bounds.latest_start, "{bounds:?}");
        assert!(bounds.earliest_end <= bounds.latest_end, "{bounds:?}");
        assert!(bounds.earliest_start <= bounds.latest_end, "{bounds:?}");
    }
    for part in date.split() {
        assert!(Date::parse(part.text(), date.role()).is_ok(), "{}", part.text());
    }
}
