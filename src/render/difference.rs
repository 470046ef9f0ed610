//! The difference of two texts, as `diff -u` prints it.

use super::{Style, painted};
use anstyle::AnsiColor;
use similar::{ChangeTag, TextDiff};
use std::io::{self, Write};
use std::time::Duration;

/// After this time the difference is no longer the smallest one; it is right all the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes what makes `after` out of `before`, in a form that `patch` and `git apply` understand.
pub fn write_difference(
    out: &mut dyn Write,
    path: &str,
    before: &str,
    after: &str,
    style: Style,
) -> io::Result<()> {
    let difference = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    let head = anstyle::Style::new().bold();
    writeln!(out, "{}", painted(format_args!("--- a/{path}"), head, style))?;
    writeln!(out, "{}", painted(format_args!("+++ b/{path}"), head, style))?;
    for hunk in difference.unified_diff().iter_hunks() {
        let place = AnsiColor::Cyan.on_default();
        writeln!(out, "{}", painted(hunk.header(), place, style))?;
        for change in hunk.iter_changes() {
            let line = change.value();
            // The carriage return before a line's end is shown as it is: it is what differs.
            let line = line.strip_suffix('\n').unwrap_or(line);
            let sign = change.tag();
            match look_of(sign) {
                Some(look) => {
                    writeln!(out, "{}", painted(format_args!("{sign}{line}"), look, style))?;
                }
                None => writeln!(out, "{sign}{line}")?,
            }
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

fn look_of(sign: ChangeTag) -> Option<anstyle::Style> {
    match sign {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some(AnsiColor::Red.on_default()),
        ChangeTag::Insert => Some(AnsiColor::Green.on_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_can_be_applied() -> io::Result<()> {
        let mut out = Vec::new();
        let before = "polity a\n name: \"A\"\n  also:\"B\"";
        let after = "polity a\n  name: \"A\"\n  also: \"B\"\n";
        write_difference(&mut out, "kb/a.kb", before, after, Style::PLAIN)?;
        insta::assert_snapshot!(String::from_utf8_lossy(&out), @r#"
        --- a/kb/a.kb
        +++ b/kb/a.kb
        @@ -1,3 +1,3 @@
         polity a
        - name: "A"
        -  also:"B"
        \ No newline at end of file
        +  name: "A"
        +  also: "B"
        "#);
        Ok(())
    }
}
