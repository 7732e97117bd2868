//! Pausing and resuming: by people, and what people hear when a server made a channel pause.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use domain::{
    ChannelId, EmailId, Timestamp, UserId, WorkspaceId,
    authorization::{Actor, Role},
    reasons::PauseReason,
    time::HOUR,
};
use store::{
    Tx,
    channels::{self, Channel, Pause},
    members, users, workspaces,
};

use super::ChannelView;
use crate::{
    Engine, Result,
    accounts::audit::{AuditAction, Target},
    notices::Notice,
};

/// A channel that pauses again and again is written about once in this time.
const REMIND_AFTER: i64 = HOUR;

/// When somebody was last written to about a pause, by channel.
#[derive(Default)]
pub(crate) struct PauseReminders(Mutex<HashMap<ChannelId, Timestamp>>);

impl PauseReminders {
    /// Whether it is time to write; notes that somebody is being written to.
    fn is_due(&self, channel: ChannelId, now: Timestamp) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.get(&channel).is_none_or(|at| now.since(*at) >= REMIND_AFTER);
        if due {
            last.insert(channel, now);
        }
        due
    }
}

impl Engine {
    /// Pauses a channel: its mail waits until somebody resumes it.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn pause_channel(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        self.channel_to_change(actor, id).await?;
        let mut tx = self.db().begin().await?;
        let pause = Pause { reason: PauseReason::ByUser, text: None, at: self.now(), until: None };
        channels::pause(&mut tx, actor.workspace, id, &pause).await?;
        self.finish_pause(tx, actor, id, AuditAction::ChannelPaused).await
    }

    /// Lets a channel go on, whatever it was paused for.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn resume_channel(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        let channel = self.channel_to_change(actor, id).await?;
        let mut tx = self.db().begin().await?;
        let woken = self.resume_in(&mut tx, &channel).await?;
        let view = self.finish_pause(tx, actor, id, AuditAction::ChannelResumed).await?;
        self.tell_woken(actor.workspace, woken);
        Ok(view)
    }

    async fn finish_pause(&self, mut tx: Tx, actor: &Actor, id: ChannelId, action: AuditAction) -> Result<ChannelView> {
        self.record(&mut tx, actor, action, Target::Channel(id), None, None).await?;
        let channel = channels::find(&mut tx, actor.workspace, id).await?;
        let view = self.view_channel(&mut tx, actor, channel).await?;
        tx.commit().await?;
        self.tell_channel(&view.channel);
        Ok(view)
    }

    /// Lets a channel go on, and its mail with it; hand what it answers to [`Engine::tell_woken`] after the commit.
    pub(crate) async fn resume_in(&self, tx: &mut Tx, channel: &Channel) -> Result<Vec<(EmailId, UserId)>> {
        channels::resume(tx, channel.workspace_id, channel.id).await?;
        Ok(channels::wake_waiting(tx, channel.workspace_id, channel.id, self.now()).await?)
    }

    /// Tells the worker and the owners of mail that it waits no longer.
    pub(super) fn tell_woken(&self, workspace: WorkspaceId, woken: Vec<(EmailId, UserId)>) {
        let mut by_owner: BTreeMap<UserId, Vec<EmailId>> = BTreeMap::new();
        for (email, owner) in woken {
            by_owner.entry(owner).or_default().push(email);
        }
        for (owner, emails) in by_owner {
            self.tell_emails(workspace, owner, emails);
        }
        self.wake_delivery();
    }

    /// Tells those who can do something about it that a server made a channel pause: on their screens, and by mail if
    /// another channel can carry it. Nobody waits for the mail; what cannot be sent is logged.
    pub(crate) async fn notify_channel_paused(&self, channel: &Channel) {
        self.tell_channel(channel);
        match self.pause_notice(channel).await {
            Ok(Some((notice, readers))) => {
                let (engine, workspace) = (self.clone(), channel.workspace_id);
                tokio::spawn(async move {
                    for reader in readers {
                        engine.send_system_notice(workspace, &reader, &notice).await;
                    }
                });
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, channel = %channel.id, "nobody was told of a pause by mail"),
        }
    }

    /// What there is to say by mail and to whom: the owner, or for a team channel every administrator.
    async fn pause_notice(&self, channel: &Channel) -> Result<Option<(Notice, Vec<String>)>> {
        let mut tx = self.db().read().await?;
        let workspace = workspaces::find(&mut tx, channel.workspace_id).await?;
        let channel = channels::find(&mut tx, channel.workspace_id, channel.id).await?;
        let Some(pause) = channel.pause_at(self.now()) else { return Ok(None) };
        let carried_by_another = workspace.system_channel_id.is_some_and(|system| system != channel.id);
        if !carried_by_another || !self.pause_reminders().is_due(channel.id, self.now()) {
            return Ok(None);
        }
        let readers = if let Some(owner) = channel.owner_id {
            vec![users::find(&mut tx, owner).await?.email]
        } else {
            let members = members::list(&mut tx, channel.workspace_id).await?.into_iter();
            let admins = members.filter(|member| member.role == Role::Admin && member.deactivated_at.is_none());
            admins.map(|admin| admin.email).collect()
        };
        let notice = Notice::ChannelPaused {
            channel: channel.name.clone(),
            reason: pause.reason,
            words: pause.text.unwrap_or_default(),
            link: format!("{}/settings/channels", self.settings().public_url),
        };
        Ok(Some((notice, readers)))
    }
}
