//! The bytes of a conversation: commands with their tags, answers with bounds in time and in size.

use std::time::Duration;

use imap_proto::{MailboxDatum, Response, Status};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::{
    MailboxStep, answer,
    fault::{Cause, Fault},
};
use crate::net;

/// How much is read from the network at once, and sent at once of a message.
const CHUNK: usize = 16 * 1024;
/// The most that is read as the answer to one command, unless messages were asked for.
const MAX_ANSWER: usize = 1024 * 1024;
/// The most parts that one answer may have.
const MAX_PARTS: usize = 20_000;
/// How many lines of one answer are kept to be shown.
const SHOWN_LINES: usize = 12;

pub(super) type Log = crate::transcript::Log<MailboxStep>;

pub(super) struct Wire {
    stream: Either<TcpStream, TlsStream<TcpStream>>,
    inbox: Vec<u8>,
    patience: Duration,
    /// How many commands were sent: their tags.
    commands: u32,
    /// Whether the server told of messages in the open folder since this was last set to false.
    pub(super) news: bool,
}

/// The answer to one command as it comes in.
struct Reading {
    until: Instant,
    limit: usize,
    read: usize,
    parts: usize,
}

/// What ends a part of an answer.
enum End {
    /// The tagged answer.
    Done,
    /// The invitation to go on.
    Continue(Option<String>),
}

impl Wire {
    pub(super) fn plain(stream: TcpStream, patience: Duration) -> Self {
        Self { stream: Either::Left(stream), inbox: Vec::new(), patience, commands: 0, news: false }
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>, patience: Duration) -> Self {
        Self { stream: Either::Right(stream), inbox: Vec::new(), patience, commands: 0, news: false }
    }

    /// The bare connection, to be secured. Nothing may have been said in advance.
    pub(super) fn into_plain(self) -> Result<TcpStream, Fault> {
        match self.stream {
            Either::Left(stream) if self.inbox.is_empty() => Ok(stream),
            _ => Err(Fault::DataBeforeTls),
        }
    }

    /// The greeting; a server that is busy says so instead.
    pub(super) async fn greeting(&mut self, log: &mut Log) -> Result<(), Cause> {
        let mut reading = self.begin(MAX_ANSWER);
        match self.next(&mut reading, log).await? {
            Response::Data { status: status @ (Status::Ok | Status::PreAuth | Status::Bye), outcome } => {
                answer::verdict(&status, &outcome)
            }
            _ => Err(Fault::NotImap("no greeting".to_owned()).into()),
        }
    }

    /// Says a command; what the server tells until its tagged answer.
    pub(super) async fn command(&mut self, command: &str, log: &mut Log) -> Result<Vec<Response<'static>>, Cause> {
        self.long_command(command, MAX_ANSWER, log).await
    }

    /// The same, with an answer of at most `limit` bytes.
    pub(super) async fn long_command(
        &mut self,
        command: &str,
        limit: usize,
        log: &mut Log,
    ) -> Result<Vec<Response<'static>>, Cause> {
        self.say(command, log).await?;
        self.until_done(limit, log).await
    }

    /// Says `IDLE`, waits until the server tells of messages, and `longest` at most, and ends it (RFC 2177).
    pub(super) async fn idle(&mut self, longest: Duration, log: &mut Log) -> Result<(), Cause> {
        self.begin_command("IDLE", log).await?;
        let mut reading = Reading { until: Instant::now() + longest, ..self.begin(MAX_ANSWER) };
        while !self.news {
            match self.next(&mut reading, log).await {
                Ok(Response::Data { status: status @ Status::Bye, outcome }) => answer::verdict(&status, &outcome)?,
                Ok(Response::Done { status, outcome, .. }) => {
                    answer::verdict(&status, &outcome)?;
                    return Err(Fault::NotImap("an end that nobody asked for".to_owned()).into());
                }
                Ok(_) => {}
                Err(Fault::Network(net::Error::TimedOut)) => break,
                Err(fault) => return Err(fault.into()),
            }
        }
        log.us("DONE");
        self.send(b"DONE\r\n").await?;
        self.until_done(MAX_ANSWER, log).await.map(drop)
    }

    /// Says a command that the server has to invite more of; its words of invitation.
    pub(super) async fn begin_command(&mut self, command: &str, log: &mut Log) -> Result<Option<String>, Cause> {
        self.say(command, log).await?;
        match self.until_end(&mut Vec::new(), MAX_ANSWER, log).await? {
            End::Continue(words) => Ok(words),
            End::Done => Err(Fault::NotImap("an end where it should have invited us to go on".to_owned()).into()),
        }
    }

    /// The rest of a command that was begun; `shown` stands in the log for it.
    pub(super) async fn finish_command(
        &mut self,
        rest: &[u8],
        shown: &str,
        log: &mut Log,
    ) -> Result<Vec<Response<'static>>, Cause> {
        log.us(shown);
        for block in rest.chunks(CHUNK) {
            self.send(block).await?;
        }
        self.send(b"\r\n").await?;
        self.until_done(MAX_ANSWER, log).await
    }

    /// The proof of who we are. A refusal may be explained in an invitation, which an empty line answers (`XOAUTH2`).
    pub(super) async fn prove(&mut self, proof: &str, log: &mut Log) -> Result<(), Cause> {
        log.us("***");
        self.send(format!("{proof}\r\n").as_bytes()).await?;
        match self.until_end(&mut Vec::new(), MAX_ANSWER, log).await? {
            End::Done => Ok(()),
            End::Continue(_) => self.finish_command(b"", "", log).await.map(drop),
        }
    }

    async fn say(&mut self, command: &str, log: &mut Log) -> Result<(), Fault> {
        self.commands += 1;
        log.us(command);
        self.send(format!("{} {command}\r\n", self.tag()).as_bytes()).await
    }

    fn tag(&self) -> String {
        format!("q{}", self.commands)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let sending = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(self.patience, sending).await.map_err(|_| net::Error::TimedOut)?.map_err(net::Error::from)?;
        Ok(())
    }

    async fn until_done(&mut self, limit: usize, log: &mut Log) -> Result<Vec<Response<'static>>, Cause> {
        let mut told = Vec::new();
        match self.until_end(&mut told, limit, log).await? {
            End::Done => Ok(told),
            End::Continue(_) => Err(Fault::NotImap("an invitation that nobody asked for".to_owned()).into()),
        }
    }

    async fn until_end(
        &mut self,
        told: &mut Vec<Response<'static>>,
        limit: usize,
        log: &mut Log,
    ) -> Result<End, Cause> {
        let mut reading = self.begin(limit);
        loop {
            match self.next(&mut reading, log).await? {
                Response::Done { tag, status, outcome } if tag.0 == self.tag() => {
                    answer::verdict(&status, &outcome)?;
                    return Ok(End::Done);
                }
                Response::Done { .. } => return Err(Fault::NotImap("an answer to nothing".to_owned()).into()),
                Response::Data { status: status @ Status::Bye, outcome } => answer::verdict(&status, &outcome)?,
                Response::Continue(outcome) => return Ok(End::Continue(outcome.information.map(Into::into))),
                news => told.push(news),
            }
        }
    }

    fn begin(&self, limit: usize) -> Reading {
        Reading { until: Instant::now() + self.patience, limit, read: 0, parts: 0 }
    }

    async fn next(&mut self, reading: &mut Reading, log: &mut Log) -> Result<Response<'static>, Fault> {
        loop {
            match answer::first(&self.inbox) {
                Ok(Some((response, length))) => {
                    self.take(length, reading, log);
                    self.news |= matches!(response, Response::MailboxData(MailboxDatum::Exists(_)));
                    return Ok(response);
                }
                Ok(None) => self.fill(reading).await?,
                Err(nonsense) => match answer::unknown_news(&self.inbox) {
                    Some(length) => self.take(length, reading, log),
                    None => return Err(nonsense),
                },
            }
        }
    }

    /// Takes an answer out of the inbox and writes its first line down.
    fn take(&mut self, length: usize, reading: &mut Reading, log: &mut Log) {
        reading.parts += 1;
        if reading.parts <= SHOWN_LINES {
            let first_line = self.inbox[..length].split(|byte| *byte == b'\n').next().unwrap_or_default();
            log.server(answer::words(first_line));
        }
        self.inbox.drain(..length);
    }

    async fn fill(&mut self, reading: &mut Reading) -> Result<(), Fault> {
        if reading.read > reading.limit || reading.parts > MAX_PARTS {
            return Err(Fault::AnswerTooLong);
        }
        self.inbox.reserve(CHUNK);
        let read = timeout_at(reading.until, self.stream.read_buf(&mut self.inbox)).await;
        match read.map_err(|_| net::Error::TimedOut)?.map_err(net::Error::from)? {
            0 => Err(net::Error::Closed.into()),
            read => {
                reading.read += read;
                Ok(())
            }
        }
    }
}
