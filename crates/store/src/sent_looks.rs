//! Where and when uncertain emails were looked for.

use domain::{EmailId, MailboxId, Timestamp, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
    emails::Email,
    mailboxes::Mailbox,
};

/// The looks for one email under one send number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLook {
    /// The email.
    pub email_id: EmailId,
    /// Which sending of it.
    pub send_number: u32,
    /// Where it was looked for last.
    pub mailbox_id: MailboxId,
    /// In which folder.
    pub folder: String,
    /// How often.
    pub looks: u32,
    /// The first look.
    pub first_at: Timestamp,
    /// The last one.
    pub looked_at: Timestamp,
    /// The next one; `None` when it is not looked for any more.
    pub next_at: Option<Timestamp>,
}
from_row!(SentLook { email_id, send_number, mailbox_id, folder, looks, first_at, looked_at, next_at });

/// Notes a look.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn save(tx: &mut Tx, workspace: WorkspaceId, look: &SentLook) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO sent_looks (
            workspace_id, email_id, send_number, mailbox_id, folder, looks, first_at, looked_at, next_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (workspace_id, email_id, send_number) DO UPDATE
        SET mailbox_id = excluded.mailbox_id, folder = excluded.folder, looks = excluded.looks,
            looked_at = excluded.looked_at, next_at = excluded.next_at
    "))
        .bind(raw(workspace))
        .bind(raw(look.email_id))
        .bind(raw(look.send_number))
        .bind(raw(look.mailbox_id))
        .bind(&look.folder)
        .bind(raw(look.looks))
        .bind(raw(look.first_at))
        .bind(raw(look.looked_at))
        .bind(raw(look.next_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The looks for an email under a send number, if there were any.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, email: EmailId, send_number: u32) -> Result<Option<SentLook>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT email_id, send_number, mailbox_id, folder, looks, first_at, looked_at, next_at
        FROM sent_looks
        WHERE workspace_id = $1 AND email_id = $2 AND send_number = $3
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .bind(raw(send_number))
        .fetch_optional(c).await)?)
}

/// Up to `limit` uncertain emails that are to be looked for in `mailbox` at `now`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn due(tx: &mut Tx, mailbox: &Mailbox, now: Timestamp, limit: u32) -> Result<Vec<Email>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT e.*
        FROM emails e
        JOIN identities i ON i.workspace_id = e.workspace_id AND i.id = e.identity_id
        LEFT JOIN sent_looks l ON l.workspace_id = e.workspace_id AND l.email_id = e.id
            AND l.send_number = e.send_number
        WHERE e.workspace_id = $1 AND e.status = 'in_progress' AND e.uncertain AND i.mailbox_id = $2
            AND (l.email_id IS NULL OR l.next_at <= $3)
        ORDER BY e.updated_at, e.id
        LIMIT $4
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(now))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}
