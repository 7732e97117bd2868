//! The bytes of a conversation: buffered in both directions, every wait bounded.

use std::{future::poll_fn, net::SocketAddr, pin::Pin, task::Poll, time::Duration};

use domain::smtp::Reply;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::{
    fault::Fault,
    reply::{MAX_LINE, Reading},
    transcript::Log,
};
use crate::net;

/// How much is read from the network at once.
const CHUNK: usize = 4 * 1024;

pub(super) struct Wire {
    /// A TLS stream is large, and connections are handed on for each message.
    stream: Either<TcpStream, Box<TlsStream<TcpStream>>>,
    inbox: Vec<u8>,
    /// How much of the inbox has been read.
    read: usize,
    /// What is to be sent with the next [`Wire::send`].
    pub(super) outbox: Vec<u8>,
}

impl Wire {
    pub(super) fn plain(stream: TcpStream) -> Self {
        Self::new(Either::Left(stream))
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>) -> Self {
        Self::new(Either::Right(Box::new(stream)))
    }

    fn new(stream: Either<TcpStream, Box<TlsStream<TcpStream>>>) -> Self {
        Self { stream, inbox: Vec::with_capacity(CHUNK), read: 0, outbox: Vec::with_capacity(CHUNK) }
    }

    /// The bare connection, to be secured. Nothing may have been said in advance.
    pub(super) fn into_plain(self) -> Result<TcpStream, Fault> {
        match self.stream {
            Either::Left(stream) if self.read == self.inbox.len() => Ok(stream),
            _ => Err(Fault::DataBeforeTls),
        }
    }

    pub(super) fn local_address(&self) -> Result<SocketAddr, Fault> {
        let stream = match &self.stream {
            Either::Left(stream) => stream,
            Either::Right(tls) => tls.get_ref().0,
        };
        Ok(stream.local_addr().map_err(net::Error::from)?)
    }

    /// Puts a command into the outbox and into the log.
    pub(super) fn command(&mut self, command: String, log: &mut Log) {
        self.secret(&command);
        log.us(command);
    }

    /// Puts a command into the outbox only.
    pub(super) fn secret(&mut self, command: &str) {
        self.outbox.extend_from_slice(command.as_bytes());
        self.outbox.extend_from_slice(b"\r\n");
    }

    /// Sends the outbox.
    pub(super) async fn send(&mut self, patience: Duration) -> Result<(), Fault> {
        let Self { stream, outbox, .. } = self;
        let sending = async {
            stream.write_all(outbox).await?;
            stream.flush().await
        };
        let sent = timeout(patience, sending).await;
        outbox.clear();
        sent.map_err(|_| net::Error::TimedOut)?.map_err(net::Error::from)?;
        Ok(())
    }

    /// The server's next answer.
    pub(super) async fn reply(&mut self, patience: Duration, log: &mut Log) -> Result<Reply, Fault> {
        let reply = timeout(patience, self.read_reply()).await.map_err(|_| net::Error::TimedOut)??;
        for (number, line) in reply.text.split('\n').enumerate() {
            let codes = if number == 0 { reply.codes() } else { reply.code.to_string() };
            log.server(if line.is_empty() { codes } else { format!("{codes} {line}") });
        }
        Ok(reply)
    }

    async fn read_reply(&mut self) -> Result<Reply, Fault> {
        let mut reading = Reading::default();
        loop {
            while let Some(line) = self.next_line()? {
                if let Some(reply) = reading.take(&self.inbox[line])? {
                    return Ok(reply);
                }
            }
            self.fill().await?;
        }
    }

    /// Where the next whole line stands in the inbox, without its ending.
    fn next_line(&mut self) -> Result<Option<std::ops::Range<usize>>, Fault> {
        let unread = &self.inbox[self.read..];
        let Some(newline) = unread.iter().position(|byte| *byte == b'\n') else {
            return if unread.len() > MAX_LINE { Err(Fault::AnswerTooLong) } else { Ok(None) };
        };
        if newline > MAX_LINE {
            return Err(Fault::AnswerTooLong);
        }
        let start = self.read;
        let length = unread[..newline].strip_suffix(b"\r").map_or(newline, <[u8]>::len);
        self.read += newline + 1;
        Ok(Some(start..start + length))
    }

    async fn fill(&mut self) -> Result<(), Fault> {
        self.inbox.drain(..self.read);
        self.read = 0;
        self.inbox.reserve(CHUNK);
        match self.stream.read_buf(&mut self.inbox).await.map_err(net::Error::from)? {
            0 => Err(net::Error::Closed.into()),
            _ => Ok(()),
        }
    }

    /// Whether the server has neither spoken nor hung up since its last answer.
    pub(super) async fn is_quiet(&mut self) -> bool {
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let stream = &mut self.stream;
        let heard = poll_fn(|context| Poll::Ready(Pin::new(&mut *stream).poll_read(context, &mut buffer))).await;
        self.read == self.inbox.len() && heard.is_pending()
    }
}
