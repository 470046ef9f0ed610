//! Makes sentences of a grammar up, at random and to a depth.

use super::recogniser::is_whole;
use super::{Class, Grammar, Node, Within, is_name_sign, within};

/// How often something is repeated at most in what is made up.
const MOST_REPEATED: usize = 5;

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
                if !is_whole(self.grammar, self.class, other, &made, around) {
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
