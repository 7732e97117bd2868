//! One limit at work: how many have gone, how many more may, and when the next.

use std::collections::VecDeque;

use super::{DayReset, Limits, Recent};
use crate::{
    Timestamp,
    reasons::WaitReason,
    time::{DAY, MINUTE, SECOND},
};

/// A limit and what has gone within it. Time only goes forward.
#[derive(Debug, Clone)]
struct Window {
    limit: u32,
    used: u32,
    reason: WaitReason,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// In any span of this length. The times of what has gone, oldest first; the newest of a long day may be missing.
    Rolling { span: i64, times: VecDeque<Timestamp> },
    /// From one reset to the next.
    Daily { reset: DayReset, ends: Timestamp },
    /// In a run of attempts without a gap as long as the pause.
    Batch { pause: i64, last: Timestamp },
}

/// All windows of a channel, or of one recipient domain of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Windows(Vec<Window>);

impl Windows {
    pub(crate) fn of(limits: &Limits, recent: &Recent, now: Timestamp) -> Self {
        let minute = limits.per_minute.map(|limit| minute(limit, recent));
        let day = limits.per_day.map(|limit| day(limit, &limits.day_reset, recent, now));
        let batch = limits.batch_size.zip(limits.batch_pause_s).map(|(size, pause)| batch(size, pause, recent));
        Self([minute, day, batch].into_iter().flatten().collect())
    }

    /// The windows of a recipient domain whose limits are `own`.
    pub(crate) fn of_domain(own: &Limits, recent: &Recent, now: Timestamp) -> Self {
        let mut windows = Self::of(own, recent, now);
        for window in &mut windows.0 {
            window.reason = WaitReason::LimitPerDomain;
        }
        windows
    }

    /// How many may go at `now`, when one more may, and which limit says so. `None` when nothing limits.
    pub(crate) fn narrowest(&mut self, now: Timestamp) -> Option<(u32, Timestamp, WaitReason)> {
        let each = self.0.iter_mut().map(|window| (window.left(now), window.opens(now), window.reason));
        each.min_by_key(|(left, opens, _)| (*left, std::cmp::Reverse(*opens)))
    }

    /// The earliest moment from `from` on at which all of them let one go.
    ///
    /// # Errors
    /// The limit of zero that never does.
    pub(crate) fn next(&mut self, from: Timestamp) -> Result<(Timestamp, Option<WaitReason>), WaitReason> {
        let mut next = (from, None);
        for window in &mut self.0 {
            let at = window.next(from).ok_or(window.reason)?;
            if at > next.0 {
                next = (at, Some(window.reason));
            }
        }
        Ok(next)
    }

    /// One goes at `at`.
    pub(crate) fn spend(&mut self, at: Timestamp) {
        for window in &mut self.0 {
            window.spend(at);
        }
    }
}

fn minute(limit: u32, recent: &Recent) -> Window {
    let times: VecDeque<_> = recent.minute.iter().rev().copied().collect();
    let used = u32::try_from(times.len()).unwrap_or(u32::MAX);
    Window { limit, used, reason: WaitReason::LimitPerMinute, kind: Kind::Rolling { span: MINUTE, times } }
}

fn day(limit: u32, reset: &DayReset, recent: &Recent, now: Timestamp) -> Window {
    let kind = match reset {
        DayReset::Rolling => Kind::Rolling { span: DAY, times: recent.leaving.iter().copied().collect() },
        DayReset::At { .. } => Kind::Daily { reset: reset.clone(), ends: reset.day_ends(now) },
    };
    Window { limit, used: recent.day.min(limit), reason: WaitReason::LimitPerDay, kind }
}

fn batch(size: u32, pause_s: u32, recent: &Recent) -> Window {
    let pause = i64::from(pause_s).saturating_mul(SECOND);
    let gaps = recent.batch.iter().zip(recent.batch.iter().skip(1));
    let run = gaps.take_while(|(later, earlier)| later.since(**earlier) < pause).count() + 1;
    let last = recent.batch.first().copied();
    let used = if last.is_some() { u32::try_from(run).unwrap_or(u32::MAX).min(size) } else { 0 };
    let last = last.unwrap_or(Timestamp(i64::MIN));
    Window { limit: size, used, reason: WaitReason::BatchPause, kind: Kind::Batch { pause, last } }
}

impl Window {
    /// How many may go at `now`.
    fn left(&mut self, now: Timestamp) -> u32 {
        self.forget(now);
        self.limit.saturating_sub(self.used)
    }

    /// The earliest moment from `from` on at which one may go; `None` with a limit of zero.
    fn next(&mut self, from: Timestamp) -> Option<Timestamp> {
        match (self.limit, self.left(from)) {
            (0, _) => None,
            (_, 0) => Some(self.opens(from)),
            _ => Some(from),
        }
    }

    /// When, once all have gone that may at `now`, one more may.
    fn opens(&self, now: Timestamp) -> Timestamp {
        match &self.kind {
            Kind::Rolling { span, times } => times.front().copied().unwrap_or(now).plus(*span),
            Kind::Daily { ends, .. } => *ends,
            Kind::Batch { pause, last } if self.used >= self.limit && self.used > 0 => last.plus(*pause),
            Kind::Batch { pause, .. } => now.plus(*pause),
        }
    }

    /// One goes at `at`.
    fn spend(&mut self, at: Timestamp) {
        self.forget(at);
        self.used += 1;
        match &mut self.kind {
            Kind::Rolling { times, .. } => times.push_back(at),
            Kind::Daily { .. } => {}
            Kind::Batch { last, .. } => *last = at,
        }
    }

    /// Forgets what no longer counts at `now`.
    fn forget(&mut self, now: Timestamp) {
        match &mut self.kind {
            Kind::Rolling { span, times } => {
                while times.front().is_some_and(|oldest| now.since(*oldest) >= *span) {
                    times.pop_front();
                    self.used = self.used.saturating_sub(1);
                }
            }
            Kind::Daily { reset, ends } => {
                if now >= *ends {
                    self.used = 0;
                    *ends = reset.day_ends(now);
                }
            }
            Kind::Batch { pause, last } => {
                if now.since(*last) >= *pause {
                    self.used = 0;
                }
            }
        }
    }
}
