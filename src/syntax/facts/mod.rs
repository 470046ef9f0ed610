//! The parser of `.kb` files, one item at a time.
//!
//! In: the text of a file. Out: its tree and every syntax fault. A file is cut at margins into pieces that are
//! parsed on all cores; a parser looks at the first byte rather than trying alternatives, and at a fault it
//! reports once, leaves an error value, and goes on at the next field line.

mod builder;
mod cut;
mod declaration;
mod definition;
mod faults;
mod item;
mod line;
mod parenthesis;
mod value;

use super::ast::{File, Piece, TextRange};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Encoding, FileId, Sources, Span};
use builder::Builder;
pub use cut::{may_cite, may_declare};
use rayon::prelude::*;

/// Parses a file of facts. The tree holds everything that is sound; each fault is reported once.
pub fn parse_file(sources: &Sources, file: FileId) -> (File, Vec<Diagnostic>) {
    let source = sources.file(file);
    let text = source.text();
    let stretches = stretches(text);
    let parsed: Vec<_> =
        stretches.into_par_iter().map(|stretch| parse_stretch(file, text, stretch)).collect();
    let mut diagnostics = encoding_faults(file, source.encoding());
    let mut pieces = Vec::with_capacity(parsed.len());
    for (piece, found) in parsed {
        pieces.push(piece);
        diagnostics.extend(found);
    }
    (File { file, pieces }, diagnostics)
}

/// Cuts a text at margins into stretches of about a megabyte, in order and without gaps, each of which can be
/// parsed alone.
pub fn stretches(text: &str) -> Vec<TextRange> {
    let stretches = cut::at_margins(text.as_bytes()).into_iter();
    stretches.map(|stretch| TextRange::new(stretch.start as u32, stretch.end as u32)).collect()
}

/// Parses one of the [stretches] of a file's text.
pub fn parse_stretch(file: FileId, text: &str, stretch: TextRange) -> (Piece, Vec<Diagnostic>) {
    parse_stretch_into(file, text, stretch, Piece::default())
}

/// The same; the tree grows in the room of one that is no longer needed.
pub fn parse_stretch_into(
    file: FileId,
    text: &str,
    stretch: TextRange,
    room: Piece,
) -> (Piece, Vec<Diagnostic>) {
    Builder::parse(file, text, stretch.start as usize..stretch.end as usize, room)
}

/// Reports a file that is no text in UTF-8.
pub fn encoding_faults(file: FileId, encoding: Encoding) -> Vec<Diagnostic> {
    match encoding {
        Encoding::Sound => Vec::new(),
        Encoding::NotUtf8 { at, bad_bytes } => {
            let message = "this file is not encoded in UTF-8";
            let span = Span::new(file, at, at + 1);
            vec![
                Diagnostic::new(code::NOT_UTF8, message, span, "the first byte that does not fit")
                    .help("open the file in a text editor and save it with the encoding UTF-8")
                    .note(match bad_bytes {
                        1 => String::from("one byte of this file does not fit, and is read as `?`"),
                        _ => format!(
                            "{bad_bytes} bytes of this file do not fit, and are read as `?`"
                        ),
                    }),
            ]
        }
        Encoding::Utf16 => {
            let message = "this file is encoded in UTF-16, not in UTF-8";
            let span = Span::new(file, 0, 0);
            vec![
                Diagnostic::new(code::NOT_UTF8, message, span, "every letter has two bytes")
                    .help("open the file in a text editor and save it with the encoding UTF-8"),
            ]
        }
        Encoding::StrayNul { at, count } => {
            let message = "a NUL stands in this file, which no text has";
            let span = Span::new(file, at, at + 1);
            vec![
                Diagnostic::new(code::NOT_TEXT, message, span, "no letter")
                    .help("take the file from a copy, or delete what is no letter here")
                    .note(match count {
                        1 => String::from("one byte of this file is a NUL, and is read as a blank"),
                        _ => format!("{count} bytes of this file are NULs, and are read as blanks"),
                    }),
            ]
        }
        Encoding::Binary { at } => {
            let message =
                format!("this file is not a text: its byte {} is a NUL", u64::from(at) + 1);
            let span = Span::new(file, 0, 0);
            vec![
                Diagnostic::new(code::NOT_TEXT, message, span, "nothing of it was read").help(
                    "move it out of the folder of facts, or give it another ending than `.kb`",
                ),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::ast::{FactView, Piece};

    fn parse(text: &str) -> (Sources, File, Vec<String>) {
        let mut sources = Sources::new();
        let id = sources.add("a.kb", text);
        let (file, diagnostics) = parse_file(&sources, id);
        let told = diagnostics.iter().map(|found| {
            let place = sources.start(found.primary.span);
            format!("{}:{} {}: {}", place.line, place.column, found.code.name, found.message)
        });
        let told = told.collect();
        (sources, file, told)
    }

    fn outline(text: &str) -> String {
        let (_, file, told) = parse(text);
        let mut lines = Vec::new();
        for piece in &file.pieces {
            lines.extend(piece.facts().map(|fact| fact_outline(text, piece, fact)));
        }
        lines.extend(told);
        lines.join("\n")
    }

    fn fact_outline(text: &str, piece: &Piece, fact: FactView<'_>) -> String {
        let of = |at: TextRange| &text[at.start as usize..at.end as usize];
        let parts = |parts: &[crate::syntax::ast::Part]| -> String {
            let each = parts.iter().map(|part| {
                let values: Vec<_> =
                    piece.part_values(part).iter().map(|value| of(value.at())).collect();
                match values.is_empty() {
                    true => of(part.at).to_string(),
                    false => format!("{}={}", of(part.key), values.join("+")),
                }
            });
            let each: Vec<_> = each.collect();
            if each.is_empty() { String::new() } else { format!("<{}>", each.join(";")) }
        };
        let mut shown = format!("{} {}", of(fact.relation()), of(fact.id()));
        if let Some(name) = fact.name() {
            shown += &format!(" {}", of(name.at()));
        }
        shown += &parts(fact.parts());
        for line in fact.lines() {
            let values: Vec<_> = line
                .values()
                .map(|value| {
                    format!("{:?}:{}{}", value.kind(), of(value.at()), parts(value.parts()))
                })
                .collect();
            shown +=
                &format!("\n  {}{} = {}", of(line.key()), parts(line.parts()), values.join(", "));
        }
        shown
    }

    #[test]
    fn a_fact_with_all_that_it_may_have() {
        let text = "\u{feff}treaty rapallo-1922 \"Treaty of Rapallo\" (disputed) # comment\r
  party: (source: notes \"1922\") germany,\r
         russia (1917/1991; inferred;\r
                 note: \"so \\\"it\\\" is\")\r
# at the margin\r
  signed: [1919,1920] , 1922-04-16
  terms: \"one
     two\"@en, \"three\"\n  source: notes \"1922\", cadmus-1960 \"pp. 12-14\", \"L40\"
treaty
";
        insta::assert_snapshot!(outline(text), @r#"
        treaty rapallo-1922 "Treaty of Rapallo"<disputed>
          party<source=notes+"1922"> = Bare:germany, Bare:russia<1917/1991;inferred;note="so \"it\" is">
          signed = Bare:[1919,1920], Bare:1922-04-16
          terms = EscapedText:"one
             two"<en>, Text:"three"
          source = Bare:notes, Locator:"1922", Bare:cadmus-1960, Locator:"pp. 12-14", Text:"L40"
        treaty 
        "#);
    }

    #[test]
    fn rows_are_facts_whose_fields_are_the_columns() {
        let text = "table tenure: id | person | office | period\n  a | trotsky | x (denied) | 1917/1918\n  | b, c || ..\n";
        insta::assert_snapshot!(outline(text), @r"
        tenure a
          person = Bare:trotsky
          office = Bare:x<denied>
          period = Bare:1917/1918
        tenure 
          person = Bare:b, Bare:c
          period = Bare:..
        ");
    }

    #[test]
    fn any_blank_parts_the_words_of_a_key() {
        let text = "polity p\n  founded: unknown (4\tdays before: q; 4 days\tafter: r)\n";
        insta::assert_snapshot!(outline(text).replace('\t', "→"), @r"
        polity p
          founded = Bare:unknown<4→days before=q;4 days→after=r>
        ");
    }

    #[test]
    fn each_slip_is_told_once_and_the_rest_is_read() {
        let text = "  stray\n  lines\npolity a b\n  name \"x\"\n  also: \"open\n  founded: 1900, , 1901,\n  note:\n\
party: x\n  kind: p q\n  is: (1900; nonsense: 3) d) e\n  m: [1900\n  n: a (b\n  o: c () d\n– dash\n";
        insta::assert_snapshot!(outline(text), @r#"
        polity a
          name = Error:
          also = Error:"open
          founded = Bare:1900, Error:,, Bare:1901, Error:
          note = Error:
          party = Bare:x
          kind = Bare:p q
          is<1900;nonsense=3> = Bare:d, Error:
          m = Error:[1900
          n = Bare:a<(>, Error:
          o = Bare:c<()>, Bare:d
        1:3 orphan-line: this line is indented, and there is no item above it
        3:10 unexpected-text: `b` does not belong in a fact's first line
        4:3 unexpected-text: `name "x"` neither begins a field nor goes on with one
        5:9 unclosed-string: this quotation mark is never closed
        6:18 missing-value: no value stands before this comma
        6:24 missing-value: no value follows this comma
        7:3 missing-value: the field `note` has no value
        8:1 no-item: the field `party` stands at the margin
        10:14 bad-parenthesis: `nonsense` qualifies nothing
        10:28 unexpected-text: `) e` does not belong here
        11:6 unclosed-bracket: this `[` is never closed
        12:8 unclosed-bracket: this parenthesis is never closed
        13:8 bad-parenthesis: there is nothing in this parenthesis
        13:11 missing-comma: `d` stands behind a value with no comma between them
        14:1 no-item: `– dash` begins no item
        "#);
    }

    #[test]
    fn a_quote_that_swallows_the_next_field_is_unclosed() {
        let text = "polity a\n  note: \"open\n  also: \"b\"\n";
        insta::assert_snapshot!(outline(text), @r#"
        polity a
          note = Error:"open
          also = Text:"b"
        2:9 unclosed-string: this quotation mark is never closed
        "#);
    }
}
