//! What the product does, seen from outside the engine, on both databases.

mod accounts;
mod channels;
mod identities;
mod paused_channels;
mod people;
mod post;
mod support;
mod workspace;
