//! The real program, started as an operator starts it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that cannot do its work fails the test")]

mod backup;
mod classify;
mod demo;
mod figures;
mod program;
mod serving;
mod without_a_server;
