//! Lines in, answers out. Whoever takes too long for either has hung up, as far as we are concerned.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    time::timeout,
};

/// The longest command line: twice what RFC 5321 §4.5.3.1.4 and its extensions ask for.
const LONGEST: usize = 2048;
/// What is read at once.
const READ_AHEAD: usize = 16 * 1024;

/// What a client sent instead of a command, or as one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line without its end.
    Command(Vec<u8>),
    /// A line that does not end with CRLF.
    Bare,
    /// A line without an end in sight.
    TooLong,
    /// The client has hung up.
    Closed,
}

pub(super) struct Wire<S> {
    stream: BufReader<S>,
    /// Answers to pipelined commands, sent together.
    answers: Vec<u8>,
    patience: Duration,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream: BufReader::with_capacity(READ_AHEAD, stream), answers: Vec::new(), patience }
    }

    /// Answers, as soon as the client waits for it.
    pub(super) fn say(&mut self, answer: &str) {
        self.answers.extend_from_slice(answer.as_bytes());
        self.answers.extend_from_slice(b"\r\n");
    }

    /// Sends the answers given so far.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        let sending = async {
            self.stream.get_mut().write_all(&self.answers).await?;
            self.stream.get_mut().flush().await
        };
        timeout(self.patience, sending).await.map_err(|_| io::ErrorKind::TimedOut)??;
        self.answers.clear();
        Ok(())
    }

    /// The next line; the whole of it must come in time, so that nobody sends a byte a minute.
    pub(super) async fn line(&mut self) -> io::Result<Line> {
        if !self.has_more() {
            self.flush().await?;
        }
        timeout(self.patience, self.read_line()).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    async fn read_line(&mut self) -> io::Result<Line> {
        let mut line = Vec::new();
        loop {
            let ready = self.stream.fill_buf().await?;
            if ready.is_empty() {
                return Ok(Line::Closed);
            }
            let end = ready.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(ready.len(), |end| end + 1);
            if line.len() + taken > LONGEST {
                return Ok(Line::TooLong);
            }
            line.extend_from_slice(&ready[..taken]);
            self.stream.consume(taken);
            if end.is_some() {
                return Ok(match line.strip_suffix(b"\r\n") {
                    Some(command) => Line::Command(command.to_vec()),
                    None => Line::Bare,
                });
            }
        }
    }

    /// What has come of a content; empty when the client has hung up.
    pub(super) async fn block(&mut self) -> io::Result<&[u8]> {
        timeout(self.patience, self.stream.fill_buf()).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// Says how much of a block was taken.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.stream.consume(bytes);
    }

    /// Whether the client has sent more than was read.
    pub(super) fn has_more(&self) -> bool {
        !self.stream.buffer().is_empty()
    }

    /// The bare connection.
    pub(super) fn into_inner(self) -> S {
        self.stream.into_inner()
    }
}
