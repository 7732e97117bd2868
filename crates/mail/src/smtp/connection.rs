//! A conversation from the first look-up to the moment mail can be sent, and its polite end.

use std::net::{IpAddr, SocketAddr};

use domain::{
    events::Line,
    smtp::{Reply, Stage},
};

use super::{
    Client, Patience, Security, Server, auth::sign_in, extensions::Extensions, fault::Fault, reply::expect,
    transaction::Offered, transcript::Log, wire::Wire,
};

/// A server that is ready for a message.
pub struct Connection {
    pub(super) wire: Wire,
    pub(super) extensions: Extensions,
    pub(super) patience: Patience,
    /// Whether a transaction was begun and not accepted: the server must be told to forget it.
    pub(super) needs_reset: bool,
    /// Whether the two sides still agree on whose turn it is.
    pub(super) in_step: bool,
    /// The transaction whose commands left together with the message before it.
    pub(super) offered: Option<Offered>,
}

/// Why no connection was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stage}: {cause}")]
pub struct OpenError {
    /// How far it came.
    pub stage: Stage,
    /// What ended it.
    pub cause: Cause,
    /// What was said.
    pub transcript: Vec<Line>,
}

/// What ended an attempt to connect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The server said no.
    #[error("the server answered {0}")]
    Refused(Reply),
    /// There is nothing more to say to each other.
    #[error(transparent)]
    Lost(#[from] Fault),
}

impl From<crate::net::Error> for Cause {
    fn from(error: crate::net::Error) -> Self {
        Self::Lost(error.into())
    }
}

impl Connection {
    /// Connects to `server`, secures the conversation as it demands, and signs in.
    ///
    /// # Errors
    /// [`OpenError`] with the stage at which it ended and what was said until then.
    pub async fn open(server: &Server, client: &Client) -> Result<Self, OpenError> {
        let mut log = Log::new();
        let opened = Self::open_logged(server, client, &mut log).await;
        opened.map_err(|cause| OpenError { stage: log.stage(), cause, transcript: log.lines })
    }

    pub(super) async fn open_logged(server: &Server, client: &Client, log: &mut Log) -> Result<Self, Cause> {
        let Client { network, patience, .. } = client;
        log.enter(Stage::Resolve);
        let addresses = network.resolve(&server.host, server.port, patience.connect).await?;
        log.enter(Stage::Connect);
        if server.security == Security::None && !addresses.iter().all(|address| is_this_machine(*address)) {
            return Err(Fault::ClearText.into());
        }
        let stream = network.connect(&addresses, patience.connect).await?;
        let mut wire = if server.security == Security::Tls {
            log.enter(Stage::Tls);
            Wire::tls(network.secure(&server.host, stream, patience.connect).await?)
        } else {
            Wire::plain(stream)
        };
        log.enter(Stage::Greeting);
        expect(wire.reply(patience.greeting, log).await?, 2)?;
        let mut extensions = say_hello(&mut wire, client, log).await?;
        if server.security == Security::StartTls {
            wire = start_tls(wire, &extensions, server, client, log).await?;
            // What was offered in clear text may have been written by anybody.
            extensions = say_hello(&mut wire, client, log).await?;
        }
        if let Some(credentials) = &server.credentials {
            log.enter(Stage::Auth);
            sign_in(&mut wire, &extensions, credentials, patience.command, log).await?;
        }
        Ok(Self { wire, extensions, patience: *patience, needs_reset: false, in_step: true, offered: None })
    }

    /// The largest message the server takes, where it has said so.
    pub fn size_limit(&self) -> Option<u64> {
        self.extensions.size_limit
    }

    /// Whether another message can be sent: the last one ended in order, and the server has not hung up since.
    pub async fn is_usable(&mut self) -> bool {
        // Where a transaction was offered already, the server may have answered.
        self.in_step && (self.offered.is_some() || self.wire.is_quiet().await)
    }

    /// Takes leave. A server that does not answer is left without a word.
    pub async fn quit(mut self) {
        if self.in_step && self.offered.is_none() {
            let _ = self.sign_off(&mut Log::new()).await;
        }
    }

    pub(super) async fn sign_off(&mut self, log: &mut Log) -> Result<Reply, Fault> {
        let patience = self.patience.connect.min(self.patience.command);
        self.wire.command("QUIT".to_owned(), log);
        self.wire.send(patience).await?;
        self.wire.reply(patience, log).await
    }
}

/// Whether the address belongs to this machine, so that nobody else hears what is said to it.
fn is_this_machine(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

async fn say_hello(wire: &mut Wire, client: &Client, log: &mut Log) -> Result<Extensions, Cause> {
    log.enter(Stage::Ehlo);
    let name = match &client.name {
        Some(name) => name.clone(),
        None => match wire.local_address()?.ip().to_canonical() {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        },
    };
    wire.command(format!("EHLO {name}"), log);
    wire.send(client.patience.command).await?;
    let reply = expect(wire.reply(client.patience.command, log).await?, 2)?;
    Ok(Extensions::of(&reply))
}

async fn start_tls(
    mut wire: Wire,
    extensions: &Extensions,
    server: &Server,
    client: &Client,
    log: &mut Log,
) -> Result<Wire, Cause> {
    let Client { network, patience, .. } = client;
    log.enter(Stage::StartTls);
    if !extensions.starttls {
        return Err(Fault::NoStartTls.into());
    }
    wire.command("STARTTLS".to_owned(), log);
    wire.send(patience.command).await?;
    expect(wire.reply(patience.command, log).await?, 2)?;
    log.enter(Stage::Tls);
    let stream = wire.into_plain()?;
    Ok(Wire::tls(network.secure(&server.host, stream, patience.connect).await?))
}
