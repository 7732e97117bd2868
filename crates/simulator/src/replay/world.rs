//! What is so in one world: how often things happen, how fast, and from where.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr},
};

use rand::{Rng, RngExt as _, rngs::StdRng};

pub(super) const SECOND: f64 = 1_000_000.0;

/// Everything that is drawn once.
#[derive(Debug)]
pub(super) struct World {
    /// Of all emails, those behind a scanner of links.
    pub(super) scanned: f64,
    /// Of scanners, those in networks whose owners publish them.
    pub(super) scanners_published: f64,
    /// Of scanners, those that follow one link after the other with pauses.
    pub(super) scanners_slow: f64,
    /// Of scanners, those that ask for the head first.
    pub(super) scanners_head: f64,
    /// Of scanners, those that say nothing or what they are.
    pub(super) scanners_honest: f64,
    /// Of clicks by people, those that set off a scan by somebody else.
    pub(super) echoed: f64,
    /// Of recipients, those with Apple's Mail Privacy Protection.
    pub(super) apple: f64,
    /// Of recipients, those at Gmail whose images are fetched at delivery.
    pub(super) gmail_prefetch: f64,
    /// Of recipients, those who read at all.
    pub(super) read: f64,
    /// Of readers, those who are there when the email arrives.
    pub(super) waiting: f64,
    /// Of readers, those who follow a link.
    pub(super) click: f64,
    /// Of readers, those who open several links at once in tabs.
    pub(super) tabs: f64,
    /// Of readers, those who forward.
    pub(super) forward: f64,
    /// Of readers, those who answer.
    pub(super) answer: f64,
    /// Of emails, those whose sender looks at them again.
    pub(super) looked_at_by_sender: f64,
    /// Of readers, those whose chat shows a preview of the link.
    pub(super) preview: f64,
    /// The middle of the time until somebody reads, in seconds.
    pub(super) until_read: f64,
    /// The middle of the time until a scanner's pixel, in seconds.
    pub(super) until_scanned: f64,
    /// The middle of the time from there to its burst, in seconds.
    pub(super) until_burst: f64,
    apple_networks: Vec<Ipv4Addr>,
}

impl World {
    pub(super) fn draw(dice: &mut StdRng) -> Self {
        let apple_networks = (0..40)
            .map(|_| Ipv4Addr::new(172, 224 + dice.random_range(0..8), dice.random(), 32 * dice.random_range(0..8)))
            .collect();
        Self {
            scanned: dice.random_range(0.12..0.35),
            scanners_published: dice.random_range(0.25..0.55),
            scanners_slow: dice.random_range(0.03..0.15),
            scanners_head: dice.random_range(0.05..0.2),
            scanners_honest: dice.random_range(0.05..0.2),
            echoed: dice.random_range(0.02..0.1),
            apple: dice.random_range(0.15..0.4),
            gmail_prefetch: dice.random_range(0.03..0.12),
            read: dice.random_range(0.5..0.8),
            waiting: dice.random_range(0.02..0.08),
            click: dice.random_range(0.15..0.4),
            tabs: dice.random_range(0.02..0.1),
            forward: dice.random_range(0.03..0.12),
            answer: dice.random_range(0.05..0.15),
            looked_at_by_sender: dice.random_range(0.05..0.2),
            preview: dice.random_range(0.01..0.05),
            until_read: dice.random_range(1200.0..14_400.0),
            until_scanned: dice.random_range(6.0..14.0),
            until_burst: dice.random_range(22.0..45.0),
            apple_networks,
        }
    }

    /// As Apple publishes it: range, country, region, city.
    pub(super) fn apple_list(&self) -> String {
        let mut list = String::new();
        for network in &self.apple_networks {
            // Writing to a String cannot fail.
            let _ = writeln!(list, "{network}/27,US,US-CA,Cupertino,");
        }
        list
    }

    pub(super) fn apple_address(&self, dice: &mut StdRng) -> IpAddr {
        let network = self.apple_networks[dice.random_range(0..self.apple_networks.len())];
        Ipv4Addr::from(u32::from(network) + dice.random_range(1..31)).into()
    }
}

/// A gateway's address in a network that its owner publishes.
pub(super) fn published_scanner(dice: &mut StdRng) -> Ipv4Addr {
    let (c, d) = (dice.random(), dice.random());
    match dice.random_range(0..5) {
        0 => Ipv4Addr::new(40, 92 + dice.random_range(0..2), c, d),
        1 => Ipv4Addr::new(40, 107, c, d),
        2 => Ipv4Addr::new(52, 100 + dice.random_range(0..4), c, d),
        3 => Ipv4Addr::new(104, 47, c / 2, d),
        _ => Ipv4Addr::new(209, 222, 82, d),
    }
}

/// A machine rented somewhere.
pub(super) fn cloud(dice: &mut StdRng) -> Ipv4Addr {
    let first = [3, 13, 18, 20, 34, 35, 44, 54][dice.random_range(0..8)];
    Ipv4Addr::new(first, dice.random(), dice.random(), dice.random())
}

/// A home, an office or a telephone.
pub(super) fn home(dice: &mut StdRng) -> IpAddr {
    let first = [62, 77, 81, 84, 91, 109, 151, 178, 188, 213][dice.random_range(0..10)];
    Ipv4Addr::new(first, dice.random(), dice.random(), dice.random()).into()
}

/// The address next door.
pub(super) fn beside(address: Ipv4Addr, dice: &mut StdRng) -> IpAddr {
    let [a, b, c, _] = address.octets();
    Ipv4Addr::new(a, b, c, dice.random()).into()
}

/// A time around `middle` seconds, sometimes far above it: its logarithm is spread like a bell, `spread` wide.
#[expect(clippy::cast_possible_truncation, reason = "microseconds of weeks fit")]
pub(super) fn around(middle: f64, spread: f64, dice: &mut StdRng) -> i64 {
    let bell = (0..12).map(|_| dice.random::<f64>()).sum::<f64>() - 6.0;
    (middle * (bell * spread).exp() * SECOND) as i64
}

/// A time between two, in seconds.
#[expect(clippy::cast_possible_truncation, reason = "microseconds of weeks fit")]
pub(super) fn between(least: f64, most: f64, dice: &mut StdRng) -> i64 {
    (dice.random_range(least..most) * SECOND) as i64
}

/// One of these.
pub(super) fn one_of(all: &[&'static str], dice: &mut impl Rng) -> &'static str {
    all[dice.random_range(0..all.len())]
}
