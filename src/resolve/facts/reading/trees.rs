//! The trees of some pieces: each is made where the piece is read, and let go there.
//!
//! A piece that has a `cite` puts sources in force for what follows it in its file, too; its tree is held until the
//! pieces behind it are read.

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::ast::{Piece, TextRange};
use crate::syntax::{may_cite, parse_stretch_into};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A stretch of a file that is read as a piece.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'t> {
    pub file: FileId,
    /// The text of the whole file.
    pub text: &'t str,
    /// Where it stands.
    pub at: TextRange,
    /// How many lines it has.
    pub lines: u32,
    /// Nothing of the file follows it.
    pub is_last: bool,
    /// It may have a `cite` that pieces behind it have to look at.
    may_cite_on: bool,
}

impl<'t> Stretch<'t> {
    /// A stretch of a file, whose text this is.
    pub fn new(file: FileId, text: &'t str, at: TextRange) -> Stretch<'t> {
        let bytes = text.as_bytes().get(at.start as usize..at.end as usize).unwrap_or_default();
        let is_last = at.end as usize == text.len();
        let lines = memchr::memchr_iter(b'\n', bytes).count() as u32;
        Stretch { file, text, at, lines, is_last, may_cite_on: !is_last && may_cite(bytes) }
    }
}

/// A tree, with what is wrong with its syntax.
pub(super) type Parsed = (Piece, Vec<Diagnostic>);

/// A piece with a `cite`.
pub(super) struct Citing {
    pub file: FileId,
    /// Its place among all pieces.
    pub number: u32,
    pub piece: Piece,
}

/// The trees of stretches that follow one another.
pub(super) struct Trees<'s, 't> {
    stretches: &'s [Stretch<'t>],
    /// The number that the first has among all pieces.
    first: u32,
    /// By stretch: the tree, if pieces behind it may have to look at it.
    shared: Vec<Option<OnceLock<Parsed>>>,
    /// The last piece before them that has a `cite`.
    before: Option<&'s Citing>,
    spare: &'s Spare,
}

impl<'s, 't> Trees<'s, 't> {
    /// The trees of stretches of which the first has a number among all pieces; `before` is the last piece before it
    /// that has a `cite`.
    pub fn new(
        stretches: &'s [Stretch<'t>],
        first: u32,
        before: Option<&'s Citing>,
        spare: &'s Spare,
    ) -> Trees<'s, 't> {
        let shared = stretches.iter().map(|stretch| stretch.may_cite_on.then(OnceLock::new));
        Trees { stretches, first, shared: shared.collect(), before, spare }
    }

    /// Makes a tree where that was not done; one that others look at is not given away.
    pub fn own(&self, place: usize) -> Own<'_> {
        match self.shared(place) {
            Some(parsed) => Own::Shared(parsed),
            None => Own::Alone(Box::new(self.parse(place))),
        }
    }

    /// Returns the last piece before one in its file that has a `cite`, and its place among all pieces.
    pub fn cited_in(&self, place: usize) -> Option<(u32, &Piece)> {
        self.citing_before(place, self.stretches.get(place)?.file)
    }

    /// Returns the piece of which a `cite` goes on behind all of them, by its place among all pieces.
    pub fn citing_on(&self) -> Option<u32> {
        let last = self.stretches.last().filter(|last| !last.is_last)?;
        self.citing_before(self.stretches.len(), last.file).map(|(number, _)| number)
    }

    fn citing_before(&self, place: usize, file: FileId) -> Option<(u32, &Piece)> {
        let of_file = |earlier: &usize| {
            self.stretches.get(*earlier).is_some_and(|stretch| stretch.file == file)
        };
        let shared = (0..place).rev().take_while(of_file).find_map(|earlier| {
            let (piece, _) = self.shared(earlier)?;
            (!piece.cites().is_empty()).then_some((self.first + earlier as u32, piece))
        });
        shared.or_else(|| {
            let before = self.before.filter(|before| before.file == file)?;
            Some((before.number, &before.piece))
        })
    }

    /// Returns the trees that were held, by stretch.
    pub fn into_shared(self) -> impl Iterator<Item = Option<Parsed>> {
        self.shared.into_iter().map(|slot| slot?.into_inner())
    }

    /// Whoever comes first makes it; parsing never waits for another.
    fn shared(&self, place: usize) -> Option<&Parsed> {
        let slot = self.shared.get(place)?.as_ref()?;
        Some(slot.get_or_init(|| self.parse(place)))
    }

    fn parse(&self, place: usize) -> Parsed {
        let Some(stretch) = self.stretches.get(place) else { return Parsed::default() };
        parse_stretch_into(stretch.file, stretch.text, stretch.at, self.spare.take())
    }
}

/// The tree of a piece that is read.
pub(super) enum Own<'p> {
    /// Pieces behind it may look at it.
    Shared(&'p Parsed),
    /// Nobody else looks at it.
    Alone(Box<Parsed>),
}

impl Own<'_> {
    pub fn piece(&self) -> &Piece {
        let (piece, _) = match self {
            Own::Shared(parsed) => *parsed,
            Own::Alone(parsed) => &**parsed,
        };
        piece
    }

    /// Lets a tree go that nobody else looks at.
    pub fn let_go(self, spare: &Spare) -> LetGo {
        let Own::Alone(parsed) = self else { return LetGo::default() };
        let (piece, findings) = *parsed;
        if is_kept(&piece) {
            return LetGo { kept: Some(piece), findings };
        }
        spare.give(piece);
        LetGo { kept: None, findings }
    }
}

/// What is left of a tree that was let go; nothing of one that others look at.
#[derive(Default)]
pub(super) struct LetGo {
    /// The tree itself where it is kept.
    pub kept: Option<Piece>,
    /// What is wrong with its syntax.
    pub findings: Vec<Diagnostic>,
}

/// Tells whether a tree is kept: for what it declares, or for lines that could not be read.
pub(super) fn is_kept(piece: &Piece) -> bool {
    piece.declares() || !piece.unread().is_empty()
}

/// Trees that are no longer needed: others grow in their room.
#[derive(Default)]
pub(super) struct Spare(Mutex<Vec<Piece>>);

impl Spare {
    pub fn give(&self, piece: Piece) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
    }

    fn take(&self) -> Piece {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts texts of files into stretches, one an item.
    fn stretches<'t>(files: &[(FileId, &'t str)]) -> Vec<Stretch<'t>> {
        let mut all = Vec::new();
        for (file, text) in files {
            let mut start = 0;
            for item in text.split_inclusive("\n\n") {
                let end = start + item.len() as u32;
                all.push(Stretch::new(*file, text, TextRange::new(start, end)));
                start = end;
            }
        }
        all
    }

    #[test]
    fn a_cite_goes_on_to_the_next_one_of_its_file() {
        let first = "cite a\n\npolity b\n\npolity c\n\ncite d\n\npolity e\n";
        let second = "polity f\n\npolity g\n\ncite h\n\npolity i\n";
        let stretches = stretches(&[(FileId(0), first), (FileId(1), second)]);
        let expected = [None, Some(0), Some(0), Some(0), Some(3), None, None, None, Some(7)];
        let spare = Spare::default();
        for together in 1..=stretches.len() {
            let mut citing: Option<Citing> = None;
            let mut cited_in = Vec::new();
            for (chunk, stretches) in stretches.chunks(together).enumerate() {
                let begin = (chunk * together) as u32;
                let trees = Trees::new(stretches, begin, citing.as_ref(), &spare);
                // From the last one: nobody may count on who comes first.
                let mut of_chunk: Vec<Option<u32>> = (0..stretches.len())
                    .rev()
                    .map(|place| {
                        assert_eq!(trees.own(place).piece().at(), stretches[place].at);
                        trees.cited_in(place).map(|(number, _)| number)
                    })
                    .collect();
                of_chunk.reverse();
                cited_in.extend(of_chunk);
                let citing_on = trees.citing_on();
                let held = (begin..).zip(trees.into_shared());
                let held: Vec<_> = held.filter(|(number, _)| Some(*number) == citing_on).collect();
                citing = match (citing_on, held.into_iter().next()) {
                    (None, _) => None,
                    (Some(number), Some((_, Some((piece, _))))) => Some(Citing {
                        file: stretches[(number - begin) as usize].file,
                        number,
                        piece,
                    }),
                    (Some(_), _) => citing,
                };
            }
            assert_eq!(cited_in, expected, "{together} together");
        }
    }
}
