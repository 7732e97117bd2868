//! What people write: cleaned before it is kept, turned into text, tracked when it is sent, quoted in a follow-up.
//!
//! Cleaning comes first. Everything else here expects HTML that [`sanitize`] has returned.

mod entities;
mod nesting;
mod quote;
mod sanitize;
mod text;
mod track;

pub use entities::escape;
pub use quote::{document, quote};
pub use sanitize::{Sanitized, sanitize};
pub use text::{opening, shorten, to_text};
pub use track::{track, untrack};

pub(crate) use entities::decode;
