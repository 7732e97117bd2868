//! News of committed changes, so that open screens follow them without asking.

use domain::{EmailId, TextEnum, UserId, WorkspaceId, text_enum};
use tokio::sync::broadcast;

/// How many changes a slow listener may be behind before it is told to load everything anew.
const BACKLOG: usize = 1024;

text_enum!(
    /// What changed.
    Topic {
        /// Rows of the Command Center.
        Emails = "emails",
        /// Delivery channels.
        Channels = "channels",
        /// Identities.
        Identities = "identities",
        /// The session's own user, role or workspace.
        Session = "session",
    }
);

/// A committed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// In this workspace.
    pub workspace: WorkspaceId,
    /// Of this user; `None` concerns everybody in the workspace.
    pub owner: Option<UserId>,
    /// What kind of thing.
    pub topic: Topic,
    /// Which emails, when it is about emails.
    pub emails: Vec<EmailId>,
}

/// The channel changes are told on.
#[derive(Debug, Clone)]
pub struct Live(broadcast::Sender<Change>);

impl Live {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }

    /// Hears every change from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }

    /// Tells everybody who listens; call it after the commit.
    pub fn tell(&self, change: Change) {
        tracing::trace!(topic = change.topic.as_str(), emails = change.emails.len(), "changed");
        // Nobody listening is no error.
        let _ = self.0.send(change);
    }
}
