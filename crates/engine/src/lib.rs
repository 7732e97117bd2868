//! What the product does: use-cases named by the product's verbs, and the workers that run without anybody asking.
//!
//! [`Engine`] holds everything a use-case needs: the store, the clock, randomness, keys, and the channel by which open
//! screens hear of changes. Verbs are its methods, one file each in the folder of their noun. Each verb begins by asking
//! [`domain::authorization::authorize`], does its work in one transaction, and tells [`live`] what changed.

mod clock;
mod error;
mod faults;
mod housekeeping;
mod keys;
mod random;

pub mod accounts;
pub mod certificates;
pub mod channels;
pub mod conversation;
pub mod delivery;
pub mod emails;
pub mod feed;
pub mod feedback;
pub mod identities;
pub mod incoming;
pub mod live;
pub mod mailboxes;
pub mod networks;
pub mod notices;
pub mod people;
pub mod providers;
pub mod rebuild;
pub mod restore;
pub mod sending_domains;
pub mod stops;
pub mod tracking;
pub mod tracking_domain;
pub mod unsubscribe;
pub mod workspace;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::{
    NodeId, Timestamp,
    authorization::{Action, Actor, authorize},
};
use mail::{
    dns::Resolver,
    net::{CertificateDer, Network},
};
use store::Db;
use tokio::sync::Notify;
use uuid::Uuid;

pub use clock::{Clock, MovedClock, SystemClock};
pub use error::{Error, Result};
pub use keys::{KeyError, Keys, Purpose};
pub use random::Random;

/// What an operator decides and a use-case needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people open the interface, without a trailing slash: `https://sales.example`.
    pub public_url: String,
    /// Where pixels and links point, without a trailing slash.
    pub tracking_url: String,
    /// Whether channels may point at private and loopback addresses.
    pub allow_private_hosts: bool,
    /// What is asked about names, and who is trusted about them.
    pub domains: DomainSettings,
}

/// Whom the server asks about names, and whom it trusts about them.
#[derive(Debug, Clone, Default)]
pub struct DomainSettings {
    /// The DNS servers to ask; none: those of the system.
    pub dns_servers: Vec<SocketAddr>,
    /// Certificate authorities to trust besides the system's.
    pub trusted_roots: Vec<CertificateDer<'static>>,
    /// The ACME directory to order certificates from, where this server answers https by itself.
    pub acme_directory: Option<String>,
    /// Where names are found that DNS leads elsewhere: providers that are played.
    pub hosts: Vec<(String, SocketAddr)>,
}

impl DomainSettings {
    /// The authorities in a PEM file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read_roots(pem: &[u8]) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
        mail::net::read_certificates(pem)
    }
}

/// Everything a use-case needs. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Random,
    keys: Keys,
    settings: Settings,
    live: live::Live,
    network: Network,
    dns: Resolver,
    known: sending_domains::Known,
    shown: certificates::Shown,
    access_tokens: channels::AccessTokens,
    pause_reminders: channels::PauseReminders,
    door: accounts::Door,
    /// This process, to the others on the same database.
    node: NodeId,
    delivery_bell: Notify,
    mailbox_bell: mailboxes::Bell,
    channels: delivery::Channels,
    turns: delivery::TurnsOfChannels,
    compositions: delivery::Compositions,
    clock_guard: delivery::ClockGuard,
    pool: delivery::Pool,
    visits: tracking::Visits,
    networks: networks::Current,
    forecasts: emails::Forecasts,
    port: feedback::PortState,
    calls: feedback::Calls,
    understanding: incoming::Understanding,
    ids: AtomicU32,
}

impl Engine {
    /// An engine on `db`.
    pub fn new(db: Db, clock: Arc<dyn Clock>, random: Random, keys: Keys, settings: Settings) -> Self {
        let network = Network::new(channels::address_policy(&settings), settings.domains.trusted_roots.clone())
            .with_hosts(settings.domains.hosts.clone());
        let known = sending_domains::Known::new(&settings.tracking_url);
        let dns = Resolver::new(settings.domains.dns_servers.clone());
        let node = NodeId(uuid::Builder::from_random_bytes(random.bytes()).into_uuid());
        Self {
            shared: Arc::new(Shared {
                db,
                clock,
                random,
                keys,
                settings,
                live: live::Live::new(),
                network,
                dns,
                known,
                shown: certificates::Shown::default(),
                access_tokens: channels::AccessTokens::default(),
                pause_reminders: channels::PauseReminders::default(),
                door: accounts::Door::new(),
                node,
                delivery_bell: Notify::new(),
                mailbox_bell: mailboxes::Bell::default(),
                channels: delivery::Channels::default(),
                turns: delivery::TurnsOfChannels::default(),
                compositions: delivery::Compositions::default(),
                clock_guard: delivery::ClockGuard::default(),
                pool: delivery::Pool::default(),
                visits: tracking::Visits::default(),
                networks: networks::Current::default(),
                forecasts: emails::Forecasts::default(),
                port: feedback::PortState::default(),
                calls: feedback::Calls::default(),
                understanding: incoming::Understanding::default(),
                ids: AtomicU32::new(0),
            }),
        }
    }

    /// The store.
    pub fn db(&self) -> &Db {
        &self.shared.db
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Randomness, for what must not be guessed and for what must not coincide.
    pub fn random(&self) -> &Random {
        &self.shared.random
    }

    /// The operator's decisions.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// News of changes, for open screens.
    pub fn live(&self) -> &live::Live {
        &self.shared.live
    }

    pub(crate) fn door(&self) -> &accounts::Door {
        &self.shared.door
    }

    /// The way out to mail servers and token endpoints.
    pub(crate) fn network(&self) -> &Network {
        &self.shared.network
    }

    /// Whom to ask about names.
    pub(crate) fn dns(&self) -> &Resolver {
        &self.shared.dns
    }

    pub(crate) fn access_tokens(&self) -> &channels::AccessTokens {
        &self.shared.access_tokens
    }

    pub(crate) fn pause_reminders(&self) -> &channels::PauseReminders {
        &self.shared.pause_reminders
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// A new id (`UUIDv7`), ordered by time and, within a millisecond, by the order of asking (RFC 9562 §6.2, method 1).
    pub(crate) fn new_id<T: From<Uuid>>(&self) -> T {
        let count = self.shared.ids.fetch_add(1, Ordering::Relaxed);
        let mut bytes: [u8; 10] = self.random().bytes();
        // 26 bits of counter around the bits of version and variant: four, eight, six, eight.
        let [high, middle, low] = [count >> 22, count >> 14, count >> 8].map(|bits| bits.to_le_bytes()[0]);
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (high & 0x0f, middle, low & 0x3f, count.to_le_bytes()[0]);
        T::from(uuid::Builder::from_unix_timestamp_millis(self.now().millis(), &bytes).into_uuid())
    }

    /// Refuses what `actor` may not do.
    #[expect(clippy::unused_self, reason = "reads as a sentence at the top of every verb")]
    pub(crate) fn allow(&self, actor: &Actor, action: Action) -> Result<()> {
        Ok(authorize(actor, action)?)
    }
}
