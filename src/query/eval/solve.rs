//! Scopes solved: which records for the variables fulfil all conjuncts, and how surely.
//!
//! One variable after another is bound, each time by what leaves the fewest records to try: a link from a record
//! that is bound, a rule, or the variable's own domain, which has passed the conditions on it alone. A conjunct is
//! judged as soon as all that it speaks of is bound.

use super::forward::FoundValue;
use super::table::{Table, Tuples};
use super::{Evaluator, Polarity};
use crate::index::IndexError;
use crate::model::{EntityId, RelationId};
use crate::query::expression::{Comparison, Condition, Path, PathOperator, Quantifier, Rows, Test};
use crate::query::formula::{Argument, Call, Formula, Link, Scope, Slot};
use crate::query::ids::{Ids, TruthSet};
use crate::time::Truth;
use hashbrown::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// So few rows are judged one by one rather than by solving a scope for all.
const FEW_ROWS: usize = 64;
/// What a rule costs of which an argument is known, in records to try.
const COST_OF_BOUND_CALL: usize = 8;
/// What a rule costs of which no argument is known.
const COST_OF_FREE_CALL: usize = 1000;
/// What a link from a known record costs.
const COST_OF_LINK: usize = 4;

/// The records that variables stand for.
pub(super) type Frame = [Option<u32>];
/// Whether to look for more.
pub(super) type Flow = Result<ControlFlow<()>, IndexError>;
/// Takes a solution and how surely it is one.
type Emit<'e> = dyn FnMut(&Frame, Truth) -> Flow + 'e;

/// Tuples of a rule that stand for all of it in one conjunct.
#[derive(Clone, Copy)]
pub(super) struct Delta<'d> {
    pub conjunct: usize,
    pub tuples: &'d Tuples,
}

struct Search<'s> {
    scope: &'s Scope,
    domains: Rc<Vec<TruthSet>>,
    delta: Option<Delta<'s>>,
}

/// How the next variable is bound.
enum Step<'s> {
    Scan(Slot),
    Link(&'s Link, Slot),
    Call(usize, &'s Call),
}

/// Records with texts that two sides may share.
#[derive(Default)]
pub(super) struct Texts {
    by_text: HashMap<String, Vec<u32>, super::Hasher>,
    unknown: Vec<u32>,
}

impl Evaluator<'_> {
    /// Returns of which rows a scope holds whose first variable is the row.
    pub(super) fn joined(
        &self,
        scope: &Scope,
        polarity: Polarity,
        within: &Ids,
    ) -> Result<TruthSet, IndexError> {
        let place = std::ptr::from_ref(scope) as usize;
        let known = self.scopes.borrow().get(&place).cloned();
        let found = match known {
            Some(known) => known,
            None if within.len() <= FEW_ROWS => {
                let (mut certain, mut possible) = (Vec::new(), Vec::new());
                for id in within.iter() {
                    match self.first_holds(scope, id)? {
                        Truth::Certain => certain.push(id),
                        Truth::Possible => possible.push(id),
                        Truth::No => {}
                    }
                }
                Rc::new(TruthSet::with(Ids::from_sorted(certain), Ids::from_sorted(possible)))
            }
            None => {
                let (mut certain, mut possible) = (Vec::new(), Vec::new());
                let mut frame = vec![None; scope.slots as usize];
                let _ = self.solve(scope, &mut frame, None, &mut |frame, truth| {
                    if let Some(Some(id)) = frame.first() {
                        let list =
                            if truth == Truth::Certain { &mut certain } else { &mut possible };
                        list.push(*id);
                    }
                    Ok(ControlFlow::Continue(()))
                })?;
                let found =
                    TruthSet::with(Ids::from_unsorted(certain), Ids::from_unsorted(possible));
                let found = Rc::new(found);
                self.scopes.borrow_mut().insert(place, Rc::clone(&found));
                found
            }
        };
        Ok(match polarity {
            Polarity::Plain => found.as_ref().clone(),
            Polarity::Negated => TruthSet::certainly(within.clone()).without(&found),
        })
    }

    fn first_holds(&self, scope: &Scope, id: u32) -> Result<Truth, IndexError> {
        let mut frame = vec![None; scope.slots as usize];
        if let Some(first) = frame.first_mut() {
            *first = Some(id);
        }
        self.best(scope, &mut frame)
    }

    /// Returns how surely a scope holds for what is bound.
    fn best(&self, scope: &Scope, frame: &mut Frame) -> Result<Truth, IndexError> {
        let mut best = Truth::No;
        let _ = self.solve(scope, frame, None, &mut |_, truth| {
            best = best.max(truth);
            Ok(match best {
                Truth::Certain => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            })
        })?;
        Ok(best)
    }

    /// Hands every solution to `emit`, some perhaps several times; what is bound in the frame stays.
    pub(super) fn solve(
        &self,
        scope: &Scope,
        frame: &mut Frame,
        delta: Option<Delta<'_>>,
        emit: &mut Emit<'_>,
    ) -> Flow {
        let domains = self.domains(scope)?;
        let mut truth = Truth::Certain;
        for (variable, domain) in scope.variables.iter().zip(domains.iter()) {
            if let Some(id) = bound(frame, variable.slot) {
                truth = truth.min(truth_in(domain, id));
            }
        }
        if truth == Truth::No {
            return Ok(ControlFlow::Continue(()));
        }
        // What the domains have judged is done.
        let mut done: Vec<bool> = scope
            .conjuncts
            .iter()
            .map(|conjunct| {
                matches!(&conjunct.formula, Formula::One { slot, .. } if scope.variable(*slot).is_some())
            })
            .collect();
        self.search(&Search { scope, domains, delta }, &mut done, frame, truth, emit)
    }

    fn search(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
    ) -> Flow {
        let mut truth = truth;
        let mut judged = Vec::new();
        for (number, conjunct) in search.scope.conjuncts.iter().enumerate() {
            let is_ready = conjunct.free.iter().all(|slot| bound(frame, *slot).is_some());
            let is_delta = search.delta.is_some_and(|delta| delta.conjunct == number);
            if !is_ready || is_delta || done.get(number) != Some(&false) {
                continue;
            }
            truth = truth.min(self.judge(&conjunct.formula, frame, Polarity::Plain)?);
            set(done, number, true);
            judged.push(number);
            if truth == Truth::No {
                break;
            }
        }
        let flow = match truth {
            Truth::No => Ok(ControlFlow::Continue(())),
            _ => self.extend(search, done, frame, truth, emit),
        };
        judged.into_iter().for_each(|number| set(done, number, false));
        flow
    }

    /// Binds the next variables and goes on with each choice.
    fn extend(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
    ) -> Flow {
        if let Some(delta) = search.delta
            && done.get(delta.conjunct) == Some(&false)
            && let Some(Formula::Call(call)) =
                search.scope.conjuncts.get(delta.conjunct).map(|conjunct| &conjunct.formula)
        {
            return self.each_tuple(
                search,
                done,
                frame,
                truth,
                emit,
                (delta.conjunct, call, delta.tuples),
            );
        }
        match self.next_step(search, done, frame) {
            None => emit(frame, truth),
            Some(Step::Call(number, call)) => {
                let tuples = self.call_rows(call, frame)?;
                self.each_tuple(search, done, frame, truth, emit, (number, call, &tuples))
            }
            Some(Step::Link(link, slot)) => {
                let Some(domain) = domain_of(search, slot) else {
                    return Ok(ControlFlow::Continue(()));
                };
                let candidates = self.linked(link, slot, frame, domain)?;
                self.each_choice(search, done, frame, truth, emit, (slot, &candidates))
            }
            Some(Step::Scan(slot)) => {
                let Some(domain) = domain_of(search, slot) else {
                    return Ok(ControlFlow::Continue(()));
                };
                self.each_choice(search, done, frame, truth, emit, (slot, &domain.possible))
            }
        }
    }

    fn next_step<'s>(&self, search: &Search<'s>, done: &[bool], frame: &Frame) -> Option<Step<'s>> {
        let is_open =
            |slot: Slot| bound(frame, slot).is_none() && search.scope.variable(slot).is_some();
        let mut best: Option<(usize, Step<'s>)> = None;
        let mut offer = |cost: usize, step: Step<'s>| {
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, step));
            }
        };
        for (variable, domain) in search.scope.variables.iter().zip(search.domains.iter()) {
            if is_open(variable.slot) {
                offer(domain.possible.len(), Step::Scan(variable.slot));
            }
        }
        for (number, conjunct) in search.scope.conjuncts.iter().enumerate() {
            if done.get(number) != Some(&false) {
                continue;
            }
            match &conjunct.formula {
                Formula::Two(link)
                    if link.operator == PathOperator::Same
                        && link.quantifier == Quantifier::Some =>
                {
                    match (bound(frame, link.left), bound(frame, link.right)) {
                        (Some(_), None) if is_open(link.right) => {
                            offer(COST_OF_LINK, Step::Link(link, link.right));
                        }
                        (None, Some(_)) if is_open(link.left) => {
                            offer(COST_OF_LINK, Step::Link(link, link.left));
                        }
                        _ => {}
                    }
                }
                Formula::Call(call) => {
                    let is_some_known = call.arguments.iter().any(|argument| match argument {
                        Argument::Variable(slot) => bound(frame, *slot).is_some(),
                        Argument::Record(_) => true,
                    });
                    let binds_here =
                        call.variables().all(|slot| bound(frame, slot).is_some() || is_open(slot));
                    if binds_here {
                        let cost =
                            if is_some_known { COST_OF_BOUND_CALL } else { COST_OF_FREE_CALL };
                        offer(cost, Step::Call(number, call));
                    }
                }
                _ => {}
            }
        }
        best.map(|(_, step)| step)
    }

    fn each_choice(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
        (slot, candidates): (Slot, &Ids),
    ) -> Flow {
        let Some(domain) = domain_of(search, slot) else { return Ok(ControlFlow::Continue(())) };
        for id in candidates.iter() {
            let truth = truth.min(truth_in(domain, id));
            if truth == Truth::No {
                continue;
            }
            bind(frame, slot, Some(id));
            let flow = self.search(search, done, frame, truth, emit);
            bind(frame, slot, None);
            if flow?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn each_tuple(
        &self,
        search: &Search<'_>,
        done: &mut Vec<bool>,
        frame: &mut Frame,
        truth: Truth,
        emit: &mut Emit<'_>,
        (number, call, tuples): (usize, &Call, &Tuples),
    ) -> Flow {
        set(done, number, true);
        let mut flow = Ok(ControlFlow::Continue(()));
        for (tuple, derived) in tuples.iter() {
            let mut truth = truth.min(derived);
            let mut newly = Vec::new();
            for (argument, value) in call.arguments.iter().zip(tuple) {
                let fits = match argument {
                    Argument::Record(entity) => entity.0 == *value,
                    Argument::Variable(slot) => match bound(frame, *slot) {
                        Some(known) => known == *value,
                        None => {
                            let domain = domain_of(search, *slot);
                            truth = truth
                                .min(domain.map_or(Truth::No, |domain| truth_in(domain, *value)));
                            bind(frame, *slot, Some(*value));
                            newly.push(*slot);
                            true
                        }
                    },
                };
                if !fits {
                    truth = Truth::No;
                }
                if truth == Truth::No {
                    break;
                }
            }
            if truth > Truth::No {
                flow = self.search(search, done, frame, truth, emit);
            }
            newly.into_iter().for_each(|slot| bind(frame, slot, None));
            if !matches!(flow, Ok(ControlFlow::Continue(()))) {
                break;
            }
        }
        set(done, number, false);
        flow
    }

    /// Returns which records a variable may stand for, so that a link from the other side may hold.
    fn linked(
        &self,
        link: &Link,
        slot: Slot,
        frame: &Frame,
        domain: &TruthSet,
    ) -> Result<Ids, IndexError> {
        let (known, known_path, path) = match slot == link.right {
            true => (link.left, &link.left_path, &link.right_path),
            false => (link.right, &link.right_path, &link.left_path),
        };
        let Some(id) = bound(frame, known) else { return Ok(domain.possible.clone()) };
        let mut candidates = Vec::new();
        for found in self.values(known_path, EntityId(id))? {
            match found.value {
                FoundValue::None => {}
                // It may be anyone.
                FoundValue::Unknown => return Ok(domain.possible.clone()),
                FoundValue::Entity(entity) if path.steps.is_empty() => candidates.push(entity.0),
                FoundValue::Entity(entity) => {
                    let test = Test::Records(Rows::Records(vec![entity]));
                    let leading = self.holds(path, &test, super::values::Sense::Plain)?;
                    candidates.extend(leading.possible.and(&domain.possible).iter());
                }
                FoundValue::Identifier(_) | FoundValue::Code(..) => {
                    let Some(text) = self.text_of(&found)? else { continue };
                    let texts = self.texts(path, domain)?;
                    candidates
                        .extend(texts.by_text.get(&text.to_lowercase()).into_iter().flatten());
                    candidates.extend(&texts.unknown);
                }
            }
        }
        Ok(Ids::from_unsorted(candidates))
    }

    /// Returns the records of a domain by the texts at the end of a path.
    fn texts(&self, path: &Path, domain: &TruthSet) -> Result<Rc<Texts>, IndexError> {
        let place = std::ptr::from_ref(path) as usize;
        if let Some(known) = self.texts.borrow().get(&place) {
            return Ok(Rc::clone(known));
        }
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
        let texts = Rc::new(texts);
        self.texts.borrow_mut().insert(place, Rc::clone(&texts));
        Ok(texts)
    }

    /// Returns what each variable of a scope may stand for, by the conditions on it alone.
    fn domains(&self, scope: &Scope) -> Result<Rc<Vec<TruthSet>>, IndexError> {
        let place = std::ptr::from_ref(scope) as usize;
        if let Some(known) = self.domains.borrow().get(&place) {
            return Ok(Rc::clone(known));
        }
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
        let domains = Rc::new(domains);
        self.domains.borrow_mut().insert(place, Rc::clone(&domains));
        Ok(domains)
    }

    fn records_of(&self, relations: &[RelationId]) -> Result<TruthSet, IndexError> {
        let mut all = TruthSet::default();
        for relation in relations {
            all = all.or(self.lens.records(*relation)?.as_ref());
        }
        Ok(all)
    }

    /// Judges a formula of which every variable is bound, or its negation.
    pub(super) fn judge(
        &self,
        formula: &Formula,
        frame: &mut Frame,
        polarity: Polarity,
    ) -> Result<Truth, IndexError> {
        match (formula, polarity) {
            (Formula::And(parts), Polarity::Plain) | (Formula::Or(parts), Polarity::Negated) => {
                let mut truth = Truth::Certain;
                for part in parts {
                    if truth > Truth::No {
                        truth = truth.min(self.judge(part, frame, polarity)?);
                    }
                }
                Ok(truth)
            }
            (Formula::Or(parts), Polarity::Plain) | (Formula::And(parts), Polarity::Negated) => {
                let mut truth = Truth::No;
                for part in parts {
                    if truth < Truth::Certain {
                        truth = truth.max(self.judge(part, frame, polarity)?);
                    }
                }
                Ok(truth)
            }
            (Formula::Not(inner), _) => self.judge(inner, frame, polarity.turned()),
            (Formula::Certainly(inner), _) => {
                let holds = self.judge(inner, frame, Polarity::Plain)? == Truth::Certain;
                Ok(super::steps::certain_if(holds == (polarity == Polarity::Plain)))
            }
            (Formula::Possibly(inner), _) => {
                let holds = self.judge(inner, frame, Polarity::Plain)? > Truth::No;
                Ok(super::steps::certain_if(holds == (polarity == Polarity::Plain)))
            }
            (Formula::One { slot, relations, condition }, _) => {
                let Some(id) = bound(frame, *slot) else { return Ok(Truth::No) };
                Ok(truth_in(self.judged(relations, condition, polarity)?.as_ref(), id))
            }
            (Formula::Two(link), _) => self.link_truth(link, frame, polarity),
            (Formula::Call(call), _) => Ok(turned(self.call_truth(call, frame)?, polarity)),
            (Formula::Exists(scope), _) => Ok(turned(self.best(scope, frame)?, polarity)),
        }
    }

    /// Returns of which records of some relations a condition, or its negation, holds.
    pub(super) fn judged(
        &self,
        relations: &[RelationId],
        condition: &Condition,
        polarity: Polarity,
    ) -> Result<Rc<TruthSet>, IndexError> {
        let key = (std::ptr::from_ref(condition) as usize, polarity);
        if let Some(known) = self.judged.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let within = self.records_of(relations)?;
        let noted = self.absent.borrow().len();
        let found = self.truth(condition, polarity, &within.possible)?;
        self.absent.borrow_mut().truncate(noted);
        let found = Rc::new(found);
        self.judged.borrow_mut().insert(key, Rc::clone(&found));
        Ok(found)
    }

    fn link_truth(
        &self,
        link: &Link,
        frame: &Frame,
        polarity: Polarity,
    ) -> Result<Truth, IndexError> {
        let (Some(left), Some(right)) = (bound(frame, link.left), bound(frame, link.right)) else {
            return Ok(Truth::No);
        };
        let verdict = self.pair_of_rows(
            link.quantifier,
            (&link.left_path, EntityId(left)),
            link.operator,
            (&link.right_path, EntityId(right)),
        )?;
        Ok(match polarity {
            Polarity::Plain => verdict.holds,
            Polarity::Negated => verdict.fails,
        })
    }

    /// Says what is in doubt of a row for which a scope may hold whose first variable is the row.
    pub(super) fn doubts_of_scope(
        &self,
        scope: &Scope,
        row: EntityId,
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        self.doubts_of(scope, &[row.0], reasons)
    }

    /// Says what is in doubt of the surest solution in which the first variables are these.
    pub(super) fn doubts_of(
        &self,
        scope: &Scope,
        first: &[u32],
        reasons: &mut Vec<String>,
    ) -> Result<(), IndexError> {
        let mut frame = vec![None; scope.slots as usize];
        for (slot, id) in frame.iter_mut().zip(first) {
            *slot = Some(*id);
        }
        let mut best: Option<Vec<Option<u32>>> = None;
        let _ = self.solve(scope, &mut frame, None, &mut |frame, truth| {
            if best.is_none() || truth == Truth::Certain {
                best = Some(frame.to_vec());
            }
            Ok(match truth {
                Truth::Certain => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            })
        })?;
        let Some(mut frame) = best else { return Ok(()) };
        for conjunct in &scope.conjuncts {
            if self.judge(&conjunct.formula, &mut frame, Polarity::Plain)? != Truth::Possible {
                continue;
            }
            match &conjunct.formula {
                Formula::One { slot, condition, .. } => {
                    if let Some(id) = bound(&frame, *slot) {
                        self.collect(condition, Polarity::Plain, EntityId(id), reasons)?;
                    }
                }
                Formula::Two(link) => {
                    let sides = [(link.left, &link.left_path), (link.right, &link.right_path)];
                    for (slot, path) in sides {
                        let test =
                            Test::Path { operator: link.operator, right: link.right_path.clone() };
                        if let Some(id) = bound(&frame, slot) {
                            self.doubts(path, Some(&test), Polarity::Plain, EntityId(id), reasons)?;
                        }
                    }
                }
                Formula::Call(call) => {
                    let name = self.program.rule(call.rule).map_or("", |rule| rule.name.as_str());
                    reasons.push(format!("rule: {name}"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Solves all ways to find tuples; the tuple is the first variables of each.
    pub(super) fn tuples(&self, ways: &[Scope], width: usize) -> Result<Tuples, IndexError> {
        let mut table = Table::new(width);
        for way in ways {
            let mut frame = vec![None; way.slots as usize];
            let _ = self.solve(way, &mut frame, None, &mut |frame, truth| {
                if let Some(tuple) = first_of(frame, width) {
                    table.add(&tuple, truth);
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(table.into_tuples())
    }
}

impl Evaluator<'_> {
    /// Compares values of two records.
    pub(super) fn pair_of_rows(
        &self,
        quantifier: Quantifier,
        (left_path, left): (&Path, EntityId),
        operator: PathOperator,
        (right_path, right): (&Path, EntityId),
    ) -> Result<crate::time::Verdict, IndexError> {
        let lefts = self.values(left_path, left)?;
        let rights = if lefts.is_empty() { Vec::new() } else { self.values(right_path, right)? };
        self.compare_found(quantifier, (left_path, &lefts), operator, (right_path, &rights))
    }

    /// Judges what compares two paths of one record.
    pub(super) fn row_verdict(
        &self,
        comparison: &Comparison,
        operator: PathOperator,
        right: &Path,
        row: EntityId,
    ) -> Result<crate::time::Verdict, IndexError> {
        self.pair_of_rows(comparison.quantifier, (&comparison.path, row), operator, (right, row))
    }
}

/// Returns the first records of a frame, where all are bound.
pub(super) fn first_of(frame: &Frame, width: usize) -> Option<Vec<u32>> {
    frame.get(..width)?.iter().copied().collect()
}

/// Returns what a variable stands for.
pub(super) fn bound(frame: &Frame, slot: Slot) -> Option<u32> {
    frame.get(slot.index()).copied().flatten()
}

fn bind(frame: &mut Frame, slot: Slot, id: Option<u32>) {
    if let Some(place) = frame.get_mut(slot.index()) {
        *place = id;
    }
}

fn set(done: &mut [bool], number: usize, is_done: bool) {
    if let Some(place) = done.get_mut(number) {
        *place = is_done;
    }
}

fn domain_of<'s>(search: &'s Search<'_>, slot: Slot) -> Option<&'s TruthSet> {
    let place = search.scope.variables.iter().position(|variable| variable.slot == slot)?;
    search.domains.get(place)
}

fn truth_in(set: &TruthSet, id: u32) -> Truth {
    match () {
        () if set.certain.contains(id) => Truth::Certain,
        () if set.possible.contains(id) => Truth::Possible,
        () => Truth::No,
    }
}

/// What is derived for certain is surely not underivable, and the other way round.
fn turned(truth: Truth, polarity: Polarity) -> Truth {
    match (polarity, truth) {
        (Polarity::Plain, truth) => truth,
        (Polarity::Negated, Truth::Certain) => Truth::No,
        (Polarity::Negated, Truth::Possible) => Truth::Possible,
        (Polarity::Negated, Truth::No) => Truth::Certain,
    }
}
