//! The one place that reads the clock: a harness times a real program.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment on the monotonic clock.
#[expect(clippy::disallowed_methods, reason = "a real program is waited for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The wall clock in microseconds since 1970, as the traces of `strace` tell it.
#[expect(clippy::disallowed_methods, reason = "letters are compared with the time stamps of a trace")]
pub(crate) fn micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Asks until the answer is yes; answers whether it came in time.
pub(crate) fn wait_until(patience: Duration, mut ask: impl FnMut() -> bool) -> bool {
    const PAUSE: Duration = Duration::from_millis(50);

    let began = now();
    loop {
        if ask() {
            return true;
        }
        if began.elapsed() > patience {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
}
