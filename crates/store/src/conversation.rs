//! What was sent to a person and what came back, newest first. Each half is read in its order; whoever asks merges them.

use domain::{EmailId, PersonId, Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
    received::Received,
};

/// A place between two parts: all parts before this time, and of this very time those with a smaller id.
pub type Before = (Timestamp, Uuid);

/// Before nothing: from the newest.
pub const FROM_THE_NEWEST: Before = (Timestamp(i64::MAX), Uuid::max());

/// What came back, with the names of the way it came by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameBack {
    /// The message or notice.
    pub received: Received,
    /// The mailbox in which it was found.
    pub mailbox_name: Option<String>,
    /// The channel whose provider told.
    pub channel_name: Option<String>,
}
from_row!(CameBack { ..received: Received, mailbox_name, channel_name });

/// When `owner` sent which email to `person`. Deleted ones are left out.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn sent(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    owner: UserId,
    before: Before,
    limit: u32,
) -> Result<Vec<(Timestamp, EmailId)>> {
    let rows: Vec<(i64, Uuid)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT sent_at, id FROM emails
        WHERE workspace_id = $1 AND person_id = $2 AND owner_id = $3 AND status <> 'deleted'
            AND (sent_at, id) < ($4, $5)
        ORDER BY sent_at DESC, id DESC
        LIMIT $6
    "))
        .bind(raw(workspace))
        .bind(raw(person))
        .bind(raw(owner))
        .bind(raw(before.0))
        .bind(before.1)
        .bind(raw(limit))
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(at, id)| (Timestamp(at), EmailId(id))).collect())
}

/// What came back to `owner` from or about `person`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn came_back(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    owner: UserId,
    before: Before,
    limit: u32,
) -> Result<Vec<CameBack>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT r.*, m.name AS mailbox_name, c.name AS channel_name
        FROM received r
        LEFT JOIN mailboxes m ON m.workspace_id = r.workspace_id AND m.id = r.mailbox_id
        LEFT JOIN channels c ON c.workspace_id = r.workspace_id AND c.id = r.channel_id
        WHERE r.workspace_id = $1 AND r.person_id = $2 AND r.owner_id = $3 AND r.kind <> 'other'
            AND (r.at, r.id) < ($4, $5)
        ORDER BY r.at DESC, r.id DESC
        LIMIT $6
    "))
        .bind(raw(workspace))
        .bind(raw(person))
        .bind(raw(owner))
        .bind(raw(before.0))
        .bind(before.1)
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

/// The newest message in which a person answered `email`; without one, the newest automatic answer. (`reply` comes after
/// `auto_reply` in the alphabet.)
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn latest_answer(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Option<Received>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM received
        WHERE workspace_id = $1 AND email_id = $2 AND kind IN ('reply', 'auto_reply') AND from_address <> ''
        ORDER BY kind DESC, at DESC, id DESC
        LIMIT 1
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_optional(c).await)?)
}

#[cfg(test)]
mod tests;
