//! Real servers for tests, private to one test process.
//!
//! - [`postgres`]: a PostgreSQL cluster on a socket, and a fresh database per test
//! - [`postfix`]: a Postfix on a loopback port, with the Maildir it delivers into
//! - [`volume`]: a small file system, to be filled
//! - [`dns`]: a DNS server that says what the test tells it to
//! - [`dkim`]: another implementation's opinion on signatures
//! - [`provider`]: a provider that people consent at in place of giving a password
//! - [`sns`]: Amazon's way of calling those who subscribed to a topic
//! - [`pebble`]: a certificate authority that issues by ACME
//! - [`dovecot`]: a Dovecot on two loopback ports (clear text, TLS), with the folders of its users
//!
//! Each server lives in its own folder under `/tmp`, is started from Debian's packages (`make setup` installs them), and is
//! gone when the test process is, however that ended. A server that happens to run on the machine is never used, and a
//! missing one fails the test with a sentence that names the package: nothing is skipped. A test that fails prints what its
//! Postfix, Dovecot and Pebble logged.

mod address;
pub mod dkim;
pub mod dns;
pub mod dovecot;
mod folder;
mod log;
pub mod pebble;
pub mod postfix;
pub mod postgres;
mod process;
pub mod provider;
pub mod sns;
pub mod volume;
mod watchdog;

pub use address::free_address;

/// Fails the test with a sentence for the person who runs it.
#[track_caller]
#[expect(clippy::panic, reason = "a test without its server has failed, and panicking is how a test says so")]
fn fail(sentence: &str) -> ! {
    panic!("{sentence}")
}

/// The value, or a failed test that says why there is none.
#[track_caller]
fn or_fail<T>(result: Result<T, String>) -> T {
    match result {
        Ok(value) => value,
        Err(sentence) => fail(&sentence),
    }
}
