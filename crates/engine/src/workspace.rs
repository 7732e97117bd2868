//! The workspace's settings.

use domain::{
    ChannelId,
    authorization::{Action, Actor},
    input::{self, Code, Invalid, MAX_NAME},
};
use serde_json::{Value, json};
use store::workspaces;

pub use store::workspaces::Workspace;

use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
    channels::usable,
    faults::Faults,
    live::{Change, Topic},
};

/// The longest time an email is tried: four weeks.
const MAX_GIVE_UP_AFTER_H: i64 = 28 * 24;

/// The longest time traces of readers are kept: ten years.
const MAX_TRACES_DAYS: i64 = 3650;

/// What somebody changes about the workspace; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceChange {
    /// What people call it.
    pub name: Option<String>,
    /// Whether views and clicks are tracked at all.
    pub tracking: Option<bool>,
    /// After how many hours of temporary refusals an email fails.
    pub give_up_after_h: Option<i64>,
    /// After how many days traces of readers are dropped.
    pub traces_days: Option<i64>,
    /// The channel for invitations and resets, or none.
    pub system_channel_id: Option<Option<ChannelId>>,
}

impl Engine {
    /// The workspace.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn workspace(&self, actor: &Actor) -> Result<Workspace> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        Ok(workspaces::find(&mut tx, actor.workspace).await?)
    }

    /// Changes the workspace, if `version` is still the current one.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Changed`].
    pub async fn change_workspace(&self, actor: &Actor, version: i64, change: WorkspaceChange) -> Result<Workspace> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().begin().await?;
        let before = workspaces::find(&mut tx, actor.workspace).await?;
        if before.version != version {
            return Err(Error::Changed);
        }
        let mut after = before.clone();
        let mut faults = Faults::default();
        if let Some(name) = change.name {
            after.name = faults.check(input::line("name", &name, MAX_NAME));
        }
        if let Some(tracking) = change.tracking {
            after.tracking = tracking;
        }
        if let Some(hours) = change.give_up_after_h {
            let hours = faults.check(input::range("give_up_after_h", hours, 1, MAX_GIVE_UP_AFTER_H));
            after.give_up_after_h = u32::try_from(hours).unwrap_or_default();
        }
        if let Some(days) = change.traces_days {
            let days = faults.check(input::range("traces_days", days, 1, MAX_TRACES_DAYS));
            after.traces_days = u32::try_from(days).unwrap_or_default();
        }
        if let Some(channel) = change.system_channel_id {
            if let Some(id) = channel {
                let found = usable(&mut tx, actor, id).await;
                faults.check(found.map(drop).map_err(|_| Invalid::new("system_channel_id", Code::NotFound)));
            }
            after.system_channel_id = channel;
        }
        faults.refuse()?;
        workspaces::update(&mut tx, &after).await?;
        after.version += 1;
        let (old, new) = (Some(described(&before)), Some(described(&after)));
        self.record(&mut tx, actor, AuditAction::WorkspaceChanged, Target::Workspace(after.id), old, new).await?;
        tx.commit().await?;
        self.live().tell(Change { workspace: after.id, owner: None, topic: Topic::Session, emails: Vec::new() });
        Ok(after)
    }
}

fn described(workspace: &Workspace) -> Value {
    json!({
        "name": workspace.name,
        "tracking": workspace.tracking,
        "give_up_after_h": workspace.give_up_after_h,
        "traces_days": workspace.traces_days,
        "system_channel_id": workspace.system_channel_id,
    })
}
