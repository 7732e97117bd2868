//! What was written and what was sent: compressed, in tables of their own, so that lists never read them.

use domain::{EmailId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// zstd's default: bodies are small and written once.
const LEVEL: i32 = 3;

/// An address in CC or BCC, with its name, maybe empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The display name.
    pub name: String,
    /// The address.
    pub address: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The subject, with dynamic fields.
    pub subject: String,
    /// The body, with dynamic fields.
    pub html: String,
    /// Copies that everybody sees.
    pub cc: Vec<Copy>,
    /// Copies that nobody sees.
    pub bcc: Vec<Copy>,
    /// The Message-ID this answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// The ids of the References header, separated by spaces.
    pub references: String,
}

struct BodyRow {
    subject: String,
    html: Vec<u8>,
    cc: String,
    bcc: String,
    in_reply_to: Option<String>,
    reference_ids: String,
}
from_row!(BodyRow { subject, html, cc, bcc, in_reply_to, reference_ids });

/// Saves what was written.
///
/// # Errors
/// [`Error::Database`].
pub async fn save(tx: &mut Tx, workspace: WorkspaceId, email: EmailId, body: &Body) -> Result<()> {
    let (cc, bcc) = (serde_json::to_string(&body.cc)?, serde_json::to_string(&body.bcc)?);
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO email_bodies (workspace_id, email_id, subject, html, cc, bcc, in_reply_to, reference_ids)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (workspace_id, email_id) DO UPDATE
        SET subject = excluded.subject, html = excluded.html, cc = excluded.cc, bcc = excluded.bcc, in_reply_to = excluded.in_reply_to,
            reference_ids = excluded.reference_ids
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .bind(&body.subject)
        .bind(compress(&body.html)?)
        .bind(&cc)
        .bind(&bcc)
        .bind(&body.in_reply_to)
        .bind(&body.references)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What was written.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Body> {
    let row: BodyRow = on!(tx, c => sqlx::query_as(sql!("
        SELECT subject, html, cc, bcc, in_reply_to, reference_ids
        FROM email_bodies
        WHERE workspace_id = $1 AND email_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_one(c).await)?;
    Ok(Body {
        subject: row.subject,
        html: decompress(&row.html)?,
        cc: serde_json::from_str(&row.cc)?,
        bcc: serde_json::from_str(&row.bcc)?,
        in_reply_to: row.in_reply_to,
        references: row.reference_ids,
    })
}

/// A message as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// The email.
    pub email_id: EmailId,
    /// Which sending of it.
    pub send_number: u32,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// The subject, fields filled in.
    pub subject: String,
    /// The body, fields filled in, links rewritten.
    pub html: String,
    /// The text part.
    pub text: String,
    /// From.
    pub from_name: String,
    /// From.
    pub from_address: String,
    /// When it was handed over.
    pub at: Timestamp,
}

struct SentRow {
    email_id: EmailId,
    send_number: u32,
    message_id: String,
    subject: String,
    html: Vec<u8>,
    text: Vec<u8>,
    from_name: String,
    from_address: String,
    at: Timestamp,
}
from_row!(SentRow { email_id, send_number, message_id, subject, html, text, from_name, from_address, at });

/// Keeps a message as sent; the same send number again changes nothing, as automatic attempts send the same message.
///
/// # Errors
/// [`Error::Database`].
pub async fn keep_sent(tx: &mut Tx, workspace: WorkspaceId, sent: &SentMessage) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO sent_messages (
            workspace_id, email_id, send_number, message_id, subject, html, text, from_name, from_address, at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (workspace_id, email_id, send_number) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(raw(sent.email_id))
        .bind(raw(sent.send_number))
        .bind(&sent.message_id)
        .bind(&sent.subject)
        .bind(compress(&sent.html)?)
        .bind(compress(&sent.text)?)
        .bind(&sent.from_name)
        .bind(&sent.from_address)
        .bind(raw(sent.at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The message as it was last sent.
///
/// # Errors
/// [`Error::NotFound`] when it never was.
pub async fn last_sent(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<SentMessage> {
    let row: SentRow = on!(tx, c => sqlx::query_as(sql!("
        SELECT email_id, send_number, message_id, subject, html, text, from_name, from_address, at
        FROM sent_messages
        WHERE workspace_id = $1 AND email_id = $2
        ORDER BY send_number DESC
        LIMIT 1
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_one(c).await)?;
    Ok(SentMessage {
        email_id: row.email_id,
        send_number: row.send_number,
        message_id: row.message_id,
        subject: row.subject,
        html: decompress(&row.html)?,
        text: decompress(&row.text)?,
        from_name: row.from_name,
        from_address: row.from_address,
        at: row.at,
    })
}

fn compress(text: &str) -> Result<Vec<u8>> {
    zstd::bulk::compress(text.as_bytes(), LEVEL).map_err(|error| Error::Corrupt(error.to_string()))
}

fn decompress(bytes: &[u8]) -> Result<String> {
    let plain = zstd::stream::decode_all(bytes).map_err(|error| Error::Corrupt(error.to_string()))?;
    String::from_utf8(plain).map_err(|error| Error::Corrupt(error.to_string()))
}
