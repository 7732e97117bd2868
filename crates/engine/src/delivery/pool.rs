//! Kept connections, a few for each channel.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use domain::ChannelId;
use mail::smtp::{Connection, Envelope, Transaction};
use store::channels::Channel;
use tokio::time::Instant;

/// Servers close idle connections after five minutes (RFC 5321 §4.5.3.2.7); we let go earlier.
const IDLE: Duration = Duration::from_mins(1);

/// Messages over one connection before a new one is made; many servers count.
const MESSAGES: u32 = 100;

/// A connection that was used before.
struct Kept {
    connection: Connection,
    version: i64,
    messages: u32,
    since: Instant,
}

/// A connection in use.
pub(crate) struct Taken {
    connection: Connection,
    channel: ChannelId,
    version: i64,
    messages: u32,
}

impl Taken {
    /// Sends a message; see [`Connection::transact_before`].
    pub(super) async fn transact<'n>(
        &mut self,
        envelope: &Envelope<'_>,
        message: &[u8],
        next: impl FnOnce() -> Option<(Envelope<'n>, u64)>,
    ) -> Transaction {
        self.messages += 1;
        let is_last = self.messages >= MESSAGES;
        self.connection.transact_before(envelope, message, || if is_last { None } else { next() }).await
    }
}

/// The kept connections.
#[derive(Default)]
pub(crate) struct Pool(Mutex<HashMap<ChannelId, Vec<Kept>>>);

impl Pool {
    /// A kept connection of the channel as it is configured now, which its server has not closed meanwhile.
    pub(super) async fn take(&self, channel: &Channel) -> Option<Taken> {
        loop {
            let mut it = self.pop(channel)?;
            if it.connection.is_usable().await {
                return Some(Taken {
                    connection: it.connection,
                    channel: channel.id,
                    version: it.version,
                    messages: it.messages,
                });
            }
        }
    }

    fn pop(&self, channel: &Channel) -> Option<Kept> {
        let mut kept = self.kept();
        let connections = kept.get_mut(&channel.id)?;
        connections.retain(|it| it.version == channel.version && it.since.elapsed() < IDLE);
        connections.pop()
    }

    /// A new connection of the channel.
    pub(super) fn adopt(channel: &Channel, connection: Connection) -> Taken {
        Taken { connection, channel: channel.id, version: channel.version, messages: 0 }
    }

    /// The connection, if another message can be sent over it; otherwise takes leave.
    pub(super) async fn keep(&self, mut taken: Taken) -> Option<Taken> {
        if taken.messages < MESSAGES && taken.connection.is_usable().await {
            return Some(taken);
        }
        taken.connection.quit().await;
        None
    }

    /// Puts a connection aside for the next crew, or takes leave.
    pub(super) async fn give_back(&self, taken: Taken) {
        if let Some(taken) = self.keep(taken).await {
            let kept = Kept {
                connection: taken.connection,
                version: taken.version,
                messages: taken.messages,
                since: Instant::now(),
            };
            self.kept().entry(taken.channel).or_default().push(kept);
        }
    }

    /// Takes leave of every server.
    pub(crate) async fn close(&self) {
        let all: Vec<Kept> = self.kept().drain().flat_map(|(_, connections)| connections).collect();
        for kept in all {
            kept.connection.quit().await;
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<ChannelId, Vec<Kept>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
