//! The only place that knows SQL. One statement for two databases: `SQLite` and `PostgreSQL`.
//!
//! [`Db`] opens a database and brings its tables up to date; [`Tx`] is a transaction on either. Each noun of the
//! product has one module of queries; its functions take `&mut Tx` first, so that a use-case decides what belongs
//! together. Statements are written with `sql!` (a test prepares each of them on both databases) and run with `on!`.
//! Lists whose shape depends on the request are built with sea-query.

#![cfg_attr(test, expect(unsafe_code, reason = "linkme collects the statements of `sql!` in a link section"))]

mod columns;
mod db;
mod error;
mod rows;
mod statements;
#[cfg(test)]
mod testing;
mod writer;

pub mod api_tokens;
pub mod attachments;
pub mod attempts;
pub mod audit;
pub mod backup;
pub mod blocked_domains;
pub mod bodies;
pub mod bulletin;
pub mod certificates;
pub mod channels;
pub mod conversation;
pub mod dkim_keys;
pub mod email_actions;
pub mod emails;
pub mod events;
pub mod feed;
pub mod feedback;
pub mod folder_counts;
pub mod folder_ids;
pub mod hand_over;
pub mod identities;
pub mod invitations;
pub mod key_fingerprints;
pub mod ledger;
pub mod long_links;
pub mod mailbox_folders;
pub mod mailbox_watches;
pub mod mailboxes;
pub mod members;
pub mod nodes;
pub mod password_resets;
pub mod people;
pub mod providers;
pub mod rebuild;
pub mod received;
pub mod recipients;
pub mod sending_domains;
pub mod sent_copies;
pub mod sent_ids;
pub mod sent_looks;
pub mod sessions;
pub mod sign_in_failures;
pub mod stops;
pub mod teams;
pub mod tracking_domains;
pub mod unsubscribe_texts;
pub mod users;
pub mod visits;
pub mod waiting;
pub mod workspaces;

pub use db::{Committed, Db, Location, Tx};
pub use error::{Error, Result};
