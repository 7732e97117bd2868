//! Why a run could not be made. What a run finds is no error: see [`crate::compare`].

use std::{io, path::PathBuf};

/// Why the harness could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file, a process or a connection failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The binary is missing.
    #[error("there is no program at {0}: build it with `cargo build -p quarterdeck`")]
    NoProgram(PathBuf),
    /// The binary ended, or was silent, before it served.
    #[error("the program did not start: {0}")]
    DidNotStart(String),
    /// The API answered a request with an error.
    #[error("{request} was answered with {status}: {answer}")]
    Refused {
        /// Method and path.
        request: String,
        /// The HTTP status.
        status: u16,
        /// The body.
        answer: String,
    },
    /// An answer, a trace or a folder is not what it should be.
    #[error("{0}")]
    Unexpected(String),
    /// The recipients' world could not be opened.
    #[error("{0}")]
    Recipients(#[from] simulator::Error),
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unexpected(format!("an answer cannot be read: {error}"))
    }
}

/// What most functions here answer.
pub type Result<T> = std::result::Result<T, Error>;
