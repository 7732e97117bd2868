//! Which domains mail is sent from.

use std::collections::BTreeMap;

use domain::{
    ChannelId,
    authorization::{Action, Actor},
};

use super::{KeyView, domain_of, keys::view};
use crate::{Engine, Result};

/// A domain and a channel its mail leaves by.
#[derive(Debug, Clone)]
pub struct SendingDomain {
    /// The channel.
    pub channel_id: ChannelId,
    /// What people call it.
    pub channel_name: String,
    /// The domain: ASCII, lower case.
    pub domain: String,
    /// The addresses that are sent from.
    pub addresses: Vec<String>,
    /// Our keys, oldest first.
    pub keys: Vec<KeyView>,
}

impl Engine {
    /// Every sending domain of the workspace, by domain and channel.
    ///
    /// # Errors
    /// [`crate::Error::Denied`] for anybody but an administrator.
    pub async fn sending_domains(&self, actor: &Actor) -> Result<Vec<SendingDomain>> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().read().await?;
        let senders = store::sending_domains::list(&mut tx, actor.workspace).await?;
        let keys = store::dkim_keys::list(&mut tx, actor.workspace).await?;
        let mut domains: BTreeMap<(String, ChannelId), SendingDomain> = BTreeMap::new();
        for sender in senders {
            let Some(domain) = domain_of(&sender.address) else { continue };
            let entry = domains.entry((domain.clone(), sender.channel_id)).or_insert_with(|| SendingDomain {
                channel_id: sender.channel_id,
                channel_name: sender.channel_name,
                domain,
                addresses: Vec::new(),
                keys: Vec::new(),
            });
            entry.addresses.push(sender.address);
        }
        for key in keys {
            if let Some(domain) = domains.get_mut(&(key.domain.clone(), key.channel_id)) {
                domain.keys.push(view(&key, self.now()));
            }
        }
        Ok(domains.into_values().collect())
    }
}
