//! Labelled views and clicks: what people, machines and senders do with tracked emails, and who did it.
//!
//! Written from what is published about mail programs, privacy proxies and link scanners, with the overlap and the noise of
//! the world: people who click within seconds, scanners that call themselves browsers and take their time, forwards, own
//! devices that nobody knows. How often and how fast everything happens is drawn from the seed, so that every seed is
//! another world. It shares nothing with the rules that are measured on it.

mod clients;
mod scenes;
mod world;

use std::net::IpAddr;

use rand::{SeedableRng as _, rngs::StdRng};

use scenes::Stage;
use world::World;

/// Who caused a view or a click, as only the simulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// A recipient, or somebody they forwarded the email to.
    Human,
    /// A prefetch, a preview or a scanner.
    Machine,
    /// The sender or a colleague.
    Own,
}

/// What ties a request to the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// Their browser is signed in.
    Cookie,
    /// They are signed in from the same address.
    Address,
}

/// A labelled request.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// To which email.
    pub email: u32,
    /// When, in microseconds since the email was handed over.
    pub at: i64,
    /// Which link; `None` for the pixel.
    pub link: Option<u16>,
    /// From where.
    pub ip: IpAddr,
    /// By what.
    pub user_agent: Option<&'static str>,
    /// Whether only the head was asked for.
    pub head: bool,
    /// Whether a prefetch was announced.
    pub prefetch: bool,
    /// What ties it to the sender, as far as a server can know.
    pub tie: Option<Tie>,
    /// Who it was.
    pub label: Label,
}

/// What happened to many emails.
#[derive(Debug, Clone)]
pub struct Replay {
    /// Email by email, in the order of time.
    pub requests: Vec<Labelled>,
    /// When each email was answered, if it was, in microseconds since it was handed over.
    pub replies: Vec<(u32, i64)>,
    /// Apple's list in this world, in the format in which Apple publishes its own.
    pub apple_list: String,
}

/// At least `least` requests in the world of `seed`.
pub fn replay(seed: u64, least: usize) -> Replay {
    let mut dice = StdRng::seed_from_u64(seed);
    let world = World::draw(&mut dice);
    let mut replay =
        Replay { requests: Vec::with_capacity(least), replies: Vec::new(), apple_list: world.apple_list() };
    let mut email = 0;
    while replay.requests.len() < least {
        let mut stage = Stage::new(&world, &mut dice);
        stage.play();
        if let Some(at) = stage.replied_at {
            replay.replies.push((email, at));
        }
        let mut requests = stage.requests;
        for request in &mut requests {
            request.email = email;
        }
        requests.sort_by_key(|request| request.at);
        replay.requests.append(&mut requests);
        email += 1;
    }
    replay
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_world_and_another_seed_another_one() {
        let times = |seed| replay(seed, 500).requests.iter().map(|it| it.at).collect::<Vec<_>>();
        assert_eq!(times(1), times(1));
        assert_ne!(times(1), times(2));
    }

    #[test]
    fn every_world_has_its_people_machines_and_senders_and_they_overlap_in_time() {
        for seed in 1..6 {
            let world = replay(seed, 10_000);
            assert!(world.requests.len() >= 10_000);
            for label in [Label::Human, Label::Machine, Label::Own] {
                let share = world.requests.iter().filter(|it| it.label == label).count();
                assert!(share > 100, "{label:?}: {share}");
            }
            let soon = |it: &&Labelled| it.at < 20_000_000 && it.link.is_some();
            assert!(world.requests.iter().filter(soon).any(|it| it.label == Label::Human));
            assert!(world.requests.iter().any(|it| it.label == Label::Machine && it.at > 3_600_000_000));
        }
    }
}
