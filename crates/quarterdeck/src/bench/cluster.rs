//! A `PostgreSQL` cluster of our own, from Debian's programs, on a socket in a temporary folder.

use std::{os::unix::fs::MetadataExt as _, path::PathBuf, process::Command};

use super::{failed, keeper::Keeper};
use crate::error::Result;

/// Starts the cluster, and takes it away at the end.
const SCRIPT: &str = include_str!("cluster.sh");

/// A running cluster.
pub(super) struct Cluster {
    _keeper: Keeper,
    /// The process that is the parent of all its others.
    pub(super) process: u32,
    /// Where its programs are.
    tools: PathBuf,
    /// The address of its empty database.
    pub(super) url: String,
}

impl Cluster {
    /// Starts one; `None` when that cannot be done here.
    pub(super) fn start() -> Result<Option<Self>> {
        let started = Keeper::start(shell()?, SCRIPT, &[], |line| {
            let mut words = line.split(' ');
            Some((words.next()?.parse().ok()?, PathBuf::from(words.next()?), words.next()?.to_owned()))
        })?;
        Ok(started.map(|(keeper, (process, tools, url))| Self { _keeper: keeper, process, tools, url }))
    }

    /// Does at once what autovacuum does within a minute after many rows were written, so that it is done before something is
    /// measured, and not meanwhile.
    pub(super) fn settle(&self) -> Result<()> {
        let mut vacuum = Command::new(self.tools.join("vacuumdb"));
        let status = vacuum.args(["--analyze", "--quiet", "--dbname", &self.url]).status()?;
        status.success().then_some(()).ok_or_else(|| failed("vacuumdb failed"))
    }
}

/// `PostgreSQL` refuses to run as root, so root becomes the user that Debian made for it.
fn shell() -> Result<Command> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(Command::new("sh"));
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", "sh"]);
    Ok(command)
}
