//! The language of email: render a template, build a message, speak SMTP, read IMAP. Knows no database and reads no clock.
//!
//! | room | what happens there |
//! |---|---|
//! | [`template`] | dynamic fields: `{{ company | default: "your company" }}` becomes a person's value |
//! | [`html`] | what people write is cleaned, turned into text, tracked, and quoted in follow-ups |
//! | [`message`] | the parts become one message (RFC 5322, MIME) that every server takes |
//! | [`threading`] | the headers and the subject that keep a follow-up in its conversation |
//! | [`smtp`] | one message to one recipient, with the server's own words as evidence |
//! | [`imap`] | the folders of a mailbox, read, watched and never changed; a copy put into Sent |
//! | [`inbound`] | an SMTP server for what comes back to our own return addresses |
//! | [`incoming`] | what comes back: bounces, complaints, automatic replies, and what people write |
//! | [`acme`] | certificates for our own hosts |
//! | [`dkim`] | signatures by which receivers know whose mail it is |
//! | [`dns`] | what DNS says about a domain |
//! | [`webhooks`] | what providers tell by calling us, proved and put into one form |
//! | [`tracking_host`] | a host asked the way a recipient's browser will ask it |
//! | [`oauth`] | a consent in place of a password: asked for, exchanged, renewed |
//! | [`net`] | hosts that a user named are resolved, checked, connected to and secured |
//! | [`address`] | addresses as SMTP and headers want them |
//!
//! Everything here meets hostile input: what people paste, what servers answer. Input is bounded, secrets stay out of
//! transcripts, and nothing panics.

pub mod acme;
pub mod address;
pub mod dkim;
pub mod dns;
pub mod html;
pub mod imap;
pub mod inbound;
pub mod incoming;
pub mod message;
pub mod net;
pub mod oauth;
pub mod smtp;
pub mod template;
pub mod threading;
pub mod tracking_host;
mod transcript;
pub mod webhooks;
