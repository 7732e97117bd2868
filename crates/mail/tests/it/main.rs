//! The mail crate against servers that play by a script, and against a real Postfix.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that cannot do its work fails the test")]

mod client;
mod corpus;
mod hostile;
mod imap;
mod inbound;
mod incoming;
mod message;
mod oauth;
mod opening;
mod postfix;
mod probe;
mod script;
mod sending;
mod sending_ahead;
mod sentences;
mod tls;
mod webhooks;
