//! What happened to emails: append-only.

use domain::{
    EmailId, EventId, Timestamp, WorkspaceId,
    events::{EventKind, Evidence},
};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// Something that happened to an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The email.
    pub email_id: EmailId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// How we know.
    pub evidence: Evidence,
}
from_row!(Event { id, email_id, at, kind, evidence });

/// Appends an event.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, event: &Event) -> Result<()> {
    let evidence = serde_json::to_string(&event.evidence)?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO events (workspace_id, id, email_id, at, kind, evidence) VALUES ($1, $2, $3, $4, $5, $6)
    "))
        .bind(raw(workspace))
        .bind(raw(event.id))
        .bind(raw(event.email_id))
        .bind(raw(event.at))
        .bind(raw(event.kind))
        .bind(&evidence)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The newest `limit` events of an email, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, email: EmailId, limit: u32) -> Result<Vec<Event>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT id, email_id, at, kind, evidence FROM events
        WHERE workspace_id = $1 AND email_id = $2
        ORDER BY at DESC, id DESC
        LIMIT $3
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}
