//! The API as its callers see it: requests to the real router, on both databases.

mod accounts;
mod authorization;
mod channels;
mod identities;
mod origin;
mod people;
mod support;
mod workspace;
