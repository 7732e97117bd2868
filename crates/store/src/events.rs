//! What happened to emails: append-only.

use domain::{
    EmailId, EventId, Timestamp, WorkspaceId,
    events::{EventKind, Evidence},
};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
    feed, rows,
    statements::Statements,
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
    insert_all(tx, workspace, &[event]).await
}

/// Appends events; one that is there already changes nothing: what was written may be written again when nobody heard that it
/// was.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, events: &[&Event]) -> Result<()> {
    let mut statements = Statements::on(tx);
    add_all(&mut statements, workspace, events)?;
    statements.execute(tx).await
}

/// As [`insert_all`], with other statements.
pub(crate) fn add_all(statements: &mut Statements, workspace: WorkspaceId, events: &[&Event]) -> Result<()> {
    for run in statements.runs(events) {
        statements.add(&rows::insert(
            "events (workspace_id, id, email_id, at, kind, evidence)",
            run.places(),
            6,
            "ON CONFLICT (workspace_id, email_id, at, id) DO NOTHING",
        ));
        for it in run.padded() {
            let evidence = it.map(|event| serde_json::to_string(&event.evidence)).transpose()?;
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|event| raw(event.id)))
                .bind(it.map(|event| raw(event.email_id)))
                .bind(it.map(|event| raw(event.at)))
                .bind(it.map(|event| raw(event.kind)))
                .bind(evidence);
        }
    }
    feed::add_all(statements, workspace, events);
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
