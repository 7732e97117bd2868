//! Reading whole histories, and writing what they make of the rows.

use domain::{EmailId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{changed_one, on, raw, sql},
    emails::Email,
    events::Event,
};

/// The emails of a workspace after the id `after`, in the order of their ids.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn emails_after(tx: &mut Tx, workspace: WorkspaceId, after: EmailId, limit: u32) -> Result<Vec<Email>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM emails WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3
    "))
        .bind(raw(workspace))
        .bind(raw(after))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

/// All events of the emails from `first` to `last`, email by email, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn events_of(tx: &mut Tx, workspace: WorkspaceId, first: EmailId, last: EmailId) -> Result<Vec<Event>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT id, email_id, at, kind, evidence FROM events
        WHERE workspace_id = $1 AND email_id >= $2 AND email_id <= $3
        ORDER BY email_id, at, id
    "))
        .bind(raw(workspace))
        .bind(raw(first))
        .bind(raw(last))
        .fetch_all(c).await)?)
}

/// Which of the emails from `first` to `last` have a copy that is still to be sent.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn with_waiting_copies(
    tx: &mut Tx,
    workspace: WorkspaceId,
    first: EmailId,
    last: EmailId,
) -> Result<Vec<EmailId>> {
    let ids: Vec<(uuid::Uuid,)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT DISTINCT email_id FROM recipients
        WHERE workspace_id = $1 AND email_id >= $2 AND email_id <= $3
            AND kind <> 'to' AND outcome IN ('waiting', 'deferred')
    "))
        .bind(raw(workspace))
        .bind(raw(first))
        .bind(raw(last))
        .fetch_all(c).await)?;
    Ok(ids.into_iter().map(|(id,)| EmailId(id)).collect())
}

/// Writes the columns of `email` that its events and its ledger tell.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn save(tx: &mut Tx, email: &Email) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE emails
        SET version = version + 1, status = $3, status_before = $4, uncertain = $5, send_number = $6, attempts = $7,
            first_attempt_at = $8, due_at = $9, next_at = $10, wait_reason = $11, wait_text = $12, leased_by = $13,
            failure_reason = $14, failure_code = $15, failure_text = $16, failure_param = $17, views = $18,
            views_automatic = $19, views_self = $20, clicks = $21, clicks_automatic = $22, success_at = $23,
            last_activity_at = $24, sent_at = $25, failed_at = $26, deleted_at = $27, replies = $28
        WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(email.workspace_id))
        .bind(raw(email.id))
        .bind(raw(email.status))
        .bind(raw(email.status_before))
        .bind(email.uncertain)
        .bind(raw(email.send_number))
        .bind(raw(email.attempts))
        .bind(raw(email.first_attempt_at))
        .bind(raw(email.due_at))
        .bind(raw(email.next_at))
        .bind(raw(email.wait_reason))
        .bind(&email.wait_text)
        .bind(raw(email.leased_by))
        .bind(raw(email.failure_reason))
        .bind(&email.failure_code)
        .bind(&email.failure_text)
        .bind(&email.failure_param)
        .bind(raw(email.views))
        .bind(raw(email.views_automatic))
        .bind(raw(email.views_self))
        .bind(raw(email.clicks))
        .bind(raw(email.clicks_automatic))
        .bind(raw(email.success_at))
        .bind(raw(email.last_activity_at))
        .bind(raw(email.sent_at))
        .bind(raw(email.failed_at))
        .bind(raw(email.deleted_at))
        .bind(raw(email.replies))
        .execute(c).await)
}

/// Counts anew what is kept counted: the folders of a workspace, and the files of its emails.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn recount(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM folder_counts WHERE workspace_id = $1"))
        .bind(raw(workspace))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO folder_counts (workspace_id, owner_id, status, emails)
        SELECT workspace_id, owner_id, status, COUNT(*) FROM emails
        WHERE workspace_id = $1
        GROUP BY workspace_id, owner_id, status
    "))
        .bind(raw(workspace))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        UPDATE emails SET attachment_count = counted.files
        FROM (
            SELECT e.id, COUNT(a.id) AS files
            FROM emails e
            LEFT JOIN attachments a ON a.workspace_id = e.workspace_id AND a.email_id = e.id AND NOT a.inline
            WHERE e.workspace_id = $1
            GROUP BY e.id
        ) AS counted
        WHERE emails.workspace_id = $1 AND emails.id = counted.id AND emails.attachment_count <> counted.files
    "))
        .bind(raw(workspace))
        .execute(c).await.map(drop))?;
    Ok(())
}
