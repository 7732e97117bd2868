//! What an incoming message is: a bounce, a complaint, an automatic reply, a wish to be left alone, a person's reply.

pub use mail::incoming::{Incoming, Kind, Recipient};

/// Understands a message as it came over the wire (RFC 5322). It needs no workspace and remembers nothing.
pub fn classify(message: &[u8]) -> Incoming {
    mail::incoming::understand(message)
}
