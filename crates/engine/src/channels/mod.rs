//! Delivery channels: setting them up, trying them out, pausing and resuming them, signing in to their servers.

mod credentials;
mod input;
mod list;
mod pause;
mod save;
mod test;

use domain::authorization::{Action, Actor};
use serde_json::{Value, json};
use store::{Tx, channels::Channel};

pub use credentials::{OauthGrant, Secret, ServerError};
pub use input::{ChannelChange, ChannelInput};
pub use list::ChannelView;
pub use mail::smtp::{Probe, ProbeStep, Problem, Step};
pub use store::channels::Pause;

pub(crate) use credentials::AccessTokens;
pub(crate) use input::{MAX_SECRET, address_policy, check_address, check_endpoint, check_password};
pub(crate) use pause::PauseReminders;

use crate::{
    Engine, Error, Result,
    live::{Change, Topic},
};

impl Engine {
    /// Tells those who can see a channel, and whose identities may use it.
    pub(crate) fn tell_channel(&self, channel: &Channel) {
        for topic in [Topic::Channels, Topic::Identities] {
            self.live().tell(Change {
                workspace: channel.workspace_id,
                owner: channel.owner_id,
                topic,
                emails: Vec::new(),
            });
        }
    }
}

/// The channel, if the user whose things `actor` sees may send through it.
pub(crate) async fn usable(tx: &mut Tx, actor: &Actor, id: domain::ChannelId) -> Result<Channel> {
    let channel = store::channels::find(tx, actor.workspace, id).await?;
    let usable = channel.owner_id.is_none_or(|owner| owner == actor.seen_user());
    if usable && channel.deleted_at.is_none() { Ok(channel) } else { Err(Error::NotFound) }
}

/// What somebody must be allowed in order to change a channel of `owner`.
pub(crate) fn change_of(owner: Option<domain::UserId>) -> Action {
    owner.map_or(Action::AdministerWorkspace, |owner| Action::Change { owner })
}

/// A channel as the audit record shows it.
fn described(channel: &Channel) -> Value {
    json!({
        "name": channel.name,
        "team": channel.owner_id.is_none(),
        "host": channel.host,
        "port": channel.port,
        "security": channel.security,
        "auth": channel.auth,
        "username": channel.username,
        "limits": channel.limits(),
    })
}
