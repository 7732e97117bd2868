//! For how long something stood still, and why.

use crate::{Timestamp, reasons::WaitReason};

/// Times of standing still, in order, without those after which a longer one came: nobody who waited through both would
/// name the shorter.
#[derive(Debug, Default)]
pub(super) struct Waits(Vec<Wait>);

#[derive(Debug)]
struct Wait {
    until: Timestamp,
    length: i64,
    reason: WaitReason,
}

impl Waits {
    pub(super) fn note(&mut self, from: Timestamp, until: Timestamp, reason: WaitReason) {
        let length = until.since(from);
        while self.0.last().is_some_and(|before| before.length <= length) {
            self.0.pop();
        }
        self.0.push(Wait { until, length, reason });
    }

    /// The longest that ended after `moment`: its length and its reason.
    pub(super) fn longest_after(&self, moment: Timestamp) -> Option<(i64, WaitReason)> {
        let first = self.0.partition_point(|wait| wait.until <= moment);
        self.0.get(first).map(|wait| (wait.length, wait.reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_of_those_one_waited_through_is_named() {
        let mut waits = Waits::default();
        waits.note(Timestamp(0), Timestamp(60), WaitReason::LimitPerMinute);
        waits.note(Timestamp(60), Timestamp(500), WaitReason::LimitPerDay);
        waits.note(Timestamp(500), Timestamp(560), WaitReason::BatchPause);
        assert_eq!(waits.longest_after(Timestamp(0)), Some((440, WaitReason::LimitPerDay)));
        assert_eq!(waits.longest_after(Timestamp(500)), Some((60, WaitReason::BatchPause)));
        assert_eq!(waits.longest_after(Timestamp(560)), None);
    }
}
