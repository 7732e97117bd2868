//! Postfix's `smtp-source`, which sends one ready message again and again over kept connections: nothing is written,
//! rendered, tracked or remembered. Nobody sends faster into a sink, so this is the ceiling.

use std::process::Stdio;

use tokio::{
    process::{Child, Command},
    time::Instant,
};

use super::{CONNECTIONS, MESSAGE_BYTES};
use crate::error::Result;

/// A running source; it is ended when this is dropped.
pub(super) struct Source {
    /// When its process was started.
    pub(super) began: Instant,
    _child: Child,
}

impl Source {
    /// Begins to send `emails` messages to `port`.
    pub(super) fn start(port: u16, emails: u32) -> Result<Self> {
        let mut command = Command::new("/usr/sbin/smtp-source");
        command
            .args(["-d", "-M", "bench.example", "-f", "from@bench.example", "-t", "to@bench.example"])
            .args(["-s", &CONNECTIONS.to_string()])
            .args(["-l", &MESSAGE_BYTES.to_string()])
            .args(["-m", &emails.to_string()])
            .arg(format!("127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        Ok(Self { began: Instant::now(), _child: command.spawn()? })
    }
}
