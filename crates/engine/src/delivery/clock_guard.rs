//! Notices when the wall clock jumps: mail scheduled for next week must not leave because somebody set a date.

use std::sync::Mutex;

use domain::{Timestamp, time::MINUTE};
use tokio::time::Instant;

/// How far wall and monotonic clock may part.
const TOLERANCE: i64 = MINUTE;

/// Compares the wall clock with the monotonic one since it began.
#[derive(Default)]
pub(crate) struct ClockGuard(Mutex<State>);

#[derive(Default)]
struct State {
    began: Option<(Timestamp, Instant)>,
    jumped: bool,
}

impl ClockGuard {
    pub(crate) fn begin(&self, now: Timestamp) {
        *self.state() = State { began: Some((now, Instant::now())), jumped: false };
    }

    /// Whether the clocks still agree. Once they do not, they have to be confirmed.
    pub(crate) fn is_steady(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        if let (Some((wall, monotonic)), false) = (state.began, state.jumped) {
            let passed = i64::try_from(monotonic.elapsed().as_micros()).unwrap_or(i64::MAX);
            let difference = now.since(wall) - passed;
            if difference.abs() > TOLERANCE {
                tracing::error!(
                    seconds = difference / domain::time::SECOND,
                    "the clock jumped; delivery waits for an administrator"
                );
                state.jumped = true;
            }
        }
        !state.jumped
    }

    pub(crate) fn jumped(&self) -> bool {
        self.state().jumped
    }

    pub(crate) fn confirm(&self, now: Timestamp) {
        self.begin(now);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::{HOUR, SECOND};

    #[tokio::test(start_paused = true)]
    async fn time_that_passes_is_no_jump_and_an_hour_out_of_nowhere_is() {
        let guard = ClockGuard::default();
        guard.begin(Timestamp(0));
        tokio::time::advance(std::time::Duration::from_hours(5)).await;
        assert!(guard.is_steady(Timestamp(5 * HOUR + 30 * SECOND)));
        assert!(!guard.is_steady(Timestamp(4 * HOUR)));
        assert!(!guard.is_steady(Timestamp(5 * HOUR)), "it stays until it is confirmed");
        guard.confirm(Timestamp(4 * HOUR));
        assert!(guard.is_steady(Timestamp(4 * HOUR)));
    }
}
