//! Making, changing and deleting channels.

use domain::{ChannelId, authorization::Actor, reasons::PauseReason};
use store::{
    Tx,
    channels::{self, Channel},
    identities, workspaces,
};

use super::{ChannelChange, ChannelInput, ChannelView, change_of, described, input::Checked, usable};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

impl Engine {
    /// Makes a channel: the team's by an administrator, or one's own. Identities that have no choice use it at once.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub async fn create_channel(&self, actor: &Actor, input: ChannelInput) -> Result<ChannelView> {
        let owner_id = (!input.team).then_some(actor.user);
        self.allow(actor, change_of(owner_id))?;
        let checked = self.check_channel(input, None).await?;
        let channel = self.new_channel(actor, owner_id, checked)?;
        let mut tx = self.db().begin().await?;
        channels::insert(&mut tx, &channel).await?;
        match owner_id {
            Some(user) => identities::assign_only_channel(&mut tx, &channel, user).await?,
            None => identities::assign_team_channel(&mut tx, &channel).await?,
        }
        let after = Some(described(&channel));
        self.record(&mut tx, actor, AuditAction::ChannelCreated, Target::Channel(channel.id), None, after).await?;
        let view = self.view_channel(&mut tx, actor, channel).await?;
        tx.commit().await?;
        self.tell_channel(&view.channel);
        Ok(view)
    }

    /// A channel as described, not saved yet.
    pub(super) fn new_channel(
        &self,
        actor: &Actor,
        owner_id: Option<domain::UserId>,
        checked: Checked,
    ) -> Result<Channel> {
        let secret = checked.secret.as_ref().map(|secret| self.seal(secret)).transpose()?;
        let mut channel = Channel {
            workspace_id: actor.workspace,
            id: self.new_id(),
            version: 1,
            owner_id,
            name: checked.name,
            host: checked.host,
            port: checked.port,
            security: checked.security,
            auth: checked.auth,
            username: checked.username,
            secret,
            connections: checked.limits.connections,
            batch_size: None,
            batch_pause_s: None,
            per_minute: None,
            per_day: None,
            day_reset_minute: None,
            day_reset_zone: None,
            domain_rules: Vec::new(),
            size_limit: None,
            paused_reason: None,
            paused_text: None,
            paused_at: None,
            paused_until: None,
            created_at: self.now(),
            deleted_at: None,
        };
        channel.set_limits(checked.limits);
        Ok(channel)
    }

    /// Changes a channel, if `version` is still the current one. New credentials let a channel go on that was paused
    /// because of the old ones, and mail that waits for a server that could not be reached tries the new one at once.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Changed`], [`Error::NotFound`].
    pub async fn change_channel(
        &self,
        actor: &Actor,
        id: ChannelId,
        version: i64,
        change: ChannelChange,
    ) -> Result<ChannelView> {
        let before = self.channel_to_change(actor, id).await?;
        if before.version != version {
            return Err(Error::Changed);
        }
        let checked = self.check_channel(change.of(&before), Some(&before)).await?;
        let after = self.changed(&before, checked)?;
        let mut tx = self.db().begin().await?;
        channels::update(&mut tx, &after).await?;
        let (old, new) = (Some(described(&before)), Some(described(&after)));
        self.record(&mut tx, actor, AuditAction::ChannelChanged, Target::Channel(id), old, new).await?;
        let goes_on = signs_in_otherwise(&before, &after) && before.paused_reason == Some(PauseReason::Credentials);
        let mut woken = if goes_on { self.resume_in(&mut tx, &after).await? } else { Vec::new() };
        if connects_otherwise(&before, &after) {
            woken.extend(channels::end_unreachable_waits(&mut tx, actor.workspace, id, self.now()).await?);
        }
        let after = channels::find(&mut tx, actor.workspace, id).await?;
        let view = self.view_channel(&mut tx, actor, after).await?;
        tx.commit().await?;
        self.tell_channel(&view.channel);
        self.tell_woken(actor.workspace, woken);
        Ok(view)
    }

    /// `before` with what was checked; the rest stays.
    pub(super) fn changed(&self, before: &Channel, checked: Checked) -> Result<Channel> {
        let secret = match &checked.secret {
            Some(secret) => Some(self.seal(secret)?),
            None if checked.auth == domain::channel::Auth::None => None,
            None => before.secret.clone(),
        };
        let same_server = before.host == checked.host && before.port == checked.port;
        let mut after = Channel {
            name: checked.name,
            host: checked.host,
            port: checked.port,
            security: checked.security,
            auth: checked.auth,
            username: checked.username,
            secret,
            size_limit: before.size_limit.filter(|_| same_server),
            ..before.clone()
        };
        after.set_limits(checked.limits);
        Ok(after)
    }

    /// Deletes a channel. Emails that wait for it fail and say why; identities that used it have none.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_channel(&self, actor: &Actor, id: ChannelId) -> Result<()> {
        let channel = self.channel_to_change(actor, id).await?;
        let mut tx = self.db().begin().await?;
        channels::delete(&mut tx, actor.workspace, id, self.now()).await?;
        let failed = self.fail_waiting_of_channel(&mut tx, &channel).await?;
        identities::take_channel(&mut tx, &channel).await?;
        forget_system_channel(&mut tx, &channel).await?;
        let before = Some(described(&channel));
        self.record(&mut tx, actor, AuditAction::ChannelDeleted, Target::Channel(id), before, None).await?;
        tx.commit().await?;
        self.tell_channel(&channel);
        self.tell_of(actor.workspace, failed);
        Ok(())
    }

    /// The channel, once it is clear that `actor` may change it.
    pub(super) async fn channel_to_change(&self, actor: &Actor, id: ChannelId) -> Result<Channel> {
        let mut tx = self.db().read().await?;
        let channel = usable(&mut tx, actor, id).await?;
        self.allow(actor, change_of(channel.owner_id))?;
        Ok(channel)
    }
}

/// Whether the server may answer the new credentials differently.
fn signs_in_otherwise(before: &Channel, after: &Channel) -> bool {
    let parts =
        |channel: &Channel| (channel.secret.clone(), channel.username.clone(), channel.auth, channel.host.clone());
    parts(before) != parts(after)
}

/// Whether a server may be reached now that could not be before.
fn connects_otherwise(before: &Channel, after: &Channel) -> bool {
    signs_in_otherwise(before, after) || (before.port, before.security) != (after.port, after.security)
}

async fn forget_system_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let mut workspace = workspaces::find(tx, channel.workspace_id).await?;
    if workspace.system_channel_id == Some(channel.id) {
        workspace.system_channel_id = None;
        workspaces::update(tx, &workspace).await?;
    }
    Ok(())
}
