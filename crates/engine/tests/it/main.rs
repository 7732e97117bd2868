//! What the product does, seen from outside the engine, on both databases.

mod accounts;
mod support;
