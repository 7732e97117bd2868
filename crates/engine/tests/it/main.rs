//! What the product does, seen from outside the engine, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its work fails the test"
)]

mod accounts;
mod bad_input;
mod channels;
mod clock;
mod delivery;
mod forecast;
mod identities;
mod mailboxes;
mod mailroom;
mod nodes;
mod paused_channels;
mod people;
mod post;
mod postfix;
mod rebuild;
mod restored;
mod support;
mod tracking;
mod workspace;
