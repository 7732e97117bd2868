//! How many emails a channel may send now, and when the next may go.
//!
//! Limits a minute and a day are rolling: in any sixty seconds, in any twenty-four hours. Providers count that way
//! (Gmail: "rolling 24 hours"), and it leaves no edge at which twice the limit slips through.

use serde::{Deserialize, Serialize};

use crate::{
    reasons::WaitReason,
    time::{DAY, MINUTE, Timestamp},
};

/// The limits of a channel. `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Emails in a batch, after which the channel pauses.
    pub batch_size: Option<u32>,
    /// Seconds between batches.
    pub batch_pause_s: Option<u32>,
    /// Emails in any sixty seconds.
    pub per_minute: Option<u32>,
    /// Emails in any twenty-four hours.
    pub per_day: Option<u32>,
}

/// What a channel sent lately, read from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recent {
    /// Attempts within the last minute, newest first, at most `per_minute` of them.
    pub minute: Vec<Timestamp>,
    /// How many attempts were made within the last day.
    pub day: u32,
    /// The attempt that has to be a day old before the next may go: the `per_day`-th newest, where there are so many.
    pub day_blocker: Option<Timestamp>,
    /// The newest attempts, newest first, at most `batch_size` of them.
    pub batch: Vec<Timestamp>,
}

/// How many emails may go now, and what holds the next one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Emails that may leave now.
    pub now: u32,
    /// Until when, and why, the one after those waits. `None` when nothing limits the channel.
    pub then: Option<(Timestamp, WaitReason)>,
}

/// Computes the allowance of a channel. A limit of zero lets nothing through.
pub fn allowance(limits: &Limits, recent: &Recent, now: Timestamp) -> Allowance {
    let constraints = [per_minute(limits, recent, now), per_day(limits, recent, now), batch(limits, recent, now)];
    constraints.into_iter().flatten().min_by_key(|(left, until, _)| (*left, std::cmp::Reverse(*until))).map_or(
        Allowance { now: u32::MAX, then: None },
        |(left, until, reason)| Allowance { now: left, then: Some((until, reason)) },
    )
}

type Constraint = (u32, Timestamp, WaitReason);

fn per_minute(limits: &Limits, recent: &Recent, now: Timestamp) -> Option<Constraint> {
    let limit = limits.per_minute?;
    let used = recent.minute.iter().filter(|at| now.since(**at) < MINUTE).count();
    let left = limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
    let blocker = usize::try_from(limit).ok().and_then(|n| n.checked_sub(1)).and_then(|n| recent.minute.get(n));
    let until = if left > 0 { now.plus(MINUTE) } else { blocker.map_or(now.plus(MINUTE), |at| at.plus(MINUTE)) };
    Some((left, until, WaitReason::LimitPerMinute))
}

fn per_day(limits: &Limits, recent: &Recent, now: Timestamp) -> Option<Constraint> {
    let limit = limits.per_day?;
    let left = limit.saturating_sub(recent.day);
    let until = if left > 0 { now.plus(DAY) } else { recent.day_blocker.map_or(now.plus(DAY), |at| at.plus(DAY)) };
    Some((left, until, WaitReason::LimitPerDay))
}

/// A batch is a run of attempts without a gap as long as the pause.
fn batch(limits: &Limits, recent: &Recent, now: Timestamp) -> Option<Constraint> {
    let size = limits.batch_size?;
    let pause = i64::from(limits.batch_pause_s?).saturating_mul(crate::time::SECOND);
    let mut later = now;
    let mut run = 0u32;
    for &at in &recent.batch {
        if later.since(at) >= pause {
            break;
        }
        run += 1;
        later = at;
    }
    let left = size.saturating_sub(run);
    let until = if left > 0 { now.plus(pause) } else { recent.batch.first().map_or(now, |at| *at).plus(pause) };
    Some((left, until, WaitReason::BatchPause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;
    use proptest::prelude::*;

    /// What the store would read for these attempts.
    fn recent(limits: &Limits, attempts: &[Timestamp], now: Timestamp) -> Recent {
        let newest: Vec<_> = attempts.iter().rev().copied().collect();
        let day: Vec<_> = newest.iter().filter(|at| now.since(**at) < DAY).copied().collect();
        Recent {
            minute: newest
                .iter()
                .take(limits.per_minute.unwrap_or(0) as usize)
                .filter(|at| now.since(**at) < MINUTE)
                .copied()
                .collect(),
            day: u32::try_from(day.len()).unwrap(),
            day_blocker: limits.per_day.and_then(|n| n.checked_sub(1)).and_then(|n| newest.get(n as usize)).copied(),
            batch: newest.iter().take(limits.batch_size.unwrap_or(0) as usize).copied().collect(),
        }
    }

    #[test]
    fn without_limits_everything_goes() {
        let none = Limits::default();
        assert_eq!(allowance(&none, &Recent::default(), Timestamp(0)), Allowance { now: u32::MAX, then: None });
    }

    #[test]
    fn a_limit_of_zero_lets_nothing_through() {
        let limits = Limits { per_minute: Some(0), ..Limits::default() };
        assert_eq!(allowance(&limits, &Recent::default(), Timestamp(0)).now, 0);
    }

    #[test]
    fn the_daily_limit_names_the_moment_the_oldest_leaves_the_window() {
        let limits = Limits { per_day: Some(2), ..Limits::default() };
        let attempts = [Timestamp(5 * SECOND), Timestamp(9 * SECOND)];
        let now = Timestamp(MINUTE);
        let allowance = allowance(&limits, &recent(&limits, &attempts, now), now);
        assert_eq!(allowance, Allowance { now: 0, then: Some((attempts[0].plus(DAY), WaitReason::LimitPerDay)) });
    }

    #[test]
    fn after_a_batch_the_channel_pauses_and_then_a_whole_batch_may_go() {
        let limits = Limits { batch_size: Some(3), batch_pause_s: Some(60), ..Limits::default() };
        let attempts = [Timestamp(0), Timestamp(SECOND), Timestamp(2 * SECOND)];
        let at = |now| allowance(&limits, &recent(&limits, &attempts, now), now);
        assert_eq!(
            at(Timestamp(3 * SECOND)),
            Allowance { now: 0, then: Some((Timestamp(62 * SECOND), WaitReason::BatchPause)) }
        );
        assert_eq!(at(Timestamp(62 * SECOND)).now, 3);
    }

    proptest! {
        /// Sends whatever is allowed as fast as it is allowed, and then counts every window.
        #[test]
        fn no_window_ever_holds_more_than_its_limit(minute in 1u32..20, day in 1u32..60, batch in 1u32..10, pause in 1u32..90) {
            let limits = Limits { batch_size: Some(batch), batch_pause_s: Some(pause), per_minute: Some(minute), per_day: Some(day) };
            let mut now = Timestamp(0);
            let mut attempts: Vec<Timestamp> = Vec::new();
            for _ in 0..400 {
                let allowed = allowance(&limits, &recent(&limits, &attempts, now), now);
                for _ in 0..allowed.now.min(100) {
                    attempts.push(now);
                }
                if let (0, Some((until, _))) = (allowed.now, allowed.then) {
                    prop_assert!(until > now);
                    now = until;
                }
            }
            for (i, &at) in attempts.iter().enumerate() {
                let within = |window: i64| attempts[i..].iter().take_while(|later| later.since(at) < window).count();
                prop_assert!(within(MINUTE) <= minute as usize);
                prop_assert!(within(DAY) <= day as usize);
            }
            prop_assert!(attempts.len() >= day as usize);
        }
    }
}
