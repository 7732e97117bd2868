//! The language of email: render a template, build a message, speak SMTP, read IMAP. Knows no database and reads no clock.
//!
//! | room | what happens there |
//! |---|---|
//! | [`template`] | dynamic fields: `{{ company | default: "your company" }}` becomes a person's value |
//! | [`html`] | what people write is cleaned, turned into text, tracked, and quoted in follow-ups |
//! | [`message`] | the parts become one message (RFC 5322, MIME) that every server takes |
//! | [`threading`] | the headers and the subject that keep a follow-up in its conversation |
//! | [`smtp`] | one message to one recipient, with the server's own words as evidence |
//! | [`imap`] | the folders of a mailbox, searched and never changed; a copy put into Sent |
//! | [`incoming`] | what comes back: bounces, complaints, automatic replies, and what people write |
//! | [`oauth`] | a refresh token becomes the access token that `XOAUTH2` needs |
//! | [`net`] | hosts that a user named are resolved, checked, connected to and secured |
//! | [`address`] | addresses as SMTP and headers want them |
//!
//! Everything here meets hostile input: what people paste, what servers answer. Input is bounded, secrets stay out of
//! transcripts, and nothing panics.

pub mod address;
pub mod html;
pub mod imap;
pub mod incoming;
pub mod message;
pub mod net;
pub mod oauth;
pub mod smtp;
pub mod template;
pub mod threading;
mod transcript;
