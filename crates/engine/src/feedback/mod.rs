//! How a channel learns what became of its mail, beside the answers of its server: return addresses of our own, and calls
//! of its provider.
//!
//! | room | what happens there |
//! |---|---|
//! | `addresses` | the signed addresses that bounces and complaints come to |
//! | `sender` | which address is given at `MAIL FROM`, and what else a message carries |
//! | `door` | the SMTP port: what comes to our addresses is received |
//! | `calls` | what providers tell: proved, and reported |
//! | `settings` | what is set up for a channel, and what it can learn from that |

mod addresses;
mod calls;
mod door;
#[cfg(fuzzing)]
pub mod fuzzing;
mod sender;
mod settings;

pub use calls::{CallError, HeaderMap, RefusedCall};
pub use mail::inbound::{Limits as PortLimits, Options as PortOptions, Tls, TlsError};
pub use mail::webhooks::Refused;
pub use settings::{FeedbackView, FeedbackWish, WebhookWish};

pub(crate) use calls::Calls;
pub(crate) use door::PortState;
pub(crate) use sender::Returns;
