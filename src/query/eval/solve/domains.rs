//! What variables may stand for: their domains, and what a link from a bound record leaves of them.

use super::{Frame, bound};
use crate::index::IndexError;
use crate::model::{EntityId, RelationId};
use crate::query::eval::found::{Found, FoundValue};
use crate::query::eval::memo::PartId;
use crate::query::eval::values::Sense;
use crate::query::eval::{Evaluator, Hasher, Polarity};
use crate::query::expression::{End, Path, Rows, Test};
use crate::query::formula::{Formula, Link, Scope};
use crate::query::ids::Ids;
use crate::query::terms::Slot;
use crate::query::truth_set::{Collected, TruthSet};
use hashbrown::HashMap;
use std::rc::Rc;

/// Records with texts that two sides may share.
#[derive(Default)]
pub(in crate::query::eval) struct Texts {
    by_text: HashMap<String, Vec<u32>, Hasher>,
    unknown: Vec<u32>,
}

/// What a link from a bound record leaves of a variable.
pub(super) struct Linked {
    /// The records for which it may hold.
    pub records: TruthSet,
    /// Their truth is that of the link, which need not be judged for each of them.
    pub is_judged: bool,
}

impl Linked {
    /// Leaves all that may be meant to be judged one by one.
    fn open(records: &Ids) -> Linked {
        Linked { records: TruthSet::certainly(records.clone()), is_judged: false }
    }
}

impl Evaluator<'_> {
    /// Returns which records a variable may stand for, so that a link from the other side may hold.
    pub(super) fn linked(
        &self,
        link: &Link,
        slot: Slot,
        frame: &Frame,
        domain: &TruthSet,
    ) -> Result<Linked, IndexError> {
        let (known, known_path, path) = match slot == link.right {
            true => (link.left, &link.left_path, &link.right_path),
            false => (link.right, &link.right_path, &link.left_path),
        };
        let Some(id) = bound(frame, known) else { return Ok(Linked::open(&domain.possible)) };
        let found = self.values(known_path, EntityId(id))?;
        if is_the_record(path) {
            return Ok(named_by(&found, domain));
        }
        let mut candidates = Vec::new();
        for found in found {
            match found.value {
                FoundValue::None => {}
                // It may be anyone.
                FoundValue::Unknown => return Ok(Linked::open(&domain.possible)),
                FoundValue::Entity(entity) => {
                    let test = Test::Records(Rows::Records(vec![entity]));
                    let leading = self.holds(path, &test, Sense::Plain)?;
                    if is_the_record(known_path) {
                        return Ok(Linked { records: leading, is_judged: true });
                    }
                    candidates.extend(leading.possible.and(&domain.possible).iter());
                }
                FoundValue::Identifier(_) | FoundValue::Code(..) | FoundValue::Period(_) => {
                    let Some(text) = self.text_of(&found)? else { continue };
                    let texts = self.texts(path, domain)?;
                    candidates
                        .extend(texts.by_text.get(&text.to_lowercase()).into_iter().flatten());
                    candidates.extend(&texts.unknown);
                }
            }
        }
        Ok(Linked::open(&Ids::from_unsorted(candidates)))
    }

    /// Returns the records of a domain by the texts at the end of a path.
    fn texts(&self, path: &Path, domain: &TruthSet) -> Result<Rc<Texts>, IndexError> {
        self.texts.get_or(PartId::of(path), || {
            let mut texts = Texts::default();
            for id in domain.possible.iter() {
                for found in self.values(path, EntityId(id))? {
                    match found.value {
                        FoundValue::Unknown => texts.unknown.push(id),
                        _ => {
                            if let Some(text) = self.text_of(&found)? {
                                texts.by_text.entry(text.to_lowercase()).or_default().push(id);
                            }
                        }
                    }
                }
            }
            Ok(texts)
        })
    }

    /// Returns what each variable of a scope may stand for, by the conditions on it alone.
    pub(super) fn domains(&self, scope: &Scope) -> Result<Rc<Vec<TruthSet>>, IndexError> {
        self.domains.get_or(PartId::of(scope), || self.find_domains(scope))
    }

    fn find_domains(&self, scope: &Scope) -> Result<Vec<TruthSet>, IndexError> {
        // What is left out of a variable's records is not left out of the rows.
        let noted = self.absent.borrow().len();
        let mut domains = Vec::with_capacity(scope.variables.len());
        for variable in &scope.variables {
            let mut domain = self.records_of(&variable.relations)?;
            for conjunct in &scope.conjuncts {
                if let Formula::One { slot, condition, .. } = &conjunct.formula
                    && *slot == variable.slot
                {
                    let truth = self.truth(condition, Polarity::Plain, &domain.possible)?;
                    domain = domain.and(&truth);
                }
            }
            domains.push(domain);
        }
        self.absent.borrow_mut().truncate(noted);
        Ok(domains)
    }

    pub(super) fn records_of(&self, relations: &[RelationId]) -> Result<TruthSet, IndexError> {
        let mut all = TruthSet::default();
        for relation in relations {
            all = all.or(self.lens.records(*relation)?.as_ref());
        }
        Ok(all)
    }
}

/// Tells whether a path is the record at which it begins.
fn is_the_record(path: &Path) -> bool {
    path.steps.is_empty() && matches!(path.end, End::Records(_))
}

/// Returns which records are among the values that were found, as surely as these are there.
fn named_by(found: &[Found], domain: &TruthSet) -> Linked {
    let mut records = Collected::default();
    let mut may_be_any = false;
    for found in found {
        match found.value {
            FoundValue::Entity(entity) => records.add(entity.0, found.truth),
            FoundValue::Unknown => may_be_any = true,
            _ => {}
        }
    }
    let mut records = records.into_truth();
    if may_be_any {
        records = TruthSet::with(records.certain, domain.possible.clone());
    }
    Linked { records, is_judged: true }
}
