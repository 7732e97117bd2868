//! A conversation from the first look-up to the moment folders can be opened, and its polite end.

use std::{net::SocketAddr, time::Duration};

use domain::events::Line;
use imap_proto::{Capability, Response};
use tokio::time::timeout;

use super::{
    Cause, Client, Fault, MailboxStep, Security, Server,
    login::sign_in,
    wire::{Log, Wire},
};

/// How long a server has to say goodbye.
const FAREWELL: Duration = Duration::from_secs(5);

/// How many lines a session remembers before it begins anew.
const MAX_LINES: usize = 100;

/// A mailbox that was signed in to.
pub struct Session {
    pub(super) wire: Wire,
    pub(super) offers: Offers,
    pub(super) log: Log,
}

/// Why no session was opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {cause}")]
pub struct OpenError {
    /// How far it came.
    pub step: MailboxStep,
    /// What ended it.
    pub cause: Cause,
    /// What was said.
    pub transcript: Vec<Line>,
}

impl OpenError {
    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        code(self.step, &self.cause)
    }
}

/// A stable name of what went wrong at a step.
pub(super) fn code(step: MailboxStep, cause: &Cause) -> &'static str {
    match cause {
        Cause::Lost(fault) => fault.code(),
        Cause::Refused(words) if step == MailboxStep::Login && passes(words) => "unavailable",
        Cause::Refused(_) if step == MailboxStep::Login => "credentials_refused",
        Cause::Refused(_) => "refused",
    }
}

/// Whether a server that signs nobody in says that this is its own trouble, and no word about the credentials (RFC 5530).
fn passes(words: &str) -> bool {
    ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"].iter().any(|code| words.starts_with(&format!("NO [{code}]")))
}

/// What a server says it can do, in upper case.
#[derive(Debug, Default)]
pub(super) struct Offers(Vec<String>);

impl Offers {
    pub(super) fn include(&self, word: &str) -> bool {
        self.0.iter().any(|offer| offer == word)
    }
}

impl Session {
    /// Connects to `server`, secures the conversation as it demands, and signs in.
    ///
    /// # Errors
    /// [`OpenError`] with the step at which it ended and what was said until then.
    pub async fn open(server: &Server, client: &Client) -> Result<Self, OpenError> {
        let mut log = Log::new();
        match Self::connect(server, client, &mut log).await {
            Ok((wire, offers)) => Ok(Self { wire, offers, log: Log::new() }),
            Err(cause) => {
                let step = log.current().unwrap_or(MailboxStep::Resolve);
                Err(OpenError { step, cause, transcript: log.lines })
            }
        }
    }

    pub(super) async fn connect(server: &Server, client: &Client, log: &mut Log) -> Result<(Wire, Offers), Cause> {
        let Client { network, patience } = client;
        log.enter(MailboxStep::Resolve);
        let addresses = network.resolve(&server.host, server.port, patience.connect).await?;
        log.enter(MailboxStep::Connect);
        if server.security == Security::None && !addresses.iter().all(|address| is_this_machine(*address)) {
            return Err(Fault::ClearText.into());
        }
        let stream = network.connect(&addresses, patience.connect).await?;
        let mut wire = if server.security == Security::Tls {
            log.enter(MailboxStep::Tls);
            Wire::tls(network.secure(&server.host, stream, patience.connect).await?, patience.command)
        } else {
            Wire::plain(stream, patience.command)
        };
        log.enter(MailboxStep::Greeting);
        wire.greeting(log).await?;
        let mut offers = ask_offers(&mut wire, log).await?;
        if server.security == Security::StartTls {
            wire = start_tls(wire, &offers, server, client, log).await?;
            // What was offered in clear text may have been written by anybody.
            offers = ask_offers(&mut wire, log).await?;
        }
        log.enter(MailboxStep::Login);
        sign_in(&mut wire, &offers, &server.credentials, log).await?;
        // Many servers offer more to somebody they know.
        let offers = ask_offers(&mut wire, log).await?;
        Ok((wire, offers))
    }

    /// Takes leave. A server that does not answer is left without a word.
    pub async fn close(mut self) {
        let _ = timeout(FAREWELL, self.wire.command("LOGOUT", &mut self.log)).await;
    }

    pub(super) async fn command(&mut self, command: &str) -> Result<Vec<Response<'static>>, Cause> {
        self.forget();
        self.wire.command(command, &mut self.log).await
    }

    /// A command whose answer may have `limit` bytes.
    pub(super) async fn long_command(&mut self, command: &str, limit: usize) -> Result<Vec<Response<'static>>, Cause> {
        self.forget();
        self.wire.long_command(command, limit, &mut self.log).await
    }

    /// A long session forgets what was said long ago.
    pub(super) fn forget(&mut self) {
        if self.log.lines.len() > MAX_LINES {
            self.log = Log::new();
        }
    }
}

/// Whether the address belongs to this machine, so that nobody else hears what is said to it.
fn is_this_machine(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

async fn ask_offers(wire: &mut Wire, log: &mut Log) -> Result<Offers, Cause> {
    let told = wire.command("CAPABILITY", log).await?;
    let offers = told.into_iter().filter_map(|response| match response {
        Response::Capabilities(capabilities) => Some(capabilities),
        _ => None,
    });
    let words = offers.flatten().map(|capability| match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_uppercase()),
        Capability::Atom(atom) => atom.to_uppercase(),
    });
    Ok(Offers(words.collect()))
}

async fn start_tls(
    mut wire: Wire,
    offers: &Offers,
    server: &Server,
    client: &Client,
    log: &mut Log,
) -> Result<Wire, Cause> {
    let Client { network, patience } = client;
    log.enter(MailboxStep::StartTls);
    if !offers.include("STARTTLS") {
        return Err(Fault::NoStartTls.into());
    }
    wire.command("STARTTLS", log).await?;
    log.enter(MailboxStep::Tls);
    let stream = wire.into_plain()?;
    Ok(Wire::tls(network.secure(&server.host, stream, patience.connect).await?, patience.command))
}
