//! Grammars in EBNF as data: reading them, telling sentences from other texts, making sentences up.

mod inventor;
mod recogniser;

pub use inventor::Inventor;
pub use recogniser::Recogniser;

/// What a production says.
#[derive(Debug)]
pub enum Node {
    /// `"text"`.
    Literal(Vec<char>),
    /// Another production.
    Name(String),
    /// `? … ?`: a class of signs, or a condition that is not checked.
    Special(String),
    /// `a, b`.
    Sequence(Vec<Node>),
    /// `a | b`.
    Choice(Vec<Node>),
    /// `[ a ]`.
    Optional(Box<Node>),
    /// `{ a }`.
    Repeat(Box<Node>),
    /// `a - b`: what is `a` and not `b`.
    Except(Box<Node>, Box<Node>),
}

/// What the heading above a production says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Blanks may stand between its symbols; a parser bears it.
    Lines,
    /// Nothing stands between its symbols; a parser bears it.
    Signs,
    /// Nothing stands between its symbols; no parser of its own.
    Classes,
    /// Words and signs of a query; `query_grammar.rs` compares them with their parsers.
    Unsaid,
}

/// A production.
#[derive(Debug)]
pub struct Production {
    /// The language it belongs to, as the heading says: `facts`.
    pub language: String,
    /// Its name.
    pub name: String,
    /// What its heading says.
    pub kind: Kind,
    /// What it stands for.
    pub node: Node,
}

/// Every production of some grammars.
#[derive(Debug, Default)]
pub struct Grammar {
    /// In the order written.
    pub productions: Vec<Production>,
}

impl Grammar {
    /// Reads a grammar and adds what it says; `language` is what it is called where no heading says so.
    pub fn add(&mut self, language: &str, text: &str) {
        let mut tokens = tokens(text);
        tokens.reverse();
        let (mut language, mut kind) = (language.to_owned(), Kind::Unsaid);
        while let Some(token) = tokens.pop() {
            match token {
                Token::Heading(of, kind_of) => (language, kind) = (of, kind_of),
                Token::Name(name) => {
                    assert_eq!(tokens.pop(), Some(Token::Sign('=')), "behind {name}");
                    let node = choice(&mut tokens);
                    assert_eq!(tokens.pop(), Some(Token::Sign(';')), "at the end of {name}");
                    let known = self.productions.iter();
                    let is_new = known
                        .filter(|each| each.language == language)
                        .all(|each| each.name != name);
                    assert!(is_new, "{name} is there twice");
                    self.productions.push(Production {
                        language: language.clone(),
                        name,
                        kind,
                        node,
                    });
                }
                other => panic!("no production begins with {other:?}"),
            }
        }
    }

    /// Finds a production: of the language itself, else of any.
    pub fn find(&self, language: &str, name: &str) -> Option<&Production> {
        let mut named: Vec<_> = self.productions.iter().filter(|each| each.name == name).collect();
        named.sort_by_key(|each| each.language != language);
        named.first().copied()
    }

    fn get(&self, language: &str, name: &str) -> &Production {
        self.find(language, name).unwrap_or_else(|| panic!("`{name}` is not defined"))
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Heading(String, Kind),
    Name(String),
    Literal(String),
    Special(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' if rest.starts_with("(*") => {
                let end = rest.find("*)").expect("a comment is closed");
                (heading(&rest[2..end]), end + 2)
            }
            '"' | '\'' => {
                let end = rest[1..].find(first).expect("a literal is closed");
                (Some(Token::Literal(rest[1..=end].to_owned())), end + 2)
            }
            '?' => {
                let end = rest[1..].find('?').expect("a special sequence is closed");
                (Some(Token::Special(rest[1..=end].trim().to_owned())), end + 2)
            }
            letter if letter.is_alphabetic() => {
                let is_part = |letter: char| letter.is_alphanumeric() || letter == '-';
                let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
                (Some(Token::Name(rest[..end].to_owned())), end)
            }
            sign => (Some(Token::Sign(sign)), sign.len_utf8()),
        };
        tokens.extend(token);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Reads `== facts: lines ==`; any other comment says nothing.
fn heading(comment: &str) -> Option<Token> {
    let (language, kind) =
        comment.trim().strip_prefix("== ")?.strip_suffix(" ==")?.split_once(": ")?;
    let kind = match kind {
        "lines" => Kind::Lines,
        "words" => Kind::Unsaid,
        "signs" => Kind::Signs,
        "classes" => Kind::Classes,
        other => panic!("`{other}` is no kind of production"),
    };
    Some(Token::Heading(language.to_owned(), kind))
}

fn choice(tokens: &mut Vec<Token>) -> Node {
    several(tokens, '|', sequence, Node::Choice)
}

fn sequence(tokens: &mut Vec<Token>) -> Node {
    several(tokens, ',', term, Node::Sequence)
}

fn several(
    tokens: &mut Vec<Token>,
    between: char,
    read: fn(&mut Vec<Token>) -> Node,
    make: fn(Vec<Node>) -> Node,
) -> Node {
    let mut nodes = vec![read(tokens)];
    while tokens.last() == Some(&Token::Sign(between)) {
        tokens.pop();
        nodes.push(read(tokens));
    }
    if nodes.len() == 1 { nodes.remove(0) } else { make(nodes) }
}

fn term(tokens: &mut Vec<Token>) -> Node {
    let node = factor(tokens);
    if tokens.last() != Some(&Token::Sign('-')) {
        return node;
    }
    tokens.pop();
    Node::Except(Box::new(node), Box::new(factor(tokens)))
}

fn factor(tokens: &mut Vec<Token>) -> Node {
    let token = tokens.pop().expect("a grammar ends with `;`");
    let (node, closing) = match token {
        Token::Literal(text) => return Node::Literal(text.chars().collect()),
        Token::Name(name) => return Node::Name(name),
        Token::Special(words) => return Node::Special(words),
        Token::Sign('[') => (Node::Optional(Box::new(choice(tokens))), ']'),
        Token::Sign('{') => (Node::Repeat(Box::new(choice(tokens))), '}'),
        Token::Sign('(') => (choice(tokens), ')'),
        other => panic!("{other:?} stands where a symbol belongs"),
    };
    assert_eq!(tokens.pop(), Some(Token::Sign(closing)));
    node
}

/// Classes that a grammar describes in words: how many signs at the start of a text belong to one.
pub type Class = fn(&str) -> Option<fn(&[char]) -> usize>;

fn is_name_sign(sign: char) -> bool {
    let is_mark = unicode_normalization::char::is_combining_mark(sign);
    is_mark || sign.is_alphanumeric() || matches!(sign, '-' | '_')
}

/// The production that a node belongs to, as far as it matters inside.
#[derive(Clone, Copy)]
struct Within<'g> {
    language: &'g str,
    has_gaps: bool,
}

fn within(production: &Production) -> Within<'_> {
    Within { language: &production.language, has_gaps: production.kind == Kind::Lines }
}
