//! Identifiers: `UUIDv7`, one type for each noun, so that a person's id is never taken for an email's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
    )+};
}

ids!(
    /// An organisation's data; everything but users and sessions belongs to exactly one.
    WorkspaceId,
    /// Somebody who signs in.
    UserId,
    /// A team of users.
    TeamId,
    /// An invitation that has not been accepted yet.
    InvitationId,
    /// A bearer token for programs.
    ApiTokenId,
    /// A line of the audit record.
    AuditId,
    /// A delivery channel.
    ChannelId,
    /// An inbox we read.
    MailboxId,
    /// A name and address a user sends as.
    IdentityId,
    /// A key that signs a domain's mail.
    DkimKeyId,
    /// Somebody we write to or call.
    PersonId,
    /// One message to one person in To.
    EmailId,
    /// One envelope recipient of one email: the ledger's row.
    RecipientId,
    /// Something that happened to an email.
    EventId,
    /// What a user did to one or more emails at once; undone as a whole.
    EmailActionId,
    /// Why somebody is not to be mailed.
    StopId,
    /// A line of the history of stops.
    StopChangeId,
    /// A file attached to an email.
    AttachmentId,
    /// A URL too long for a sealed link.
    LongLinkId,
    /// A message that came back, or what a provider told.
    ReceivedId,
    /// A running process that delivers.
    NodeId,
);
