//! What can go wrong in the world.

/// Why the world could not be opened, or a reaction not performed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The simulator listens and speaks on the loopback interface only.
    #[error("{0} is not on the loopback interface")]
    NotLoopback(String),
    /// Only plain `http` addresses are visited.
    #[error("{0} is not a plain http address")]
    NotHttp(String),
    /// What answered speaks another language.
    #[error("the answer cannot be understood")]
    NotAnAnswer,
    /// Nobody has said where mail goes.
    #[error("there is no server for what is written back")]
    NoPostOffice,
    /// Nobody answered in time.
    #[error("no answer in time")]
    TimedOut,
    /// The network refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
