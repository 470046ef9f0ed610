//! Grammars in EBNF as data: reading them, telling sentences from other texts, making sentences up.

use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

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
    /// The file has no headings: whoever wrote it compares it with its parsers.
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

/// How often something is repeated at most in what is made up.
const MOST_REPEATED: usize = 5;

fn is_name_sign(sign: char) -> bool {
    let is_mark = unicode_normalization::char::is_combining_mark(sign);
    is_mark || sign.is_alphanumeric() || matches!(sign, '-' | '_')
}

/// Tells sentences of a grammar from other texts.
pub struct Recogniser<'g> {
    grammar: &'g Grammar,
    class: Class,
    text: Vec<char>,
    known: HashMap<(*const Node, usize), Rc<[usize]>, FixedState>,
}

/// The production that a node belongs to, as far as it matters inside.
#[derive(Clone, Copy)]
struct Within<'g> {
    language: &'g str,
    has_gaps: bool,
}

impl<'g> Recogniser<'g> {
    /// Takes a text.
    pub fn new(grammar: &'g Grammar, class: Class, text: &str) -> Recogniser<'g> {
        Recogniser { grammar, class, text: text.chars().collect(), known: HashMap::default() }
    }

    /// Tells whether the whole text is a sentence of a production.
    pub fn is(&mut self, language: &str, name: &str) -> bool {
        let production = self.grammar.get(language, name);
        self.ends(&production.node, 0, within(production)).contains(&self.text.len())
    }

    /// Returns where what `node` stands for may end if it begins at `start`.
    fn ends(&mut self, node: &'g Node, start: usize, within: Within<'g>) -> Rc<[usize]> {
        if matches!(node, Node::Literal(_) | Node::Special(_)) {
            return self.find_ends(node, start, within).into();
        }
        let key = (std::ptr::from_ref(node), start);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let mut ends = self.find_ends(node, start, within);
        ends.sort_unstable();
        ends.dedup();
        let ends: Rc<[usize]> = ends.into();
        self.known.insert(key, Rc::clone(&ends));
        ends
    }

    fn find_ends(&mut self, node: &'g Node, start: usize, around: Within<'g>) -> Vec<usize> {
        match node {
            Node::Literal(signs) => {
                let is_here = self.text[start..].starts_with(signs);
                is_here.then_some(start + signs.len()).into_iter().collect()
            }
            Node::Special(words) => match (self.class)(words) {
                Some(class) => match class(&self.text[start..]) {
                    0 => vec![],
                    length => vec![start + length],
                },
                None => vec![start],
            },
            Node::Name(name) => {
                let production = self.grammar.get(around.language, name);
                self.ends(&production.node, start, within(production)).to_vec()
            }
            Node::Choice(nodes) => {
                nodes.iter().flat_map(|node| self.ends(node, start, around).to_vec()).collect()
            }
            Node::Optional(node) => {
                let mut ends = self.ends(node, start, around).to_vec();
                ends.push(start);
                ends
            }
            Node::Except(node, other) => {
                let ends = self.ends(node, start, around);
                let others = self.ends(other, start, around);
                ends.iter().copied().filter(|end| !others.contains(end)).collect()
            }
            Node::Sequence(nodes) => {
                let mut ends = vec![start];
                for node in nodes {
                    let next = ends.iter().flat_map(|end| self.joined(node, start, *end, around));
                    ends = next.collect();
                    ends.sort_unstable();
                    ends.dedup();
                }
                ends
            }
            Node::Repeat(node) => {
                let mut ends = vec![start];
                let mut seen = HashSet::from([start]);
                let mut place = 0;
                while let Some(end) = ends.get(place).copied() {
                    let next = self.joined(node, start, end, around);
                    ends.extend(next.into_iter().filter(|next| seen.insert(*next)));
                    place += 1;
                }
                ends
            }
        }
    }

    /// Returns where `node` may end behind what ends at `end` in the same sequence, which began at `start`.
    fn joined(
        &mut self,
        node: &'g Node,
        start: usize,
        end: usize,
        within: Within<'g>,
    ) -> Vec<usize> {
        let before = end.checked_sub(1).and_then(|last| self.text.get(last)).copied();
        let may_skip = within.has_gaps && end > start && before != Some('\n');
        let mut found = Vec::new();
        let mut from = end;
        loop {
            let runs_together = may_skip
                && from == end
                && before.is_some_and(is_name_sign)
                && self.text.get(from).copied().is_some_and(is_name_sign);
            let ends = self.ends(node, from, within);
            // What takes nothing has no gap before it.
            found.extend(ends.iter().filter_map(|next| match *next == from {
                true => (from == end).then_some(end),
                false => (!runs_together).then_some(*next),
            }));
            let is_blank =
                self.text.get(from).is_some_and(|sign| matches!(sign, ' ' | '\t' | '\r'));
            if !may_skip || !is_blank {
                return found;
            }
            from += 1;
        }
    }
}

fn within(production: &Production) -> Within<'_> {
    Within { language: &production.language, has_gaps: production.kind == Kind::Lines }
}

/// Makes sentences up.
pub struct Inventor<'g> {
    grammar: &'g Grammar,
    class: Class,
    /// For a class described in words, a text of it; none for a condition, which is avoided.
    sample: fn(&str, u64) -> Option<String>,
    state: u64,
}

impl<'g> Inventor<'g> {
    /// Begins with a seed, from which all that follows is determined.
    pub fn new(
        grammar: &'g Grammar,
        class: Class,
        sample: fn(&str, u64) -> Option<String>,
        seed: u64,
    ) -> Inventor<'g> {
        let state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Inventor { grammar, class, sample, state }
    }

    /// Returns a sentence of a production; inside `depth` others it takes the shortest way out.
    pub fn sentence(&mut self, language: &str, name: &str, depth: usize) -> String {
        let production = self.grammar.get(language, name);
        self.make(&production.node, within(production), depth)
    }

    fn random(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state >> 11
    }

    fn make(&mut self, node: &'g Node, around: Within<'g>, depth: usize) -> String {
        match node {
            Node::Literal(signs) => signs.iter().collect(),
            Node::Special(words) => {
                let seed = self.random();
                (self.sample)(words, seed).unwrap_or_default()
            }
            Node::Name(name) => {
                let production = self.grammar.get(around.language, name);
                self.make(&production.node, within(production), depth.saturating_sub(1))
            }
            Node::Choice(nodes) => {
                let open: Vec<_> = nodes.iter().filter(|node| !self.has_condition(node)).collect();
                let shortest = || open.iter().min_by_key(|node| self.depth_of(node, around, 8));
                let taken = match depth {
                    0 => shortest().copied(),
                    _ => open.get(self.random() as usize % open.len()).copied(),
                };
                self.make(taken.expect("one alternative is open"), around, depth)
            }
            Node::Optional(node) => match depth > 0 && self.random().is_multiple_of(2) {
                true => self.make(node, around, depth),
                false => String::new(),
            },
            Node::Repeat(node) => {
                let mut made = String::new();
                for _ in 0..MOST_REPEATED {
                    if depth == 0 || self.random().is_multiple_of(3) {
                        break;
                    }
                    let next = self.make(node, around, depth);
                    self.join(&mut made, &next, around);
                }
                made
            }
            Node::Sequence(nodes) => {
                let mut made = String::new();
                for node in nodes {
                    let next = self.make(node, around, depth);
                    self.join(&mut made, &next, around);
                }
                made
            }
            Node::Except(node, other) => loop {
                let made = self.make(node, around, depth);
                let mut recogniser = Recogniser::new(self.grammar, self.class, &made);
                let length = recogniser.text.len();
                if !recogniser.ends(other, 0, around).contains(&length) {
                    return made;
                }
            },
        }
    }

    fn join(&mut self, made: &mut String, next: &str, within: Within<'_>) {
        let (Some(last), Some(first)) = (made.chars().last(), next.chars().next()) else {
            made.push_str(next);
            return;
        };
        if within.has_gaps && last != '\n' {
            let runs_together = is_name_sign(last) && is_name_sign(first);
            let blanks = (self.random() % 8).saturating_sub(4).max(u64::from(runs_together));
            (0..blanks)
                .for_each(|_| made.push(if self.random().is_multiple_of(8) { '\t' } else { ' ' }));
        }
        made.push_str(next);
    }

    /// Tells whether an alternative begins with a condition, which cannot be met on purpose.
    fn has_condition(&self, node: &Node) -> bool {
        match node {
            Node::Sequence(nodes) => nodes.first().is_some_and(|node| self.has_condition(node)),
            Node::Special(words) => (self.sample)(words, 0).is_none(),
            _ => false,
        }
    }

    /// Returns how many productions the shortest sentence of a node is deep, at most `most`.
    fn depth_of(&self, node: &Node, around: Within<'_>, most: usize) -> usize {
        if most == 0 {
            return 0;
        }
        match node {
            Node::Literal(_) | Node::Special(_) | Node::Optional(_) | Node::Repeat(_) => 0,
            Node::Name(name) => {
                let production = self.grammar.get(around.language, name);
                1 + self.depth_of(&production.node, within(production), most - 1)
            }
            Node::Choice(nodes) => {
                nodes.iter().map(|node| self.depth_of(node, around, most)).min().unwrap_or(0)
            }
            Node::Sequence(nodes) => {
                nodes.iter().map(|node| self.depth_of(node, around, most)).max().unwrap_or(0)
            }
            Node::Except(node, _) => self.depth_of(node, around, most),
        }
    }
}
