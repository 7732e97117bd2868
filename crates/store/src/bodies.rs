//! What was written and what was sent: compressed, in tables of their own, so that lists never read them.

use domain::{EmailId, Timestamp, WorkspaceId};
use sea_query::{Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
    rows,
};

/// zstd's fastest ordinary level: a letter gains little by a higher one.
const LEVEL: i32 = 1;

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
    /// Whether it may also reach people who unsubscribed: a contract, an invoice, an answer.
    pub non_commercial: bool,
}

/// What was written, its HTML still compressed: emails of one batch share it, and it need be unpacked once only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedBody {
    /// The email.
    pub email_id: EmailId,
    /// The subject, with dynamic fields.
    pub subject: String,
    /// The body, compressed.
    pub html: Vec<u8>,
    cc: String,
    bcc: String,
    in_reply_to: Option<String>,
    reference_ids: String,
    /// Whether it may also reach people who unsubscribed.
    pub non_commercial: bool,
}
from_row!(PackedBody { email_id, subject, html, cc, bcc, in_reply_to, reference_ids, non_commercial });

impl PackedBody {
    /// The whole body.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn unpack(self) -> Result<Body> {
        let html = decompress(&self.html)?;
        Ok(Body { html, ..self.without_html()? })
    }

    /// Everything but the HTML.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn without_html(self) -> Result<Body> {
        Ok(Body {
            subject: self.subject,
            html: String::new(),
            cc: serde_json::from_str(&self.cc)?,
            bcc: serde_json::from_str(&self.bcc)?,
            in_reply_to: self.in_reply_to,
            references: self.reference_ids,
            non_commercial: self.non_commercial,
        })
    }
}

/// Saves what was written.
///
/// # Errors
/// [`Error::Database`].
pub async fn save(tx: &mut Tx, workspace: WorkspaceId, email: EmailId, body: &Body) -> Result<()> {
    let (cc, bcc) = (serde_json::to_string(&body.cc)?, serde_json::to_string(&body.bcc)?);
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO email_bodies (
            workspace_id, email_id, subject, html, cc, bcc, in_reply_to, reference_ids, non_commercial
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (workspace_id, email_id) DO UPDATE
        SET subject = excluded.subject, html = excluded.html, cc = excluded.cc, bcc = excluded.bcc, in_reply_to = excluded.in_reply_to,
            reference_ids = excluded.reference_ids, non_commercial = excluded.non_commercial
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .bind(&body.subject)
        .bind(compress(&body.html)?)
        .bind(&cc)
        .bind(&bcc)
        .bind(&body.in_reply_to)
        .bind(&body.references)
        .bind(body.non_commercial)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What was written.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Body> {
    find_packed(tx, workspace, &[email]).await?.pop().ok_or(Error::NotFound)?.unpack()
}

/// What was written in each of `emails`, in no particular order.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_packed(tx: &mut Tx, workspace: WorkspaceId, emails: &[EmailId]) -> Result<Vec<PackedBody>> {
    let mut select = Query::select();
    select
        .columns(["email_id", "subject", "html", "cc", "bcc", "in_reply_to", "reference_ids", "non_commercial"])
        .from("email_bodies")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("email_id").is_in(emails.iter().map(|id| raw(*id))));
    Ok(fetch_built!(tx, select)?)
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
    /// From.
    pub from_name: String,
    /// From.
    pub from_address: String,
    /// When it was handed over.
    pub at: Timestamp,
}

/// A message as it went over the wire, its HTML compressed: that takes time, which whoever writes to the database has not.
#[derive(Debug, Clone)]
pub struct PackedMessage {
    email_id: EmailId,
    send_number: u32,
    message_id: String,
    subject: String,
    html: Vec<u8>,
    from_name: String,
    from_address: String,
    at: Timestamp,
}
from_row!(PackedMessage { email_id, send_number, message_id, subject, html, from_name, from_address, at });

impl SentMessage {
    /// Compresses the HTML.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when there is no memory for it.
    pub fn pack(self) -> Result<PackedMessage> {
        Ok(PackedMessage {
            email_id: self.email_id,
            send_number: self.send_number,
            message_id: self.message_id,
            subject: self.subject,
            html: compress(&self.html)?,
            from_name: self.from_name,
            from_address: self.from_address,
            at: self.at,
        })
    }
}

impl PackedMessage {
    fn unpack(self) -> Result<SentMessage> {
        Ok(SentMessage {
            email_id: self.email_id,
            send_number: self.send_number,
            message_id: self.message_id,
            subject: self.subject,
            html: decompress(&self.html)?,
            from_name: self.from_name,
            from_address: self.from_address,
            at: self.at,
        })
    }
}

/// Keeps messages as sent; the same send number again changes nothing, as automatic attempts send the same message.
///
/// # Errors
/// [`Error::Database`].
pub async fn keep_sent(tx: &mut Tx, workspace: WorkspaceId, sent: &[&PackedMessage]) -> Result<()> {
    for run in rows::runs(sent) {
        let text = rows::insert(
            "sent_messages (
                workspace_id, email_id, send_number, message_id, subject, html, from_name, from_address, at
            )",
            run.places(),
            9,
            "ON CONFLICT (workspace_id, email_id, send_number) DO NOTHING",
        );
        let text = rows::in_order(tx, text);
        on!(tx, c => {
            let mut insert = sqlx::query(text);
            for it in run.padded() {
                insert = insert
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|sent| raw(sent.email_id)))
                    .bind(it.map(|sent| raw(sent.send_number)))
                    .bind(it.map(|sent| &sent.message_id))
                    .bind(it.map(|sent| &sent.subject))
                    .bind(it.map(|sent| &sent.html))
                    .bind(it.map(|sent| &sent.from_name))
                    .bind(it.map(|sent| &sent.from_address))
                    .bind(it.map(|sent| raw(sent.at)));
            }
            insert.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The message as it was last sent.
///
/// # Errors
/// [`Error::NotFound`] when it never was.
pub async fn last_sent(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<SentMessage> {
    let row: PackedMessage = on!(tx, c => sqlx::query_as(sql!("
        SELECT email_id, send_number, message_id, subject, html, from_name, from_address, at
        FROM sent_messages
        WHERE workspace_id = $1 AND email_id = $2
        ORDER BY send_number DESC
        LIMIT 1
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_one(c).await)?;
    row.unpack()
}

thread_local! {
    /// Making a compressor costs more than using it for a letter.
    static COMPRESSOR: std::cell::RefCell<Option<zstd::bulk::Compressor<'static>>> = const { std::cell::RefCell::new(None) };
}

pub(crate) fn compress(text: &str) -> Result<Vec<u8>> {
    COMPRESSOR
        .with_borrow_mut(|compressor| {
            let compressor = match compressor {
                Some(compressor) => compressor,
                empty => empty.insert(zstd::bulk::Compressor::new(LEVEL)?),
            };
            compressor.compress(text.as_bytes())
        })
        .map_err(|error: std::io::Error| Error::Corrupt(error.to_string()))
}

pub(crate) fn decompress(bytes: &[u8]) -> Result<String> {
    let plain = zstd::stream::decode_all(bytes).map_err(|error| Error::Corrupt(error.to_string()))?;
    String::from_utf8(plain).map_err(|error| Error::Corrupt(error.to_string()))
}
