//! Copies of sent emails in the Sent folder of a provider that keeps none: which are missing, which are there.

use domain::{Timestamp, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
    emails::Email,
    mailboxes::Mailbox,
};

/// Up to `limit` emails sent since `since` whose copy is missing in `mailbox`, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn missing(tx: &mut Tx, mailbox: &Mailbox, since: Timestamp, limit: u32) -> Result<Vec<Email>> {
    let Some(append_since) = mailbox.append_since else { return Ok(Vec::new()) };
    // The OR is the condition of the index, and the CROSS JOIN keeps its walk in front: SQLite would read the whole workspace.
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT e.*
        FROM emails e CROSS JOIN identities i
        WHERE e.workspace_id = $1 AND e.owner_id = $2 AND (e.status = 'delivered' OR e.status = 'archived')
            AND e.sent_at >= $3
            AND i.workspace_id = e.workspace_id AND i.id = e.identity_id AND i.mailbox_id = $4
            AND NOT EXISTS (
                SELECT 1
                FROM sent_copies s
                WHERE s.workspace_id = e.workspace_id AND s.email_id = e.id AND s.send_number = e.send_number
            )
        ORDER BY e.sent_at, e.id
        LIMIT $5
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.owner_id))
        .bind(raw(append_since.max(since)))
        .bind(raw(mailbox.id))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

/// Notes that the copy of an email is there.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, email: &Email, at: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO sent_copies (workspace_id, email_id, send_number, kept_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, email_id, send_number) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(raw(email.id))
        .bind(raw(email.send_number))
        .bind(raw(at))
        .execute(c).await.map(drop))?;
    Ok(())
}
