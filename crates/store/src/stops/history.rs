//! The history of stops: only added to.

use domain::{
    EmailId, PersonId, StopChangeId, StopId, Timestamp, UserId, WorkspaceId,
    stops::{Cause, Change, Motive, ResumeReason, Scope, Source},
};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// What happened to a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopChange {
    /// Its id.
    pub id: StopChangeId,
    /// The stop.
    pub stop_id: StopId,
    /// What happened.
    pub change: Change,
    /// The address it is about, in lower case.
    pub address: String,
    /// Whose address it was.
    pub person_id: Option<PersonId>,
    /// Why they were stopped.
    pub cause: Cause,
    /// Whose mail is meant.
    pub scope: Scope,
    /// How we learnt of this change.
    pub source: Source,
    /// What the recipient chose as the reason to stop.
    pub motive: Option<Motive>,
    /// Why mail goes again.
    pub resume_reason: Option<ResumeReason>,
    /// The email it came from.
    pub email_id: Option<EmailId>,
    /// Which user did it.
    pub by_user: Option<UserId>,
    /// What was said about it.
    pub note: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}
from_row!(StopChange {
    id,
    stop_id,
    change,
    address,
    person_id,
    cause,
    scope,
    source,
    motive,
    resume_reason,
    email_id,
    by_user,
    note,
    at
});

/// A change with the names that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The change.
    pub change: StopChange,
    /// The name of the user who did it.
    pub by_name: Option<String>,
    /// The subject of the email it came from, and whose email that is.
    pub subject: Option<String>,
    /// The owner of that email.
    pub email_owner_id: Option<UserId>,
    /// Whether the stop it tells of holds now.
    pub holds: bool,
}
from_row!(Changed { ..change: StopChange, by_name, subject, email_owner_id, holds });

/// Appends a change.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn add_change(tx: &mut Tx, workspace: WorkspaceId, change: &StopChange) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO stop_changes (
            workspace_id, id, stop_id, change, address, person_id, cause, scope, source, motive, resume_reason, email_id,
            by_user, note, at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    "))
        .bind(raw(workspace))
        .bind(raw(change.id))
        .bind(raw(change.stop_id))
        .bind(raw(change.change))
        .bind(&change.address)
        .bind(raw(change.person_id))
        .bind(raw(change.cause))
        .bind(raw(change.scope))
        .bind(raw(change.source))
        .bind(raw(change.motive))
        .bind(raw(change.resume_reason))
        .bind(raw(change.email_id))
        .bind(raw(change.by_user))
        .bind(&change.note)
        .bind(raw(change.at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What happened to stops of a person, or of an address that is theirs now: the newest `limit`, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn changes_of_person(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Changed>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT h.*, u.name AS by_name, e.subject, e.owner_id AS email_owner_id,
            (h.change = 'stopped' AND EXISTS (
                SELECT 1 FROM stops s WHERE s.workspace_id = h.workspace_id AND s.id = h.stop_id
            )) AS holds
        FROM stop_changes h
        LEFT JOIN users u ON u.id = h.by_user
        LEFT JOIN emails e ON e.workspace_id = h.workspace_id AND e.id = h.email_id
        WHERE h.workspace_id = $1 AND h.id IN (
            SELECT id FROM stop_changes WHERE workspace_id = $1 AND person_id = $2
            UNION ALL
            SELECT id FROM stop_changes
            WHERE workspace_id = $1 AND address IN (
                SELECT normalised FROM person_addresses WHERE workspace_id = $1 AND person_id = $2
            )
        )
        ORDER BY h.at DESC, h.id DESC
        LIMIT $3
    "))
        .bind(raw(workspace))
        .bind(raw(person))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}
