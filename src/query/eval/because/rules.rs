//! Why a rule holds of records, or the conditions of `find`: each condition of the way that derives it, down to base
//! facts.

use super::DEEPEST;
use super::proofs::{Atom, Proofs, atom};
use super::words::Words;
use crate::index::IndexError;
use crate::model::EntityId;
use crate::query::eval::solve::{Frame, Mode, Solution, bound};
use crate::query::eval::{Evaluator, Polarity};
use crate::query::formula::{Bindings, Formula, RuleId, Scope};
use crate::query::why::{Because, Derivation, Given, Why, Written};
use crate::time::Truth;

/// Most ways of a rule that are shown of which none holds.
const MOST_WAYS: usize = 4;
/// A rule that fails within one that fails is looked into less deeply.
const FAILING: usize = 4;

/// What conditions are told of: the scope they stand in, and the derivations found.
#[derive(Clone, Copy)]
pub(super) struct Setting<'s> {
    pub scope: &'s Scope,
    pub proofs: Option<&'s Proofs>,
    pub depth: usize,
}

impl Evaluator<'_> {
    /// Adds why other records stand with a row as a scope says whose first variable is the row.
    pub(super) fn add_joined(
        &self,
        scope: &Scope,
        row: EntityId,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let first = [Some(row.0)];
        if because.text.is_empty() {
            let words = Words { index: self.index, program: &self.program, scope };
            let parts: Result<Vec<String>, IndexError> = scope
                .conjuncts
                .iter()
                .map(|conjunct| words.formula(&conjunct.formula, &first))
                .collect();
            because.text = parts?.join(" and ");
        }
        let parts = match self.surest(scope, &first, Mode::Whole)? {
            Some((frame, _)) => {
                self.conditions_of(Setting { scope, proofs: None, depth }, &frame)?
            }
            None => self.nearest(scope, &first, depth, &mut because.remarks)?,
        };
        match <[Because; 1]>::try_from(parts) {
            // The rule that was asked, and nothing else: the condition is that call.
            Ok([only]) => {
                because.derivation = only.derivation;
                because.parts = only.parts;
                because.evidence = only.evidence;
                because.more += only.more;
                because.remarks.extend(only.remarks);
            }
            Err(parts) => because.parts = parts,
        }
        Ok(())
    }

    /// Adds why records stand together as one of several ways says.
    pub(super) fn add_bindings(
        &self,
        bindings: &Bindings,
        row: &[EntityId],
        why: &mut Why,
    ) -> Result<Truth, IndexError> {
        let first: Vec<Option<u32>> = row.iter().map(|entity| Some(entity.0)).collect();
        let mut best: Option<(&Scope, Solution)> = None;
        for way in &bindings.ways {
            if let Some(found) = self.surest(way, &first, Mode::Whole)?
                && best.as_ref().is_none_or(|(_, (_, known))| *known < found.1)
            {
                best = Some((way, found));
            }
        }
        if let Some((scope, (frame, truth))) = best {
            self.note_given(scope, row.len(), &frame, why)?;
            why.conditions =
                self.conditions_of(Setting { scope, proofs: None, depth: 0 }, &frame)?;
            return Ok(truth);
        }
        let count = bindings.ways.len();
        for (number, way) in bindings.ways.iter().enumerate().take(MOST_WAYS) {
            let mut remarks = Vec::new();
            let parts = self.nearest(way, &first, 0, &mut remarks)?;
            if count == 1 {
                why.conditions = parts;
                why.remarks.extend(remarks);
                continue;
            }
            let text = format!("the {} of {count} alternatives", ordinal(number + 1));
            why.conditions.push(Because { parts, remarks, ..Because::new(text, Truth::No) });
        }
        Ok(Truth::No)
    }

    fn note_given(
        &self,
        scope: &Scope,
        width: usize,
        frame: &Frame,
        why: &mut Why,
    ) -> Result<(), IndexError> {
        for given in self.given(scope, frame)?.into_iter().skip(width) {
            let name = given.name.map_or_else(String::new, |name| format!("{name} "));
            why.remarks.push(format!("with {} = {name}[{}]", given.variable, given.id));
        }
        Ok(())
    }

    /// Tells each condition of a scope, as far as its variables are known.
    pub(super) fn conditions_of(
        &self,
        setting: Setting<'_>,
        frame: &Frame,
    ) -> Result<Vec<Because>, IndexError> {
        let conjuncts = setting.scope.conjuncts.iter();
        conjuncts.map(|conjunct| self.formula_because(&conjunct.formula, setting, frame)).collect()
    }

    pub(super) fn formula_because(
        &self,
        formula: &Formula,
        setting: Setting<'_>,
        frame: &Frame,
    ) -> Result<Because, IndexError> {
        let Setting { scope, depth, .. } = setting;
        let words = Words { index: self.index, program: &self.program, scope };
        let text = words.formula(formula, frame)?;
        let open = formula.free().into_iter().find(|slot| bound(frame, *slot).is_none());
        if let Some(slot) = open {
            let name = scope.variable(slot).map_or("", |variable| variable.name.as_str());
            let remark = format!("no `{name}` is left of which it could hold");
            return Ok(Because { remarks: vec![remark], ..Because::new(text, Truth::No) });
        }
        let mut known = frame.to_vec();
        let truth = self.judge(formula, &mut known, Polarity::Plain)?;
        let mut because = Because::new(text, truth);
        if depth > DEEPEST {
            because.remarks.push(format!("reasons go no deeper than {DEEPEST} steps"));
            return Ok(because);
        }
        let deeper = Setting { depth: depth + 1, ..setting };
        match formula {
            Formula::One { slot, condition, .. } => {
                let Some(id) = bound(frame, *slot) else { return Ok(because) };
                let none = Written::default();
                return self.because(condition, &none, Polarity::Plain, EntityId(id), depth);
            }
            Formula::Two(link) => self.add_link(link, frame, depth, &mut because)?,
            Formula::Computed(test) => {
                self.add_computed_test(test, frame, depth, &mut because)?;
            }
            Formula::Call(call) => {
                if let Some(atom) = atom(call, frame) {
                    self.add_atom(&atom, setting, &mut because)?;
                }
            }
            Formula::Not(inner) if truth == Truth::Certain => {
                let remark = match inner.as_ref() {
                    Formula::Call(_) => Some("there is no way to derive it"),
                    Formula::Exists(_) => Some("nothing fulfils it"),
                    // What two values are is told by the variables.
                    _ => None,
                };
                because.remarks.extend(remark.map(str::to_owned));
            }
            Formula::Not(inner) | Formula::Certainly(inner) | Formula::Possibly(inner) => {
                because.parts.push(self.formula_because(inner, deeper, frame)?);
            }
            Formula::And(parts) | Formula::Or(parts) => {
                for part in parts {
                    because.parts.push(self.formula_because(part, deeper, frame)?);
                }
            }
            Formula::Exists(inner) => {
                let setting = Setting { scope: inner, proofs: None, depth: depth + 1 };
                because.parts = match self.surest(inner, frame, Mode::Whole)? {
                    Some((frame, _)) => self.conditions_of(setting, &frame)?,
                    None => self.nearest(inner, frame, depth + 1, &mut because.remarks)?,
                };
            }
        }
        Ok(because)
    }

    /// Adds how a rule derives its arguments, or what came nearest to it.
    fn add_atom(
        &self,
        atom: &Atom,
        setting: Setting<'_>,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let key = (atom.rule, atom.tuple.clone());
        if !self.derived.told.borrow_mut().insert(key) {
            because.remarks.push("as told above".to_owned());
            return Ok(());
        }
        if because.truth == Truth::No {
            return self.add_failing(atom, setting.depth + FAILING, because);
        }
        let own;
        let proofs = match setting.proofs.filter(|proofs| proofs.step(atom).is_some()) {
            Some(proofs) => proofs,
            None => {
                own = self.proofs(atom, because.truth)?;
                &own
            }
        };
        let Some(length) = proofs.length(atom) else {
            because.remarks.push("its derivation is too long to be searched for".to_owned());
            return Ok(());
        };
        if setting.depth >= DEEPEST {
            let remark = match length {
                1 => "one application of a rule lies behind it".to_owned(),
                several => format!("{several} applications of rules lie behind it"),
            };
            because.remarks.push(format!("{remark}; reasons go no deeper than {DEEPEST} steps"));
            return Ok(());
        }
        let Some(step) = proofs.step(atom) else { return Ok(()) };
        let rule = self.program.rule(atom.rule);
        let Some(scope) = rule.and_then(|rule| rule.ways.get(step.way)) else { return Ok(()) };
        because.derivation = Some(self.derivation(atom.rule, step.way, &step.frame)?);
        let setting = Setting { scope, proofs: Some(proofs), depth: setting.depth + 1 };
        because.parts = self.conditions_of(setting, &step.frame)?;
        Ok(())
    }

    /// Adds how nearly each way to derive it holds.
    fn add_failing(
        &self,
        atom: &Atom,
        depth: usize,
        because: &mut Because,
    ) -> Result<(), IndexError> {
        let Some(rule) = self.program.rule(atom.rule) else { return Ok(()) };
        if depth > DEEPEST {
            because.remarks.push("what it would rest on is not looked into".to_owned());
            return Ok(());
        }
        let first: Vec<Option<u32>> = atom.tuple.iter().copied().map(Some).collect();
        for (number, way) in rule.ways.iter().enumerate().take(MOST_WAYS) {
            let mut remarks = Vec::new();
            let parts = self.nearest(way, &first, depth, &mut remarks)?;
            let derivation = Some(self.derivation(atom.rule, number, &first)?);
            if rule.ways.len() == 1 {
                because.derivation = derivation;
                because.parts = parts;
                because.remarks.extend(remarks);
                continue;
            }
            let text = format!("`{}` by its {} `if`", rule.name, ordinal(number + 1));
            let way = Because { derivation, parts, remarks, ..Because::new(text, Truth::No) };
            because.parts.push(way);
        }
        Ok(())
    }

    fn derivation(&self, id: RuleId, way: usize, frame: &Frame) -> Result<Derivation, IndexError> {
        let rule = self.program.rule(id);
        let name = rule.map_or("", |rule| rule.name.as_str());
        let mut known = self.index.definitions().iter();
        let record = known.find(|each| each.kind == "rule" && each.name == name);
        let file = record.and_then(|record| self.index.files().get(record.file as usize));
        let scope = rule.and_then(|rule| rule.ways.get(way));
        Ok(Derivation {
            rule: name.to_owned(),
            file: file.map(|file| file.path.clone()).unwrap_or_default(),
            line: record.map_or(0, |record| record.line),
            way: way + 1,
            ways: rule.map_or(0, |rule| rule.ways.len()),
            given: scope.map(|scope| self.given(scope, frame)).transpose()?.unwrap_or_default(),
        })
    }

    /// Returns what the variables of a scope stand for that can be named.
    fn given(&self, scope: &Scope, frame: &Frame) -> Result<Vec<Given>, IndexError> {
        let mut given = Vec::new();
        for variable in &scope.variables {
            // What stands for a path bears the path's words, which say it already.
            let Some(id) = bound(frame, variable.slot).filter(|_| !variable.name.contains('.'))
            else {
                continue;
            };
            given.push(Given {
                variable: variable.name.clone(),
                id: self.index.id_of(EntityId(id))?.into_owned(),
                name: self.index.name_of(EntityId(id))?.map(str::to_owned),
            });
        }
        Ok(given)
    }
}

/// Returns `first`, `second` and so on.
fn ordinal(number: usize) -> String {
    match number {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        several => format!("{several}th"),
    }
}
