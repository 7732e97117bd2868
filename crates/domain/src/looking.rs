//! When an uncertain email is looked for in the Sent folder again. Not to find it there proves nothing: a provider may be
//! slow to show it, or keep no copy. So it is looked for with growing pauses, and one day no more.

use crate::{
    Timestamp,
    time::{DAY, HOUR, MINUTE},
};

/// The pauses after the first looks.
const PAUSES: [i64; 4] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
/// The pause after each further one.
const LONG_PAUSE: i64 = 6 * HOUR;
/// How long after the first look the last one may be.
const PATIENCE: i64 = 7 * DAY;

/// The time of the next look, after `looks` of them, the first at `first` and the last at `now`.
pub fn next_look(looks: u32, first: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let pause = usize::try_from(looks.saturating_sub(1)).ok().and_then(|done| PAUSES.get(done)).unwrap_or(&LONG_PAUSE);
    let next = now.plus(*pause);
    (next.since(first) <= PATIENCE).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_end_after_a_week() {
        let first = Timestamp(0);
        let (mut at, mut looks, mut pauses) = (first, 1, Vec::new());
        while let Some(next) = next_look(looks, first, at) {
            pauses.push(next.since(at) / MINUTE);
            (at, looks) = (next, looks + 1);
        }
        assert_eq!(pauses[..6], [1, 5, 15, 60, 360, 360]);
        assert!(at <= first.plus(7 * DAY) && at > first.plus(6 * DAY));
    }

    #[test]
    fn a_server_that_slept_for_a_month_looks_no_more() {
        assert_eq!(next_look(2, Timestamp(0), Timestamp(30 * DAY)), None);
    }
}
