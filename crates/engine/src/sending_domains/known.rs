//! What every email needs to know about its workspace's domains, kept in memory: the tracking host and the signing keys.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use domain::{ChannelId, DkimKeyId, Timestamp, WorkspaceId, time::SECOND};
use mail::{dkim::Signer, tracking_host::name_and_port};
use store::{dkim_keys::DkimKey, emails::Claimed};

use crate::{Engine, Purpose, Result};

/// How long another node's change may go unnoticed.
const FRESH: i64 = 30 * SECOND;

/// The last that was read.
pub(crate) struct Known {
    /// The operator's tracking host.
    default_url: Arc<str>,
    last: RwLock<Arc<Snapshot>>,
}

#[derive(Default)]
struct Snapshot {
    read_at: Option<Timestamp>,
    /// Without a trailing slash.
    tracking: HashMap<WorkspaceId, Arc<str>>,
    /// Every host that serves tracking and nothing else, without its port.
    tracking_hosts: HashSet<String>,
    signers: HashMap<(WorkspaceId, ChannelId, String), Vec<Arc<Signer>>>,
    by_key: HashMap<DkimKeyId, Arc<Signer>>,
}

impl Known {
    pub(crate) fn new(default_url: &str) -> Self {
        Self { default_url: default_url.into(), last: RwLock::default() }
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.last.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, snapshot: Snapshot) {
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

impl Engine {
    /// Where pixels and links of the workspace's new mail lead, without a trailing slash: its own host when that is
    /// switched on, else the operator's. From memory; never waits.
    pub(crate) fn tracking_url(&self, workspace: WorkspaceId) -> Arc<str> {
        let own = self.shared.known.snapshot().tracking.get(&workspace).cloned();
        own.unwrap_or_else(|| Arc::clone(&self.shared.known.default_url))
    }

    /// Whether `host` is a workspace's own tracking host, now or once, and so serves nothing else. From memory.
    pub fn is_tracking_host(&self, host: &str) -> bool {
        self.shared.known.snapshot().tracking_hosts.contains(host)
    }

    /// The message with the signatures of its domain, if the channel signs for it. A key that cannot be used costs the
    /// signature and not the mail.
    pub(crate) fn signed(&self, email: &Claimed, from: &str, message: Vec<u8>) -> Vec<u8> {
        let known = self.shared.known.snapshot();
        if known.signers.is_empty() {
            return message;
        }
        let signers = email
            .channel_id
            .zip(super::domain_of(from))
            .and_then(|(channel, domain)| known.signers.get(&(email.workspace_id, channel, domain)));
        let Some(signers) = signers else { return message };
        match mail::dkim::sign(&message, signers) {
            Ok(signatures) => [signatures.into_bytes(), message].concat(),
            Err(error) => {
                tracing::error!(%error, email = %email.id, "a message leaves unsigned");
                message
            }
        }
    }

    /// Reads anew what changed, unless that was done a moment ago.
    pub(crate) async fn know_domains(&self) -> Result<()> {
        let read_at = self.shared.known.snapshot().read_at;
        let now = self.now();
        if read_at.is_some_and(|at| at <= now && now < at.plus(FRESH)) { Ok(()) } else { self.learn_domains().await }
    }

    /// Reads anew what changed.
    pub(crate) async fn learn_domains(&self) -> Result<()> {
        let mut tx = self.db().read().await?;
        let domains = store::tracking_domains::list(&mut tx).await?;
        let mut tracking_hosts = store::tracking_domains::list_former(&mut tx).await?;
        let keys = store::dkim_keys::list_signing(&mut tx).await?;
        drop(tx);
        let before = self.shared.known.snapshot();
        let mut tracking = HashMap::new();
        for domain in domains {
            if domain.active_since.is_some() {
                tracking.insert(domain.workspace_id, format!("https://{}", domain.host).into());
            }
            tracking_hosts.push(domain.host);
        }
        let tracking_hosts = tracking_hosts.iter().map(|host| name_and_port(host).0.to_owned()).collect();
        let (mut signers, mut by_key) = (HashMap::<_, Vec<Arc<Signer>>>::new(), HashMap::new());
        for key in keys {
            let known = before.by_key.get(&key.id).cloned();
            if let Some(signer) = known.or_else(|| self.signer(&key)) {
                by_key.insert(key.id, Arc::clone(&signer));
                signers.entry((key.workspace_id, key.channel_id, key.domain)).or_default().push(signer);
            }
        }
        self.shared.known.replace(Snapshot { read_at: Some(self.now()), tracking, tracking_hosts, signers, by_key });
        Ok(())
    }

    fn signer(&self, key: &DkimKey) -> Option<Arc<Signer>> {
        let unusable = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, domain = key.domain, selector = key.selector, "a DKIM key cannot be used");
        };
        let private = self.keys().open(Purpose::Secrets, key.secret.as_deref()?).inspect_err(|it| unusable(it)).ok()?;
        let signer = Signer::new(key.algorithm, &private, &key.domain, &key.selector);
        signer.inspect_err(|it| unusable(it)).ok().map(Arc::new)
    }
}
