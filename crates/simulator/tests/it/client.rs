//! A client that says what it is told, byte for byte, and a clock that is moved by hand.

use simulator::{Act, Clock, Options, Reaction, Visit, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const BEGINNING: i64 = 1_775_000_000 * SECOND;
pub(crate) const LETTER: &str =
    "From: <elena@northlight.example>\r\nMessage-ID: <1@northlight.example>\r\nSubject: x\r\n\r\nHello\r\n";

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING)))
    }

    pub(crate) fn set(&self, at: i64) {
        self.0.store(at, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Clock {
        let at = Arc::clone(&self.0);
        Arc::new(move || at.load(Ordering::SeqCst))
    }
}

pub(crate) fn options() -> Options {
    Options { slow: Duration::from_millis(80), ..Options::new(7, Hands::new().clock()) }
}

pub(crate) async fn world() -> World {
    World::start(options()).await.unwrap()
}

/// The request of a reaction that makes one.
pub(crate) fn visit(reaction: &Reaction) -> &Visit {
    match &reaction.act {
        Act::Visit(visit) => visit,
        Act::Write(mail) => panic!("it writes {mail:?}"),
    }
}

/// The same, to change it.
pub(crate) fn visit_mut(reaction: &mut Reaction) -> &mut Visit {
    match &mut reaction.act {
        Act::Visit(visit) => visit,
        Act::Write(mail) => panic!("it writes {mail:?}"),
    }
}

/// A connection to the world's server.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects, and reads nothing yet.
    pub(crate) async fn connect(world: &World) -> Self {
        let stream = TcpStream::connect(world.address()).await.unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Connects and says EHLO.
    pub(crate) async fn greeted(world: &World) -> Self {
        let mut client = Self::connect(world).await;
        assert!(client.answer().await.starts_with("220 "));
        assert!(client.ask("EHLO test.example").await.contains("PIPELINING"));
        client
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).await.unwrap();
    }

    /// One whole answer, its lines joined; empty when the connection is closed.
    pub(crate) async fn answer(&mut self) -> String {
        let mut answer = String::new();
        loop {
            let start = answer.len();
            let read = self.stream.read_line(&mut answer).await.unwrap_or(0);
            if read == 0 || answer.as_bytes().get(start + 3) != Some(&b'-') {
                return answer.trim_end().to_owned();
            }
        }
    }

    pub(crate) async fn ask(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n")).await;
        self.answer().await
    }

    /// Says MAIL and RCPT, one after the other, and gives the answer to RCPT.
    pub(crate) async fn address(&mut self, recipient: &str) -> String {
        let taken = self.ask("MAIL FROM:<elena@northlight.example> BODY=8BITMIME").await;
        assert!(taken.starts_with("250 2.1.0"), "{taken}");
        self.ask(&format!("RCPT TO:<{recipient}>")).await
    }

    /// Sends a message after DATA was answered or pipelined.
    pub(crate) async fn text(&mut self, message: &str) -> String {
        self.send(format!("{message}.\r\n")).await;
        self.answer().await
    }

    /// A whole transaction; gives the last answer.
    pub(crate) async fn deliver(&mut self, recipient: &str, message: &str) -> String {
        let answer = self.address(recipient).await;
        if !answer.starts_with("250") {
            return answer;
        }
        let answer = self.ask("DATA").await;
        if !answer.starts_with("354") {
            return answer;
        }
        self.text(message).await
    }

    pub(crate) async fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        matches!(self.stream.read_to_end(&mut rest).await, Ok(0) | Err(_))
    }

    /// Whether the server still answers.
    pub(crate) async fn is_answered(&mut self) -> bool {
        let sent = self.stream.get_mut().write_all(b"NOOP\r\n").await;
        sent.is_ok() && !self.answer().await.is_empty()
    }
}
