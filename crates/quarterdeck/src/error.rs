//! Why a command could not be done, in one sentence for whoever typed it.

use std::{net::SocketAddr, path::PathBuf};

use domain::input::Code;

/// The result of a command.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a command could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A setting cannot be used.
    #[error("{name} cannot be {value:?} (from {source_name}): {reason}")]
    Setting { name: &'static str, value: String, source_name: String, reason: String },
    /// The configuration file cannot be used.
    #[error("the configuration file {}: {reason}", path.display())]
    ConfigurationFile { path: PathBuf, reason: String },
    /// Another process serves this database.
    #[error("{} is already served by another quarterdeck; one database file has one server", path.display())]
    AlreadyServed { path: PathBuf },
    /// A folder or file cannot be used.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// Messages could not be read; each was named before.
    #[error("{count} of the files could not be read")]
    Unread { count: usize },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// There is no database where one is to be read.
    #[error("there is no database at {}", path.display())]
    NoDatabase { path: PathBuf },
    /// A file is there where one is to be written.
    #[error("{} exists already; a backup never replaces a file", path.display())]
    FileExists { path: PathBuf },
    /// A backup cannot be written or used.
    #[error(transparent)]
    Backup(#[from] store::backup::Error),
    /// A backup was not restored, and left nothing.
    #[error("nothing was restored: {0}")]
    NotRestored(#[source] Box<Error>),
    /// Somebody stopped the command.
    #[error("interrupted: {0}")]
    Interrupted(&'static str),
    /// The folder of a demo holds a workspace.
    #[error("{} holds a workspace already: name an empty folder, or none", path.display())]
    NotEmpty { path: PathBuf },
    /// The simulator cannot start.
    #[error("the simulator: {0}")]
    Simulator(#[from] simulator::Error),
    /// The demo did not go as planned.
    #[error("the demo did not go as planned: {0}")]
    Demo(String),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] engine::KeyError),
    /// The certificate of the SMTP port cannot be used.
    #[error("the certificate of the SMTP port: {0}")]
    Certificate(#[from] engine::feedback::TlsError),
    /// A list of networks cannot be used.
    #[error(transparent)]
    Networks(#[from] engine::networks::NetworkError),
    /// A verb of the product was refused.
    #[error("{}", in_words(.0))]
    Engine(#[from] engine::Error),
    /// The description of the API cannot be written.
    #[error("the description of the API cannot be written: {0}")]
    Description(#[from] serde_json::Error),
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness: {0}")]
    Randomness(String),
    /// The bench could not measure.
    #[error("the bench: {0}")]
    Bench(String),
    /// The bench measured something else than we promise.
    #[error("not as promised: {}", .0.join(", "))]
    GoalsMissed(Vec<String>),
    /// Anything of the operating system.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

fn what_is_wrong(code: &Code) -> String {
    match code {
        Code::Required => "must not be empty".to_owned(),
        Code::TooLong { max } => format!("is longer than {max} characters"),
        Code::NotAnAddress => "is not an email address".to_owned(),
        Code::LineBreak => "holds a line break".to_owned(),
        Code::Taken => "has an account already".to_owned(),
        Code::NotFound => "belongs to no active member".to_owned(),
        other => format!("cannot be used: {other:?}"),
    }
}

/// What the engine's refusals mean at the command line.
fn in_words(error: &engine::Error) -> String {
    match error {
        engine::Error::Invalid(faults) => {
            let faults: Vec<_> =
                faults.iter().map(|fault| format!("{} {}", fault.field, what_is_wrong(&fault.code))).collect();
            faults.join(", ")
        }
        engine::Error::Conflict("no_workspace") => {
            "there is no workspace yet: start `quarterdeck serve` and open the link it prints".to_owned()
        }
        engine::Error::Conflict("served") => "a server runs on this database: stop it first".to_owned(),
        other => other.to_string(),
    }
}
