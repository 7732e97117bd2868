//! Domains that nobody in the workspace writes to.

use domain::{Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A blocked domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedDomain {
    /// The domain, in lower case; what is below it is blocked too.
    pub domain: String,
    /// Who blocked it.
    pub by_user: UserId,
    /// When.
    pub at: Timestamp,
}
from_row!(BlockedDomain { domain, by_user, at });

/// All of them, by name.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<BlockedDomain>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT domain, by_user, at FROM blocked_domains WHERE workspace_id = $1 ORDER BY domain
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// Blocks a domain; `false` when it is blocked already, which changes nothing.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, blocked: &BlockedDomain) -> Result<bool> {
    let inserted = on!(tx, c => sqlx::query(sql!("
        INSERT INTO blocked_domains (workspace_id, domain, by_user, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, domain) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(&blocked.domain)
        .bind(raw(blocked.by_user))
        .bind(raw(blocked.at))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(inserted == 1)
}

/// Unblocks a domain.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, domain: &str) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("DELETE FROM blocked_domains WHERE workspace_id = $1 AND domain = $2"))
        .bind(raw(workspace))
        .bind(domain)
        .execute(c).await)
}

#[cfg(test)]
mod tests {
    use domain::authorization::Role;
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database, member};

    #[rstest]
    #[tokio::test]
    async fn a_domain_is_blocked_once_and_unblocked(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let member = member(&mut tx, 1, 2, Role::Admin).await;
        let blocked = BlockedDomain { domain: "rival.example".into(), by_user: member.user_id, at: Timestamp(5) };
        assert!(insert(&mut tx, member.workspace_id, &blocked).await.unwrap());
        let again = BlockedDomain { at: Timestamp(9), ..blocked.clone() };
        assert!(!insert(&mut tx, member.workspace_id, &again).await.unwrap());
        assert_eq!(list(&mut tx, member.workspace_id).await.unwrap(), [blocked]);
        delete(&mut tx, member.workspace_id, "rival.example").await.unwrap();
        assert_eq!(list(&mut tx, member.workspace_id).await.unwrap(), []);
        assert!(delete(&mut tx, member.workspace_id, "rival.example").await.is_err());
    }
}
