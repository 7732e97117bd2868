//! The world as its clients meet it: raw SMTP over TCP on one side, a small web server on the other.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that cannot do its work fails the test")]

mod answers;
mod chance;
mod client;
mod drops;
mod reactions;
mod rules;
mod web;
mod writing;
