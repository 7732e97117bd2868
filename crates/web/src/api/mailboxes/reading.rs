//! How the reading of a mailbox stands.

use domain::{Timestamp, incoming::Kind};
use engine::mailboxes::{Found, MailboxView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::text::Text;

/// What something is that came back.
type ReceivedKindText = Text<Kind>;

/// How the reading of new mail stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailboxReading {
    /// Since when the connection stands; null: there is none.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    connected_at: Option<Timestamp>,
    /// When everything that was new had been read last.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    looked_at: Option<Timestamp>,
    /// The folders that were read.
    folders: Vec<String>,
    /// How many messages were read in them.
    messages: u64,
    /// How many could not be recorded and were stepped over; the log says why.
    stepped_over: u64,
    /// What was about emails of ours in the last seven days.
    found: Vec<MailboxFound>,
}

/// How many messages of a kind were found.
#[derive(Debug, Serialize, ToSchema)]
struct MailboxFound {
    kind: ReceivedKindText,
    messages: u64,
}

impl From<&MailboxView> for MailboxReading {
    fn from(view: &MailboxView) -> Self {
        let MailboxView { watch, folders, found, .. } = view;
        Self {
            connected_at: watch.as_ref().and_then(|watch| watch.connected_at),
            looked_at: watch.as_ref().and_then(|watch| watch.looked_at),
            folders: folders.iter().map(|folder| folder.folder.clone()).collect(),
            messages: folders.iter().map(|folder| folder.messages).sum(),
            stepped_over: folders.iter().map(|folder| folder.stepped_over).sum(),
            found: found.iter().map(MailboxFound::from).collect(),
        }
    }
}

impl From<&Found> for MailboxFound {
    fn from(found: &Found) -> Self {
        Self { kind: Text(found.kind), messages: found.messages }
    }
}
