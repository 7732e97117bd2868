//! Who is here: connections are counted in all and by network, and so is how often a network comes.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Limits;

/// The time in which visits are counted.
const WINDOW: Duration = Duration::from_mins(1);
/// How many networks are remembered; beyond, those that nobody is here from are forgotten.
const MOST_NETWORKS: usize = 10_000;

/// The book of guests.
#[derive(Clone)]
pub(super) struct Guests {
    book: Arc<Mutex<Book>>,
    most: usize,
    most_of_network: usize,
    most_visits: u32,
}

#[derive(Default)]
struct Book {
    here: usize,
    networks: HashMap<IpAddr, Network>,
}

struct Network {
    here: usize,
    visits: u32,
    since: Instant,
}

/// Somebody who is here; leaves when dropped.
pub(super) struct Guest {
    guests: Guests,
    network: IpAddr,
}

/// Which limit keeps a client out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Full {
    /// Too many connections, of whomever.
    Port,
    /// Too many networks to keep count of.
    Networks,
    /// Too many connections of its network.
    Network,
    /// Its network comes too often.
    Visits,
}

impl Full {
    /// What the client hears: the enhanced status (RFC 3463) and a sentence.
    pub(super) fn answer(self) -> (&'static str, &'static str) {
        match self {
            Self::Port | Self::Networks => ("4.3.2", "Too many connections at the moment, come again later"),
            Self::Network => ("4.7.0", "Too many connections from your network at once, come again later"),
            Self::Visits => ("4.7.0", "Too many connections from your network within a minute, come again later"),
        }
    }
}

impl Guests {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            book: Arc::default(),
            most: limits.connections,
            most_of_network: limits.connections_of_network,
            most_visits: limits.visits_of_network,
        }
    }

    /// Lets a client in, or says which limit keeps it out.
    pub(super) fn welcome(&self, client: IpAddr) -> Result<Guest, Full> {
        let network = network_of(client);
        let now = Instant::now();
        let mut book = self.book();
        if book.here >= self.most {
            return Err(Full::Port);
        }
        if book.networks.len() >= MOST_NETWORKS {
            book.networks.retain(|_, it| it.here > 0 || now - it.since < WINDOW);
            if book.networks.len() >= MOST_NETWORKS {
                return Err(Full::Networks);
            }
        }
        let it = book.networks.entry(network).or_insert(Network { here: 0, visits: 0, since: now });
        if now - it.since >= WINDOW {
            (it.visits, it.since) = (0, now);
        }
        if it.here >= self.most_of_network {
            return Err(Full::Network);
        }
        if it.visits >= self.most_visits {
            return Err(Full::Visits);
        }
        it.here += 1;
        it.visits += 1;
        book.here += 1;
        drop(book);
        Ok(Guest { guests: self.clone(), network })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut book = self.guests.book();
        book.here = book.here.saturating_sub(1);
        if let Some(network) = book.networks.get_mut(&self.network) {
            network.here = network.here.saturating_sub(1);
        }
    }
}

/// Addresses that belong together: one customer of a provider has a /24 or a /48 at least.
fn network_of(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Ipv4Addr::new(a, b, c, 0).into()
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests(connections: usize, of_network: usize, visits: u32) -> Guests {
        Guests::new(&Limits {
            connections,
            connections_of_network: of_network,
            visits_of_network: visits,
            ..Limits::default()
        })
    }

    fn from(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn a_network_has_its_share_and_no_more() {
        let guests = guests(5, 2, 100);
        let _first = guests.welcome(from("198.51.100.1")).ok().unwrap();
        let second = guests.welcome(from("198.51.100.2")).ok().unwrap();
        assert_eq!(guests.welcome(from("198.51.100.3")).err(), Some(Full::Network));
        let _other = guests.welcome(from("198.51.101.1")).ok().unwrap();
        drop(second);
        assert!(guests.welcome(from("::ffff:198.51.100.3")).is_ok());
    }

    #[test]
    fn all_together_are_no_more_than_the_limit() {
        let guests = guests(2, 2, 100);
        let _here = (guests.welcome(from("192.0.2.1")).ok(), guests.welcome(from("2001:db8::1")).ok());
        assert_eq!(guests.welcome(from("203.0.113.1")).err(), Some(Full::Port));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_comes_too_often_waits_for_the_next_minute() {
        let guests = guests(10, 10, 3);
        for _ in 0..3 {
            assert!(guests.welcome(from("2001:db8:7:1::1")).is_ok());
        }
        assert_eq!(guests.welcome(from("2001:db8:7:2::1")).err(), Some(Full::Visits));
        tokio::time::advance(WINDOW).await;
        assert!(guests.welcome(from("2001:db8:7:2::1")).is_ok());
    }

    #[test]
    fn networks_that_nobody_is_here_from_are_not_remembered_for_ever() {
        let guests = guests(10, 10, 3);
        for n in 0..20_000_u32 {
            let [_, a, b, c] = n.to_be_bytes();
            let _ = guests.welcome(Ipv4Addr::new(20 + a, b, c, 1).into());
        }
        assert!(guests.book().networks.len() <= MOST_NETWORKS);
    }
}
