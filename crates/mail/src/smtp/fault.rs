//! What can go wrong on our side of the conversation, or between the two sides.

use crate::net;

/// Why a conversation could not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The network, TLS, or the other side's silence.
    #[error(transparent)]
    Network(#[from] net::Error),
    /// The answer is not one that SMTP knows.
    #[error("the server does not speak SMTP: {0:?}")]
    NotSmtp(String),
    /// The answer is longer than any honest one.
    #[error("the server's answer is too long")]
    AnswerTooLong,
    /// `STARTTLS` is required and not offered.
    #[error("the server does not offer STARTTLS")]
    NoStartTls,
    /// The server spoke between its consent to `STARTTLS` and TLS: somebody in between may have.
    #[error("the server sent data before TLS began")]
    DataBeforeTls,
    /// A conversation without TLS would leave this machine.
    #[error("without TLS only a server on this machine may be used")]
    ClearText,
    /// None of the ways we can prove who we are is offered.
    #[error("the server offers no way to sign in that fits these credentials (it offers: {0})")]
    NoMechanism(String),
    /// The credentials contain characters that no mechanism can carry.
    #[error("the user name or the password contains control characters")]
    UnusableCredentials,
}

impl Fault {
    /// A stable name of the case, for the API and for metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Network(error) => error.code(),
            Self::NotSmtp(_) => "not_smtp",
            Self::AnswerTooLong => "answer_too_long",
            Self::NoStartTls => "no_starttls",
            Self::DataBeforeTls => "data_before_tls",
            Self::ClearText => "clear_text",
            Self::NoMechanism(_) => "no_auth_mechanism",
            Self::UnusableCredentials => "unusable_credentials",
        }
    }
}
