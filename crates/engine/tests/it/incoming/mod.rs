//! What comes back to a sender: matched to its email, recorded once, acted on.

mod answers;
mod bounces;
mod complaints;
mod forged;
mod hostile;
mod ids;
mod postfix;
mod reports;
mod waiting;
mod webhooks;

use std::fmt::Write as _;

use domain::{
    ChannelId, EmailId, MailboxId, Status,
    channel::Security,
    events::{EventKind, Evidence},
};
use engine::{
    Engine,
    emails::EmailDetails,
    incoming::{Arrival, Received, Report, Source},
};
use store::{emails::Email, mailboxes::Mailbox};

use crate::{mailroom::Mailroom, support::Backend};

/// The address that the room's identity sends from.
pub(crate) const SENDER: &str = "accept.elena@northlight.example";

/// A mailroom whose owner has a mailbox.
pub(crate) struct Desk {
    pub(crate) room: Mailroom,
    pub(crate) mailbox: MailboxId,
}

impl Desk {
    pub(crate) async fn open(backend: Backend) -> Self {
        Self::in_room(Mailroom::open(backend).await).await
    }

    pub(crate) async fn in_room(room: Mailroom) -> Self {
        let mailbox = MailboxId(uuid::Uuid::from_u128(77));
        let row = Mailbox {
            workspace_id: room.actor.workspace,
            id: mailbox,
            version: 1,
            owner_id: room.actor.user,
            name: "Elena's mail".into(),
            host: "127.0.0.1".into(),
            port: 143,
            security: Security::None,
            username: "elena".into(),
            secret: None,
            provider: None,
            reads: false,
            read_folders: None,
            sent_folder: None,
            append_since: None,
            last_checked_at: None,
            problem: None,
            problem_text: None,
            visit_after: None,
            created_at: room.engine.now(),
            deleted_at: None,
        };
        let mut tx = room.engine.db().begin().await.unwrap();
        store::mailboxes::insert(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        Self { room, mailbox }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.room.engine
    }

    /// An email that was delivered.
    pub(crate) async fn delivered(&self, address: &str) -> Email {
        let id = self.room.send(address).await;
        self.room.deliver().await;
        let email = self.email(id).await;
        assert_eq!(email.status, Status::Delivered);
        email
    }

    pub(crate) async fn email(&self, id: EmailId) -> Email {
        self.details(id).await.listed.email
    }

    pub(crate) async fn details(&self, id: EmailId) -> EmailDetails {
        self.room.email(id).await
    }

    /// The kinds of what happened to an email, oldest first.
    pub(crate) async fn kinds(&self, id: EmailId) -> Vec<EventKind> {
        let mut kinds: Vec<EventKind> = self.details(id).await.events.iter().map(|event| event.kind).collect();
        kinds.reverse();
        kinds
    }

    /// The evidence of the last event of a kind.
    pub(crate) async fn evidence(&self, id: EmailId, kind: EventKind) -> Evidence {
        let events = self.details(id).await.events;
        events.into_iter().find(|event| event.kind == kind).unwrap_or_else(|| panic!("no {kind}")).evidence
    }

    /// The Message-ID under which an email was sent.
    pub(crate) async fn message_id(&self, id: EmailId) -> String {
        let mut tx = self.engine().db().read().await.unwrap();
        store::bodies::last_sent(&mut tx, self.room.actor.workspace, id).await.unwrap().message_id
    }

    pub(crate) fn arrival(&self, raw: impl Into<Vec<u8>>) -> Arrival {
        Arrival {
            workspace: self.room.actor.workspace,
            source: Source::Mailbox(self.mailbox),
            at: self.engine().now(),
            raw: raw.into(),
            return_path: None,
        }
    }

    /// A message is found in the mailbox.
    pub(crate) async fn receive(&self, raw: impl Into<Vec<u8>>) -> Received {
        self.engine().receive(self.arrival(raw)).await.unwrap()
    }

    pub(crate) fn channel(&self) -> ChannelId {
        self.room.channel.channel.id
    }

    /// Everything that was recorded of an email.
    pub(crate) async fn received(&self, id: EmailId) -> Vec<store::received::Received> {
        let mut tx = self.engine().db().read().await.unwrap();
        store::received::of_email(&mut tx, self.room.actor.workspace, id).await.unwrap()
    }

    /// Rebuilding from the events changes no row.
    pub(crate) async fn rebuilds_the_same(&self) {
        let rebuilt = self.engine().rebuild(false, |_| ()).await.unwrap();
        assert!(rebuilt.emails > 0);
        assert_eq!(rebuilt.mended, 0, "a row says something else than its events");
    }

    pub(crate) fn report(&self, kind: domain::incoming::Kind, event: &str, recipient: &str) -> Report {
        Report {
            workspace: self.room.actor.workspace,
            channel: self.channel(),
            provider_event_id: event.into(),
            at: self.engine().now(),
            kind,
            message_ids: Vec::new(),
            our_mark: None,
            recipient: recipient.into(),
            status: None,
            code: None,
            reason: None,
        }
    }
}

/// A person's answer.
pub(crate) fn reply(from: &str, answers: &str, text: &str) -> String {
    format!(
        "From: Marta Silva <{from}>\r\nTo: <{SENDER}>\r\nSubject: Re: Hello Marta\r\nMessage-ID: <{}@mail.example>\r\n\
         In-Reply-To: <{answers}>\r\nReferences: <{answers}>\r\nDate: Thu, 9 Oct 2025 09:00:00 +0000\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        text.len()
    )
}

/// What a report says of one recipient.
pub(crate) struct Refusal<'a> {
    pub(crate) to: &'a str,
    pub(crate) action: &'a str,
    pub(crate) status: &'a str,
    pub(crate) said: &'a str,
}

/// No such mailbox.
pub(crate) fn unknown(to: &str) -> Refusal<'_> {
    Refusal { to, action: "failed", status: "5.1.1", said: "550 5.1.1 User unknown" }
}

/// A delivery report (RFC 3464) that returns the header of the mail with `returned` in it.
pub(crate) fn dsn(number: u32, refusals: &[Refusal<'_>], returned: &str) -> String {
    let mut about = String::new();
    for Refusal { to, action, status, said } in refusals {
        let _ = write!(
            about,
            "Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n"
        );
    }
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: <{SENDER}>\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn{number}@mx.example>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n{about}\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    )
}

/// The header of the mail `id`, as it is returned.
pub(crate) fn header_of(id: &str) -> String {
    format!("From: Elena <{SENDER}>\r\nSubject: Hello Marta\r\nMessage-ID: <{id}>\r\n")
}
