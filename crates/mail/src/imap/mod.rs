//! IMAP as a client speaks it (RFC 3501), as far as folders have to be read or searched and a copy has to be kept.
//!
//! [`Session::open`] connects, secures and signs in; its verbs have a file each: [`Session::folders`],
//! [`Session::sent_folder`], [`Session::examine`], [`Session::new_uids`] and [`Session::fetch`], [`Session::idle`],
//! [`Session::find`] and [`Session::ask`], [`Session::append`]. [`probe`] does the same step by step for somebody who is setting a mailbox up.
//!
//! Folders are opened with `EXAMINE` and read with `BODY.PEEK`: nothing here ever changes a flag. The server may be hostile:
//! what is read for one command is bounded in time and in bytes, and no nesting of its making is followed.

mod answer;
mod append;
mod examine;
mod fault;
mod fetch;
mod find;
mod folders;
#[cfg(fuzzing)]
pub mod fuzzing;
mod idle;
mod login;
mod probe;
mod reading;
mod sent_folder;
mod session;
mod utf7;
mod wire;

use std::time::Duration;

use domain::text_enum;

use crate::net::Network;

pub use crate::{
    smtp::{Credentials, Security},
    transcript::{ProbeStep, Problem},
};
pub use append::Copy;
pub use examine::Opened;
pub use fault::{Cause, Fault};
pub use find::Told;
pub use folders::Folder;
pub use probe::{Probe, probe};
pub use reading::{Fetched, MAX_MESSAGE, Message};
pub use sent_folder::sent_of;
pub use session::{OpenError, Session};

/// A server that keeps a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: Security,
    /// The account, and what proves that it is ours.
    pub credentials: Credentials,
}

/// How we speak to servers.
#[derive(Debug, Clone)]
pub struct Client {
    /// The way out of this process.
    pub network: Network,
    /// How long we wait.
    pub patience: Patience,
}

/// How long we wait for a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For its name, for each of its addresses, and for TLS.
    pub connect: Duration,
    /// For its greeting, for the whole answer to a command, and for it to take a block of a message.
    pub command: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(20), command: Duration::from_mins(1) }
    }
}

impl Patience {
    /// For somebody who waits at the screen.
    pub const fn short() -> Self {
        Self { connect: Duration::from_secs(15), command: Duration::from_secs(15) }
    }
}

text_enum!(
    /// A step of opening a mailbox and leaving it.
    MailboxStep {
        /// Looking up the server's name.
        Resolve = "resolve",
        /// Opening the connection.
        Connect = "connect",
        /// Negotiating TLS.
        Tls = "tls",
        /// The server's greeting and what it offers.
        Greeting = "greeting",
        /// Asking for TLS.
        StartTls = "starttls",
        /// Signing in.
        Login = "login",
        /// Finding and opening the Sent folder.
        Select = "select",
        /// Taking leave.
        SignOff = "sign_off",
    }
);
