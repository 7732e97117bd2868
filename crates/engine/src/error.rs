//! What can go wrong in a use-case, as far as somebody can act on it.

use domain::{PersonId, Timestamp, authorization::Denied, checks::Check, input::Invalid};

/// The engine's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// One or more fields cannot be used as given.
    #[error("invalid input")]
    Invalid(Vec<Invalid>),
    /// Somebody changed the thing since the caller read it.
    #[error("changed since it was read")]
    Changed,
    /// The thing's state does not allow this now.
    #[error("not possible in this state: {0}")]
    Conflict(&'static str),
    /// A person of the workspace has this address.
    #[error("the address belongs to a person already")]
    AddressTaken {
        /// Who, if the caller may see them.
        person: Option<PersonId>,
    },
    /// The draft cannot be sent as it is.
    #[error("the draft cannot be sent")]
    Blocked(Vec<Check>),
    /// The name or password does not fit.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many failures; try again later.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When the next one is considered.
        until: Timestamp,
    },
    /// The link or token was used or is too old.
    #[error("expired")]
    Expired,
    /// Too much data.
    #[error("too large")]
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// The store cannot be talked to now; the same may work a little later.
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    /// Something failed that no caller can help.
    #[error("{0}")]
    Internal(String),
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(vec![invalid])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            store::Error::Changed => Self::Changed,
            other if other.is_unavailable() => Self::Unavailable(other.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}
