//! What people write: cleaned before it is kept, turned into text, tracked when it is sent, quoted in a follow-up.
//!
//! Cleaning comes first. Everything else here expects HTML that [`sanitize`] has returned.

mod entities;
mod first_link;
mod foreign;
mod nesting;
mod newly_written;
mod plain;
mod quote;
mod sanitize;
mod text;
mod track;

pub use entities::escape;
pub use first_link::with_first_link;
pub use foreign::without_trackers;
pub use newly_written::newly_written;
pub use plain::{from_text, with_addresses};
pub use quote::{document, quote};
pub use sanitize::{Sanitized, sanitize};
pub use text::{opening, shorten, to_text};
pub use track::{track, untrack};

pub(crate) use entities::decode;
