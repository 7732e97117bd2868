//! Forecasts of channels, kept for a moment.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    ChannelId, EmailId, Timestamp,
    forecast::{Expected, Stop, Waiting},
    limits::Limits,
    time::{MINUTE, SECOND},
};
use store::emails::Listed;

/// How long a forecast is taken as it is.
const FRESH: i64 = 2 * SECOND;

/// And how much longer for each email in it, in microseconds, because it costs more to make.
const FRESH_FOR_EACH: i64 = 200;

/// A forecast of more emails than this takes so long that nobody waits for the next: the old one serves meanwhile.
const LARGE: usize = 1_000;

/// For how long it does. Its times lie far apart, and things go as it said.
const SERVES: i64 = MINUTE;

/// The forecasts of channels with limits or a pause, each until it is too old or what it was made from has changed.
#[derive(Default)]
pub(crate) struct Forecasts(Mutex<HashMap<ChannelId, Kept>>);

struct Kept {
    made_at: Timestamp,
    limits: Limits,
    stop: Option<Stop>,
    /// With the moment from which on each email might have gone by itself.
    expected: HashMap<EmailId, (Timestamp, Expected)>,
    /// Somebody makes the next one already.
    renewed: bool,
}

/// What is kept.
pub(super) struct Found {
    /// What is expected of the rows that were asked about.
    pub(super) expected: Vec<Option<Expected>>,
    /// Whether the asker is to make the next forecast, without waiting for it.
    pub(super) renew: bool,
}

impl Forecasts {
    /// What is expected of `rows`, if a forecast is kept that knows every one of them as it stands.
    pub(super) fn find(
        &self,
        channel: ChannelId,
        limits: &Limits,
        stop: Option<Stop>,
        rows: &[&Listed],
        now: Timestamp,
    ) -> Option<Found> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_mut(&channel).filter(|kept| kept.holds(limits, stop, now))?;
        let expected = rows.iter().map(|row| kept.of(row).map(Some)).collect::<Option<_>>()?;
        let renew = !kept.renewed && now.since(kept.made_at) >= kept.fresh_for();
        kept.renewed |= renew;
        Some(Found { expected, renew })
    }

    /// Keeps a forecast, and answers what it expects of `rows`.
    #[expect(clippy::too_many_arguments, reason = "everything the forecast was made from")]
    pub(super) fn keep(
        &self,
        channel: ChannelId,
        limits: Limits,
        stop: Option<Stop>,
        made_at: Timestamp,
        waiting: &[Waiting],
        expected: &[Expected],
        rows: &[&Listed],
    ) -> Vec<Option<Expected>> {
        let each = waiting.iter().zip(expected).map(|(email, it)| (email.id, (email.next_at, *it)));
        let kept = Kept { made_at, limits, stop, expected: each.collect(), renewed: false };
        let found = rows.iter().map(|row| kept.of(row)).collect();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(channel, kept);
        found
    }
}

impl Kept {
    fn holds(&self, limits: &Limits, stop: Option<Stop>, now: Timestamp) -> bool {
        let so_long = if self.expected.len() > LARGE { SERVES } else { self.fresh_for() };
        (0..so_long).contains(&now.since(self.made_at)) && self.limits == *limits && self.stop == stop
    }

    fn fresh_for(&self) -> i64 {
        i64::try_from(self.expected.len()).unwrap_or(i64::MAX).saturating_mul(FRESH_FOR_EACH).saturating_add(FRESH)
    }

    fn of(&self, row: &Listed) -> Option<Expected> {
        let (next_at, expected) = self.expected.get(&row.email.id)?;
        (row.email.next_at == Some(*next_at)).then_some(*expected)
    }
}
