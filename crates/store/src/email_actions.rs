//! What a user did to one or more emails at once, kept so that it can be undone as a whole.

#[cfg(test)]
mod tests;

use domain::{
    ChannelId, EmailActionId, EmailId, RecipientId, Status, Timestamp, UserId, WorkspaceId, ledger::Outcome,
    reasons::WaitReason,
};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::{
    Error, Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// What of an email an action changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowState {
    /// Its folder.
    pub status: Status,
    /// The time it is to go out.
    pub due_at: Option<Timestamp>,
    /// Why then.
    pub wait_reason: Option<WaitReason>,
    /// Whether it is a success.
    pub success_at: Option<Timestamp>,
    /// Which sending it is.
    pub send_number: u32,
}

/// What else changes when an email is sent again, or when its uncertain fate is settled, and neither its row nor its history
/// would tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingBefore {
    /// The channel it went through.
    pub channel_id: Option<ChannelId>,
    /// Its last activity: an edit of the draft is no event.
    pub last_activity_at: Timestamp,
    /// Its ledger, without addresses: they are erased elsewhere.
    pub recipients: Vec<RecipientBefore>,
}

/// What had become of one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientBefore {
    /// The recipient.
    pub id: RecipientId,
    /// What became of it.
    pub outcome: Outcome,
    /// The send number of the last attempt.
    pub send_number: u32,
    /// When the outcome became known.
    pub settled_at: Option<Timestamp>,
}

/// One email before and after the action: a row that is no longer as the action left it is not undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowBefore {
    /// The email.
    pub id: EmailId,
    /// Before.
    pub before: RowState,
    /// After.
    pub after: RowState,
    /// Of one that was sent again, or was of uncertain fate and settled. Actions that an earlier version kept
    /// call it a doubt.
    #[serde(default, alias = "doubt", skip_serializing_if = "Option::is_none")]
    pub sending: Option<SendingBefore>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAction {
    /// Its id.
    pub id: EmailActionId,
    /// Who did it.
    pub user_id: UserId,
    /// The verb.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Until when it can be undone.
    pub undo_until: Timestamp,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// Each row's state before.
    pub rows_before: Vec<RowBefore>,
}

struct Row {
    id: EmailActionId,
    user_id: UserId,
    kind: String,
    at: Timestamp,
    undo_until: Timestamp,
    undone_at: Option<Timestamp>,
    rows_before: String,
}
from_row!(Row { id, user_id, kind, at, undo_until, undone_at, rows_before });

impl Row {
    fn read(self) -> Result<EmailAction> {
        Ok(EmailAction {
            id: self.id,
            user_id: self.user_id,
            kind: self.kind,
            at: self.at,
            undo_until: self.undo_until,
            undone_at: self.undone_at,
            rows_before: serde_json::from_str(&self.rows_before)?,
        })
    }
}

/// Keeps an action.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, action: &EmailAction) -> Result<()> {
    let rows_before = serde_json::to_string(&action.rows_before)?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO email_actions (workspace_id, id, user_id, kind, at, undo_until, rows_before)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
    "))
        .bind(raw(workspace))
        .bind(raw(action.id))
        .bind(raw(action.user_id))
        .bind(&action.kind)
        .bind(raw(action.at))
        .bind(raw(action.undo_until))
        .bind(&rows_before)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The action.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: EmailActionId) -> Result<EmailAction> {
    let row: Row = on!(tx, c => sqlx::query_as(sql!("
        SELECT id, user_id, kind, at, undo_until, undone_at, rows_before
        FROM email_actions
        WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    row.read()
}

/// What `user` did to `email`, and perhaps to others in one go, after `since` and can still undo `now`, the latest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn undoable(
    tx: &mut Tx,
    workspace: WorkspaceId,
    user: UserId,
    email: EmailId,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<EmailAction>> {
    // An id begins with the time it was made: the key alone leads to the latest.
    let first: Uuid = Builder::from_unix_timestamp_millis(since.millis(), &[0; 10]).into_uuid();
    // Of many actions with many rows each, those of other emails stay where they are.
    let names_it = format!(r#"%"id":"{}"%"#, email.0);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql!("
        SELECT id, user_id, kind, at, undo_until, undone_at, rows_before
        FROM email_actions
        WHERE workspace_id = $1 AND id >= $2 AND user_id = $3 AND undo_until >= $4 AND undone_at IS NULL
            AND rows_before LIKE $5
        ORDER BY id DESC
    "))
        .bind(raw(workspace))
        .bind(first)
        .bind(raw(user))
        .bind(raw(now))
        .bind(names_it)
        .fetch_all(c).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// Marks an action as undone, once.
///
/// # Errors
/// [`Error::Changed`] when it was undone already.
pub async fn mark_undone(tx: &mut Tx, workspace: WorkspaceId, id: EmailActionId, now: Timestamp) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE email_actions SET undone_at = $3 WHERE workspace_id = $1 AND id = $2 AND undone_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}
