//! This program, started once more as an operator starts it.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use hyper::header::HeaderMap;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::Instant,
};

use super::{failed, http::Connection};
use crate::error::Result;

/// The file that runs, even if a build has put another in its place since.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// Between two questions whether it is ready.
const PAUSE: Duration = Duration::from_millis(1);

/// A program that serves. It ends when this is dropped.
pub(super) struct Serving {
    child: Child,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// When its process was started.
    pub(super) began: Instant,
    /// From then to the first 200 of `/readyz`.
    pub(super) ready_after: Duration,
    /// Held open: whoever prints into a pipe that nobody reads is ended.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    /// Starts it on a free port and waits until it is ready.
    pub(super) async fn start(data_dir: &Path, database_url: Option<&str>) -> Result<Self> {
        let mut command = Command::new(THIS_PROGRAM);
        // The servers that mail is sent to stand on this machine as well.
        command
            .args(["serve", "--listen=127.0.0.1:0", "--allow-private-hosts", "--log=error", "--data-dir"])
            .arg(data_dir);
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
        Ok(Self { child, address, began, ready_after: began.elapsed(), _said: said })
    }

    /// Its process.
    pub(super) fn process(&self) -> Result<u32> {
        self.child.id().ok_or_else(|| failed("the server has ended"))
    }

    /// Lets it finish what it began, and end.
    pub(super) async fn stop(mut self) -> Result<()> {
        let process = self.process()?.to_string();
        Command::new("kill").args(["-TERM", &process]).status().await?;
        self.child.wait().await?;
        Ok(())
    }
}

async fn until_ready(address: SocketAddr) -> Result<()> {
    let mut connection = Connection::open(address, HeaderMap::new()).await?;
    while connection.get("/readyz").await?.status != 200 {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
