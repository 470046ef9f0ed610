//! Nearest names: which known name somebody may have meant.
//!
//! In: what was written and the names that would have been right. Out: the near ones, best first.
//! No wording is done here; guesses are offered by the callers, never applied.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most names that are worth offering.
const MOST_OFFERED: usize = 3;

/// Folds case and diacritics away: `Čičerin` and `cicerin` become one, `Łódź` and `lodz`, `Groß` and `gross`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let plain = text.nfd().filter(|letter| !is_combining_mark(*letter));
    for letter in plain.flat_map(char::to_lowercase) {
        match bare_letter(letter) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(letter),
        }
    }
    folded
}

/// Returns what readers write for a letter whose stroke, hook or ligature Unicode does not take apart.
fn bare_letter(letter: char) -> Option<&'static str> {
    let letters = match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ß' => "ss",
        'ſ' => "s",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŋ' => "n",
        _ => return None,
    };
    Some(letters)
}

/// Returns the names nearest to `written`, best first, at most three.
///
/// A name that differs by case, diacritics, or `-`, `_` and blanks alone comes first; then those within an
/// edit distance (optimal string alignment) of a third of the longer name. Ties go by alphabet.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(written);
    let length = folded.chars().count();
    let joined = join_words(&folded);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for name in known {
        // Most names are told apart by their length alone.
        if name.is_ascii() && is_too_far(length, name.len()) {
            continue;
        }
        let folded_name = fold(name);
        if join_words(&folded_name) == joined {
            near.push((0, name));
            continue;
        }
        let other_length = folded_name.chars().count();
        if length.abs_diff(other_length) > allowed(length, other_length) {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &folded_name);
        if distance <= allowed(length, other_length) {
            near.push((distance, name));
        }
    }
    near.sort();
    near.dedup();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    // A name that is far worse than the best one only distracts.
    near.retain(|(distance, _)| *distance <= if best == 0 { 0 } else { best + 1 });
    near.into_iter().map(|(_, name)| name).take(MOST_OFFERED).collect()
}

/// Names that many others are compared with.
pub struct Known<'a> {
    names: Vec<Prepared<'a>>,
}

struct Prepared<'a> {
    name: &'a str,
    shape: Shape,
}

/// How long a folded name is and which letters it has, blanks and hyphens aside.
#[derive(Clone, Copy, Default)]
struct Shape {
    length: u32,
    letters: u32,
}

impl Shape {
    fn of(folded: &str) -> Shape {
        let mut shape = Shape::default();
        for letter in folded.chars().filter(|letter| !matches!(letter, '-' | '_' | ' ')) {
            shape.length += 1;
            shape.letters |= 1 << (letter as u32 % 32);
        }
        shape
    }

    /// Returns how many edits lie between two names at least: each takes one letter away, and brings one.
    fn distance(self, other: Shape) -> u32 {
        let gone = (self.letters & !other.letters).count_ones();
        let come = (other.letters & !self.letters).count_ones();
        self.length.abs_diff(other.length).max(gone).max(come)
    }
}

/// What comparing two names costs, where comparing their shapes costs 1.
const COST: usize = 200;

impl<'a> Known<'a> {
    /// Prepares names.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Known<'a> {
        let names = names.into_iter().map(|name| Prepared { name, shape: Shape::of(&fold(name)) });
        Known { names: names.collect() }
    }

    /// Returns what [`nearest`] does among the names whose places fit; nothing once the budget is spent.
    pub fn nearest(
        &self,
        written: &str,
        fits: impl Fn(usize) -> bool,
        budget: &mut usize,
    ) -> Vec<&'a str> {
        let folded = fold(written);
        let length = folded.chars().count();
        let shape = Shape::of(&folded);
        let Some(left) = budget.checked_sub(self.names.len()) else { return Vec::new() };
        let mut count = 0;
        let near = self.names.iter().enumerate().filter(|(place, each)| {
            let is_near = shape.distance(each.shape) as usize <= allowed(length, each.name.len());
            let is_near = is_near && fits(*place);
            count += usize::from(is_near);
            is_near && count * COST <= left
        });
        let near = nearest(written, near.map(|(_, each)| each.name));
        *budget = left.saturating_sub(count * COST);
        near
    }
}

/// Returns how many edits may lie between two names of these lengths: a third of the longer one.
fn allowed(length: usize, other: usize) -> usize {
    length.max(other) / 3
}

fn is_too_far(length: usize, other: usize) -> bool {
    // Hyphens and blanks may be many, and do not count; no name has more of them than letters.
    length.abs_diff(other) > length.max(other) / 2
}

fn join_words(folded: &str) -> String {
    folded.chars().filter(|letter| !matches!(letter, '-' | '_' | ' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_come_before_distance() {
        assert_eq!(nearest("Lodz", ["lodi", "łódz", "lódz"]), ["lódz", "łódz"]);
        assert_eq!(nearest("Łódź", ["łodzie", "lodz"]), ["lodz"]);
    }

    #[test]
    fn prepared_names_give_the_same() {
        let names = ["germany", "great-britain", "łódź", "russia", "prussia", "genoa-1922"];
        let known = Known::new(names);
        for written in ["germny", "Great Britain", "lodz", "rusia", "genoa1922", "Genua-1922", "x"]
        {
            let mut budget = usize::MAX;
            assert_eq!(known.nearest(written, |_| true, &mut budget), nearest(written, names));
        }
        assert_eq!(known.nearest("rusia", |place| place != 3, &mut 10_000), ["prussia"]);
        assert_eq!(known.nearest("rusia", |_| true, &mut 3), Vec::<&str>::new());
    }

    #[test]
    fn letters_without_parts_fold_as_readers_write_them() {
        assert_eq!(fold("Łódź Tromsø Đilas"), "lodz tromso dilas");
        assert_eq!(fold("GROẞ, Groß, ſæ Œuvre Þór İı"), "gross, gross, sae oeuvre thor ii");
        assert_eq!(fold("Чичерин Йоффе"), "чичерин иоффе");
    }

    #[test]
    fn a_third_of_the_name_may_differ() {
        assert_eq!(nearest("germny", ["germany", "france"]), ["germany"]);
        assert_eq!(nearest("us", ["gb"]), Vec::<&str>::new());
        assert_eq!(nearest("great britain", ["great-britain"]), ["great-britain"]);
    }
}
