//! The audit record: who did what, when, from where, and what was so before and after. Rows are added and read, never
//! changed.

use domain::{AuditId, Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its workspace.
    pub workspace_id: WorkspaceId,
    /// Its id, ordered by time.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` for the operator at the command line, and for attempts to sign in.
    pub user_id: Option<UserId>,
    /// The network address it came from.
    pub ip: Option<String>,
    /// What was done.
    pub action: String,
    /// What kind of thing it was done to.
    pub target_kind: String,
    /// The thing's id.
    pub target_id: String,
    /// What was so before, as JSON.
    pub before: Option<String>,
    /// What was so after, as JSON.
    pub after: Option<String>,
}
from_row!(Record { workspace_id, id, at, user_id, ip, action, target_kind, target_id, before, after });

/// Adds a line.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, record: &Record) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO audit_records (workspace_id, id, at, user_id, ip, action, target_kind, target_id, before, after)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    "))
        .bind(raw(record.workspace_id))
        .bind(raw(record.id))
        .bind(raw(record.at))
        .bind(raw(record.user_id))
        .bind(&record.ip)
        .bind(&record.action)
        .bind(&record.target_kind)
        .bind(&record.target_id)
        .bind(&record.before)
        .bind(&record.after)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The newest `limit` lines older than the one with the id `before`, newest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, before: Option<AuditId>, limit: u32) -> Result<Vec<Record>> {
    let before = before.unwrap_or(AuditId(uuid::Uuid::max()));
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM audit_records WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
    "))
        .bind(raw(workspace))
        .bind(raw(before))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Backend, database, id, workspace};
    use rstest::rstest;

    fn record(workspace: u128, n: u128) -> Record {
        Record {
            workspace_id: WorkspaceId(id(workspace)),
            id: AuditId(id(n)),
            at: Timestamp(5),
            user_id: None,
            ip: Some("192.0.2.1".into()),
            action: "signed_in".into(),
            target_kind: "user".into(),
            target_id: "7".into(),
            before: None,
            after: Some("{\"role\":\"admin\"}".into()),
        }
    }

    #[rstest]
    #[tokio::test]
    async fn pages_follow_each_other_and_stay_in_their_workspace(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        for n in [1, 2] {
            crate::workspaces::insert(&mut tx, &workspace(n)).await.unwrap();
        }
        for n in 1..=5 {
            insert(&mut tx, &record(1, n)).await.unwrap();
        }
        insert(&mut tx, &record(2, 9)).await.unwrap();
        let first = list(&mut tx, WorkspaceId(id(1)), None, 3).await.unwrap();
        assert_eq!(first, [record(1, 5), record(1, 4), record(1, 3)]);
        let rest = list(&mut tx, WorkspaceId(id(1)), Some(first[2].id), 3).await.unwrap();
        assert_eq!(rest, [record(1, 2), record(1, 1)]);
    }
}
