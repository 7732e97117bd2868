//! What comes back: understood, matched to the email it is about, recorded once, and acted on.
//!
//! | room | what happens there |
//! |---|---|
//! | `arrival` | the doors: a message from a mailbox or the port, and what a provider tells |
//! | `notice` | what was said, whichever door it came through |
//! | `matching` | which email it is about |
//! | `admission` | whether it may be about that email: its owner's mailbox, its recipients |
//! | `recording` | the record of it, once |
//! | `effects` | what it does to the email and to the person |
//! | `given_ids` | ids that servers gave to our messages |
//! | `waiting` | what came before its email had settled takes effect later |

mod admission;
mod arrival;
mod effects;
mod given_ids;
mod matching;
mod notice;
mod recording;
mod waiting;

pub use arrival::{Arrival, Fate, Received, Report, Source};
pub use domain::incoming::Kind;
pub use mail::incoming::{Incoming, Recipient};

pub(crate) use arrival::Understanding;

pub(crate) use given_ids::{GivenId, keep_given_ids};

use notice::Notice;

/// Understands a message as it came over the wire (RFC 5322). It needs no workspace and remembers nothing.
pub fn classify(message: &[u8]) -> Incoming {
    mail::incoming::understand(message)
}
