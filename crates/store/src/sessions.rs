//! Sessions: who is signed in. Found by the SHA-256 of the cookie's token, which itself is kept nowhere.

use std::collections::HashSet;

use domain::{Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
    rows,
};

/// Somebody signed in with one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's token.
    pub token_hash: Vec<u8>,
    /// The workspace signed in to.
    pub workspace_id: WorkspaceId,
    /// The user.
    pub user_id: UserId,
    /// Whose mail is looked at instead of their own.
    pub view_as: Option<UserId>,
    /// The network address at sign-in.
    pub ip: String,
    /// The browser's name for itself at sign-in.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, as far as that is kept.
    pub seen_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}
from_row!(Session { token_hash, workspace_id, user_id, view_as, ip, user_agent, created_at, seen_at, expires_at });

/// Adds a session.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO sessions
            (token_hash, workspace_id, user_id, view_as, ip, user_agent, created_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    "))
        .bind(&session.token_hash)
        .bind(raw(session.workspace_id))
        .bind(raw(session.user_id))
        .bind(raw(session.view_as))
        .bind(&session.ip)
        .bind(&session.user_agent)
        .bind(raw(session.created_at))
        .bind(raw(session.seen_at))
        .bind(raw(session.expires_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The session, if it has not ended at `now`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<Session>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM sessions WHERE token_hash = $1 AND expires_at > $2"))
        .bind(token_hash)
        .bind(raw(now))
        .fetch_optional(c).await)?)
}

/// Those of the network addresses `ips` from which a member of the workspace last used a session that has not ended at `now`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn addresses_in_use(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ips: &[String],
    now: Timestamp,
) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for run in rows::runs(ips) {
        let text = format!(
            "WITH asked (workspace, ip) AS MATERIALIZED (VALUES {})
            SELECT DISTINCT sessions.ip
            FROM asked
            JOIN sessions ON workspace_id = asked.workspace AND sessions.ip = asked.ip
            WHERE expires_at > ?",
            rows::values(run.places(), 2)
        );
        let text = rows::in_order(tx, text);
        let some: Vec<(String,)> = on!(tx, c => {
            let mut select = sqlx::query_as(text);
            for it in run.padded() {
                select = select.bind(it.map(|_| raw(workspace))).bind(it);
            }
            select.bind(raw(now)).fetch_all(c).await
        })?;
        found.extend(some.into_iter().map(|(ip,)| ip));
    }
    Ok(found)
}

/// Notes that the session is used, from `ip`; it now ends at `expires_at`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn touch(tx: &mut Tx, token_hash: &[u8], now: Timestamp, expires_at: Timestamp, ip: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("UPDATE sessions SET seen_at = $2, expires_at = $3, ip = $4 WHERE token_hash = $1"))
        .bind(token_hash)
        .bind(raw(now))
        .bind(raw(expires_at))
        .bind(ip)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// From here on the session looks at the mail of `user`, or with `None` at its own.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn set_view_as(tx: &mut Tx, token_hash: &[u8], user: Option<UserId>) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("UPDATE sessions SET view_as = $2 WHERE token_hash = $1"))
        .bind(token_hash)
        .bind(raw(user))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete(tx: &mut Tx, token_hash: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM sessions WHERE token_hash = $1"))
        .bind(token_hash)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Ends all sessions of the user except `keep`, and says how many.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete_of_user(tx: &mut Tx, user: UserId, keep: Option<&[u8]>) -> Result<u64> {
    // No token hashes to nothing.
    let keep = keep.unwrap_or_default();
    Ok(on!(tx, c => sqlx::query(sql!("DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2"))
        .bind(raw(user))
        .bind(keep)
        .execute(c).await.map(|done| done.rows_affected()))?)
}

/// Ends the user's sessions in one workspace.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete_of_member(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM sessions WHERE workspace_id = $1 AND user_id = $2"))
        .bind(raw(workspace))
        .bind(raw(user))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Removes what has ended of `user`'s sessions, so that they do not pile up.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete_expired(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM sessions WHERE user_id = $1 AND expires_at <= $2"))
        .bind(raw(user))
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Backend, database, member};
    use domain::authorization::Role;
    use rstest::rstest;

    fn session(hash: u8, workspace_id: WorkspaceId, user_id: UserId) -> Session {
        Session {
            token_hash: vec![hash],
            workspace_id,
            user_id,
            view_as: None,
            ip: "192.0.2.1".into(),
            user_agent: Some("Browser/1".into()),
            created_at: Timestamp(1),
            seen_at: Timestamp(1),
            expires_at: Timestamp(10),
        }
    }

    #[rstest]
    #[tokio::test]
    async fn a_session_lives_while_it_is_used(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = member(&mut tx, 1, 11, Role::Admin).await;
        let mut one = session(1, ada.workspace_id, ada.user_id);
        insert(&mut tx, &one).await.unwrap();
        assert_eq!(find(&mut tx, &[1], Timestamp(9)).await.unwrap(), Some(one.clone()));
        assert_eq!(find(&mut tx, &[1], Timestamp(10)).await.unwrap(), None);
        touch(&mut tx, &[1], Timestamp(9), Timestamp(20), "192.0.2.8").await.unwrap();
        set_view_as(&mut tx, &[1], Some(ada.user_id)).await.unwrap();
        one = Session {
            seen_at: Timestamp(9),
            expires_at: Timestamp(20),
            view_as: Some(ada.user_id),
            ip: "192.0.2.8".into(),
            ..one
        };
        assert_eq!(find(&mut tx, &[1], Timestamp(10)).await.unwrap(), Some(one));
        delete_expired(&mut tx, ada.user_id, Timestamp(19)).await.unwrap();
        assert!(find(&mut tx, &[1], Timestamp(10)).await.unwrap().is_some());
        delete_expired(&mut tx, ada.user_id, Timestamp(20)).await.unwrap();
        assert!(find(&mut tx, &[1], Timestamp(10)).await.unwrap().is_none());
    }

    #[rstest]
    #[tokio::test]
    async fn addresses_are_in_use_while_a_session_lasts(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = member(&mut tx, 1, 11, Role::Admin).await;
        insert(&mut tx, &session(1, ada.workspace_id, ada.user_id)).await.unwrap();
        let asked = ["192.0.2.1".to_owned(), "192.0.2.2".to_owned()];
        let found = addresses_in_use(&mut tx, ada.workspace_id, &asked, Timestamp(9)).await.unwrap();
        assert_eq!(found, HashSet::from(["192.0.2.1".to_owned()]));
        let elsewhere = WorkspaceId(crate::testing::id(2));
        for (workspace, now) in [(ada.workspace_id, Timestamp(10)), (elsewhere, Timestamp(9))] {
            assert!(addresses_in_use(&mut tx, workspace, &asked, now).await.unwrap().is_empty());
        }
    }

    #[rstest]
    #[tokio::test]
    async fn sessions_end_alone_together_or_but_for_one(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = member(&mut tx, 1, 11, Role::Admin).await;
        let bob = member(&mut tx, 1, 12, Role::Admin).await;
        for hash in 1..=4 {
            insert(&mut tx, &session(hash, ada.workspace_id, ada.user_id)).await.unwrap();
        }
        insert(&mut tx, &session(9, bob.workspace_id, bob.user_id)).await.unwrap();
        delete(&mut tx, &[1]).await.unwrap();
        assert_eq!(delete_of_user(&mut tx, ada.user_id, Some(&[2])).await.unwrap(), 2);
        assert!(find(&mut tx, &[2], Timestamp(2)).await.unwrap().is_some());
        assert_eq!(delete_of_user(&mut tx, ada.user_id, None).await.unwrap(), 1);
        assert!(find(&mut tx, &[9], Timestamp(2)).await.unwrap().is_some());
        delete_of_member(&mut tx, bob.workspace_id, bob.user_id).await.unwrap();
        assert!(find(&mut tx, &[9], Timestamp(2)).await.unwrap().is_none());
    }
}
