//! Notices when the wall clock jumps: mail scheduled for next week must not leave because somebody set a date.

use std::{sync::Mutex, time::Duration};

use domain::{Timestamp, time::MINUTE};

/// How far the wall clock and the machine's uptime may part.
const TOLERANCE: i64 = MINUTE;

/// Compares the wall clock with the machine's uptime since it began.
#[derive(Default)]
pub(crate) struct ClockGuard(Mutex<State>);

#[derive(Default)]
struct State {
    began: Option<(Timestamp, Duration)>,
    jumped: bool,
}

impl ClockGuard {
    /// From here on the clocks are compared; whatever they said before is confirmed.
    pub(crate) fn begin(&self, now: Timestamp, uptime: Duration) {
        *self.state() = State { began: Some((now, uptime)), jumped: false };
    }

    /// Whether the clocks still agree. Once they do not, they have to be confirmed.
    pub(crate) fn is_steady(&self, now: Timestamp, uptime: Duration) -> bool {
        let mut state = self.state();
        if let (Some((wall, began)), false) = (state.began, state.jumped) {
            let passed = i64::try_from(uptime.saturating_sub(began).as_micros()).unwrap_or(i64::MAX);
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

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::{HOUR, SECOND};

    #[test]
    fn time_that_passes_is_no_jump_and_an_hour_out_of_nowhere_is() {
        let hours = Duration::from_hours;
        let guard = ClockGuard::default();
        guard.begin(Timestamp(0), hours(70));
        assert!(guard.is_steady(Timestamp(5 * HOUR + 30 * SECOND), hours(75)));
        assert!(!guard.is_steady(Timestamp(4 * HOUR), hours(75)));
        assert!(!guard.is_steady(Timestamp(5 * HOUR), hours(75)), "it stays until it is confirmed");
        guard.begin(Timestamp(4 * HOUR), hours(75));
        assert!(guard.is_steady(Timestamp(4 * HOUR), hours(75)));
    }
}
