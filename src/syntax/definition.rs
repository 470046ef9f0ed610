//! Rules, checks, expectations and saved queries: their heads, and what stands in their bodies.
//!
//! In: a definition's tree, whose head and body are text. Out: conditions and queries as trees, with every fault.
//! Nothing is looked up here.

use super::ast::{Definition, TextRange};
use super::query::ast::{Condition, Operand, Query, Word};
use super::query::{Outcome, parse, parse_condition, parse_operand};
use super::terminals::{StringForm, decode_string, identifier, string};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::source::{FileId, Span};

/// A definition, read.
#[derive(Clone, Debug)]
pub struct DefinitionTree {
    /// Its name.
    pub name: Word,
    /// What it is.
    pub kind: DefinitionKind,
}

/// The four kinds of definition.
#[derive(Clone, Debug)]
pub enum DefinitionKind {
    /// `rule NAME(a: type, …) "description"`, and one `if` for each way to derive it.
    Rule {
        /// The parameters with their types.
        parameters: Vec<Parameter>,
        /// What the author says of it.
        description: String,
        /// The ways to derive it.
        ways: Vec<Condition>,
    },
    /// `check NAME error "message"`, and a query that must find nothing.
    Check {
        /// How grave a row is that it finds.
        severity: Severity,
        /// The author's message.
        message: Message,
        /// The query.
        query: Query,
    },
    /// `expect NAME "question"`, a query, and the answer behind `=`.
    Expect {
        /// What the author says of it.
        description: String,
        /// The query.
        query: Query,
        /// The answer it must have.
        answer: ExpectedAnswer,
    },
    /// `query NAME "description"`, and a query.
    Saved {
        /// What the author says of it.
        description: String,
        /// The query.
        query: Query,
    },
}

/// A rule's parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Word,
    /// The relations or unions that it ranges over.
    pub types: Vec<Word>,
}

/// A check's message: text with `{path}` places.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its pieces in order.
    pub pieces: Vec<MessagePiece>,
}

/// A piece of a message.
#[derive(Clone, Debug)]
pub enum MessagePiece {
    /// Words.
    Text(String),
    /// What a path leads to.
    Path(Operand),
}

/// The answer that an expectation wants.
#[derive(Clone, Debug)]
pub struct ExpectedAnswer {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExpectedKind,
}

/// What an expectation wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedKind {
    /// `= nothing`
    Nothing,
    /// `= 12 (+2 possible)`
    Count {
        /// How many are certain.
        certain: u64,
        /// How many more are possible.
        possible: u64,
    },
    /// `= a, b (possible)`: identifiers, and whether each is only possible.
    Records(Vec<(String, bool)>),
    /// One indented row a line, cells parted by `|`, and whether each is only possible.
    Rows(Vec<(Vec<String>, bool)>),
}

/// Reads a definition of a file.
pub fn parse_definition(
    text: &str,
    file: FileId,
    definition: &Definition,
) -> Outcome<DefinitionTree> {
    let mut reader = Reader { text, file, diagnostics: Vec::new() };
    let kind = match reader.slice(definition.keyword) {
        "rule" => reader.rule(definition),
        "check" => reader.check(definition),
        "expect" => reader.expect(definition),
        _ => reader.saved(definition),
    };
    let name = reader.word(definition.name);
    Outcome {
        tree: kind.map(|kind| DefinitionTree { name, kind }),
        diagnostics: reader.diagnostics,
    }
}

struct Reader<'t> {
    text: &'t str,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn slice(&self, at: TextRange) -> &'t str {
        self.text.get(at.start as usize..at.end as usize).unwrap_or("")
    }

    fn word(&self, at: TextRange) -> Word {
        Word { text: self.slice(at).to_string(), span: at.in_file(self.file) }
    }

    fn fail(&mut self, at: TextRange, message: &str, help: &str) {
        let at =
            if at.is_empty() { TextRange::new(at.start.saturating_sub(1), at.end) } else { at };
        let span = at.in_file(self.file);
        self.diagnostics.push(
            Diagnostic::new(code::BAD_DECLARATION, message, span, "cannot be read").help(help),
        );
    }

    /// Reads a string, and returns what it means and what is left behind it.
    fn string(&self, at: TextRange) -> Option<(String, TextRange, TextRange)> {
        let input = self.slice(at).as_bytes();
        let (rest, form) = string(input).ok()?;
        let end = at.end - rest.len() as u32;
        let inner = TextRange::new(at.start + 1, end - 1);
        let text = match form {
            StringForm::Plain => self.slice(inner).to_string(),
            StringForm::Escaped => decode_string(self.slice(inner)).0.into_owned(),
        };
        Some((text, inner, self.trimmed(TextRange::new(end, at.end))))
    }

    fn trimmed(&self, at: TextRange) -> TextRange {
        let text = self.slice(at);
        let start = at.start + (text.len() - text.trim_start().len()) as u32;
        // A comment ends the head.
        match self.slice(TextRange::new(start, at.end)).starts_with('#') {
            true => TextRange::new(start, start),
            false => TextRange::new(start, at.end.max(start)),
        }
    }

    /// Reads a head that holds a description and nothing else.
    fn description(&mut self, head: TextRange, help: &str) -> Option<String> {
        let head = self.trimmed(head);
        if head.is_empty() {
            return Some(String::new());
        }
        match self.string(head) {
            Some((text, _, rest)) if rest.is_empty() => Some(text),
            _ => {
                self.fail(head, "this line cannot be read", help);
                None
            }
        }
    }

    fn query(&mut self, body: TextRange, help: &str) -> Option<Query> {
        if self.slice(body).trim().is_empty() {
            self.fail(body, "there is no query below this line", help);
            return None;
        }
        let outcome = parse(self.slice(body), self.file, body.start);
        let is_sound = outcome.diagnostics.is_empty();
        self.diagnostics.extend(outcome.diagnostics);
        outcome.tree.filter(|_| is_sound)
    }

    /// EBNF: `saved-query = "query", name, [ string ], query ;`
    fn saved(&mut self, definition: &Definition) -> Option<DefinitionKind> {
        let help = "write `query name \"description\"`, and the query in indented lines below";
        let description = self.description(definition.head, help)?;
        Some(DefinitionKind::Saved { description, query: self.query(definition.body, help)? })
    }

    /// EBNF: `check = "check", name, severity, string, query ;`
    fn check(&mut self, definition: &Definition) -> Option<DefinitionKind> {
        let help = "write `check name error \"message with {field}\"`, and the query in indented lines below";
        let head = self.trimmed(definition.head);
        let words = self.slice(head);
        let severity = identifier(words.as_bytes()).ok().and_then(|(_, word)| match word {
            b"error" => Some((Severity::Error, 5)),
            b"warning" => Some((Severity::Warning, 7)),
            b"note" => Some((Severity::Note, 4)),
            _ => None,
        });
        let Some((severity, length)) = severity else {
            self.fail(head, "a check says how grave it is: `error`, `warning` or `note`", help);
            return None;
        };
        let rest = self.trimmed(TextRange::new(head.start + length, head.end));
        let message = self.string(rest).filter(|(_, _, behind)| behind.is_empty());
        let Some((text, inner, _)) = message else {
            self.fail(rest, "a check has a message in quotation marks", help);
            return None;
        };
        let message = self.message(&text, inner)?;
        Some(DefinitionKind::Check { severity, message, query: self.query(definition.body, help)? })
    }

    /// Reads `{path}` places; `{{` and `}}` are braces.
    fn message(&mut self, text: &str, inner: TextRange) -> Option<Message> {
        let is_as_written = self.slice(inner) == text;
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            words.push_str(rest.get(..at).unwrap_or(""));
            let brace = rest.get(at..).unwrap_or("");
            if brace.starts_with("{{") || brace.starts_with("}}") {
                words.push_str(brace.get(..1).unwrap_or(""));
                rest = brace.get(2..).unwrap_or("");
                continue;
            }
            let offset = (text.len() - brace.len()) as u32;
            let place = match is_as_written {
                true => TextRange::new(inner.start + offset, inner.start + offset + 1),
                false => inner,
            };
            let close = brace.find('}').filter(|_| brace.starts_with('{'));
            let Some(close) = close else {
                self.fail(
                    place,
                    "this brace has no partner",
                    "write `{field}`, or `{{` and `}}` for braces themselves",
                );
                return None;
            };
            let path = brace.get(1..close).unwrap_or("");
            let base = if is_as_written { inner.start + offset + 1 } else { inner.start };
            let outcome = parse_operand(path, self.file, base);
            let is_sound = outcome.diagnostics.is_empty();
            self.diagnostics.extend(outcome.diagnostics);
            let operand = outcome.tree.filter(|_| is_sound)?;
            pieces.push(MessagePiece::Text(std::mem::take(&mut words)));
            pieces.push(MessagePiece::Path(operand));
            rest = brace.get(close + 1..).unwrap_or("");
        }
        words.push_str(rest);
        pieces.push(MessagePiece::Text(words));
        Some(Message { pieces })
    }

    /// EBNF: `expectation = "expect", name, [ string ], query, "=", answer ;`
    fn expect(&mut self, definition: &Definition) -> Option<DefinitionKind> {
        let help = "write `expect name \"question\"`, the query in indented lines below, and the answer in a line that begins with `=`";
        let description = self.description(definition.head, help)?;
        let body = self.slice(definition.body);
        let mut start = 0;
        let answer_at = body.split_inclusive('\n').find_map(|line| {
            let here = start;
            start += line.len();
            line.trim_start().starts_with('=').then_some(here)
        });
        let Some(answer_at) = answer_at else {
            self.fail(definition.name, "this expectation has no answer", help);
            return None;
        };
        let middle = definition.body.start + answer_at as u32;
        let query = self.query(TextRange::new(definition.body.start, middle), help);
        let answer = self.answer(TextRange::new(middle, definition.body.end));
        Some(DefinitionKind::Expect { description, query: query?, answer: answer? })
    }

    /// EBNF: `answer = "nothing" | digits, [ "(+", digits, "possible)" ] | member, { ",", member } | { row } ;`
    fn answer(&mut self, at: TextRange) -> Option<ExpectedAnswer> {
        let at = self.trimmed(at);
        let text = without_comments(self.slice(at));
        let text = text.trim_start().strip_prefix('=').unwrap_or("");
        let first = text.lines().next().unwrap_or("").trim();
        let kind = if first.is_empty() {
            let rows = text.lines().map(str::trim).filter(|line| !line.is_empty());
            Some(ExpectedKind::Rows(rows.map(row).collect()))
        } else if first == "nothing" {
            Some(ExpectedKind::Nothing)
        } else if first.starts_with(|letter: char| letter.is_ascii_digit()) {
            count(text.trim())
        } else {
            let members = text.split(',').map(|member| possible(member.trim()));
            let members: Vec<(String, bool)> =
                members.map(|(id, is_possible)| (id.to_string(), is_possible)).collect();
            let sound =
                members.iter().all(|(id, _)| !id.is_empty() && !id.contains(char::is_whitespace));
            sound.then_some(ExpectedKind::Records(members))
        };
        match kind {
            Some(kind) => Some(ExpectedAnswer { span: at.in_file(self.file), kind }),
            None => {
                self.fail(at, "this answer cannot be read", "write `= a, b (possible)`, `= nothing`, `= 12 (+2 possible)`, or `=` and a row a line below, cells parted by `|`");
                None
            }
        }
    }

    /// EBNF: `rule = "rule", name, "(", parameter, { ",", parameter }, ")", [ string ], { "if", condition } ;`
    fn rule(&mut self, definition: &Definition) -> Option<DefinitionKind> {
        let help = "write `rule name(a: relation, b: relation) \"description\"`, and each way to derive it in an indented line that begins with `if`";
        let head = self.trimmed(definition.head);
        let words = self.slice(head);
        let (Some(close), true) = (words.find(')'), words.starts_with('(')) else {
            self.fail(head, "a rule has parameters in parentheses", help);
            return None;
        };
        let close = head.start + close as u32;
        let parameters = self.parameters(TextRange::new(head.start + 1, close), help)?;
        let description = self.description(TextRange::new(close + 1, head.end), help)?;
        let ways = self.ways(definition.body);
        if ways.is_empty() {
            self.fail(
                definition.name,
                "this rule has no `if`, so that nothing follows from it",
                help,
            );
        }
        ways.into_iter()
            .collect::<Option<Vec<Condition>>>()
            .filter(|ways| !ways.is_empty())
            .map(|ways| DefinitionKind::Rule { parameters, description, ways })
    }

    /// EBNF: `parameter = name, ":", name, { "|", name } ;`
    fn parameters(&mut self, at: TextRange, help: &str) -> Option<Vec<Parameter>> {
        let mut parameters = Vec::new();
        let mut start = at.start;
        for part in self.slice(at).split(',') {
            let range = TextRange::new(start, start + part.len() as u32);
            start = range.end + 1;
            let named = part.split_once(':').map(|(name, types)| {
                let name =
                    self.trimmed_both(TextRange::new(range.start, range.start + name.len() as u32));
                (name, TextRange::new(range.end - types.len() as u32, range.end))
            });
            let Some((name, types)) = named.filter(|(name, _)| self.is_identifier(*name)) else {
                self.fail(range, "a parameter is a name, a colon and a relation", help);
                return None;
            };
            let mut types_of = Vec::new();
            let mut start = types.start;
            for each in self.slice(types).split('|') {
                let range = self.trimmed_both(TextRange::new(start, start + each.len() as u32));
                start += each.len() as u32 + 1;
                if !self.is_identifier(range) {
                    self.fail(range, "a parameter is a name, a colon and a relation", help);
                    return None;
                }
                types_of.push(self.word(range));
            }
            parameters.push(Parameter { name: self.word(name), types: types_of });
        }
        Some(parameters)
    }

    fn trimmed_both(&self, at: TextRange) -> TextRange {
        let text = self.slice(at);
        let start = at.start + (text.len() - text.trim_start().len()) as u32;
        TextRange::new(start, start + text.trim().len() as u32)
    }

    fn is_identifier(&self, at: TextRange) -> bool {
        identifier(self.slice(at).as_bytes()).is_ok_and(|(rest, _)| rest.is_empty())
    }

    /// Reads each `if` with the lines that go on with it.
    fn ways(&mut self, body: TextRange) -> Vec<Option<Condition>> {
        let mut starts = Vec::new();
        let mut at = body.start;
        for line in self.slice(body).split_inclusive('\n') {
            let indent = (line.len() - line.trim_start().len()) as u32;
            let behind = line.trim_start().strip_prefix("if");
            if behind.is_some_and(|behind| behind.starts_with(char::is_whitespace)) {
                starts.push(at + indent);
            }
            at += line.len() as u32;
        }
        let mut ends: Vec<u32> = starts.iter().skip(1).copied().collect();
        ends.push(body.end);
        let first = starts.first().copied().unwrap_or(body.end);
        let before = TextRange::new(body.start, first);
        if !without_comments(self.slice(before)).trim().is_empty() {
            self.fail(
                before,
                "a rule's lines begin with `if`",
                "begin each way to derive it with `if`",
            );
        }
        let ranges =
            starts.into_iter().zip(ends).map(|(start, end)| TextRange::new(start + 2, end));
        let ranges: Vec<TextRange> = ranges.collect();
        let ways = ranges.into_iter().map(|range| {
            let outcome = parse_condition(self.slice(range), self.file, range.start);
            let is_sound = outcome.diagnostics.is_empty();
            self.diagnostics.extend(outcome.diagnostics);
            outcome.tree.filter(|_| is_sound)
        });
        ways.collect()
    }
}

/// Leaves comments out: `#` up to the line's end, where it begins a word.
fn without_comments(text: &str) -> String {
    let kept = text.lines().map(|line| {
        let comment = line.char_indices().find(|(at, letter)| {
            let before = line.get(..*at).unwrap_or("");
            *letter == '#' && (before.is_empty() || before.ends_with(char::is_whitespace))
        });
        comment.map_or(line, |(at, _)| line.get(..at).unwrap_or(""))
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Takes `(possible)` off the end.
fn possible(member: &str) -> (&str, bool) {
    match member.strip_suffix("(possible)") {
        Some(id) => (id.trim_end(), true),
        None => (member, false),
    }
}

fn row(line: &str) -> (Vec<String>, bool) {
    let (line, is_possible) = possible(line);
    (line.split('|').map(|cell| cell.trim().to_string()).collect(), is_possible)
}

/// Reads `12` or `12 (+2 possible)`.
fn count(text: &str) -> Option<ExpectedKind> {
    let (certain, rest) = match text.split_once('(') {
        Some((certain, rest)) => (certain.trim(), Some(rest)),
        None => (text, None),
    };
    let possible = match rest {
        Some(rest) => rest.strip_prefix('+')?.strip_suffix("possible)")?.trim().parse().ok()?,
        None => 0,
    };
    Some(ExpectedKind::Count { certain: certain.parse().ok()?, possible })
}
