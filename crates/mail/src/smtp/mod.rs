//! SMTP as a client speaks it (RFC 5321): one message, one recipient, one answer, with the conversation as evidence.
//!
//! [`Connection::open`] makes a connection that may be kept; [`Connection::transact`] sends one message over it. The
//! stage and the server's own words come back, so that the product's rules can tell a bounce from a broken channel.
//! [`probe`] opens and closes a connection step by step for somebody who is setting one up.
//!
//! A password never crosses a network in clear text: without TLS only this very machine is spoken to.

mod auth;
mod connection;
mod content;
mod dsn;
mod extensions;
mod fault;
#[cfg(fuzzing)]
pub mod fuzzing;
mod given_id;
mod probe;
mod reply;
mod transaction;
mod transcript;
mod wire;

use std::{fmt, time::Duration};

use crate::net::Network;

pub use connection::{Cause, Connection, OpenError};
pub use domain::events::{Line, Speaker};
pub use fault::Fault;
pub use given_id::given_id;
pub use probe::{Probe, ProbeStep, Problem, Step, probe};
pub use transaction::{Envelope, Outcome, Reports, Transaction, Unsendable};

/// A server that takes mail from us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: Security,
    /// Who we are to it.
    pub credentials: Option<Credentials>,
}

/// How a conversation is protected. There is no falling back from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (port 465).
    Tls,
    /// TLS after `STARTTLS`, required (port 587).
    StartTls,
    /// None: only for a server on this machine.
    None,
}

/// Who we are to a server.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// `AUTH PLAIN`, or `AUTH LOGIN` where that is all there is.
    Password {
        /// The account.
        username: String,
        /// Its password.
        password: String,
    },
    /// `AUTH XOAUTH2`.
    AccessToken {
        /// The account.
        username: String,
        /// The token, from [`crate::oauth`].
        token: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, username) = match self {
            Self::Password { username, .. } => ("Password", username),
            Self::AccessToken { username, .. } => ("AccessToken", username),
        };
        f.debug_struct(kind).field("username", username).finish_non_exhaustive()
    }
}

/// How we speak to servers.
#[derive(Debug, Clone)]
pub struct Client {
    /// The way out of this process.
    pub network: Network,
    /// The name we give in `EHLO`; without one, our address on the connection.
    pub name: Option<String>,
    /// How long we wait.
    pub patience: Patience,
}

/// How long we wait for a server at each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For its name, for each of its addresses, and for TLS.
    pub connect: Duration,
    /// For its greeting.
    pub greeting: Duration,
    /// For the answer to a command.
    pub command: Duration,
    /// For it to take a block of a message's content.
    pub block: Duration,
    /// For the answer to the final dot.
    pub final_dot: Duration,
}

impl Default for Patience {
    /// Somewhat less than RFC 5321 §4.5.3.2 asks for, except after the final dot: giving up there leaves a doubt.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            greeting: Duration::from_mins(1),
            command: Duration::from_mins(2),
            block: Duration::from_mins(3),
            final_dot: Duration::from_mins(10),
        }
    }
}

impl Patience {
    /// For somebody who waits at the screen.
    pub const fn short() -> Self {
        let short = Duration::from_secs(15);
        Self { connect: short, greeting: short, command: short, block: short, final_dot: short }
    }
}
