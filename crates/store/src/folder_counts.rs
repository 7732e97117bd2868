//! How many emails each folder holds: kept with every change, never counted.

use std::collections::BTreeMap;

use domain::{Status, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
    rows,
    statements::Statements,
};

/// Emails that went from folder to folder, to be written at once at the end of a transaction: each count is touched once,
/// and everybody touches them in the same order, so that nobody waits for somebody who waits for him.
#[derive(Debug, Default)]
pub struct Moves(BTreeMap<(UserId, Status), i64>);

impl Moves {
    /// An email of `owner` went `from` one folder `to` another.
    pub fn add(&mut self, owner: UserId, from: Status, to: Status) {
        *self.0.entry((owner, from)).or_default() -= 1;
        *self.0.entry((owner, to)).or_default() += 1;
    }

    /// Keeps the counts.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn save(self, tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
        let mut statements = Statements::on(tx);
        self.add_to(&mut statements, workspace);
        statements.execute(tx).await
    }

    /// As [`Self::save`], with other statements.
    pub(crate) fn add_to(self, statements: &mut Statements, workspace: WorkspaceId) {
        let changed: Vec<_> = self.0.into_iter().filter(|(_, difference)| *difference != 0).collect();
        for run in statements.runs(&changed) {
            statements.add(&rows::insert(
                "folder_counts (workspace_id, owner_id, status, emails)",
                run.places(),
                4,
                "ON CONFLICT (workspace_id, owner_id, status) DO UPDATE SET emails = folder_counts.emails + excluded.emails",
            ));
            for it in run.padded() {
                statements
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|((owner, _), _)| raw(*owner)))
                    .bind(it.map(|((_, status), _)| raw(*status)))
                    .bind(it.map(|(_, difference)| *difference));
            }
        }
    }
}

/// Adds `difference` to a folder of `owner`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, owner: UserId, status: Status, difference: i64) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO folder_counts (workspace_id, owner_id, status, emails)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, owner_id, status) DO UPDATE SET emails = folder_counts.emails + excluded.emails
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(status))
        .bind(difference)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The counts of `owner`'s folders; a folder that never held anything is absent.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, owner: UserId) -> Result<Vec<(Status, i64)>> {
    let rows: Vec<(String, i64)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT status, emails FROM folder_counts WHERE workspace_id = $1 AND owner_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .fetch_all(c).await)?;
    rows.into_iter()
        .map(|(status, emails)| {
            status.parse().map(|status| (status, emails)).map_err(|_| crate::Error::Corrupt(status))
        })
        .collect()
}

/// How many emails of the whole workspace have `status`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn total(tx: &mut Tx, workspace: WorkspaceId, status: Status) -> Result<i64> {
    let (emails,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT CAST(COALESCE(SUM(emails), 0) AS BIGINT) FROM folder_counts WHERE workspace_id = $1 AND status = $2
    "))
        .bind(raw(workspace))
        .bind(raw(status))
        .fetch_one(c).await)?;
    Ok(emails)
}

/// How many of `owner`'s emails are of uncertain fate.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn uncertain(tx: &mut Tx, workspace: WorkspaceId, owner: UserId) -> Result<i64> {
    let (count,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT COUNT(*) FROM emails
        WHERE workspace_id = $1 AND owner_id = $2 AND status = 'in_progress' AND uncertain
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .fetch_one(c).await)?;
    Ok(count)
}
