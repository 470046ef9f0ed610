//! JSON that is safe on a terminal.
//!
//! In: values. Out: compact JSON in which whatever steers a terminal or turns the direction of writing is
//! escaped, not only what JSON itself demands. Any reader gets the same strings back.

use super::words::visible_letter;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};
use std::io::{self, Write};

/// Writes `value` without a line end.
pub(super) fn write<T: Serialize + ?Sized>(out: &mut dyn Write, value: &T) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Careful(CompactFormatter));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Writes `value` on a line of its own.
pub(super) fn write_line<T: Serialize + ?Sized>(out: &mut dyn Write, value: &T) -> io::Result<()> {
    write(out, value)?;
    writeln!(out)
}

/// The compact format, with more letters escaped.
struct Careful(CompactFormatter);

impl Formatter for Careful {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, letter) in fragment.char_indices() {
            // All that is made visible lies in the basic plane: four digits do.
            if visible_letter(letter) == letter {
                continue;
            }
            self.0.write_string_fragment(writer, fragment.get(plain..at).unwrap_or(""))?;
            write!(writer, "\\u{:04x}", letter as u32)?;
            plain = at + letter.len_utf8();
        }
        self.0.write_string_fragment(writer, fragment.get(plain..).unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_more_than_json_demands_and_loses_nothing() -> io::Result<()> {
        let text = "a\u{9b}é\u{202e}\x7f\"\n條";
        let mut bytes = Vec::new();
        write(&mut bytes, text)?;
        assert_eq!(String::from_utf8_lossy(&bytes), r#""a\u009bé\u202e\u007f\"\n條""#);
        assert_eq!(serde_json::from_slice::<String>(&bytes)?, text);
        Ok(())
    }
}
