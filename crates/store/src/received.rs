//! What came back: one row for each message or provider's notice that concerns an email or a person of the workspace.

use domain::{
    ChannelId, EmailId, MailboxId, PersonId, ReceivedId, Timestamp, UserId, WorkspaceId,
    incoming::{Kind, Said, Via},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Result, Tx,
    bodies::{compress, decompress},
    columns::{Column, changed_one, from_row, on, raw, sql},
};

/// What was said, and how we know.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// What became of each recipient it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Whom>,
    /// A person wrote it with their own hands.
    pub by_person: bool,
    /// The person does not work there any more.
    pub has_left: bool,
    /// The day on which the person is back, in their calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_on: Option<Date>,
    /// What was newly written, without quotes and signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why we think that it is what it is, one sentence a fact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
}

/// Whom it is about, and what happened there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whom {
    /// The address.
    pub address: String,
    /// What else the report calls it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What happened to mail for it.
    pub kind: Kind,
    /// What was said about it.
    pub said: Said,
}

/// Something that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: ReceivedId,
    /// The same for the same message, however it came.
    pub fingerprint: Vec<u8>,
    /// How it came.
    pub source: Via,
    /// The mailbox in which it was found.
    pub mailbox_id: Option<MailboxId>,
    /// The channel whose provider told.
    pub channel_id: Option<ChannelId>,
    /// The email it is about.
    pub email_id: Option<EmailId>,
    /// Which sending of it.
    pub send_number: Option<u32>,
    /// The person it is about, or from.
    pub person_id: Option<PersonId>,
    /// Whose email it is about.
    pub owner_id: UserId,
    /// What it is.
    pub kind: Kind,
    /// The name in `From`; empty when there is none.
    pub from_name: String,
    /// The address in `From`; empty when there is none.
    pub from_address: String,
    /// The subject.
    pub subject: String,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The message that it answers.
    pub in_reply_to: Option<String>,
    /// The ids of its `References`, separated by spaces.
    pub reference_ids: String,
    /// The first words of what is new in it.
    pub snippet: String,
    /// When it arrived there.
    pub at: Timestamp,
    /// What was said, and how we know.
    pub evidence: Told,
    /// Its email has not settled yet: it takes effect later.
    pub waits: bool,
}
from_row!(Received {
    workspace_id,
    id,
    fingerprint,
    source,
    mailbox_id,
    channel_id,
    email_id,
    send_number,
    person_id,
    owner_id,
    kind,
    from_name,
    from_address,
    subject,
    message_id,
    in_reply_to,
    reference_ids,
    snippet,
    at,
    evidence,
    waits,
});

impl Column for Told {
    type Raw = String;
    fn from_raw(raw: String) -> std::result::Result<Self, sqlx::error::BoxDynError> {
        Ok(serde_json::from_str(&raw)?)
    }
    fn into_raw(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }
}

/// What people read of a message: HTML that was cleaned, and text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The HTML, cleaned; empty when there is none.
    pub html: String,
    /// The text.
    pub text: String,
}

/// Adds what came back; answers whether it is new. The same message again, by the same way or another, changes nothing.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, received: &Received) -> Result<bool> {
    let added = on!(tx, c => sqlx::query(sql!("
        INSERT INTO received (
            workspace_id, id, fingerprint, source, mailbox_id, channel_id, email_id, send_number, person_id, owner_id, kind,
            from_name, from_address, subject, message_id, in_reply_to, reference_ids, snippet, at, evidence, waits
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        ON CONFLICT (workspace_id, fingerprint) DO NOTHING
    "))
        .bind(raw(received.workspace_id))
        .bind(raw(received.id))
        .bind(&received.fingerprint)
        .bind(raw(received.source))
        .bind(raw(received.mailbox_id))
        .bind(raw(received.channel_id))
        .bind(raw(received.email_id))
        .bind(raw(received.send_number))
        .bind(raw(received.person_id))
        .bind(raw(received.owner_id))
        .bind(raw(received.kind))
        .bind(&received.from_name)
        .bind(&received.from_address)
        .bind(&received.subject)
        .bind(&received.message_id)
        .bind(&received.in_reply_to)
        .bind(&received.reference_ids)
        .bind(&received.snippet)
        .bind(raw(received.at))
        .bind(raw(received.evidence.clone()))
        .bind(received.waits)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(added == 1)
}

/// Keeps the body of a message.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keep_body(tx: &mut Tx, workspace: WorkspaceId, id: ReceivedId, body: &Body) -> Result<()> {
    let (html, text) = (compress(&body.html)?, compress(&body.text)?);
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO received_bodies (workspace_id, received_id, html, text) VALUES ($1, $2, $3, $4)
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(&html)
        .bind(&text)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What came back, by its id.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: ReceivedId) -> Result<Received> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM received WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// Whether the message with this fingerprint came before.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_same(tx: &mut Tx, workspace: WorkspaceId, fingerprint: &[u8]) -> Result<Option<Received>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM received WHERE workspace_id = $1 AND fingerprint = $2"))
        .bind(raw(workspace))
        .bind(fingerprint)
        .fetch_optional(c).await)?)
}

/// The body of a message.
///
/// # Errors
/// [`crate::Error::NotFound`] for what has none: bounces and notices.
pub async fn body(tx: &mut Tx, workspace: WorkspaceId, id: ReceivedId) -> Result<Body> {
    let (html, text): (Vec<u8>, Vec<u8>) = on!(tx, c => sqlx::query_as(sql!("
        SELECT html, text FROM received_bodies WHERE workspace_id = $1 AND received_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    Ok(Body { html: decompress(&html)?, text: decompress(&text)? })
}

/// What `person` wrote to `owner`, or a program in their name: up to `limit` messages, the newest first, all of them before
/// the message `before`, if one is given.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn of_person(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    owner: UserId,
    before: Option<(Timestamp, ReceivedId)>,
    limit: u32,
) -> Result<Vec<Received>> {
    let (at, id) = before.unwrap_or((Timestamp(i64::MAX), ReceivedId(uuid::Uuid::max())));
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM received
        WHERE workspace_id = $1 AND person_id = $2 AND owner_id = $3 AND kind IN ('reply', 'auto_reply', 'unsubscribe')
            AND source <> 'webhook' AND (at, id) < ($4, $5)
        ORDER BY at DESC, id DESC
        LIMIT $6
    "))
        .bind(raw(workspace))
        .bind(raw(person))
        .bind(raw(owner))
        .bind(raw(at))
        .bind(raw(id))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

/// What came back about an email, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn of_email(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Vec<Received>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM received WHERE workspace_id = $1 AND email_id = $2 ORDER BY at, id
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_all(c).await)?)
}

/// Up to `limit` notices after `after`, a time and an id, whose email they waited for has settled, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: (Timestamp, ReceivedId),
    limit: u32,
) -> Result<Vec<Received>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT r.* FROM received r
        JOIN emails e ON e.workspace_id = r.workspace_id AND e.id = r.email_id
        WHERE r.workspace_id = $1 AND r.waits AND (r.at, r.id) > ($2, $3)
            AND (e.uncertain OR e.status NOT IN ('in_progress', 'scheduled'))
        ORDER BY r.at, r.id
        LIMIT $4
    "))
        .bind(raw(workspace))
        .bind(raw(after.0))
        .bind(raw(after.1))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

/// Notes that it has taken effect.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn took_effect(tx: &mut Tx, workspace: WorkspaceId, id: ReceivedId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE received SET waits = FALSE WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await)
}

#[cfg(test)]
mod tests;
