//! How repeated failures to sign in slow down, per account and per network address.

use crate::time::{HOUR, MINUTE, SECOND, Timestamp};

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;

/// After this long without a failure the count begins anew.
pub const FORGET_AFTER: i64 = HOUR;

/// Until when the next try is refused, after `failures` failures, the last of them at `last`.
///
/// The pause doubles from one second on and ends at fifteen minutes; an account is never locked for good, because then
/// anybody could lock anybody.
pub fn blocked_until(failures: u32, last: Timestamp) -> Option<Timestamp> {
    let over = failures.checked_sub(FREE)?;
    let pause = (SECOND << over.min(20)).min(15 * MINUTE);
    Some(last.plus(pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_mistakes_are_free_and_many_cost_time() {
        let last = Timestamp(0);
        assert_eq!(blocked_until(4, last), None);
        assert_eq!(blocked_until(5, last), Some(Timestamp(SECOND)));
        assert_eq!(blocked_until(8, last), Some(Timestamp(8 * SECOND)));
        assert_eq!(blocked_until(4_000_000_000, last), Some(Timestamp(15 * MINUTE)));
    }
}
