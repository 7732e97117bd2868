//! The doors by which things come back.

use domain::{
    ChannelId, EmailId, MailboxId, ReceivedId, Timestamp, WorkspaceId,
    incoming::{Kind, Via},
};
use mail::incoming::{Bodies, bodies, understand};
use tokio::sync::Semaphore;

use super::notice::Notice;
use crate::{Engine, Error, Result};

/// How many messages are understood at once: it is work for the processor, and what is being understood is in memory.
const AT_ONCE: usize = 2;

/// Where a message came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It was found in a user's mailbox.
    Mailbox(MailboxId),
    /// It was handed to our own SMTP port.
    Port,
    /// The provider of a channel told.
    Webhook(ChannelId),
}

impl Source {
    /// The way, without the name.
    pub(super) fn via(self) -> Via {
        match self {
            Self::Mailbox(_) => Via::Mailbox,
            Self::Port => Via::Port,
            Self::Webhook(_) => Via::Webhook,
        }
    }
}

/// A message that arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// In this workspace.
    pub workspace: WorkspaceId,
    /// By this way.
    pub source: Source,
    /// When the server there took it.
    pub at: Timestamp,
    /// The message as it came over the wire (RFC 5322). Of a very long one only the beginning is read.
    pub raw: Vec<u8>,
    /// The sending that a signed return address names, to which it was sent.
    pub return_path: Option<(EmailId, u32)>,
}

/// What a provider tells without a message.
#[derive(Debug, Clone)]
pub struct Report {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The channel whose provider tells.
    pub channel: ChannelId,
    /// The provider's name for this event: the same again is the same event.
    pub provider_event_id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// Every id that the provider knows the mail by, with or without angle brackets.
    pub message_ids: Vec<String>,
    /// Our mark, if the provider gives headers back.
    pub our_mark: Option<String>,
    /// Whose mail it was.
    pub recipient: String,
    /// The enhanced status (RFC 3463).
    pub status: Option<String>,
    /// The SMTP code.
    pub code: Option<u16>,
    /// The server's sentence.
    pub reason: Option<String>,
}

/// What became of something that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was recorded, and did what it does.
    Recorded,
    /// It was recorded, and takes effect when its email has settled.
    Waits,
    /// It came before, by this way or another. Nothing changed.
    Known,
    /// It is about no email of ours. Nothing changed.
    NotOurs,
    /// It says something about an email that it cannot know: forged, or gone astray. Nothing changed.
    Refused,
}

impl Fate {
    /// A short name, for figures.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Waits => "waits",
            Self::Known => "known",
            Self::NotOurs => "not_ours",
            Self::Refused => "refused",
        }
    }
}

/// What something was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// What it is.
    pub kind: Kind,
    /// What became of it.
    pub fate: Fate,
    /// Its record, if there is one.
    pub id: Option<ReceivedId>,
    /// The email it is about, if that is known.
    pub email: Option<EmailId>,
}

/// Holds back messages when too many are being understood.
pub(crate) struct Understanding(Semaphore);

impl Default for Understanding {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Engine {
    /// Takes a message that arrived: understands it, finds the email it is about, records it and acts on it. The same
    /// message again changes nothing.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store fails: then nothing was recorded, and it can be handed over again.
    pub async fn receive(&self, arrival: Arrival) -> Result<Received> {
        let Arrival { workspace, source, at, raw, return_path } = arrival;
        let understood = move || {
            let incoming = understand(&raw);
            (Notice::of_message(workspace, source, at, return_path, incoming, &raw), raw)
        };
        let (notice, raw) = self.aside(understood).await?;
        self.take(notice, Some(raw)).await
    }

    /// Takes what a provider tells without a message. The same event again changes nothing.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store fails: then nothing was recorded, and it can be told again.
    pub async fn report(&self, report: Report) -> Result<Received> {
        self.take(Notice::of_report(report), None).await
    }

    /// The readable parts of `raw`, without our own pixel and tracked links.
    pub(super) async fn bodies_of(&self, raw: Vec<u8>) -> Result<Bodies> {
        let engine = self.clone();
        self.aside(move || {
            let bodies = bodies(&raw);
            let untracking = engine.untracking();
            Bodies { html: untracking.html(&bodies.html), text: untracking.text(&bodies.text) }
        })
        .await
    }

    /// Does work for the processor apart from the threads that serve.
    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let stopped = |error: &dyn std::fmt::Display| Error::Internal(format!("a message was not understood: {error}"));
        let _permit = self.shared.understanding.0.acquire().await.map_err(|closed| stopped(&closed))?;
        tokio::task::spawn_blocking(work).await.map_err(|broken| stopped(&broken))
    }
}
