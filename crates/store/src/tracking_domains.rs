//! The host of one's own that pixels and links of a workspace lead to.

use domain::{Timestamp, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A workspace's own tracking host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingDomain {
    /// The workspace; it has one at the most.
    pub workspace_id: WorkspaceId,
    /// The host: ASCII, lower case, with a port where it is not 443.
    pub host: String,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Since when new mail uses it; `None`: new mail uses the default host.
    pub active_since: Option<Timestamp>,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// Since when checks fail.
    pub failing_since: Option<Timestamp>,
    /// A stable name of what was wrong at the last check.
    pub problem: Option<String>,
    /// The same in words.
    pub problem_text: Option<String>,
    /// From when on the certificate is good that was last seen there.
    pub certificate_begins_at: Option<Timestamp>,
    /// Until when.
    pub certificate_ends_at: Option<Timestamp>,
}
from_row!(TrackingDomain {
    workspace_id,
    host,
    created_at,
    active_since,
    checked_at,
    failing_since,
    problem,
    problem_text,
    certificate_begins_at,
    certificate_ends_at,
});

/// The tracking host of the workspace, if it has one of its own.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<TrackingDomain>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM tracking_domains WHERE workspace_id = $1"))
        .bind(raw(workspace))
        .fetch_optional(c).await)?)
}

/// The tracking hosts of all workspaces.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx) -> Result<Vec<TrackingDomain>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM tracking_domains ORDER BY workspace_id"))
        .fetch_all(c).await)?)
}

/// Hosts that were left: links of sent mail still lead through them.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list_former(tx: &mut Tx) -> Result<Vec<String>> {
    let hosts: Vec<(String,)> = on!(tx, c => sqlx::query_as(sql!("SELECT host FROM former_tracking_hosts"))
        .fetch_all(c).await)?;
    Ok(hosts.into_iter().map(|(host,)| host).collect())
}

/// Keeps the workspace's tracking host, instead of the one it had.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn save(tx: &mut Tx, domain: &TrackingDomain) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO tracking_domains (
            workspace_id, host, created_at, active_since, checked_at, failing_since, problem, problem_text,
            certificate_begins_at, certificate_ends_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (workspace_id) DO UPDATE
        SET host = excluded.host, created_at = excluded.created_at, active_since = excluded.active_since,
            checked_at = excluded.checked_at, failing_since = excluded.failing_since, problem = excluded.problem,
            problem_text = excluded.problem_text, certificate_begins_at = excluded.certificate_begins_at,
            certificate_ends_at = excluded.certificate_ends_at
    "))
        .bind(raw(domain.workspace_id))
        .bind(&domain.host)
        .bind(raw(domain.created_at))
        .bind(raw(domain.active_since))
        .bind(raw(domain.checked_at))
        .bind(raw(domain.failing_since))
        .bind(&domain.problem)
        .bind(&domain.problem_text)
        .bind(raw(domain.certificate_begins_at))
        .bind(raw(domain.certificate_ends_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Keeps what a check came to, if the host is still the one that was checked.
///
/// # Errors
/// [`crate::Error::NotFound`] when it is another.
pub async fn keep_check(tx: &mut Tx, domain: &TrackingDomain) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE tracking_domains
        SET active_since = $3, checked_at = $4, failing_since = $5, problem = $6, problem_text = $7,
            certificate_begins_at = $8, certificate_ends_at = $9
        WHERE workspace_id = $1 AND host = $2
    "))
        .bind(raw(domain.workspace_id))
        .bind(&domain.host)
        .bind(raw(domain.active_since))
        .bind(raw(domain.checked_at))
        .bind(raw(domain.failing_since))
        .bind(&domain.problem)
        .bind(&domain.problem_text)
        .bind(raw(domain.certificate_begins_at))
        .bind(raw(domain.certificate_ends_at))
        .execute(c).await)
}

/// Forgets the workspace's tracking host.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("DELETE FROM tracking_domains WHERE workspace_id = $1"))
        .bind(raw(workspace))
        .execute(c).await)
}

/// Remembers that links of sent mail lead through `host`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keep_former(tx: &mut Tx, workspace: WorkspaceId, host: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO former_tracking_hosts (workspace_id, host) VALUES ($1, $2) ON CONFLICT DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(host)
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database, member};

    #[rstest]
    #[tokio::test]
    async fn a_workspace_has_one_tracking_host_and_a_check_is_about_that_one(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let workspace = member(&mut tx, 1, 2, domain::authorization::Role::Admin).await.workspace_id;
        let first = TrackingDomain {
            workspace_id: workspace,
            host: "go.shop.example".into(),
            created_at: Timestamp(1),
            active_since: None,
            checked_at: None,
            failing_since: None,
            problem: None,
            problem_text: None,
            certificate_begins_at: None,
            certificate_ends_at: None,
        };
        save(&mut tx, &first).await.unwrap();
        let checked = TrackingDomain {
            active_since: Some(Timestamp(2)),
            checked_at: Some(Timestamp(2)),
            failing_since: Some(Timestamp(3)),
            problem: Some("tls".into()),
            problem_text: Some("expired".into()),
            certificate_begins_at: Some(Timestamp(1)),
            certificate_ends_at: Some(Timestamp(3)),
            ..first.clone()
        };
        keep_check(&mut tx, &checked).await.unwrap();
        assert_eq!(find(&mut tx, workspace).await.unwrap(), Some(checked.clone()));

        let second = TrackingDomain { host: "links.shop.example".into(), ..first };
        save(&mut tx, &second).await.unwrap();
        for _ in 0..2 {
            keep_former(&mut tx, workspace, &checked.host).await.unwrap();
        }
        assert!(matches!(keep_check(&mut tx, &checked).await, Err(crate::Error::NotFound)));
        assert_eq!(list(&mut tx).await.unwrap(), [second]);
        assert_eq!(list_former(&mut tx).await.unwrap(), ["go.shop.example"]);
        delete(&mut tx, workspace).await.unwrap();
        assert_eq!(find(&mut tx, workspace).await.unwrap(), None);
    }
}
