//! What somebody hears who waits for more than a moment.

use std::time::Duration;

use tokio::time::Instant;

/// How often something is said.
const EVERY: Duration = Duration::from_secs(1);

/// Says on standard error how far a command has come, once a second.
pub(super) struct Progress {
    doing: &'static str,
    said: Instant,
}

impl Progress {
    pub(super) fn new(doing: &'static str) -> Self {
        Self { doing, said: Instant::now() }
    }

    /// `count` of `what` are done.
    pub(super) fn tell(&mut self, what: &str, count: u64) {
        if self.said.elapsed() >= EVERY {
            eprintln!("{} {what}: {count}", self.doing);
            self.said = Instant::now();
        }
    }
}
