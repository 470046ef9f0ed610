//! Formatting: it says the same, loses nothing, and changes nothing the second time.

use super::outline::outline;
use regesta::pipeline::format_bytes;

/// Reads bytes as facts, formats them, and reads what came out.
pub fn holds(bytes: &[u8]) {
    // What is no text is refused, and none of it is written back.
    let Some(once) = formatted(bytes) else { return };
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(outline(&once), outline(&text), "says something else: {once:?}");
    assert_eq!(visible(&once), visible(&text), "lost something");
    assert_eq!(formatted(once.as_bytes()).as_ref(), Some(&once), "is not stable");
}

fn formatted(bytes: &[u8]) -> Option<String> {
    let (_, change) = format_bytes("a.kb", bytes.to_vec()).ok()?;
    match change {
        Some(change) => Some(change.after),
        None => String::from_utf8(bytes.to_vec()).ok(),
    }
}

fn visible(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect()
}
