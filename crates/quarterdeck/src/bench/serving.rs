//! This program, started once more as an operator starts it.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use hyper::header::HeaderMap;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::Instant,
};

use super::{failed, http::Connection};
use crate::error::{Error, Result};

/// The file that runs, even if a build has put another in its place since.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// Between two questions whether it is ready.
const PAUSE: Duration = Duration::from_millis(1);

/// A program that serves. It ends when this is dropped.
pub(super) struct Serving {
    child: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// From the start of the process to the first 200 of `/readyz`.
    pub(super) ready_after: Duration,
    /// Held open: whoever prints into a pipe that nobody reads is ended.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    /// Starts it on a free port and waits until it is ready.
    pub(super) async fn start(data_dir: &Path, database_url: Option<&str>) -> Result<Self> {
        let mut command = Command::new(THIS_PROGRAM);
        command.args(["serve", "--listen=127.0.0.1:0", "--log=error", "--data-dir"]).arg(data_dir);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("QUARTERDECK_")) {
            command.env_remove(name);
        }
        if let Some(url) = database_url {
            command.env("QUARTERDECK_DATABASE_URL", url);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);

        let began = Instant::now();
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| failed("its output cannot be read"))?;
        let mut said = BufReader::new(stdout).lines();
        let first = said.next_line().await?.unwrap_or_default();
        let address = first.rsplit_once("http://").and_then(|(_, address)| address.parse().ok());
        let address = address.ok_or_else(|| failed("the server did not start"))?;
        until_ready(address).await?;
        Ok(Self { child, address, ready_after: began.elapsed(), _said: said })
    }

    /// The memory it holds, in bytes.
    pub(super) fn resident_memory(&self) -> Result<u64> {
        let process = self.child.id().ok_or_else(|| failed("the server has ended"))?;
        let path = format!("/proc/{process}/status");
        let status = std::fs::read_to_string(&path).map_err(|source| Error::File { path: path.into(), source })?;
        resident(&status).ok_or_else(|| failed("the kernel does not tell the memory of a process"))
    }
}

async fn until_ready(address: SocketAddr) -> Result<()> {
    let mut connection = Connection::open(address, HeaderMap::new()).await?;
    while connection.get("/readyz").await?.status != 200 {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// `VmRSS` of a `/proc/<pid>/status`, which counts in KiB.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_read_in_bytes() {
        assert_eq!(resident("Name:\tquarterdeck\nVmRSS:\t   20480 kB\nThreads:\t3\n"), Some(20_971_520));
        assert_eq!(resident("Name:\tquarterdeck\n"), None);
    }
}
