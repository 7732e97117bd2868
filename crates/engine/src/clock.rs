//! The one place that reads the system's clock.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use domain::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        let now = jiff::Timestamp::now();
        Timestamp::from(now)
    }
}

/// How long the machine is up, its sleep included, by a clock that nobody sets. [`std::time::Instant`] stands still while a
/// Linux machine sleeps.
pub(crate) fn uptime() -> Duration {
    #[cfg(target_os = "linux")]
    let clock = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = ClockId::Monotonic;
    clock_gettime(clock).try_into().unwrap_or_default()
}

/// A clock that somebody moves: for tests, and for a demonstration with a past. Once [`MovedClock::release`]d it goes on
/// with the system's clock.
#[derive(Debug)]
pub struct MovedClock(AtomicI64);

const RELEASED: i64 = i64::MIN;

impl MovedClock {
    /// A clock standing at `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves the clock to `to`, if that is later.
    pub fn move_to(&self, to: Timestamp) {
        self.0.fetch_max(to.0, Ordering::SeqCst);
    }

    /// Moves the clock forward.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// From here on the system's clock.
    pub fn release(&self) {
        self.0.store(RELEASED, Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        match self.0.load(Ordering::SeqCst) {
            RELEASED => SystemClock.now(),
            micros => Timestamp(micros),
        }
    }
}
