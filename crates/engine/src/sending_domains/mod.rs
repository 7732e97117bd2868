//! Sending domains: whether receivers believe a domain's mail, and the keys that sign it.
//!
//! A sending domain is the domain of an identity's address together with the channel its mail leaves by. Nothing is stored
//! about it but its keys; what DNS says is asked when somebody wants to know.

mod check;
mod keys;
mod known;
mod list;

use domain::{
    ChannelId, EmailAddress, WorkspaceId,
    authorization::{Action, Actor},
    deliverability::OwnKey,
    input::{Code, Invalid},
};
use store::{Tx, channels::Channel, dkim_keys::DkimKey};

pub use check::DomainCheck;
pub use keys::{KeyState, KeyView, PUBLISHED_AFTER};
pub use list::SendingDomain;

pub(crate) use known::Known;

use crate::{
    Engine, Error, Result,
    live::{Change, Topic},
};

impl Engine {
    /// Tells everybody in the workspace whose screen shows its domains.
    pub(crate) fn tell_domains(&self, workspace: WorkspaceId) {
        self.live().tell(Change { workspace, owner: None, topic: Topic::Domains, emails: Vec::new() });
    }

    /// The channel, once it is clear that `actor` may look after the workspace's domains.
    async fn channel_of_domain(&self, tx: &mut Tx, actor: &Actor, id: ChannelId) -> Result<Channel> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let channel = store::channels::find(tx, actor.workspace, id).await?;
        if channel.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(channel) }
    }
}

/// The domain as DNS knows it.
fn checked_domain(said: &str) -> Result<String> {
    let address = format!("postmaster@{}", said.trim().trim_end_matches('.'));
    let ascii = mail::address::with_ascii_domain(&address);
    let is_one = EmailAddress::parse("domain", &ascii).is_ok() && ascii.contains('.');
    let domain = ascii.rsplit_once('@').filter(|_| is_one).map(|(_, domain)| domain.to_ascii_lowercase());
    domain.ok_or_else(|| Invalid::new("domain", Code::NotAHost).into())
}

/// The domain of an address, as DNS knows it.
fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    checked_domain(domain).ok()
}

/// A key as far as the world may know it.
fn own_key(key: &DkimKey) -> OwnKey {
    OwnKey {
        selector: key.selector.clone(),
        algorithm: key.algorithm,
        public_key: key.public_key.clone(),
        signs: key.signs(),
    }
}
