//! What somebody hears who waits for more than a moment.

use std::{io::IsTerminal, time::Duration};

use tokio::time::Instant;

/// How often something is said.
const EVERY: Duration = Duration::from_secs(1);

/// Says on standard error how far a command has come, once a second, where somebody watches: in a file it would only stand
/// among the results.
pub(super) struct Progress {
    doing: &'static str,
    is_watched: bool,
    said: Instant,
}

impl Progress {
    pub(super) fn new(doing: &'static str) -> Self {
        Self { doing, is_watched: std::io::stderr().is_terminal(), said: Instant::now() }
    }

    /// `count` of `what` are done.
    pub(super) fn tell(&mut self, what: &str, count: u64) {
        if self.is_watched && self.said.elapsed() >= EVERY {
            eprintln!("{} {what}: {count}", self.doing);
            self.said = Instant::now();
        }
    }
}
