//! Texts as look-ups see them: folded, cut into words, hashed, sketched.
//!
//! The same functions serve building and reading, so that what is looked for is found.

use crate::suggest;
use unicode_normalization::UnicodeNormalization;

/// Folds case and diacritics away, as [`suggest::fold`] does, into a text that is used again and again.
pub(super) fn fold_into(text: &str, folded: &mut String) {
    folded.clear();
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else {
        folded.push_str(&suggest::fold(text));
    }
}

/// Folds case away and keeps diacritics, however they are encoded.
pub(super) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Letter by letter: the end of a word must not matter, as it does for the Greek sigma.
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Tells whether two texts differ by case alone.
pub(super) fn equal_ignoring_case(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        lower(one) == lower(other)
    }
}

/// Returns the hash of a folded label. It is part of the format.
pub(super) fn label_hash(folded: &str) -> u32 {
    crc32fast::hash(folded.as_bytes())
}

/// Calls `each` with the words of a folded text: the longest runs of letters and digits.
pub(super) fn each_word<'t>(folded: &'t str, mut each: impl FnMut(&'t str)) {
    if folded.is_ascii() {
        // Most texts are plain, and bytes are judged faster than letters of any script.
        let mut start = 0;
        for (place, byte) in folded.bytes().enumerate() {
            if !byte.is_ascii_alphanumeric() {
                folded.get(start..place).filter(|word| !word.is_empty()).map(&mut each);
                start = place + 1;
            }
        }
        folded.get(start..).filter(|word| !word.is_empty()).map(each);
        return;
    }
    for word in folded.split(|letter: char| !letter.is_alphanumeric()) {
        if !word.is_empty() {
            each(word);
        }
    }
}

/// The bits of a shape that stand for letters; those above are the length.
const LETTER_BITS: u32 = 27;
const LONGEST: u32 = u32::MAX >> LETTER_BITS;

/// Returns a sketch of a folded label: how long it is and which letters it has, blanks and hyphens aside.
///
/// Two labels of edit distance *d* have shapes of at most that [`shape_distance`], so that most names need not
/// be read to know that they are not near. It is part of the format.
pub(super) fn shape(folded: &str) -> u32 {
    let mut letters = 0;
    let mut length = 0;
    let mut add = |bit: u32| {
        letters |= bit;
        length += u32::from(bit != 0);
    };
    if folded.is_ascii() {
        folded
            .bytes()
            .for_each(|byte| add(PLAIN_BITS.get(usize::from(byte)).copied().unwrap_or(0)));
    } else {
        folded.chars().for_each(|letter| add(letter_bit(letter)));
    }
    length.min(LONGEST) << LETTER_BITS | letters
}

/// By ASCII character: its bit of a shape. Most texts are plain, and looking a bit up costs no division.
#[expect(clippy::indexing_slicing, reason = "the compiler itself looks whether it panics")]
const PLAIN_BITS: [u32; 128] = {
    let mut bits = [0; 128];
    let mut byte = 0;
    while byte < bits.len() {
        bits[byte] = letter_bit(byte as u8 as char);
        byte += 1;
    }
    bits
};

/// Returns the bit that stands for a letter in a shape; 0 for what does not count.
const fn letter_bit(letter: char) -> u32 {
    match letter {
        '-' | '_' | ' ' => 0,
        'a'..='z' => 1 << (letter as u32 - 'a' as u32),
        _ => 1 << (letter as u32 % LETTER_BITS),
    }
}

/// Returns how many edits lie between two labels at least.
#[inline]
pub(super) fn shape_distance(one: u32, other: u32) -> u32 {
    let (long, wide) = (one >> LETTER_BITS, other >> LETTER_BITS);
    // One edit takes one letter away at most, and brings one at most.
    let gone = (one & !other & ((1 << LETTER_BITS) - 1)).count_ones();
    let come = (other & !one & ((1 << LETTER_BITS) - 1)).count_ones();
    long.abs_diff(wide).max(gone).max(come)
}

/// What `~` looks for: a stretch of text, ignoring case, and diacritics where it has none itself.
#[derive(Clone, Debug)]
pub struct Needle {
    /// As it is compared.
    wanted: String,
    folded: String,
    has_diacritics: bool,
}

impl Needle {
    /// Makes a needle of what was written.
    pub fn new(written: &str) -> Needle {
        let folded = suggest::fold(written);
        let wanted = lower(written);
        let has_diacritics = wanted != folded;
        Needle { wanted, folded, has_diacritics }
    }

    /// Tells whether `text` contains the needle.
    pub fn is_in(&self, text: &str) -> bool {
        if self.has_diacritics {
            if text.is_ascii() {
                return false;
            }
            return memchr::memmem::find(lower(text).as_bytes(), self.wanted.as_bytes()).is_some();
        }
        let mut folded = String::new();
        fold_into(text, &mut folded);
        memchr::memmem::find(folded.as_bytes(), self.folded.as_bytes()).is_some()
    }

    /// Returns the words, folded, that a text must have.
    pub(super) fn words(&self) -> Vec<WordPart<'_>> {
        let mut parts = Vec::new();
        let start_of = |word: &str| word.as_ptr() as usize - self.folded.as_ptr() as usize;
        each_word(&self.folded, |text| {
            let begins_word = start_of(text) > 0;
            let ends_word = start_of(text) + text.len() < self.folded.len();
            parts.push(WordPart { text, begins_word, ends_word });
        });
        parts
    }

    /// Tells whether a word that contains the needle is all that it takes.
    pub(super) fn is_one_word(&self) -> bool {
        !self.has_diacritics
            && !self.folded.is_empty()
            && self.folded.chars().all(char::is_alphanumeric)
    }
}

/// A part of a needle that lies within one word of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordPart<'n> {
    pub text: &'n str,
    /// Nothing of the word stands before it.
    pub begins_word: bool,
    /// Nothing of the word follows it.
    pub ends_word: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_ignore_what_they_do_not_have() {
        assert!(Needle::new("CICE").is_in("Georgij Čičerin"));
        assert!(Needle::new("čiče").is_in("Georgij ČIČERIN"));
        assert!(!Needle::new("čiče").is_in("Cicerin"));
        assert!(Needle::new("Čice").wanted == "čice" && !Needle::new("Čice").is_in("Čičerin"));
        assert!(Needle::new("").is_in("anything"));
        assert!(Needle::new("ΣΟΦΟ").is_in("Ο σοφός"));
    }

    #[test]
    fn words_know_their_borders() {
        let needle = Needle::new("great brit");
        let parts = needle.words();
        assert_eq!(
            parts,
            [
                WordPart { text: "great", begins_word: false, ends_word: true },
                WordPart { text: "brit", begins_word: true, ends_word: false },
            ]
        );
        assert!(!needle.is_one_word());
        assert!(Needle::new("britain").is_one_word());
    }

    proptest::proptest! {
        #[test]
        fn plain_texts_are_cut_and_sketched_as_all_others(folded in "[ -~]{0,80}|[a-z0-9 _-]{0,80}|\\PC{0,80}") {
            let is_border = |letter: char| !letter.is_alphanumeric();
            let expected: Vec<&str> = folded.split(is_border).filter(|word| !word.is_empty()).collect();
            let mut words = Vec::new();
            each_word(&folded, |word| words.push(word));
            proptest::prop_assert_eq!(words, expected);

            let letters = folded.chars().filter(|letter| !matches!(letter, '-' | '_' | ' '));
            let length = (letters.clone().count() as u32).min(LONGEST);
            let bits = letters.map(|letter| match letter {
                'a'..='z' => 1 << (letter as u32 - 'a' as u32),
                _ => 1 << (letter as u32 % LETTER_BITS),
            });
            let expected = bits.fold(length << LETTER_BITS, |shape, bit: u32| shape | bit);
            proptest::prop_assert_eq!(shape(&folded), expected);
        }
    }

    #[test]
    fn shapes_are_never_farther_than_the_texts() {
        let names =
            ["germany", "grmany", "gemrany", "great-britain", "great britain", "йорк", "", "x1"];
        for one in names {
            for other in names {
                let distance = strsim::osa_distance(one, other) as u32;
                assert!(shape_distance(shape(one), shape(other)) <= distance, "{one} {other}");
            }
        }
    }
}
