//! When a mailbox is connected to again after something went wrong, and how far back it is read at first.

use crate::{
    Timestamp,
    time::{DAY, HOUR, MINUTE, SECOND},
};

/// How much older than the connection, in microseconds, a message may be and is still read: long enough for what came
/// back over a weekend, short enough that nobody's whole history is read.
pub const LOOK_BACK: i64 = 3 * DAY;

/// The pauses after the first faults. A connection that breaks is nothing: servers restart.
const PAUSES: [i64; 6] = [5 * SECOND, 20 * SECOND, MINUTE, 3 * MINUTE, 6 * MINUTE, 12 * MINUTE];
/// After a refusal to let us in: providers lock accounts that are tried too often.
const REFUSED: [i64; 3] = [15 * MINUTE, HOUR, 6 * HOUR];
/// So many faults in a row are worth showing; fewer pass by themselves.
const WORTH_SHOWING: u32 = 2;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection, or the server.
    Connection,
    /// What we sign in with was not taken.
    Refused,
}

impl Fault {
    /// Whether it is shown on the mailbox, after `faults` of them in a row.
    pub const fn is_shown(self, faults: u32) -> bool {
        matches!(self, Self::Refused) || faults >= WORTH_SHOWING
    }

    /// When the next connection is made, after `faults` in a row. `jitter` is random in `0.0..1.0`; it moves the pause by up
    /// to a quarter either way, so that a thousand mailboxes of one provider do not come back together.
    pub fn rests_until(self, faults: u32, now: Timestamp, jitter: f64) -> Timestamp {
        let pauses: &[i64] = match self {
            Self::Connection => &PAUSES,
            Self::Refused => &REFUSED,
        };
        let nth = usize::try_from(faults.saturating_sub(1)).unwrap_or(usize::MAX).min(pauses.len() - 1);
        let quarter = pauses[nth] / 4;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "hours in microseconds, rounded"
        )]
        let shift = ((jitter.clamp(0.0, 1.0) * 2.0 - 1.0) * quarter as f64) as i64;
        now.plus(pauses[nth] + shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_within_a_quarter_of_their_length() {
        let rest = |fault: Fault, faults, jitter| fault.rests_until(faults, Timestamp(0), jitter).0 / SECOND;
        let middle: Vec<i64> = (1..=8).map(|faults| rest(Fault::Connection, faults, 0.5)).collect();
        assert_eq!(middle, [5, 20, 60, 180, 360, 720, 720, 720]);
        assert_eq!((rest(Fault::Refused, 1, 0.0), rest(Fault::Refused, 9, 1.0)), (675, 27_000));
    }

    #[test]
    fn one_broken_connection_is_not_worth_showing_and_a_wrong_password_is() {
        assert!(!Fault::Connection.is_shown(1) && Fault::Connection.is_shown(2) && Fault::Refused.is_shown(1));
    }
}
