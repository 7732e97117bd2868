//! A `PostgreSQL` cluster of our own, from Debian's programs, on a socket in a temporary folder.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    process::{Child, Command, Stdio},
};

use crate::error::Result;

/// Starts the cluster, and takes it away when its standard input closes: the kernel sees to that, however we end.
const SCRIPT: &str = include_str!("cluster.sh");

/// A running cluster.
pub(super) struct Cluster {
    keeper: Child,
    /// The address of its empty database.
    pub(super) url: String,
}

impl Cluster {
    /// Starts one; `None` when that cannot be done here.
    pub(super) fn start() -> Result<Option<Self>> {
        let mut keeper = shell()?
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Out of our process group, so that Ctrl-C in a terminal ends the bench and not its cleaner.
            .process_group(0)
            .spawn()?;
        let lines = keeper.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines());
        let url = lines.map_while(std::result::Result::ok).find(|line| line.starts_with("postgres://"));
        Ok(url.map(|url| Self { keeper, url }))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Waiting cannot fail for a child that nobody else waits for.
        let _ = self.keeper.wait();
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
