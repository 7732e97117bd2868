//! Slows down whoever guesses passwords, per account and per network address.
//!
//! A try is counted as a failure before it is made, so that a hundred tries at the same moment are a hundred.

use std::net::IpAddr;

use domain::{Timestamp, signin};
use store::{
    Tx,
    sign_in_failures::{self as failures, Failures},
};

use crate::{Engine, Error, Result};

/// Many people may share an address, so that many failures there count as one.
const FAILURES_PER_ADDRESS: u32 = 10;

/// A try that was let through and counts as a failure until it succeeds.
#[must_use]
pub(super) struct Attempt {
    account: String,
    address: Option<String>,
}

impl Engine {
    /// Lets somebody at `ip` try to prove to be `account`, unless too many tries failed.
    pub(super) async fn begin_attempt(&self, account: &str, ip: Option<IpAddr>) -> Result<Attempt> {
        let attempt = Attempt { account: format!("account {account}"), address: ip.map(address) };
        let now = self.now();
        let mut tx = self.db().begin().await?;
        failures::delete_older(&mut tx, now.plus(-signin::FORGET_AFTER)).await?;
        count(&mut tx, &attempt.account, 1, now).await?;
        if let Some(address) = &attempt.address {
            count(&mut tx, address, FAILURES_PER_ADDRESS, now).await?;
        }
        tx.commit().await?;
        Ok(attempt)
    }

    /// The try was none of the bad ones.
    pub(super) async fn attempt_succeeded(&self, tx: &mut Tx, attempt: Attempt) -> Result<()> {
        failures::delete(tx, &attempt.account).await?;
        if let Some(address) = attempt.address {
            let so_far = failures::lock(tx, &address, self.now()).await?;
            let failures = so_far.failures.saturating_sub(1);
            failures::set(tx, &address, Failures { failures, ..so_far }).await?;
        }
        Ok(())
    }
}

async fn count(tx: &mut Tx, subject: &str, worth_one: u32, now: Timestamp) -> Result<()> {
    let so_far = failures::lock(tx, subject, now).await?;
    match signin::blocked_until(so_far.failures / worth_one, so_far.last_at) {
        Some(until) if until > now => Err(Error::TooManyAttempts { until }),
        _ => {
            let failures = so_far.failures.saturating_add(1);
            Ok(failures::set(tx, subject, Failures { failures, last_at: now }).await?)
        }
    }
}

/// One subject for each IPv4 address and for each IPv6 network, of which a single subscriber has a whole /64.
fn address(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => format!("address {ip}"),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one_subject() {
        let subject = |text: &str| address(text.parse().unwrap());
        assert_eq!(subject("192.0.2.1"), "address 192.0.2.1");
        assert_eq!(subject("::ffff:192.0.2.1"), subject("192.0.2.1"));
        assert_eq!(subject("2001:db8:1:2:3:4:5:6"), subject("2001:db8:1:2::9"));
        assert_ne!(subject("2001:db8:1:2::1"), subject("2001:db8:1:3::1"));
    }
}
