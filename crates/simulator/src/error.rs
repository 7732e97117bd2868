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
    /// What answered does not speak HTTP.
    #[error("the answer is not HTTP")]
    NotAnAnswer,
    /// Nobody answered in time.
    #[error("no answer in time")]
    TimedOut,
    /// The network refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
