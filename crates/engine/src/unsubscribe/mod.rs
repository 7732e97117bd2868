//! The unsubscribe link: the words it stands in, the page behind it, and what mail programs do with it (RFC 8058).
//!
//! | room | what happens there |
//! |---|---|
//! | `token` | what a link carries, and who can make one |
//! | `message` | the words with the link: who writes them and where in an email they stand |
//! | `headers` | `List-Unsubscribe` |
//! | `landing` | what a recipient sees and does behind the link |
//! | `words` | the recipient's page in the recipient's language |

#[cfg(fuzzing)]
pub mod fuzzing;
mod headers;
mod landing;
mod message;
mod settings;
mod token;
mod words;

pub use mail::html::escape;

pub use landing::{Landing, State, Wish};
pub use settings::{MessageChange, MessageSettings};
pub use words::{Language, Words};

pub(crate) use headers::{headers, token_of};
pub(crate) use message::{LINK, Message, Messages, PLACEHOLDER, TEAM_UNSUBSCRIBE};
pub(crate) use token::Holder;
