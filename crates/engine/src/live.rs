//! News of committed changes, so that open screens follow them without asking.

mod relay;

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
        /// Mailboxes.
        Mailboxes = "mailboxes",
        /// Identities.
        Identities = "identities",
        /// Sending domains and the tracking domain.
        Domains = "domains",
        /// The live feed.
        Feed = "feed",
        /// Who is not to be mailed.
        Stops = "stops",
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

/// The channels changes are told on.
#[derive(Debug, Clone)]
pub struct Live {
    /// To the screens open at this node, what happens here and elsewhere.
    screens: broadcast::Sender<Change>,
    /// To the other nodes, what happens here.
    nodes: broadcast::Sender<Change>,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self { screens: broadcast::Sender::new(BACKLOG), nodes: broadcast::Sender::new(BACKLOG) }
    }

    /// Hears every change from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.screens.subscribe()
    }

    /// Hears what is told at this node from now on.
    fn told_here(&self) -> broadcast::Receiver<Change> {
        self.nodes.subscribe()
    }

    /// Tells everybody who listens; call it after the commit.
    pub fn tell(&self, change: Change) {
        tracing::trace!(topic = change.topic.as_str(), emails = change.emails.len(), "changed");
        // Nobody listening is no error.
        let _ = self.nodes.send(change.clone());
        self.show(change);
    }

    /// Tells the screens open at this node, and nobody else.
    fn show(&self, change: Change) {
        let _ = self.screens.send(change);
    }
}
