//! What the syntax of facts can be wrong about, and the sentences for it.

use crate::diagnostic::{Diagnostic, code, meant, shown};
use crate::source::Span;
use crate::suggest::nearest;

/// A fault of syntax; the words are made from it and from the text where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyntaxFault {
    /// A line at the margin begins with no identifier.
    NoItem,
    /// A field line stands at the margin.
    FieldAtMargin,
    /// A field line begins with white space that is not ordinary.
    OddBlanks,
    /// An indented line has no item above it.
    OrphanLine,
    /// Text behind a header that is complete.
    BehindHeader,
    /// An indented line that neither begins a field nor goes on with a value.
    NoField,
    /// Text that fits nowhere.
    UnexpectedText,
    /// `"` is never closed.
    UnclosedString,
    /// `(` is never closed.
    UnclosedParenthesis,
    /// `[` or `{` is never closed.
    UnclosedBracket,
    /// `\q`.
    UnknownEscape,
    /// A value is longer than a file's tree can hold.
    TooLong,
    /// A field with more values than anybody writes.
    TooManyValues,
    /// A parenthesis with more parts than anybody writes.
    TooManyParts,
    /// `field:` and nothing.
    NoValue,
    /// A comma and nothing behind it.
    NoValueBehindComma,
    /// A comma and nothing before it.
    NoValueBeforeComma,
    /// Two values with no comma between them.
    MissingComma,
    /// A row has more cells than its table has columns.
    RowTooLong,
    /// All rows of a table have more cells than it has columns.
    AllRowsTooLong,
    /// A row stands at the margin.
    RowAtMargin,
    /// `|` and nothing behind it.
    DanglingBar,
    /// An empty part in a parenthesis, or an empty parenthesis.
    EmptyParenthesis,
    /// A part of a parenthesis with an unknown key.
    UnknownPart,
    /// A second parenthesis.
    SecondParenthesis,
    /// A comma where parts are parted by `;`.
    CommaInParenthesis,
    /// `table` without relation, colon or columns.
    BadTable,
    /// A column of a table is no identifier.
    BadColumn,
    /// `cite` without a source.
    BadCite,
    /// A relation's line is wrong here.
    BadRelation,
    /// A field's declaration is wrong here.
    BadFieldDeclaration,
    /// A field's declaration without a type.
    NoType,
    /// A declaration without a name.
    NoName,
    /// A comma, and no plural behind it.
    NoPlural,
    /// A union without members.
    NoMembers,
    /// A union's line is wrong here.
    BadUnion,
    /// The line of a rule, check, expectation or query is wrong here.
    BadDefinition,
}

/// Puts a fault into words.
pub fn diagnose(fault: SyntaxFault, found: &str, span: Span) -> Diagnostic {
    let first = found.chars().next();
    let found = shown(found);
    match fault {
        SyntaxFault::NoItem => no_item(&found, first, span),
        SyntaxFault::FieldAtMargin => {
            let message = format!("the field `{found}` stands at the margin");
            Diagnostic::new(code::NO_ITEM, message, span, "a field is indented")
                .help("put two spaces before it, so that it belongs to the fact above")
                .note("only what begins an item stands at the margin")
        }
        SyntaxFault::OddBlanks => {
            let message = "this line is indented with white space that is no ordinary space";
            Diagnostic::new(code::NO_ITEM, message, span, "looks like a space, and is none")
                .help("put two ordinary spaces in its place")
        }
        SyntaxFault::OrphanLine => {
            let message = "this line is indented, and there is no item above it";
            Diagnostic::new(code::ORPHAN_LINE, message, span, "belongs to nothing").help(
                "begin the fact with its relation and identifier at the margin, in the line above",
            )
        }
        SyntaxFault::BehindHeader => behind_header(&found, span),
        SyntaxFault::NoField => {
            let message = format!("`{found}` neither begins a field nor goes on with one");
            Diagnostic::new(code::UNEXPECTED_TEXT, message, span, "expected `field: value`")
                .help("put a colon behind the field's name, a comma behind the value above, or quotation marks around a text of several lines")
        }
        SyntaxFault::UnexpectedText => {
            let message = format!("`{found}` does not belong here");
            Diagnostic::new(code::UNEXPECTED_TEXT, message, span, "unexpected")
                .help("take it out; a text stands in quotation marks")
        }
        SyntaxFault::UnclosedString => {
            let message = "this quotation mark is never closed";
            Diagnostic::new(code::UNCLOSED_STRING, message, span, "opened here")
                .help("put a `\"` where the text ends")
                .note("a text may run on over indented lines; a quotation mark inside it is written `\\\"`")
        }
        SyntaxFault::UnclosedParenthesis => {
            let message = "this parenthesis is never closed";
            Diagnostic::new(code::UNCLOSED_BRACKET, message, span, "opened here")
                .help("put a `)` behind its last part")
        }
        SyntaxFault::UnclosedBracket => {
            let closing = if found.starts_with('{') { '}' } else { ']' };
            let message = format!("this `{}` is never closed", found.chars().next().unwrap_or('['));
            Diagnostic::new(code::UNCLOSED_BRACKET, message, span, "opened here")
                .help(format!("put a `{closing}` in the same line"))
        }
        SyntaxFault::UnknownEscape => {
            let message = format!("`{found}` means nothing in a text");
            Diagnostic::new(code::UNKNOWN_ESCAPE, message, span, "unknown escape")
                .help("write `\\\\` for a backslash")
                .note("the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`")
        }
        SyntaxFault::TooLong => {
            let message = "this value is longer than 256 megabytes";
            Diagnostic::new(code::UNEXPECTED_TEXT, message, span, "begins here")
                .help("part it, or keep the text in a file of its own and cite it")
        }
        SyntaxFault::TooManyValues => {
            let message = "this field has more than 1_000_000 values";
            Diagnostic::new(code::UNEXPECTED_TEXT, message, span, "nothing from here on is read")
                .help("part it into several records")
        }
        SyntaxFault::TooManyParts => {
            let message = "this parenthesis has more than 1_000 parts";
            Diagnostic::new(code::BAD_PARENTHESIS, message, span, "nothing from here on is read")
                .help("take out what does not qualify the value")
        }
        SyntaxFault::NoValue => {
            let message = format!("the field `{found}` has no value");
            Diagnostic::new(code::MISSING_VALUE, message, span, "a value must follow")
                .help("write the value behind the colon; `unknown` if nobody knows it; or leave the line out")
        }
        SyntaxFault::NoValueBehindComma => {
            Diagnostic::new(code::MISSING_VALUE, "no value follows this comma", span, "ends here")
                .help("write the value, or take the comma out")
        }
        SyntaxFault::NoValueBeforeComma => {
            let message = "no value stands before this comma";
            Diagnostic::new(code::MISSING_VALUE, message, span, "nothing before it")
                .help("write the value, or take the comma out")
        }
        SyntaxFault::MissingComma => {
            let message = format!("`{found}` stands behind a value with no comma between them");
            Diagnostic::new(code::MISSING_COMMA, message, span, "expected `,` before this")
                .help("put a comma between two values; put one text in one pair of quotation marks")
        }
        SyntaxFault::RowTooLong => {
            let message = "this row has more cells than the table has columns";
            Diagnostic::new(code::ROW_TOO_LONG, message, span, "one cell too many")
                .help("add the column to the table's first line, or take the cell out")
        }
        SyntaxFault::AllRowsTooLong => {
            let message = "every row of this table has more cells than the table has columns";
            Diagnostic::new(code::ROW_TOO_LONG, message, span, "one cell too many")
                .help("add the column to the table's first line")
        }
        SyntaxFault::RowAtMargin => {
            let message = "a row of the table above stands at the margin";
            Diagnostic::new(code::NO_ITEM, message, span, "a row is indented")
                .help("put two spaces before it")
                .note("only what begins an item stands at the margin")
        }
        _ => diagnose_rare(fault, &found, span),
    }
}

fn diagnose_rare(fault: SyntaxFault, found: &str, span: Span) -> Diagnostic {
    match fault {
        SyntaxFault::DanglingBar => {
            let message = "nothing follows this `|`";
            Diagnostic::new(code::BAD_DECLARATION, message, span, "ends here")
                .help("write the next name behind it, or take it out")
        }
        SyntaxFault::NoType => {
            let message = format!("the field `{found}` has no type");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "a type must follow")
                .help("write for example `text`, `date`, `words a | b`, or the name of a relation behind the colon")
        }
        SyntaxFault::NoName => {
            let message = format!("`{found}` declares nothing without a name");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "a name must follow")
                .help("write a name behind it: one word, in lower case")
        }
        SyntaxFault::NoPlural => {
            let message = "no plural follows this comma";
            Diagnostic::new(code::BAD_DECLARATION, message, span, "ends here")
                .help("write the plural behind it, as in `relation treaty, treaties`")
        }
        SyntaxFault::NoMembers => {
            let message = format!("the union `{found}` has no members");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "of nothing")
                .help("write `union name, plural = member | member`")
        }
        SyntaxFault::EmptyParenthesis => {
            let message = "there is nothing in this parenthesis";
            Diagnostic::new(code::BAD_PARENTHESIS, message, span, "empty")
                .help("write a period, a status or a source in it, or take it out")
        }
        SyntaxFault::SecondParenthesis => {
            let message = "a second parenthesis stands behind the same value";
            Diagnostic::new(code::BAD_PARENTHESIS, message, span, "the second one")
                .help("put both into one, parted by `;`")
        }
        SyntaxFault::CommaInParenthesis => {
            let message = format!("`{found}` has a comma where a semicolon belongs");
            Diagnostic::new(code::BAD_PARENTHESIS, message, span, "parts are parted by `;`")
                .help("write `;` between the parts of a parenthesis")
        }
        SyntaxFault::UnknownPart => {
            let message = format!("`{found}` qualifies nothing");
            let near = nearest(found, ["source", "note", "quote", "after", "before"]);
            let diagnostic = Diagnostic::new(code::BAD_PARENTHESIS, message, span, "unknown");
            match near.is_empty() {
                true => diagnostic.help("write a period, a status, `source:`, `note:`, `quote:`, `after:`, `before:` or `4 days before:`"),
                false => diagnostic.help(meant(&near)),
            }
        }
        SyntaxFault::BadTable => {
            let message = "this table's first line cannot be read";
            Diagnostic::new(
                code::BAD_DECLARATION,
                message,
                span,
                "expected the relation, a colon, the columns",
            )
            .help("write for example `table tenure: person | office | period`")
        }
        SyntaxFault::BadColumn => {
            let message = format!("`{found}` cannot be a column");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "expected a field's name")
                .help("name one field a column, parted by `|`")
        }
        SyntaxFault::BadCite => {
            let message = "`cite` needs a source";
            Diagnostic::new(code::BAD_DECLARATION, message, span, "expected a source's identifier")
                .help("write for example `cite carr-1950 \"ch. 2\"`")
        }
        SyntaxFault::BadRelation => {
            let message = format!("`{found}` does not belong in a relation's first line");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "unexpected")
                .help("write `relation name, plural \"description\"`")
        }
        SyntaxFault::BadFieldDeclaration => {
            let message = format!("`{found}` does not belong in a field's declaration");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "unexpected")
                .help("write `field: type`, then `?`, `*`, `+` or `2..` if it is not exactly one, then `inverse name`, `unique`, `acyclic`, `dated`, `\"description\"` as needed")
        }
        SyntaxFault::BadUnion => {
            let message = format!("`{found}` does not belong in a union's line");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "unexpected")
                .help("write `union name, plural = member | member`")
        }
        _ => {
            let message = format!("`{found}` cannot be a name");
            Diagnostic::new(code::BAD_DECLARATION, message, span, "unexpected").help(
                "write the word, a name, and the text of the definition in indented lines below",
            )
        }
    }
}

fn no_item(found: &str, first: Option<char>, span: Span) -> Diagnostic {
    let message = format!("`{found}` begins no item");
    let diagnostic =
        Diagnostic::new(code::NO_ITEM, message, span, "expected a relation's name, or white space");
    match first {
        Some(first) if first.is_whitespace() => diagnostic
            .help("put ordinary spaces in place of the blank at its start, which is no ordinary space"),
        Some('/' | '%' | ';' | '*') => {
            diagnostic.help("begin a comment with `#`, and indent a line that goes on with the one above")
        }
        _ => diagnostic.help(
            "begin a fact with its relation, as in `treaty rapallo-1922 \"Treaty of Rapallo\"`, or indent the line so that it belongs to the item above",
        ),
    }
}

fn behind_header(found: &str, span: Span) -> Diagnostic {
    let message = format!("`{found}` does not belong in a fact's first line");
    let diagnostic = Diagnostic::new(code::UNEXPECTED_TEXT, message, span, "unexpected");
    if found.starts_with(|letter: char| letter.is_alphanumeric()) {
        diagnostic
            .help("write the identifier as one word, with hyphens in place of blanks, and the name in quotation marks")
            .note("a fact begins `relation identifier \"Name\"`; its fields stand in indented lines below")
    } else {
        diagnostic.note("a fact begins `relation identifier \"Name\"`; its fields stand in indented lines below")
    }
}
