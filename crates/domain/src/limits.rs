//! How many emails a channel may send now, and when the next may go.
//!
//! A limit a minute is rolling: in any sixty seconds. So is a limit a day, unless the provider is known to count from a
//! reset of its own. Rolling windows leave no edge at which twice the limit slips through.

mod day;
mod window;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, address::readable_domain, reasons::WaitReason};

pub use day::DayReset;
pub(crate) use window::Windows;

/// Connections used for a channel at once, where nobody chose.
pub const DEFAULT_CONNECTIONS: u32 = 4;

/// The name of a [`DomainRule`] for every domain that has none of its own.
pub const EVERY_OTHER_DOMAIN: &str = "*";

/// The limits of a channel. `None` is no limit; zero lets nothing through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Connections to the server at once, 1 to 50.
    pub connections: u32,
    /// Emails in a batch, after which the channel pauses.
    pub batch_size: Option<u32>,
    /// Seconds between batches.
    pub batch_pause_s: Option<u32>,
    /// Emails in any sixty seconds.
    pub per_minute: Option<u32>,
    /// Emails a day.
    pub per_day: Option<u32>,
    /// When the day of a limit a day begins.
    pub day_reset: DayReset,
    /// What single recipient domains may get; each name once.
    pub domain_rules: Vec<DomainRule>,
}

/// How much a recipient domain may get through a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainRule {
    /// The domain as people read it, in lower case, or [`EVERY_OTHER_DOMAIN`]: then for each of them by itself.
    pub domain: String,
    /// Emails in any sixty seconds.
    pub per_minute: Option<u32>,
    /// Emails a day; the day is that of the channel.
    pub per_day: Option<u32>,
}

impl DomainRule {
    /// Whether it names `domain`. Earlier versions kept rules as they were spelled, also in punycode.
    fn is_for(&self, domain: &str) -> bool {
        self.domain == domain || self.domain.contains("xn--") && readable_domain(&self.domain) == domain
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: DEFAULT_CONNECTIONS,
            batch_size: None,
            batch_pause_s: None,
            per_minute: None,
            per_day: None,
            day_reset: DayReset::Rolling,
            domain_rules: Vec::new(),
        }
    }
}

impl Limits {
    /// Whether nothing makes mail wait for this channel.
    pub fn is_unlimited(&self) -> bool {
        self.per_minute.is_none()
            && self.per_day.is_none()
            && (self.batch_size.is_none() || self.batch_pause_s.is_none())
            && self.domain_rules.is_empty()
    }

    /// What holds for a recipient domain alone, as limits; `None` when nothing does.
    pub fn of_domain(&self, domain: &str) -> Option<Self> {
        let named = |name: &str| self.domain_rules.iter().find(|rule| rule.is_for(name));
        let rule = named(domain).or_else(|| named(EVERY_OTHER_DOMAIN))?;
        let limits = Self {
            per_minute: rule.per_minute,
            per_day: rule.per_day,
            day_reset: self.day_reset.clone(),
            ..Self::default()
        };
        (!limits.is_unlimited()).then_some(limits)
    }
}

/// What a channel sent lately, or one recipient domain got through it, read from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recent {
    /// Attempts within the last minute, newest first, at most `per_minute` of them.
    pub minute: Vec<Timestamp>,
    /// How many attempts count on this day.
    pub day: u32,
    /// Those attempts of a rolling day that make room by growing a day old, in that order: the first is the
    /// `per_day`-th newest, or the oldest when there are fewer. To know whether one email may go, one is enough; for a
    /// forecast, as many as emails wait.
    pub leaving: Vec<Timestamp>,
    /// The newest attempts, newest first, at most `batch_size` of them.
    pub batch: Vec<Timestamp>,
}

/// How many emails may go now, and what holds the next one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Emails that may leave now.
    pub now: u32,
    /// Until when, and why, the one after those waits; with a limit of zero, when to look again. `None` when nothing
    /// limits.
    pub then: Option<(Timestamp, WaitReason)>,
}

/// How many emails the channel as a whole may send at `now`. A limit of zero lets nothing through.
pub fn allowance(limits: &Limits, recent: &Recent, now: Timestamp) -> Allowance {
    allowed(Windows::of(limits, recent, now), now)
}

/// How many emails one recipient domain may get at `now`; `limits` are the channel's, `recent` the domain's. The channel's
/// own allowance holds as well.
pub fn domain_allowance(limits: &Limits, domain: &str, recent: &Recent, now: Timestamp) -> Allowance {
    let own = limits.of_domain(domain);
    allowed(own.map_or_else(Windows::default, |own| Windows::of_domain(&own, recent, now)), now)
}

fn allowed(mut windows: Windows, now: Timestamp) -> Allowance {
    windows.narrowest(now).map_or(Allowance { now: u32::MAX, then: None }, |(left, opens, reason)| Allowance {
        now: left,
        then: Some((opens, reason)),
    })
}

#[cfg(test)]
mod tests;
