//! Loopback addresses for servers that have to be told one.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;
use std::sync::atomic::{AtomicU16, Ordering};

/// Ports that the system gives to nobody by itself (Linux begins at 32768). One that it gave us it would give again as soon as
/// we let go of it, out of no more than some seven thousand: to whoever listens before our server does, or between two starts
/// of it.
const PORTS: Range<u16> = 20_000..30_000;

/// A loopback address that nobody uses now, and that neither the system nor we give to anybody else.
///
/// # Errors
/// A sentence, if every port is taken.
pub fn free_address() -> Result<SocketAddr, String> {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let count = PORTS.end - PORTS.start;
    // Those who run beside us begin elsewhere.
    let ours = u16::try_from(std::process::id().wrapping_mul(997) % u32::from(count)).unwrap_or_default();
    let ports = (0..count).map(|_| PORTS.start + (ours + GIVEN.fetch_add(1, Ordering::Relaxed) % count) % count);
    let mut addresses = ports.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    addresses.find(|address| TcpListener::bind(address).is_ok()).ok_or_else(|| "no loopback port is free.".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_address_is_given_once_and_none_that_is_taken() {
        let held = TcpListener::bind(free_address().unwrap()).unwrap();
        let given: HashSet<SocketAddr> = (0..100).map(|_| free_address().unwrap()).collect();
        assert_eq!(given.len(), 100);
        assert!(!given.contains(&held.local_addr().unwrap()));
        assert!(given.iter().all(|address| PORTS.contains(&address.port())));
    }
}
