//! What was written and what was sent: compressed, in tables of their own, so that lists never read them.
//!
//! What was sent differs from what was written by the values of its fields and what stands under it. So it is kept as that
//! difference: a letter of ten kilobytes takes less than one. What was sent must not change when the email is edited
//! afterwards; it is kept whole from then on.

mod difference;

use std::{cell::RefCell, io::Read as _};

use domain::{EmailId, Timestamp, WorkspaceId};
use sea_query::{Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;
use serde::{Deserialize, Serialize};
use zstd::{
    stream::read::Decoder,
    zstd_safe::{CCtx, compress_bound, get_error_name},
};

pub use difference::{Difference, Original};

use crate::{
    Error, Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
    rows,
    statements::Statements,
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
    keep_sent_whole(tx, workspace, email).await?;
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
pub type SentMessage = Sent<String>;

/// A message as it went over the wire, to be kept.
pub type NewlySent = Sent<Difference>;

/// A message as it went over the wire, its HTML whole or as the difference from the HTML of the email's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<Html> {
    /// The email.
    pub email_id: EmailId,
    /// Which sending of it.
    pub send_number: u32,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// The subject, fields filled in.
    pub subject: String,
    /// The body, fields filled in, links as they were written.
    pub html: Html,
    /// From.
    pub from_name: String,
    /// From.
    pub from_address: String,
    /// When it was handed over.
    pub at: Timestamp,
}

impl<Html> Sent<Html> {
    /// The same with another HTML.
    pub fn with_html<Other>(self, html: Other) -> Sent<Other> {
        Sent {
            email_id: self.email_id,
            send_number: self.send_number,
            message_id: self.message_id,
            subject: self.subject,
            html,
            from_name: self.from_name,
            from_address: self.from_address,
            at: self.at,
        }
    }
}

type Kept = Sent<Vec<u8>>;
from_row!(Kept { email_id, send_number, message_id, subject, html, from_name, from_address, at });

/// A message as it is kept.
struct KeptMessage {
    kept: Kept,
    /// What was written, where the HTML is the difference from it.
    original: Option<Vec<u8>>,
}
from_row!(KeptMessage { ..kept: Kept, original });

impl KeptMessage {
    fn unpack(self) -> Result<SentMessage> {
        let html = match self.original {
            Some(original) => whole(&self.kept.html, &decompress(&original)?)?,
            None => decompress(&self.kept.html)?,
        };
        Ok(self.kept.with_html(html))
    }
}

/// Keeps messages as sent; the same send number again changes nothing, as automatic attempts send the same message.
///
/// # Errors
/// [`Error::Database`].
pub async fn keep_sent(tx: &mut Tx, workspace: WorkspaceId, sent: &[&NewlySent]) -> Result<()> {
    let mut statements = Statements::on(tx);
    add_sent(&mut statements, workspace, sent);
    statements.execute(tx).await
}

/// As [`keep_sent`], with other statements.
pub(crate) fn add_sent(statements: &mut Statements, workspace: WorkspaceId, sent: &[&NewlySent]) {
    for run in statements.runs(sent) {
        statements.add(&rows::insert(
            "sent_messages (
                workspace_id, email_id, send_number, message_id, subject, html, is_difference, from_name, from_address, at
            )",
            run.places(),
            10,
            "ON CONFLICT (workspace_id, email_id, send_number) DO NOTHING",
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|sent| raw(sent.email_id)))
                .bind(it.map(|sent| raw(sent.send_number)))
                .bind(it.map(|sent| &sent.message_id))
                .bind(it.map(|sent| &sent.subject))
                .bind(it.map(|sent| sent.html.as_bytes()))
                .bind(it.map(|_| true))
                .bind(it.map(|sent| &sent.from_name))
                .bind(it.map(|sent| &sent.from_address))
                .bind(it.map(|sent| raw(sent.at)));
        }
    }
}

/// The message as it was last sent.
///
/// # Errors
/// [`Error::NotFound`] when it never was.
pub async fn last_sent(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<SentMessage> {
    let row: KeptMessage = on!(tx, c => sqlx::query_as(sql!("
        SELECT s.email_id, s.send_number, s.message_id, s.subject, s.html, b.html AS original, s.from_name, s.from_address, s.at
        FROM sent_messages s
        LEFT JOIN email_bodies b ON s.is_difference AND b.workspace_id = s.workspace_id AND b.email_id = s.email_id
        WHERE s.workspace_id = $1 AND s.email_id = $2
        ORDER BY s.send_number DESC
        LIMIT 1
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_one(c).await)?;
    row.unpack()
}

/// Keeps whole what was sent of an email, because what was written is about to change.
async fn keep_sent_whole(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<()> {
    let differences: Vec<(i64, Vec<u8>, Vec<u8>)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT s.send_number, s.html, b.html
        FROM sent_messages s
        JOIN email_bodies b ON b.workspace_id = s.workspace_id AND b.email_id = s.email_id
        WHERE s.workspace_id = $1 AND s.email_id = $2 AND s.is_difference
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_all(c).await)?;
    for (send_number, difference, original) in differences {
        let html = whole(&difference, &decompress(&original)?)?;
        on!(tx, c => sqlx::query(sql!("
            UPDATE sent_messages SET html = $4, is_difference = FALSE
            WHERE workspace_id = $1 AND email_id = $2 AND send_number = $3
        "))
            .bind(raw(workspace))
            .bind(raw(email))
            .bind(send_number)
            .bind(compress(&html)?)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

thread_local! {
    /// Making a compressor costs more than using it for a letter.
    static COMPRESSOR: RefCell<Option<CCtx<'static>>> = const { RefCell::new(None) };
}

fn compress_bytes(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::with_capacity(compress_bound(bytes.len()));
    COMPRESSOR
        .with_borrow_mut(|it| it.get_or_insert_default().compress(&mut packed, bytes, LEVEL))
        .map_err(|code| Error::Corrupt(get_error_name(code).to_owned()))?;
    packed.shrink_to_fit();
    Ok(packed)
}

fn decompress_bytes(frame: &[u8], dictionary: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let decoder = Decoder::with_dictionary(frame, dictionary.as_bytes());
    let read = decoder.and_then(|mut decoder| decoder.read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| Error::Corrupt(error.to_string()))
}

pub(crate) fn compress(text: &str) -> Result<Vec<u8>> {
    compress_bytes(text.as_bytes())
}

pub(crate) fn decompress(frame: &[u8]) -> Result<String> {
    text(decompress_bytes(frame, "")?)
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| Error::Corrupt(error.to_string()))
}

/// What a frame of zstd begins with (RFC 8878 §3.1.1).
const FRAME: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();

/// The text whose difference from `original` is kept. The first versions kept it compressed with the original for a
/// dictionary; no difference begins like that, because no text begins with the byte 0xB5.
fn whole(kept: &[u8], original: &str) -> Result<String> {
    if kept.starts_with(&FRAME) {
        return text(decompress_bytes(kept, original)?);
    }
    difference::apply(kept, original).ok_or_else(|| Error::Corrupt("no difference from what was written".to_owned()))
}

#[cfg(test)]
mod tests {
    use domain::{UserId, authorization::Role};
    use rstest::rstest;

    use super::*;
    use crate::{
        emails::{self, Email},
        testing::{Backend, database, id, member, old_database},
    };

    const LETTER: &str = "<p>Hello {{first_name}}, this is what was written, at some length.</p>";

    fn sent<Html>(email_id: EmailId, send_number: u32, html: Html) -> Sent<Html> {
        Sent {
            email_id,
            send_number,
            message_id: format!("{send_number}@a.example"),
            subject: "Hello".into(),
            html,
            from_name: "Ada".into(),
            from_address: "ada@a.example".into(),
            at: Timestamp(1),
        }
    }

    #[test]
    fn what_the_first_versions_kept_is_understood() {
        let sent = LETTER.replace("{{first_name}}", "Bob");
        let mut compressor = zstd::bulk::Compressor::with_dictionary(1, LETTER.as_bytes()).unwrap();
        let kept = compressor.compress(sent.as_bytes()).unwrap();
        assert_eq!(whole(&kept, LETTER).unwrap(), sent);
        assert_eq!(whole(Original::new(LETTER).difference(&sent).as_bytes(), LETTER).unwrap(), sent);
        assert!(matches!(whole(b"?", LETTER), Err(Error::Corrupt(_))));
    }

    #[rstest]
    #[tokio::test]
    async fn what_was_sent_stays_what_it_was_when_the_email_is_edited_and_sent_again(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let owner = member(&mut tx, 1, 2, Role::Member).await.user_id;
        let (workspace, email) = (WorkspaceId(id(1)), EmailId(id(10)));
        emails::insert(&mut tx, &Email::draft(workspace, email, UserId(owner.0), Timestamp(1))).await.unwrap();
        let written = |html: &str| Body { html: html.into(), ..Body::default() };
        save(&mut tx, workspace, email, &written(LETTER)).await.unwrap();
        let first = sent(email, 1, LETTER.replace("{{first_name}}", "Bob"));
        let new = sent(email, 1, Original::new(LETTER).difference(&first.html));
        keep_sent(&mut tx, workspace, &[&new]).await.unwrap();
        assert_eq!(last_sent(&mut tx, workspace, email).await.unwrap(), first);
        for html in ["<p>Something else.</p>", "", LETTER] {
            save(&mut tx, workspace, email, &written(html)).await.unwrap();
            assert_eq!(last_sent(&mut tx, workspace, email).await.unwrap(), first, "after {html:?}");
        }
        let second = sent(email, 2, LETTER.replace("{{first_name}}", "Eve"));
        let new = sent(email, 2, Original::new(LETTER).difference(&second.html));
        keep_sent(&mut tx, workspace, &[&new]).await.unwrap();
        assert_eq!(last_sent(&mut tx, workspace, email).await.unwrap(), second);
    }

    #[rstest]
    #[tokio::test]
    async fn what_an_earlier_version_kept_is_there_after_the_upgrade(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = old_database(backend, 20).await;
        let mut tx = db.begin().await.unwrap();
        let owner = member(&mut tx, 1, 2, Role::Member).await.user_id;
        let (workspace, email) = (WorkspaceId(id(1)), EmailId(id(10)));
        emails::insert(&mut tx, &Email::draft(workspace, email, owner, Timestamp(1))).await.unwrap();
        save(&mut tx, workspace, email, &Body { html: LETTER.into(), ..Body::default() }).await.unwrap();
        let kept = sent(email, 1, LETTER.replace("{{first_name}}", "Bob"));
        let new = sent(email, 1, Original::new(LETTER).difference(&kept.html));
        keep_sent(&mut tx, workspace, &[&new]).await.unwrap();
        tx.commit().await.unwrap();
        db.migrate_until(i64::MAX).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(last_sent(&mut tx, workspace, email).await.unwrap(), kept);
    }
}
