//! Why values of two records agree, or how far apart they are.

use super::evidence::MOST_EVIDENCE;
use super::misses::{apart, distance_words};
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::found::{Found, FoundValue};
use crate::query::eval::solve::{Frame, bound};
use crate::query::eval::trails::Trail;
use crate::query::eval::{Evaluator, Polarity};
use crate::query::expression::{Path, Test};
use crate::query::formula::Link;
use crate::query::operators::PathOperator;
use crate::query::terms::Slot;
use crate::query::why::Because;
use crate::time::Truth;

impl Evaluator<'_> {
    /// Adds the statements of both sides of a comparison.
    pub(super) fn add_link(
        &self,
        link: &Link,
        frame: &Frame,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let lefts = self.side(&link.left_path, link.left, frame)?;
        let rights = self.side(&link.right_path, link.right, frame)?;
        let is_same = link.operator == PathOperator::Same;
        let (mut shown_left, mut shown_right): (Vec<&Trail<'_>>, Vec<&Trail<'_>>) =
            (Vec::new(), Vec::new());
        for (left, right) in lefts.iter().flat_map(|l| rights.iter().map(move |r| (l, r))) {
            let agree = !is_same || self.agree(&left.found, &right.found)?;
            let counts = left.found.truth.min(right.found.truth) >= because.truth;
            if because.truth > Truth::No && agree && counts {
                if !shown_left.iter().any(|known| std::ptr::eq(*known, left)) {
                    shown_left.push(left);
                }
                if !shown_right.iter().any(|known| std::ptr::eq(*known, right)) {
                    shown_right.push(right);
                }
                if is_same {
                    break;
                }
            }
        }
        if shown_left.is_empty() {
            (shown_left, shown_right) = (lefts.iter().collect(), rights.iter().collect());
        }
        let sides = [
            (&link.left_path, link.operator, &link.right_path, shown_left),
            (&link.right_path, link.operator.converse(), &link.left_path, shown_right),
        ];
        for (path, operator, other, trails) in sides {
            let test = Test::Path { operator, right: other.clone() };
            because.more += trails.len().saturating_sub(MOST_EVIDENCE) as u64;
            for trail in trails.into_iter().take(MOST_EVIDENCE) {
                let truth = trail.found.truth.min(because.truth);
                let evidence =
                    self.evidence_on(path, Some(&test), Polarity::Plain, trail, truth, depth)?;
                if !evidence.statements.is_empty() || !evidence.inner.is_empty() {
                    because.evidence.push(evidence);
                }
            }
        }
        let (left, right) = ((link.left, &link.left_path), (link.right, &link.right_path));
        self.note_days(left, link.operator, right, frame, because)?;
        if because.truth == Truth::No {
            self.note_link_miss(link, &lefts, &rights, because)?;
        }
        Ok(())
    }

    fn side<'q>(
        &self,
        path: &'q Path,
        slot: Slot,
        frame: &Frame,
    ) -> Result<Vec<Trail<'q>>, IndexError> {
        match bound(frame, slot) {
            Some(id) => self.trails(path, EntityId(id)),
            None => Ok(Vec::new()),
        }
    }

    fn agree(&self, left: &Found, right: &Found) -> Result<bool, IndexError> {
        if left.value == FoundValue::Unknown || right.value == FoundValue::Unknown {
            return Ok(true);
        }
        if left.value == right.value {
            return Ok(true);
        }
        let (left, right) = (self.text_of(left)?, self.text_of(right)?);
        let folded = |text: Option<String>| text.map(|text| text.to_lowercase());
        Ok(left.is_some() && folded(left) == folded(right))
    }

    /// Says what is missing on a side, or how far apart the dates of both are.
    fn note_link_miss(
        &self,
        link: &Link,
        lefts: &[Trail<'_>],
        rights: &[Trail<'_>],
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let counting =
            |trails: &[Trail<'_>]| trails.iter().any(|trail| trail.found.truth > Truth::No);
        for (path, trails) in [(&link.left_path, lefts), (&link.right_path, rights)] {
            if !counting(trails) {
                because.remarks.push(format!("`{}` is not recorded", path.written));
            }
        }
        if matches!(link.operator, PathOperator::Apart(..)) {
            return Ok(());
        }
        let mut nearest: Option<(i64, &'static str)> = None;
        for (left, right) in lefts.iter().flat_map(|l| rights.iter().map(move |r| (l, r))) {
            for one in self.times(&left.found, link.left_path.part())? {
                for two in self.times(&right.found, link.right_path.part())? {
                    if let Some((days, side)) = apart(one.bounds().reach(), two.bounds().reach())
                        && nearest.is_none_or(|(least, _)| days < least)
                    {
                        nearest = Some((days, side));
                    }
                }
            }
        }
        if let Some((days, side)) = nearest {
            let words = format!("{} {side}", distance_words(days));
            because.remarks.push(format!(
                "`{}` lies {} `{}`",
                link.left_path.written,
                words.trim_start(),
                link.right_path.written
            ));
        }
        Ok(())
    }
}
