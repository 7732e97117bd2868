//! The send ledger: one row for each envelope recipient of an email, with its own transaction and outcome.

use domain::{
    ChannelId, EmailId, RecipientId, Timestamp, WorkspaceId,
    ledger::{Outcome, RecipientKind},
};
use sea_query::{Asterisk, Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{changed_one, fetch_built, from_row, on, raw, sql},
};

/// One envelope recipient of one email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its id.
    pub id: RecipientId,
    /// The email.
    pub email_id: EmailId,
    /// Which header.
    pub kind: RecipientKind,
    /// The display name, maybe empty.
    pub name: String,
    /// The address.
    pub address: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The send number of the last attempt.
    pub send_number: u32,
    /// The channel of the last attempt.
    pub channel_id: Option<ChannelId>,
    /// The last attempt.
    pub attempted_at: Option<Timestamp>,
    /// When the outcome became known.
    pub settled_at: Option<Timestamp>,
    /// The server's last answer.
    pub reply: Option<String>,
}
from_row!(Recipient {
    id,
    email_id,
    kind,
    name,
    address,
    outcome,
    send_number,
    channel_id,
    attempted_at,
    settled_at,
    reply
});

impl Recipient {
    /// Whether it has not got the message and may still get it.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, Outcome::Waiting | Outcome::Deferred)
    }
}

/// Adds a recipient.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, recipient: &Recipient) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO recipients (workspace_id, id, email_id, kind, name, address, outcome, send_number)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    "))
        .bind(raw(workspace))
        .bind(raw(recipient.id))
        .bind(raw(recipient.email_id))
        .bind(raw(recipient.kind))
        .bind(&recipient.name)
        .bind(&recipient.address)
        .bind(raw(recipient.outcome))
        .bind(raw(recipient.send_number))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// One recipient.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: RecipientId) -> Result<Recipient> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM recipients WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// The recipients of an email: To first, then CC, then BCC.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Vec<Recipient>> {
    list_all(tx, workspace, &[email]).await
}

/// The recipients of `emails`: of each To first, then CC, then BCC.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list_all(tx: &mut Tx, workspace: WorkspaceId, emails: &[EmailId]) -> Result<Vec<Recipient>> {
    let mut select = Query::select();
    select
        .column(Asterisk)
        .from("recipients")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("email_id").is_in(emails.iter().map(|id| raw(*id))));
    let mut rows: Vec<Recipient> = fetch_built!(tx, select)?;
    rows.sort_by_key(|row| (row.email_id, row.kind, row.id));
    Ok(rows)
}

/// Saves what became of a recipient.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, recipient: &Recipient) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE recipients
        SET outcome = $3, send_number = $4, channel_id = $5, attempted_at = $6, settled_at = $7, reply = $8
        WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(recipient.id))
        .bind(raw(recipient.outcome))
        .bind(raw(recipient.send_number))
        .bind(raw(recipient.channel_id))
        .bind(raw(recipient.attempted_at))
        .bind(raw(recipient.settled_at))
        .bind(&recipient.reply)
        .execute(c).await)
}

/// Removes the recipients of an email that goes back to Draft.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM recipients WHERE workspace_id = $1 AND email_id = $2"))
        .bind(raw(workspace))
        .bind(raw(email))
        .execute(c).await.map(drop))?;
    Ok(())
}
