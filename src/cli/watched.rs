//! A writer that ends where its work is cancelled: a long answer takes longer to print than to find.

use crate::cancel::{Cancellation, Cancelled};
use std::io::{self, Write};

/// Passes on what is written until the work is cancelled.
pub struct Watched<'w> {
    inner: &'w mut dyn Write,
    cancellation: &'w Cancellation,
}

impl<'w> Watched<'w> {
    /// Watches a writer.
    pub fn new(inner: &'w mut dyn Write, cancellation: &'w Cancellation) -> Watched<'w> {
        Watched { inner, cancellation }
    }
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cancellation.check().map_err(io::Error::other)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Tells whether writing failed only because the work was cancelled.
pub fn cancelled(error: &io::Error) -> Option<Cancelled> {
    error.get_ref().and_then(|cause| cause.downcast_ref::<Cancelled>()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_ends_where_somebody_asks() -> io::Result<()> {
        let cancellation = Cancellation::default();
        let mut written = Vec::new();
        let mut watched = Watched::new(&mut written, &cancellation);
        watched.write_all(b"before")?;
        cancellation.ask();
        let failed = watched.write_all(b"after").err();
        assert_eq!(failed.as_ref().and_then(cancelled), Some(Cancelled::Interrupted));
        assert_eq!(written, b"before");
        Ok(())
    }
}
