//! What can go wrong with an index. Each message names the file, says what is wrong, and what to do.

use crate::cancel::Cancelled;
use std::io;

/// Why an index could not be built, written, opened or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no file.
    #[error("there is no index `{path}`: run `regesta build`")]
    Missing {
        /// The index.
        path: String,
    },
    /// The system refused to read.
    #[error(
        "cannot read the index `{path}` ({cause}): check that it may be read, or run `regesta build`"
    )]
    Unreadable {
        /// The index.
        path: String,
        /// The system's reason.
        cause: io::Error,
    },
    /// The system refused to write: a full disk, a read-only folder.
    #[error("cannot write `{path}` ({cause}): what stood there before is unchanged")]
    Unwritable {
        /// The file that was to be written.
        path: String,
        /// The system's reason.
        cause: io::Error,
    },
    /// The file is something else.
    #[error("`{path}` is not an index of Regesta: name another file, or run `regesta build`")]
    Foreign {
        /// The file.
        path: String,
    },
    /// The file was written by an older version.
    #[error(
        "the index `{path}` has the older format {found}, and this version reads {supported}: run `regesta build`"
    )]
    Older {
        /// The index.
        path: String,
        /// Its format.
        found: u32,
        /// The format that is read.
        supported: u32,
    },
    /// The file was written by a newer version.
    #[error(
        "the index `{path}` has the newer format {found}, and this version reads {supported}: use a newer \
         regesta, or run `regesta build`"
    )]
    Newer {
        /// The index.
        path: String,
        /// Its format.
        found: u32,
        /// The format that is read.
        supported: u32,
    },
    /// The file is shorter or longer than it says.
    #[error("the index `{path}` has {found} bytes and should have {expected}: run `regesta build`")]
    Cut {
        /// The index.
        path: String,
        /// The length that it should have.
        expected: u64,
        /// The length that it has.
        found: u64,
    },
    /// The bytes are not those that were written.
    #[error("the index `{path}` is damaged ({what}): run `regesta build`")]
    Damaged {
        /// The index.
        path: String,
        /// What does not fit.
        what: String,
    },
    /// The base is larger than the format allows.
    #[error("the base is too large for one index ({what}): part it into several projects")]
    TooLarge {
        /// What there is too much of.
        what: String,
    },
    /// A question would make more than memory is sure to hold.
    #[error("{what}: ask for less")]
    TooMany {
        /// What there would be too much of, and how much there may be.
        what: String,
    },
    /// The work was ended early.
    #[error(transparent)]
    Cancelled(Cancelled),
    /// A stage gave or asked for what cannot be: a fault of the program, neither of the text nor of the index.
    #[error("{what}: this is a fault of regesta, please report it")]
    Inconsistent {
        /// What cannot be.
        what: String,
    },
    /// The machine stores numbers the other way round.
    #[error("an index is read in place and needs a little-endian machine, which this one is not")]
    BigEndian,
}
