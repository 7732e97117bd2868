//! Every span of time in the rules, in microseconds, and why it is what it is.

use super::Verdict;
use crate::{
    Timestamp,
    time::{MINUTE, SECOND},
};

/// A view by a browser this soon after dispatch is nobody's in particular: five of six pixels that scanners load are loaded
/// within 20 seconds, and hardly a person reads within a minute.
pub(super) const EARLY_VIEW: i64 = 60 * SECOND;

/// A click this soon is as uncertain. Shorter than for a view: people who wait for an email do click.
pub(super) const EARLY_CLICK: i64 = 30 * SECOND;

/// How long after dispatch a network that mostly filters mail is taken to do so. Later, a person may sit behind it: such
/// networks also show pages to people in an isolated browser.
pub(super) const PROBABLE: i64 = 10 * MINUTE;

/// Two different links this close together are a burst. Scanners follow all links of an email within a second; a person who
/// opens two in new tabs needs about as long, and three take longer.
pub(super) const BURST_OF_TWO: i64 = SECOND;

/// Three different links within this time are a burst too, soon after dispatch: scanners that take breaths.
pub(super) const BURST_OF_THREE: i64 = 6 * SECOND;

/// The same later, when people are about who open what interests them in tabs, one after the other.
pub(super) const LATE_BURST_OF_THREE: i64 = 3 * SECOND / 2;

/// A click this soon after a view that was too soon, by the same client, is too soon as well: pixel and links are half a
/// minute apart in the middle, and a scanner keeps its name.
pub(super) const AFTER_EARLY_VIEW: i64 = 2 * MINUTE;

/// The same link from elsewhere, this soon after somebody followed it, is a scanner that was told of the click: one was
/// seen 12 seconds after its person.
pub(super) const ECHO: i64 = 30 * SECOND;

/// Until when after dispatch bursts are to be expected: of all, 97 in 100 have begun.
pub(super) const BURSTS_BEGIN: i64 = 5 * MINUTE;

/// How far apart visits may be and still tell about each other.
pub const TOGETHER: i64 = 5 * MINUTE;

/// What the same client asks for again within this time is the same look, and not counted again.
pub const REPEAT: i64 = MINUTE;

/// How long a visit waits for evidence against it when it came right after the dispatch: as long as bursts begin.
const WAIT_EARLY: i64 = BURSTS_BEGIN;

/// And later. A burst takes a second, and most follow their pixel within a minute.
const WAIT_LATE: i64 = MINUTE;

/// When a verdict first said at `at` is settled: nothing notifies or triggers before. `since_sent` is the time since the
/// dispatch, where that is known.
pub fn settles_at(at: Timestamp, since_sent: Option<i64>, verdict: Verdict) -> Timestamp {
    match (verdict, since_sent) {
        // Nothing makes these human.
        (Verdict::Machine | Verdict::Own, _) => at,
        (_, Some(since)) if since > WAIT_EARLY => at.plus(WAIT_LATE),
        _ => at.plus(WAIT_EARLY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_can_change_is_settled_and_the_rest_waits_for_the_burst() {
        let at = Timestamp(0);
        assert_eq!(settles_at(at, Some(0), Verdict::Machine), at);
        assert_eq!(settles_at(at, None, Verdict::Own), at);
        assert_eq!(settles_at(at, Some(MINUTE), Verdict::Human), at.plus(5 * MINUTE));
        assert_eq!(settles_at(at, None, Verdict::Unknown), at.plus(5 * MINUTE));
        assert_eq!(settles_at(at, Some(6 * MINUTE), Verdict::Human), at.plus(MINUTE));
    }
}
