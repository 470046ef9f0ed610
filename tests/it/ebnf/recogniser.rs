//! Tells sentences of a grammar from other texts: where what a node stands for may end, for each place once.

use super::{Class, Grammar, Node, Within, is_name_sign, within};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Tells sentences of a grammar from other texts.
pub struct Recogniser<'g> {
    grammar: &'g Grammar,
    class: Class,
    text: Vec<char>,
    known: HashMap<(*const Node, usize), Rc<[usize]>, FixedState>,
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

/// Tells whether the whole of a text is what a node stands for.
pub fn is_whole(
    grammar: &Grammar,
    class: Class,
    node: &Node,
    text: &str,
    around: Within<'_>,
) -> bool {
    let mut recogniser = Recogniser::new(grammar, class, text);
    let length = recogniser.text.len();
    recogniser.ends(node, 0, around).contains(&length)
}
