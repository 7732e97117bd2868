//! Why an email waits, why it failed, why a channel pauses. Stable codes; the interface speaks the sentences.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, text_enum};

text_enum!(
    /// Why a scheduled email has not left yet.
    WaitReason {
        /// The sender can still take it back.
        UndoWindow = "undo_window",
        /// The user chose the time.
        YourTime = "your_time",
        /// The channel's limit a minute is reached.
        LimitPerMinute = "limit_per_minute",
        /// The channel's limit a day is reached.
        LimitPerDay = "limit_per_day",
        /// The channel pauses between batches.
        BatchPause = "batch_pause",
        /// What the recipient's domain may get through the channel is reached.
        LimitPerDomain = "limit_per_domain",
        /// The server refused for now and asked to come back.
        ServerAsked = "server_asked",
        /// The server could not be reached, or the conversation broke off early.
        Unreachable = "unreachable",
        /// The channel is paused.
        ChannelPaused = "channel_paused",
        /// The machine's clock jumped; an administrator has to look at it.
        ClockJumped = "clock_jumped",
    }
);

text_enum!(
    /// Why an email is in an Undelivered folder.
    FailureReason {
        /// The recipient's server does not know the address.
        NoSuchMailbox = "no_such_mailbox",
        /// The address's domain takes no mail.
        NoSuchDomain = "no_such_domain",
        /// The mailbox is full.
        MailboxFull = "mailbox_full",
        /// Refused as suspected spam.
        RefusedAsSpam = "refused_as_spam",
        /// Refused by a policy of the recipient's side.
        RefusedByPolicy = "refused_by_policy",
        /// Refused without a reason we recognise.
        Refused = "refused",
        /// A dynamic field had no value.
        UnresolvedField = "unresolved_field",
        /// The channel was deleted while the email waited.
        ChannelGone = "channel_gone",
        /// The identity is not verified, or gone.
        IdentityUnverified = "identity_unverified",
        /// Larger than the server takes.
        MessageTooLarge = "message_too_large",
        /// The channel's server does not let this identity send.
        SenderRefused = "sender_refused",
        /// Refused temporarily until the settable time had passed.
        GaveUp = "gave_up",
        /// The address cannot be written in an SMTP envelope.
        BadAddress = "bad_address",
        /// The recipient marked the email as spam.
        SpamComplaint = "spam_complaint",
        /// The person unsubscribed before it left.
        Unsubscribed = "unsubscribed",
        /// The address bounced for good before.
        AddressBounced = "address_bounced",
        /// The person reported an earlier email as spam.
        Complained = "complained",
        /// The workspace writes to nobody at this domain.
        BlockedDomain = "blocked_domain",
    }
);

impl FailureReason {
    /// Whether the address itself is the reason: then nothing more goes to it.
    pub fn is_about_address(self) -> bool {
        matches!(self, Self::NoSuchMailbox | Self::NoSuchDomain)
    }

    /// Whether sending the same email again may succeed without a change by the user.
    pub fn retry_may_help(self) -> bool {
        matches!(self, Self::MailboxFull | Self::RefusedAsSpam | Self::GaveUp | Self::Refused)
    }
}

text_enum!(
    /// Why a channel is paused.
    PauseReason {
        /// Somebody paused it.
        ByUser = "by_user",
        /// The server refuses the user name or password.
        Credentials = "credentials",
        /// The provider's quota for the account is used up.
        Quota = "quota",
        /// The provider refuses the account or the way it signs in.
        Policy = "policy",
        /// The store was restored from a backup: what waits may have been sent since. The pause's text is the moment the
        /// backup was taken, RFC 3339.
        Restored = "restored",
    }
);

/// Why and until when a scheduled email waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The reason.
    pub reason: WaitReason,
    /// When it will be tried; `None` when nobody can know, as with a paused channel.
    pub until: Option<Timestamp>,
    /// The server's words, where a server made it wait.
    pub server_text: Option<String>,
}
