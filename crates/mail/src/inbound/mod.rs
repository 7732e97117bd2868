//! The way in: an SMTP server (RFC 5321) for what comes back to our own return addresses, and for nothing else.
//!
//! | room | what happens there |
//! |---|---|
//! | `guests` | how many may be here, in all and from one network, and how often they may come |
//! | `turned_away` | who is not let in, and hears why |
//! | `session` | one conversation with one client |
//! | `command` | what a line of the conversation asks for |
//! | `data` | the content, which ends with `CRLF . CRLF` and with nothing else |
//! | `wire` | lines in, answers out, and nobody who keeps us waiting |
//! | `tls` | the certificate that `STARTTLS` shows |
//!
//! It never relays: an address is ours by its own signature, which a [`Door`] knows, or it is refused at `RCPT`. A message
//! is answered `250` only after the door has recorded it durably. Whoever is behind a connection is a stranger, so time,
//! memory and patience are bounded for each and for all.

mod command;
mod data;
#[cfg(fuzzing)]
pub mod fuzzing;
mod guests;
mod session;
mod tls;
mod turned_away;
mod wire;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use guests::Guests;
pub use tls::{Tls, TlsError};
use turned_away::TurnedAway;

/// Waits before accepting again when the system has no socket left.
const BREATH: Duration = Duration::from_millis(50);
/// How many messages are with the door at once: it understands them, which takes a processor and memory.
const AT_THE_DOOR: usize = 4;
/// What memory for messages is counted in.
const BLOCK: usize = 64 * 1024;

/// Who knows our addresses, and takes what comes for them.
pub trait Door: Send + Sync + 'static {
    /// What one of our addresses stands for.
    type Addressee: Clone + Send + Sync + 'static;

    /// What `address` stands for, as it was given at `RCPT`; `None` when it is not ours.
    fn addressee(&self, address: &str) -> impl Future<Output = Result<Option<Self::Addressee>, Unavailable>> + Send;

    /// Records a message durably.
    fn take(&self, to: Self::Addressee, letter: Letter) -> impl Future<Output = Result<Taken, Unavailable>> + Send;
}

/// A message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address given at `MAIL`; empty for the null sender, as bounces have it.
    pub sender: String,
    /// The message (RFC 5322), `Return-Path` first.
    pub raw: Vec<u8>,
}

/// What a door made of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is recorded.
    Recorded,
    /// The address was ours once, and is nobody's any more.
    Nobodys,
}

/// The door cannot say or record anything at the moment; the client comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store cannot be reached")]
pub struct Unavailable;

/// What clients may ask of us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest message, in bytes, as announced by `SIZE` (RFC 1870).
    pub message: usize,
    /// What all messages under way may take together, in bytes.
    pub memory: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one network: a /24 of IPv4, a /48 of IPv6.
    pub connections_of_network: usize,
    /// New connections from one network in a minute.
    pub visits_of_network: u32,
    /// Commands in one connection.
    pub commands: u32,
    /// Recipients of one message.
    pub recipients: usize,
    /// Mistakes in one connection, refused recipients among them.
    pub mistakes: u32,
    /// How long a client may take for a line, or for a block of content. Shorter than the five minutes of RFC 5321: whoever
    /// brings a bounce is a server, and comes again.
    pub idle: Duration,
    /// How long a connection may last.
    pub session: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message: 10 * 1024 * 1024,
            memory: 64 * 1024 * 1024,
            connections: 200,
            connections_of_network: 20,
            visits_of_network: 120,
            commands: 500,
            recipients: 50,
            mistakes: 10,
            idle: Duration::from_mins(1),
            session: Duration::from_mins(10),
        }
    }
}

/// How the port presents itself.
#[derive(Clone)]
pub struct Options {
    /// The host name in greetings.
    pub name: String,
    /// What `STARTTLS` shows; without, it is not offered.
    pub tls: Option<Tls>,
    /// What clients may ask of us.
    pub limits: Limits,
}

/// What all conversations share.
struct Port<D> {
    door: D,
    options: Options,
    /// Blocks of memory left for messages.
    memory: Arc<Semaphore>,
    at_the_door: Semaphore,
    stop: CancellationToken,
}

/// Takes mail until `stop` is cancelled and the messages under way are answered.
pub async fn serve<D: Door>(listener: TcpListener, door: D, options: Options, stop: CancellationToken) {
    let guests = Guests::new(&options.limits);
    let mut turned_away = TurnedAway::default();
    let memory = Arc::new(Semaphore::new(options.limits.memory / BLOCK));
    let port = Port { door, options, memory, at_the_door: Semaphore::new(AT_THE_DOOR), stop: stop.clone() };
    let port = Arc::new(port);
    let mut sessions = JoinSet::new();
    while let Some(accepted) = stop.run_until_cancelled(accept(&listener, &mut sessions)).await {
        let (stream, client) = accepted;
        match guests.welcome(client.ip()) {
            Ok(guest) => {
                let port = Arc::clone(&port);
                sessions.spawn(async move {
                    session::attend(&port, stream, client.ip()).await;
                    drop(guest);
                });
            }
            Err(full) => turned_away.refuse(stream, client.ip(), &port.options.name, full),
        }
    }
    while sessions.join_next().await.is_some() {}
}

/// The next connection; conversations that ended are forgotten meanwhile.
async fn accept(listener: &TcpListener, sessions: &mut JoinSet<()>) -> (tokio::net::TcpStream, SocketAddr) {
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => return accepted,
                Err(error) => {
                    tracing::warn!(%error, "no connection taken");
                    tokio::time::sleep(BREATH).await;
                }
            },
            Some(_) = sessions.join_next() => {}
        }
    }
}
