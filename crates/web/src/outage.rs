//! What is said while the store does not answer: every request fails then, and one line a minute tells as much as all.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// When a caller is to ask again, in seconds.
pub(crate) const RETRY_AFTER_S: &str = "5";

/// How often it is logged.
const EVERY: Duration = Duration::from_mins(1);

/// When it was last logged.
static SAID: Mutex<Option<Instant>> = Mutex::new(None);

/// Logs that the store does not answer, once in a while.
pub(crate) fn say(detail: &str) {
    if is_due(&SAID, Instant::now()) {
        tracing::error!(detail, "the store does not answer; requests are refused until it does");
    }
}

fn is_due(said: &Mutex<Option<Instant>>, now: Instant) -> bool {
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    let due = said.is_none_or(|at| now.saturating_duration_since(at) >= EVERY);
    if due {
        *said = Some(now);
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_said_once_a_minute() {
        let (said, start) = (Mutex::new(None), Instant::now());
        let due_after = |seconds| is_due(&said, start + Duration::from_secs(seconds));
        assert_eq!([0, 1, 59, 60, 61, 130].map(due_after), [true, false, false, true, false, true]);
    }
}
