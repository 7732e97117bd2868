//! All visits to one email that happened within moments of each other, judged together.
//!
//! Everything is computed from what was first said of each visit, never from an earlier revision, so that the order in which
//! they became known does not matter.

use std::{collections::BTreeSet, net::IpAddr};

use serde::{Deserialize, Serialize};

use super::{
    Verdict, Why,
    agent::Agent,
    timing::{AFTER_EARLY_VIEW, BURST_OF_THREE, BURST_OF_TWO, BURSTS_BEGIN, ECHO, LATE_BURST_OF_THREE, TOGETHER},
};
use crate::{EventId, Timestamp};

/// What was visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The pixel.
    Pixel,
    /// A link, by its place in the body.
    Link(u16),
}

/// Who visited, as far as a request shows it. Both are forgotten after some time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Client {
    /// The network address.
    pub ip: Option<IpAddr>,
    /// The name it gives itself.
    pub user_agent: Option<String>,
}

/// A visit and what was first said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What was visited.
    pub target: Target,
    /// By whom.
    pub client: Client,
    /// What [`super::judge`] said.
    pub verdict: Verdict,
    /// And why.
    pub why: Why,
}

/// What is said of a visit now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// Its event.
    pub id: EventId,
    /// Who caused it.
    pub verdict: Verdict,
    /// How that is known.
    pub why: Why,
}

/// What else is known of the email.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// When it was handed over.
    pub sent_at: Option<Timestamp>,
    /// When the recipient first answered.
    pub replied_at: Option<Timestamp>,
}

/// What is to be said of each of `visits`, all to the same email, in the same order.
pub fn judge_together(visits: &[Visit], context: Context) -> Vec<Revision> {
    let all = All { visits, burst: in_bursts(visits, context.sent_at), context };
    visits.iter().map(|visit| all.judge(visit)).collect()
}

struct All<'a> {
    visits: &'a [Visit],
    burst: BTreeSet<EventId>,
    context: Context,
}

impl All<'_> {
    /// What speaks against a person; nothing here speaks for one.
    fn judge(&self, visit: &Visit) -> Revision {
        let as_said = Revision { id: visit.id, verdict: visit.verdict, why: visit.why };
        if matches!(visit.verdict, Verdict::Machine | Verdict::Own) {
            return as_said;
        }
        let machine = |why| Revision { verdict: Verdict::Machine, why, ..as_said };
        let unknown = |why| Revision { verdict: Verdict::Unknown, why, ..as_said };
        if self.burst.contains(&visit.id) {
            machine(Why::Burst)
        } else if self.some(|other| self.gives_away(other) && are_together(visit, other) && same_client(visit, other)) {
            machine(Why::SameClient)
        } else if self.some(|other| echoes(visit, other)) {
            machine(Why::Echo)
        } else if visit.verdict == Verdict::Unknown {
            as_said
        } else if self.some(|other| follows_early_view(visit, other)) {
            unknown(Why::TooSoon)
        } else if self.is_after_reply(visit) {
            unknown(Why::AfterReply)
        } else {
            as_said
        }
    }

    fn some(&self, other: impl Fn(&Visit) -> bool) -> bool {
        self.visits.iter().any(other)
    }

    /// Whether this visit says of its client that it is a scanner. The image proxies of mail providers do not: people and
    /// prefetches come through the same ones.
    fn gives_away(&self, visit: &Visit) -> bool {
        self.burst.contains(&visit.id) || matches!(visit.why, Why::ScannerNetwork | Why::Robot | Why::HeadRequest)
    }

    /// A view after the answer, by a client that nobody saw before it.
    fn is_after_reply(&self, visit: &Visit) -> bool {
        let Some(replied_at) = self.context.replied_at else { return false };
        let read_before = |other: &Visit| {
            other.at <= replied_at
                && other.verdict == Verdict::Human
                && other.client == visit.client
                && !is_proxied(visit)
        };
        visit.target == Target::Pixel && visit.at > replied_at && !self.some(read_before)
    }
}

/// The clicks on different links that came too close together for a person.
fn in_bursts(visits: &[Visit], sent_at: Option<Timestamp>) -> BTreeSet<EventId> {
    let mut clicks: Vec<&Visit> =
        visits.iter().filter(|visit| visit.target != Target::Pixel && visit.verdict != Verdict::Own).collect();
    clicks.sort_unstable_by_key(|click| (click.at, click.id));
    let mut burst = BTreeSet::new();
    for (n, first) in clicks.iter().enumerate() {
        let is_late = sent_at.is_some_and(|sent| first.at.since(sent) > BURSTS_BEGIN);
        let of_three = if is_late { LATE_BURST_OF_THREE } else { BURST_OF_THREE };
        for (span, least) in [(BURST_OF_TWO, 2), (of_three, 3)] {
            let close: Vec<_> = clicks[n..].iter().take_while(|click| click.at.since(first.at) <= span).collect();
            let links: BTreeSet<Target> = close.iter().map(|click| click.target).collect();
            if links.len() >= least {
                burst.extend(close.iter().map(|click| click.id));
            }
        }
    }
    burst
}

fn are_together(one: &Visit, other: &Visit) -> bool {
    one.id != other.id && one.at.since(other.at).abs() <= TOGETHER
}

/// The same address, or the same program in the same network: scanners spread over neighbouring addresses.
fn same_client(one: &Visit, other: &Visit) -> bool {
    let (Some(a), Some(b)) = (one.client.ip, other.client.ip) else { return false };
    let same_program = one.client.user_agent == other.client.user_agent;
    // A person and the program that asks for the head beforehand may share an office's address.
    let same_address = a == b && (same_program || other.why != Why::HeadRequest);
    !is_proxied(one) && (same_address || same_program && network(a) == network(b))
}

/// Many people come by the address of an image proxy.
fn is_proxied(visit: &Visit) -> bool {
    Agent::of(visit.client.user_agent.as_deref()) == Agent::ImageProxy
}

/// Whether `visit` is a click by a client that loaded the pixel too soon, moments before.
fn follows_early_view(visit: &Visit, earlier: &Visit) -> bool {
    visit.target != Target::Pixel
        && (earlier.target, earlier.why) == (Target::Pixel, Why::TooSoon)
        && (0..=AFTER_EARLY_VIEW).contains(&visit.at.since(earlier.at))
        && same_client(visit, earlier)
        && visit.client.user_agent == earlier.client.user_agent
}

/// The /24, or the /48.
fn network(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip) >> 8),
        IpAddr::V6(ip) => u128::from(ip) >> 80,
    }
}

/// Whether `visit` is a click that somebody else's click on the same link set off.
fn echoes(visit: &Visit, earlier: &Visit) -> bool {
    let differs = visit.client.ip.is_some()
        && earlier.client.ip.is_some()
        && visit.client.ip != earlier.client.ip
        && visit.client.user_agent != earlier.client.user_agent;
    visit.target != Target::Pixel
        && visit.target == earlier.target
        && earlier.verdict == Verdict::Human
        && (earlier.at, earlier.id) < (visit.at, visit.id)
        && visit.at.since(earlier.at) <= ECHO
        && differs
}

#[cfg(test)]
mod tests;
