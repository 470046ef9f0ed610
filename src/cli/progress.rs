//! A bar for what takes long, on a terminal alone.
//!
//! In: a job that counts what it does. Out: what the job gives; while it runs longer than a second, a line on
//! standard error says how far it has come, and is gone when it ends.

use super::console::Console;
use crate::source::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar is drawn.
const BEAT: Duration = Duration::from_millis(100);

const TEMPLATE: &str = "{prefix} [{bar:28}] {percent:>3}%  {msg}";

/// Does a job, and shows how far it has come.
pub(super) fn watch<T>(console: &mut Console, job: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    // A reader of pipes and files has no use for it.
    if console.err().1.width.is_none() {
        return job(&progress);
    }
    std::thread::scope(|scope| {
        let (done, is_done) = channel::<()>();
        let shown = &progress;
        scope.spawn(move || {
            let begun = Instant::now();
            if is_done.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = bar();
            show(&bar, shown, begun.elapsed());
            // Only now, so that what is drawn first says everything.
            bar.set_draw_target(ProgressDrawTarget::stderr());
            loop {
                show(&bar, shown, begun.elapsed());
                if is_done.recv_timeout(BEAT) != Err(RecvTimeoutError::Timeout) {
                    bar.finish_and_clear();
                    return;
                }
            }
        });
        // However the job ends, the sender goes, and with it the bar.
        let _done = done;
        job(&progress)
    })
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
    match ProgressStyle::with_template(TEMPLATE) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        // The usual style says less, and all the same how far it has come.
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, progress: &Progress, elapsed: Duration) {
    let word = match progress.stage() {
        Stage::Reading => "reading",
        Stage::Joining => "joining",
        Stage::Writing => "writing",
    };
    bar.set_prefix(word);
    bar.set_length(progress.total_bytes());
    bar.set_position(progress.bytes());
    bar.set_message(message(progress, elapsed));
    bar.tick();
}

/// Says how many records were read, and how fast.
fn message(progress: &Progress, elapsed: Duration) -> String {
    let megabytes = progress.bytes() as f64 / 1e6;
    let speed = megabytes / elapsed.as_secs_f64().max(1e-3);
    format!("{} records, {megabytes:.0} MB, {speed:.0} MB/s", progress.records())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_said_with_its_speed() {
        let progress = Progress::default();
        progress.expect_bytes(300_000_000);
        progress.add(150_000_000, 1_000_000);
        let said = message(&progress, Duration::from_millis(1500));
        assert_eq!(said, "1000000 records, 150 MB, 100 MB/s");
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
