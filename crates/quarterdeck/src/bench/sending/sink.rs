//! Where all mail of the bench goes: one `smtp-sink` for all senders, started once, because a relay that finds a kept
//! connection dead tries again much later.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::Command,
    time::Duration,
};

use tempfile::TempDir;
use tokio::time::Instant;

use crate::{
    bench::{failed, folder, keeper::Keeper},
    error::Result,
};

const PROGRAM: &str = "/usr/sbin/smtp-sink";
/// Starts it, and takes it away at the end.
const SCRIPT: &str = include_str!("sink.sh");
/// Between two looks at the count: how exactly arrivals are timed.
const PAUSE: Duration = Duration::from_millis(1);
/// A line of counts is shorter than this.
const LINE: u64 = 64;
/// Without a new arrival for so long, the rest is taken to be lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running sink.
pub(super) struct Sink {
    _keeper: Keeper,
    /// Where it listens on the loopback interface.
    pub(super) port: u16,
    counts: File,
    _folder: TempDir,
}

impl Sink {
    /// Starts one; `None` when Postfix, whose program it is, is not installed.
    pub(super) fn start() -> Result<Option<Self>> {
        if !Path::new(PROGRAM).exists() {
            return Ok(None);
        }
        let (folder, port) = (folder()?, free_port()?);
        let counts = folder.path().join("counts");
        let arguments = [port.to_string(), counts.display().to_string()];
        let started = Keeper::start(Command::new("sh"), SCRIPT, &arguments, |line| (line == "ready").then_some(()))?;
        let (keeper, ()) = started.ok_or_else(|| failed("smtp-sink did not start"))?;
        until_open(port)?;
        Ok(Some(Self { _keeper: keeper, port, counts: File::open(counts)?, _folder: folder }))
    }

    /// How many messages have arrived since it was started.
    pub(super) fn count(&mut self) -> Result<u64> {
        let end = self.counts.seek(SeekFrom::End(0))?;
        self.counts.seek(SeekFrom::Start(end.saturating_sub(LINE)))?;
        let mut text = String::new();
        self.counts.read_to_string(&mut text)?;
        Ok(last_count(&text))
    }

    /// Waits until `count` messages have arrived since it was started, and answers when that was.
    pub(super) async fn until(&mut self, count: u64) -> Result<Instant> {
        let (mut before, mut heard) = (self.count()?, Instant::now());
        loop {
            let now = self.count()?;
            if now >= count {
                return Ok(Instant::now());
            }
            if now != before {
                (before, heard) = (now, Instant::now());
            } else if heard.elapsed() > PATIENCE {
                return Err(failed(format!("{now} of {count} messages arrived, and then nothing")));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// A port that nobody listens on.
pub(in crate::bench) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Waits until somebody listens on `port`.
fn until_open(port: u16) -> Result<()> {
    let began = Instant::now();
    while let Err(error) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
        if began.elapsed() > PATIENCE {
            return Err(error.into());
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// The count in the last whole line, which ends as a terminal's does when it is overwritten.
fn last_count(text: &str) -> u64 {
    let Some((lines, _)) = text.rsplit_once('\r') else { return 0 };
    lines.rsplit_once("mesg=").and_then(|(_, count)| count.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::last_count;

    #[test]
    fn the_last_whole_line_counts() {
        assert_eq!(last_count("sess=2 quit=1 mesg=41\rsess=2 quit=1 mesg=42\rsess=2 quit=1 mes"), 42);
        assert_eq!(last_count("sess=1 quit=0 mesg=0\r"), 0);
        assert_eq!(last_count(""), 0);
    }
}
