//! What can happen to an email. The log is append-only; everything a list shows is derived from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    EventId, ReceivedId, Status, Timestamp,
    engagement::{Verdict, Why},
    incoming::{Kind, Said},
    reasons::{FailureReason, WaitReason},
    smtp::{Reply, Stage},
    stops::{Motive, Source},
    text_enum,
};

text_enum!(
    /// The kind of an event.
    EventKind {
        /// The draft was saved for the first time.
        Created = "created",
        /// Send or Schedule was pressed.
        Queued = "queued",
        /// Taken back into Draft.
        Unscheduled = "unscheduled",
        /// Handed to the channel.
        Attempted = "attempted",
        /// The server took it.
        Accepted = "accepted",
        /// It waits and will be tried again.
        Deferred = "deferred",
        /// Nobody knows whether it arrived.
        Uncertain = "uncertain",
        /// Refused by the recipient's side.
        Bounced = "bounced",
        /// Never left.
        Failed = "failed",
        /// The recipient marked it as spam.
        Complained = "complained",
        /// Its pixel was loaded.
        Viewed = "viewed",
        /// One of its links was followed.
        Clicked = "clicked",
        /// Later evidence says something else about a view or a click.
        Rejudged = "rejudged",
        /// Put away.
        Archived = "archived",
        /// Taken out again.
        Unarchived = "unarchived",
        /// Marked as a success.
        Success = "success",
        /// No longer a success.
        SuccessWithdrawn = "success_withdrawn",
        /// Sent again by the user.
        Retried = "retried",
        /// Deleted.
        Deleted = "deleted",
        /// Brought back.
        Restored = "restored",
        /// One of the copies (CC, BCC) was refused.
        CopyRefused = "copy_refused",
        /// The recipient does not want any more mail, or a user said so for them.
        Unsubscribed = "unsubscribed",
        /// A person answered.
        Replied = "replied",
        /// A program answered in the recipient's name.
        AutoReplied = "auto_replied",
        /// A server has not been able to pass it on yet, and goes on trying.
        Delayed = "delayed",
        /// The recipient's side confirmed that it arrived, or was read.
        Confirmed = "confirmed",
        /// The recipient answered: it arrived, whatever was said.
        BounceWithdrawn = "bounce_withdrawn",
        /// That the recipient wants no more mail was a mistake, or was taken back.
        UnsubscribeWithdrawn = "unsubscribe_withdrawn",
    }
);

text_enum!(
    /// Who speaks a line of a conversation.
    Speaker {
        /// We do.
        Us = "us",
        /// The server does.
        Server = "server",
    }
);

/// One line of an SMTP conversation, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who said it.
    pub from: Speaker,
    /// What was said.
    pub text: String,
}

/// What an undo gave back to an email: its history alone would not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Its folder.
    pub status: Status,
    /// Which sending it is.
    pub send_number: u32,
    /// The time it is to go out.
    pub due_at: Option<Timestamp>,
    /// Why then.
    pub wait_reason: Option<WaitReason>,
    /// When it was marked as a success.
    pub success_at: Option<Timestamp>,
}

/// The evidence of an event. Fields that do not apply to its kind are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Who caused a view or a click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Why the verdict is what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The version of the rules that judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<u16>,
    /// When the verdict is settled: nothing notifies or triggers before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settles_at: Option<Timestamp>,
    /// The view or click that is judged anew, or the event that is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revises: Option<EventId>,
    /// Whose network a request came from, where a list knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The link followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The network address a request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The client's name for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The server that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// The stage it came at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The envelope recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Why it failed or bounced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureReason>,
    /// Why it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitReason>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The name of the user who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The name of the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The name of the mailbox that told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// The folder of it in which the message was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_in: Option<String>,
    /// What came back, if that told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<ReceivedId>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incoming: Option<Kind>,
    /// What it said about the recipient; in an answer, the first words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The day on which the recipient is back, in their calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_on: Option<Date>,
    /// The recipient does not work there any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_left: bool,
    /// How the recipient unsubscribed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribed_by: Option<Source>,
    /// Why, as far as they chose to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motive: Option<Motive>,
    /// The state that an undo gave back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
    /// A plain remark, such as what broke when a connection was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The conversation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transcript: Vec<Line>,
}
