//! When a temporarily refused email goes again (RFC 5321 §4.5.4.1), and when we give up.

use crate::time::{HOUR, MINUTE, Timestamp};

/// How long we keep trying when the workspace sets nothing: 48 hours. RFC 5321 allows four to five days; a sales email
/// that arrives on Friday instead of Monday is worth less than knowing on Wednesday that it did not.
pub const GIVE_UP_AFTER: i64 = 48 * HOUR;

/// The pauses between attempts, before jitter. The last repeats.
const PAUSES: [i64; 6] = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR];

/// When to try again after `attempts` attempts, the first of them at `first_attempt`; `None` means give up.
///
/// `jitter` is random in `0.0..1.0`; it moves the pause by up to a quarter either way, so that a thousand emails
/// refused together do not come back together.
pub fn next_attempt(
    attempts: u32,
    first_attempt: Timestamp,
    now: Timestamp,
    give_up_after: i64,
    jitter: f64,
) -> Option<Timestamp> {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    let quarter = PAUSES[index] / 4;
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a pause of hours, within f64")]
    let shift = ((jitter.clamp(0.0, 1.0) * 2.0 - 1.0) * quarter as f64) as i64;
    let next = now.plus(PAUSES[index] + shift);
    (next.since(first_attempt) <= give_up_after).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pauses_grow_and_end() {
        let start = Timestamp(0);
        let mut now = start;
        let mut last_pause = 0;
        let mut attempts = 1;
        while let Some(next) = next_attempt(attempts, start, now, GIVE_UP_AFTER, 0.5) {
            assert!(next.since(now) >= last_pause);
            last_pause = next.since(now);
            now = next;
            attempts += 1;
        }
        assert!(now.since(start) > 40 * HOUR && attempts > 10);
    }

    proptest! {
        #[test]
        fn an_attempt_is_later_than_now_and_never_after_the_end(attempts in 1u32..100, elapsed in 0..GIVE_UP_AFTER, jitter in 0.0f64..1.0) {
            let now = Timestamp(elapsed);
            if let Some(next) = next_attempt(attempts, Timestamp(0), now, GIVE_UP_AFTER, jitter) {
                prop_assert!(next > now);
                prop_assert!(next.since(Timestamp(0)) <= GIVE_UP_AFTER);
            }
        }
    }
}
