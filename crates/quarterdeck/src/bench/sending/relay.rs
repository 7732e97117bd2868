//! A Postfix with a durable queue between source and sink: what a sender with a relay of its own does today.

use std::{io::ErrorKind, os::unix::fs::MetadataExt as _, process::Command};

use super::sink::free_port;
use crate::{
    bench::keeper::Keeper,
    error::{Error, Result},
};

/// Starts it, and takes it away at the end.
const SCRIPT: &str = include_str!("relay.sh");

/// A running relay.
pub(super) struct Relay {
    _keeper: Keeper,
    /// Where it listens on the loopback interface.
    pub(super) port: u16,
}

impl Relay {
    /// Starts one that delivers to `sink`; `None` when that cannot be done here.
    pub(super) fn start(sink: u16) -> Result<Option<Self>> {
        let port = free_port()?;
        let arguments = [port.to_string(), sink.to_string()];
        match Keeper::start(shell()?, SCRIPT, &arguments, |line| (line == "ready").then_some(())) {
            Ok(started) => Ok(started.map(|(keeper, ())| Self { _keeper: keeper, port })),
            Err(Error::System(error)) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Postfix starts as root only: we are, or sudo lets us without a password.
fn shell() -> Result<Command> {
    if std::fs::metadata("/proc/self")?.uid() == 0 {
        return Ok(Command::new("sh"));
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "sh"]);
    Ok(command)
}
