//! Tests of what is computed of a row.

use super::among::Member;
use super::expression::{Path, TimeTest};
use super::operators::{NumberTest, PathOperator};
use super::terms::{Rooted, Slot, Term};

/// A test of what is computed of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputedTest<P = Path> {
    /// What is computed.
    pub left: Term<P>,
    /// The test.
    pub against: ComputedAgainst<P>,
}

/// What a computed value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum ComputedAgainst<P = Path> {
    /// Numbers; one is enough.
    Numbers(Vec<NumberTest>),
    /// Dates.
    Time(TimeTest),
    /// What else is computed of the row, or the values of a path.
    Term {
        /// How they are compared.
        operator: PathOperator,
        /// The right side.
        right: Term<P>,
    },
    /// One of several values or ranges that are found row by row.
    Among(Vec<Member<P>>),
}

impl<P: Rooted> ComputedTest<P> {
    /// Returns the terms that it computes: the left side, and those on the right.
    pub fn terms(&self) -> impl Iterator<Item = &Term<P>> {
        let right = match &self.against {
            ComputedAgainst::Term { right, .. } => vec![right],
            ComputedAgainst::Among(members) => members.iter().flat_map(Member::terms).collect(),
            ComputedAgainst::Numbers(_) | ComputedAgainst::Time(_) => Vec::new(),
        };
        std::iter::once(&self.left).chain(right)
    }

    /// Returns at which records of the row its paths begin; sorted.
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.terms().for_each(|term| term.see_paths(&mut |path| slots.push(path.slot())));
        slots.sort_unstable();
        slots.dedup();
        slots
    }
}

impl<P> ComputedTest<P> {
    /// Puts other paths in the place of those that begin at the row; nothing where one cannot be.
    pub fn rooted<Q>(self, change: &impl Fn(P) -> Option<Q>) -> Option<ComputedTest<Q>> {
        let against = match self.against {
            ComputedAgainst::Numbers(numbers) => ComputedAgainst::Numbers(numbers),
            ComputedAgainst::Time(time) => ComputedAgainst::Time(time),
            ComputedAgainst::Term { operator, right } => {
                ComputedAgainst::Term { operator, right: right.rooted(change)? }
            }
            ComputedAgainst::Among(members) => {
                let members = members.into_iter().map(|member| member.rooted(change));
                ComputedAgainst::Among(members.collect::<Option<_>>()?)
            }
        };
        Some(ComputedTest { left: self.left.rooted(change)?, against })
    }
}
