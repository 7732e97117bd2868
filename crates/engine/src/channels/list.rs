//! Channels as people see them: with their use, and without their secrets.

use domain::{
    ChannelId, UserId,
    authorization::{Action, Actor, authorize},
    feedback::News,
    reasons::PauseReason,
};
use store::{
    Tx,
    attempts::{self, Counted},
    channels::{self, Channel, Pause},
};

use super::{change_of, usable};
use crate::{Engine, Result};

/// A channel with everything a screen shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    /// The channel; its sealed secret is for nobody to see.
    pub channel: Channel,
    /// Whose it is, by id and name; `None` for a team channel.
    pub owner: Option<(UserId, String)>,
    /// The pause in force.
    pub pause: Option<Pause>,
    /// Attempts that count on this day of the channel's limits.
    pub used_today: u32,
    /// Emails that wait for it.
    pub waiting: u64,
    /// Those of them that are due, where a restore has paused it: they may have left before. Otherwise none.
    pub due: u64,
    /// What becomes known of its mail after the server took it.
    pub hears_of: Vec<News>,
    /// Whether the caller may change it.
    pub editable: bool,
}

impl Engine {
    /// The channels that can be sent through: one's own and the team's, by name.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn channels(&self, actor: &Actor) -> Result<Vec<ChannelView>> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        let mut views = Vec::new();
        for channel in channels::list_usable(&mut tx, actor.workspace, actor.seen_user()).await? {
            views.push(self.view_channel(&mut tx, actor, channel).await?);
        }
        Ok(views)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn channel(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        let channel = usable(&mut tx, actor, id).await?;
        self.view_channel(&mut tx, actor, channel).await
    }

    pub(super) async fn view_channel(&self, tx: &mut Tx, actor: &Actor, channel: Channel) -> Result<ChannelView> {
        let (workspace, now) = (channel.workspace_id, self.now());
        let owner = match channel.owner_id {
            Some(id) => Some((id, store::users::find(tx, id).await?.name)),
            None => None,
        };
        let pause = channel.pause_at(now);
        let counted = Counted { workspace, channel: channel.id, domain: None };
        Ok(ChannelView {
            owner,
            due: match &pause {
                // Reads every email that waits, which no list should: a restore is rare, and soon over.
                Some(pause) if pause.reason == PauseReason::Restored => {
                    channels::count_due(tx, workspace, channel.id, now).await?
                }
                _ => 0,
            },
            pause,
            used_today: attempts::count_since(tx, counted, channel.limits().day_reset.day_began(now)).await?,
            waiting: channels::count_waiting(tx, workspace, channel.id).await?,
            hears_of: self.news_of(tx, &channel).await?,
            editable: authorize(actor, change_of(channel.owner_id)).is_ok(),
            channel,
        })
    }
}
