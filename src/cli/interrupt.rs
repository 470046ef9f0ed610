//! Ctrl-C: ends the program at once, or what it is doing.
//!
//! A command that answers once ends where it is, as the system has it; where it has begun to write, that is removed
//! first. A session, and a command that writes many files, are asked to end what they do; they look for themselves.

use crate::cancel::Cancellation;
use crate::index::{self, NothingBegun};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The exit code of a program that was interrupted: 128 and the number of the signal, as shells have it.
pub const INTERRUPTED: u8 = 130;

/// What Ctrl-C does.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    cancellation: Cancellation,
    plan: Arc<Mutex<Plan>>,
}

#[derive(Debug, Default)]
struct Plan {
    first: First,
    /// Folders in which something may be begun and not finished.
    folders: Vec<PathBuf>,
}

/// What the first Ctrl-C does; a second one that comes before the first was heeded ends the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum First {
    /// Ends the program.
    #[default]
    Ends,
    /// Asks what is being done to end.
    Asks,
}

impl Interrupt {
    /// Returns what long work is to look at.
    pub fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// Lets what is being done end, and not the program.
    pub fn only_asks(&self) {
        self.plan().first = First::Asks;
        self.await_it();
    }

    /// Remembers a folder in which something may be begun and not finished.
    fn watch(&self, folder: PathBuf) {
        let mut plan = self.plan();
        if !plan.folders.contains(&folder) {
            plan.folders.push(folder);
        }
        drop(plan);
        self.await_it();
    }

    /// Remembers the folder of the index under a project's root.
    pub fn watch_under(&self, root: &Path) {
        self.watch(index::folder_under(root));
    }

    /// Remembers the folder of a file that may be begun and not finished.
    pub fn watch_beside(&self, file: &Path) {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        self.watch(folder.unwrap_or(Path::new(".")).to_path_buf());
    }

    /// Waits for Ctrl-C from now on. Where the system does not let it, or somebody has had it ignored, nothing
    /// changes. Until there is something to do about it, no thread waits: a look-up takes less time than starting one.
    fn await_it(&self) {
        let interrupt = self.clone();
        // A second time nothing happens: the first handler looks at the same plan.
        let _ = ctrlc::try_set_handler(move || {
            if let Some(_nothing_begun) = interrupt.ends_program() {
                std::process::exit(i32::from(INTERRUPTED));
            }
        });
    }

    /// Asks the work to end, and tells whether the program has to: then nothing unfinished is left, and nothing begun
    /// any more.
    fn ends_program(&self) -> Option<NothingBegun> {
        let plan = self.plan();
        let was_asked = self.cancellation.ask();
        let ends = plan.first == First::Ends || was_asked;
        ends.then(|| index::remove_unfinished(&plan.folders))
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        // Whoever panicked with it in hand has left a plan that still stands.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_ends_at_once_unless_it_is_only_asked() {
        assert!(Interrupt::default().ends_program().is_some());
        let session = Interrupt::default();
        session.only_asks();
        assert!(session.ends_program().is_none());
        assert!(session.cancellation().check().is_err());
        // Nobody has heeded it.
        assert!(session.ends_program().is_some());
        session.cancellation().forget();
        assert!(session.ends_program().is_none());
    }
}
