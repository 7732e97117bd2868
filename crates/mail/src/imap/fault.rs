//! What can go wrong on our side of the conversation, or between the two sides.

use crate::net;

/// What ended a conversation or a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The server said no, in these words.
    #[error("the server answered {0}")]
    Refused(String),
    /// There is nothing more to say to each other.
    #[error(transparent)]
    Lost(#[from] Fault),
}

impl From<net::Error> for Cause {
    fn from(error: net::Error) -> Self {
        Self::Lost(error.into())
    }
}

/// Why a conversation could not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The network, TLS, or the other side's silence.
    #[error(transparent)]
    Network(#[from] net::Error),
    /// The answer is not one that IMAP knows.
    #[error("the server does not speak IMAP: {0:?}")]
    NotImap(String),
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
    /// The server takes no password, or no token, or not this way.
    #[error("the server offers no way to sign in with what we have")]
    NoMechanism,
    /// The credentials contain characters that cannot be carried.
    #[error("the user name or the password contains control characters")]
    UnusableCredentials,
    /// No folder is marked as Sent, and none has a name that means it.
    #[error("no folder of the mailbox looks like Sent; name it")]
    NoSentFolder,
}

impl Fault {
    /// A stable name of the case, for the API and for metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Network(error) => error.code(),
            Self::NotImap(_) => "not_imap",
            Self::AnswerTooLong => "answer_too_long",
            Self::NoStartTls => "no_starttls",
            Self::DataBeforeTls => "data_before_tls",
            Self::ClearText => "clear_text",
            Self::NoMechanism => "no_auth_mechanism",
            Self::UnusableCredentials => "unusable_credentials",
            Self::NoSentFolder => "no_sent_folder",
        }
    }
}
