//! The small phrases that messages share, so that each is worded in one place.

/// Longest stretch of a text that a message repeats, in characters.
const SHOWN: usize = 60;

/// Returns what a message repeats of somebody's text: its first line, and of a long one the beginning.
pub fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line.to_string(),
    }
}

/// Returns `1 error`, `2 errors`: a count with its noun.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ if noun.ends_with('y') => format!("{count} {}ies", noun.trim_end_matches('y')),
        _ => format!("{count} {noun}s"),
    }
}

/// Joins names as a sentence does: `a`, `b` or `c`, each in backticks.
pub fn one_of<S: AsRef<str>>(names: &[S]) -> String {
    join(names, "or")
}

/// Joins names as a sentence does: `a`, `b` and `c`, each in backticks.
pub fn all_of<S: AsRef<str>>(names: &[S]) -> String {
    join(names, "and")
}

fn join<S: AsRef<str>>(names: &[S], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [firsts @ .., last] => format!("{} {word} {last}", firsts.join(", ")),
    }
}

/// Returns a noun with its article: `a polity`, `an office`.
pub fn one(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// Offers the names that may have been meant.
pub fn meant<S: AsRef<str>>(names: &[S]) -> String {
    meant_by(&one_of(names))
}

/// Offers what may have been meant, in words.
pub fn meant_by(offer: &str) -> String {
    format!("did somebody mean {offer}?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_letter() {
        assert_eq!(shown("two\nlines"), "two");
        let long = "é".repeat(100);
        assert_eq!(shown(&long), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn phrases() {
        assert_eq!(counted(1, "entry"), "1 entry");
        assert_eq!(counted(2, "entry"), "2 entries");
        assert_eq!(meant(&["a", "b", "c"]), "did somebody mean `a`, `b` or `c`?");
    }
}
