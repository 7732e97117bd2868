//! What the product does, seen from outside the engine, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its work fails the test"
)]

mod accounts;
mod actions;
mod bad_input;
mod certificates;
mod channels;
mod clock;
mod conversation;
mod delivery;
mod erasing;
mod feed;
mod forecast;
mod identities;
mod incoming;
mod leases;
mod mailboxes;
mod mailroom;
mod nodes;
mod paused_channels;
mod people;
mod port;
mod post;
mod postfix;
mod rebuild;
mod restored;
mod sending_domains;
mod stops;
mod stops_told;
mod support;
mod taking_back;
mod tracking;
mod tracking_domain;
mod uncertain;
mod unsubscribe;
mod watching;
mod workspace;
