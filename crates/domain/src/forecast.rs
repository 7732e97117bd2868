//! When each waiting email of a channel will go, and what holds it until then.
//!
//! The forecast plays the future through: the same [windows](crate::limits), the same [turns](crate::turns) as the worker.
//! What it cannot know is how long servers take to answer; a limit is what makes mail wait for minutes or days, and
//! against that seconds do not count.

mod playing;
mod waits;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    EmailId, Timestamp,
    limits::{Limits, Recent, domain_allowance},
    reasons::WaitReason,
    turns::{Lane, Turns},
};

/// An email that waits for a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: EmailId,
    /// The lane it stands in.
    pub lane: Lane,
    /// The earliest moment at which it may go by itself: the user's time, the end of the undo window, or that of a retry.
    pub next_at: Timestamp,
    /// The domain of its To, in lower case; only read where domains have rules.
    pub domain: String,
    /// The transactions it costs: one for its To and one for each copy that has not arrived.
    pub recipients: u32,
}

/// What is known of a channel.
#[derive(Debug, Clone)]
pub struct Outlook<'a> {
    /// Its limits.
    pub limits: &'a Limits,
    /// What it sent lately; [`Recent::leaving`] as far ahead as emails wait.
    pub recent: Recent,
    /// The same of the recipient domains that mail waits for, where they have rules.
    pub domains: BTreeMap<String, Recent>,
    /// Whose turn is next.
    pub turns: Turns,
    /// Why nothing leaves at all: a paused channel, or a clock that jumped.
    pub stop: Option<Stop>,
    /// The present.
    pub now: Timestamp,
}

/// Why a channel sends nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The reason.
    pub reason: WaitReason,
    /// When it goes on by itself; `None` when somebody has to do something first.
    pub until: Option<Timestamp>,
}

/// What is expected of an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// When it goes; `None` when it does not until somebody changes something.
    pub at: Option<Timestamp>,
    /// What holds it beyond the moment at which it may go by itself, longer than anything else does. `None` when nothing
    /// holds it.
    pub held_by: Option<WaitReason>,
}

/// What is expected of each of `waiting`, in their order. They may be in any; it takes `O(n log n)`.
pub fn forecast(outlook: &Outlook<'_>, waiting: &[Waiting]) -> Vec<Expected> {
    match outlook.stop {
        Some(Stop { reason, until: None }) => {
            vec![Expected { at: None, held_by: Some(reason) }; waiting.len()]
        }
        stop if outlook.limits.is_unlimited() => {
            waiting.iter().map(|email| unlimited(email, stop, outlook.now)).collect()
        }
        _ => playing::play(outlook, waiting),
    }
}

/// Which of `waiting` leave at this very moment, in the order of their turns, `most` at the most, and whose turn is next
/// after them. The worker asks this where recipient domains have limits of their own: what it claims is what the forecast
/// said.
pub fn leaving(outlook: &Outlook<'_>, waiting: &[Waiting], most: usize) -> (Vec<EmailId>, Turns) {
    if outlook.stop.is_some() {
        return (Vec::new(), outlook.turns);
    }
    playing::first_moment(outlook, waiting, most)
}

/// The recipient domains of `waiting` that take nothing at this moment, with the moment at which to look again.
pub fn full_domains(outlook: &Outlook<'_>, waiting: &[Waiting]) -> BTreeMap<String, Timestamp> {
    let nothing = Recent::default();
    let domains: BTreeSet<&String> = waiting.iter().map(|email| &email.domain).collect();
    let full = domains.into_iter().filter_map(|domain| {
        let recent = outlook.domains.get(domain).unwrap_or(&nothing);
        let allowed = domain_allowance(outlook.limits, domain, recent, outlook.now);
        let (until, _) = allowed.then.filter(|_| allowed.now == 0)?;
        Some((domain.clone(), until))
    });
    full.collect()
}

fn unlimited(email: &Waiting, stop: Option<Stop>, now: Timestamp) -> Expected {
    let own = email.next_at.max(now);
    match stop.and_then(|stop| Some((stop.until?, stop.reason))) {
        Some((until, reason)) if until > own => Expected { at: Some(until), held_by: Some(reason) },
        _ => Expected { at: Some(own), held_by: None },
    }
}

#[cfg(test)]
mod tests;
