//! A mistyped date cut into numbers, words and what stands between them.

/// A piece of a text in small letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Decimal digits, without an ordinal's ending.
    Number(&'t str),
    /// Letters, perhaps with full stops between them: `april`, `b.c`.
    Word(&'t str),
}

/// The tokens, and the signs between the first two numbers.
pub(super) struct Tokens<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) separator: char,
}

/// Cuts a text; words that say nothing ("the", "of") are left out.
pub(super) fn cut(text: &str) -> Tokens<'_> {
    let mut tokens = Vec::new();
    let mut separator = ' ';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            rest.find(|sign: char| !sign.is_ascii_digit())
        } else if first.is_alphabetic() {
            rest.find(|sign: char| !sign.is_alphabetic() && sign != '.')
        } else {
            Some(first.len_utf8())
        };
        let (piece, after) =
            rest.split_at_checked(length.unwrap_or(rest.len())).unwrap_or((rest, ""));
        rest = after;
        if first.is_ascii_digit() {
            tokens.push(Token::Number(piece));
            for ending in ["st", "nd", "rd", "th"] {
                if let Some(after) = rest.strip_prefix(ending)
                    && !after.starts_with(char::is_alphabetic)
                {
                    rest = after;
                    break;
                }
            }
        } else if first.is_alphabetic() {
            let word = piece.trim_end_matches('.');
            if !matches!(word, "the" | "of" | "year" | "in" | "on" | "early" | "late" | "mid") {
                tokens.push(Token::Word(word));
            }
        } else if tokens.len() == 1 && separator == ' ' {
            separator = first;
        }
    }
    Tokens { tokens, separator }
}

/// The month that a word names or begins.
pub(super) fn month(word: &str) -> Option<u8> {
    if word.len() < 3 {
        return None;
    }
    let names = super::super::words::MONTHS.iter();
    let place = names.map(|name| name.to_lowercase()).position(|name| name.starts_with(word));
    let place = if word == "sept" { Some(8) } else { place };
    place.and_then(|place| u8::try_from(place + 1).ok())
}

/// The EDTF number of a season.
pub(super) fn season(word: &str) -> Option<u8> {
    match word {
        "spring" => Some(21),
        "summer" => Some(22),
        "autumn" | "fall" => Some(23),
        "winter" => Some(24),
        _ => None,
    }
}
