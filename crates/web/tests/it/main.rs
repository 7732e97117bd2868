//! The API as its callers see it: requests to the real router, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its work fails the test"
)]

mod accounts;
mod authorization;
mod channels;
mod connections;
mod description;
mod hooks;
mod identities;
mod live;
mod mailboxes;
mod origin;
mod people;
mod router;
mod support;
mod tracking;
mod tracking_domain;
mod unsubscribe;
mod workspace;
