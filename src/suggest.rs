//! Nearest names: which known name somebody may have meant.
//!
//! In: what was written and the names that would have been right. Out: the near ones, best first.
//! No wording is done here; guesses are offered by the callers, never applied.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most names that are worth offering.
const MOST_OFFERED: usize = 3;

/// Folds case and diacritics away: `Čičerin` and `cicerin` become one.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Returns the names nearest to `written`, best first, at most three.
///
/// A name that differs by case, diacritics, or `-`, `_` and blanks alone comes first; then those within an
/// edit distance (optimal string alignment) of a third of the longer name. Ties go by alphabet.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(written);
    let joined = join_words(&folded);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for name in known {
        let folded_name = fold(name);
        if folded_name == folded || join_words(&folded_name) == joined {
            near.push((0, name));
            continue;
        }
        let longer = folded.chars().count().max(folded_name.chars().count());
        let allowed = longer / 3;
        let shorter = folded.chars().count().min(folded_name.chars().count());
        if allowed == 0 || longer - shorter > allowed {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &folded_name);
        if distance <= allowed {
            near.push((distance, name));
        }
    }
    near.sort();
    near.dedup();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    // A name that is far worse than the best one only distracts.
    near.retain(|(distance, _)| *distance <= best + 1);
    near.into_iter().map(|(_, name)| name).take(MOST_OFFERED).collect()
}

fn join_words(folded: &str) -> String {
    folded.chars().filter(|letter| !matches!(letter, '-' | '_' | ' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_come_before_distance() {
        assert_eq!(nearest("Lodz", ["lodi", "łódz", "lódz"]), ["lódz", "lodi"]);
    }

    #[test]
    fn a_third_of_the_name_may_differ() {
        assert_eq!(nearest("germny", ["germany", "france"]), ["germany"]);
        assert_eq!(nearest("us", ["gb"]), Vec::<&str>::new());
        assert_eq!(nearest("great britain", ["great-britain"]), ["great-britain"]);
    }
}
