//! Unions: their members, which may be unions, in any order, but not in a circle.

use super::Declaring;
use super::names::Meaning;
use crate::diagnostic::{Diagnostic, code, meant, shown};
use crate::model::{RelationId, Union};
use crate::source::FileId;
use crate::suggest::nearest;
use crate::syntax::ast::{TextRange, UnionDeclaration};

impl Declaring<'_> {
    /// Declares the unions; members may be unions, in any order, but not in a circle.
    pub(super) fn unions(&mut self, declared: &[(FileId, &UnionDeclaration)]) {
        let mut taken = Vec::new();
        for (file, declaration) in declared {
            let number = self.schema.unions.len() as u32;
            if !self.take(*file, declaration.name, Meaning::Union(number)) {
                continue;
            }
            let name = self.text(*file, declaration.name);
            let plural = match declaration.plural {
                Some(at) if self.take(*file, at, Meaning::Union(number)) => self.text(*file, at),
                _ => name.clone(),
            };
            self.schema.unions.push(Union { name, plural, members: Vec::new() });
            taken.push((*file, *declaration));
        }
        let mut direct = Vec::new();
        let mut faulty = Vec::new();
        for (file, declaration) in &taken {
            let written = declaration.members.iter();
            let members: Vec<_> = written.filter_map(|at| self.union_member(*file, *at)).collect();
            faulty.push(declaration.is_faulty || members.len() < declaration.members.len());
            direct.push(members);
        }
        // A circle is reported once, at the first of its unions.
        let mut circles: Vec<(usize, Vec<bool>)> = Vec::new();
        for (number, (file, declaration)) in taken.iter().enumerate() {
            let mut reached = Vec::new();
            let mut seen = vec![false; direct.len()];
            let comes_back = expand(&direct, number, &mut reached, &mut seen);
            let is_faulty = faulty.iter().zip(&seen).any(|(faulty, seen)| *faulty && *seen);
            self.faulty_unions.push(is_faulty || faulty.get(number) == Some(&true));
            let lies_on = |(other, others): &(usize, Vec<bool>)| {
                seen.get(*other) == Some(&true) && others.get(number) == Some(&true)
            };
            if comes_back && !circles.iter().any(lies_on) {
                circles.push((number, seen));
                let name = self.text(*file, declaration.name);
                let message = format!("the union `{name}` contains itself");
                let span = declaration.name.in_file(*file);
                let found = Diagnostic::new(code::BAD_UNION, message, span, "comes back to itself");
                self.diagnostics.push(found.help("take out the member that leads back"));
            }
            reached.sort();
            reached.dedup();
            if let Some(union) = self.schema.unions.get_mut(number) {
                union.members = reached;
            }
        }
    }

    fn union_member(&mut self, file: FileId, at: TextRange) -> Option<Meaning> {
        let name = self.text(file, at);
        match self.names.get(&name) {
            Some((meaning @ (Meaning::Relation(_) | Meaning::Union(_)), _)) => Some(meaning),
            _ => {
                if self.names.is_excused(&name) {
                    return None;
                }
                let message = format!("`{}` is neither a relation nor a union", shown(&name));
                let found = Diagnostic::new(code::BAD_UNION, message, at.in_file(file), "unknown");
                let near = nearest(&name, self.singulars());
                let found = match near.is_empty() {
                    true => found.help(format!("declare it with `relation {}`", shown(&name))),
                    false => found.help(meant(&near)),
                };
                self.diagnostics.push(found);
                None
            }
        }
    }
}

/// Follows the members of a union; returns whether it comes back to itself.
fn expand(
    direct: &[Vec<Meaning>],
    from: usize,
    reached: &mut Vec<RelationId>,
    seen: &mut [bool],
) -> bool {
    let mut comes_back = false;
    let mut open = vec![from];
    while let Some(union) = open.pop() {
        for member in direct.get(union).map_or(&[][..], Vec::as_slice) {
            match member {
                Meaning::Relation(id) => reached.push(*id),
                Meaning::Union(number) => {
                    let number = *number as usize;
                    comes_back |= number == from;
                    if let Some(seen) = seen.get_mut(number).filter(|seen| !**seen) {
                        *seen = true;
                        open.push(number);
                    }
                }
                Meaning::Definition => {}
            }
        }
    }
    comes_back
}
