//! Debian's `wrk`, which asks as fast as it can, or at a rate.

use std::{net::SocketAddr, path::Path, process::Stdio};

use serde::Deserialize;
use tokio::process::Command;

use crate::{bench::failed, error::Result};

const PROGRAM: &str = "/usr/bin/wrk";
const SCRIPT: &str = include_str!("wrk.lua");

/// Kept connections. One thread asks, so that one of two processors is left for whoever answers.
const CONNECTIONS: u32 = 64;

/// How long it asks.
const SECONDS: u32 = 10;

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Load {
    /// As much as is answered.
    Full,
    /// So many requests a second.
    Rate(f64),
}

/// What was measured.
pub(super) struct Measured {
    /// Requests answered.
    pub(super) requests: u64,
    /// Requests answered in a second.
    pub(super) rate: f64,
    /// How long 99 of 100 answers took at the most.
    pub(super) p99_ms: f64,
}

#[derive(Deserialize)]
struct Said {
    requests: u64,
    seconds: f64,
    p99_ms: f64,
    errors: u64,
}

pub(super) fn is_installed() -> bool {
    Path::new(PROGRAM).exists()
}

/// Asks `server` for the paths in the file `paths`.
pub(super) async fn run(server: SocketAddr, paths: &Path, load: Load) -> Result<Measured> {
    let script = tempfile::Builder::new().suffix(".lua").tempfile()?;
    std::fs::write(script.path(), SCRIPT)?;
    let wait = match load {
        Load::Full => 0.0,
        Load::Rate(rate) => f64::from(CONNECTIONS) * 1000.0 / rate,
    };
    let mut command = Command::new(PROGRAM);
    command
        .args(["-t", "1", "-c", &CONNECTIONS.to_string(), "-d", &format!("{SECONDS}s"), "-s"])
        .arg(script.path())
        .arg(format!("http://{server}/"))
        .arg("--")
        .arg(paths)
        .arg(wait.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with('{')).ok_or_else(|| failed("wrk said nothing"))?;
    let said: Said = serde_json::from_str(line)?;
    if said.errors > 0 || said.requests == 0 {
        return Err(failed(format!("wrk met {} errors in {} requests", said.errors, said.requests)));
    }
    #[expect(clippy::cast_precision_loss, reason = "requests of ten seconds")]
    let rate = said.requests as f64 / said.seconds;
    Ok(Measured { requests: said.requests, rate, p99_ms: said.p99_ms })
}
