//! Bearer tokens for programs. Found by their SHA-256; the token itself is shown once and kept nowhere.

use domain::{ApiTokenId, Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its workspace.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: ApiTokenId,
    /// In whose name it acts.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, as far as that is kept.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is worth nothing.
    pub revoked_at: Option<Timestamp>,
}
from_row!(ApiToken { workspace_id, id, user_id, name, token_hash, created_at, last_used_at, revoked_at });

/// Adds a token.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, token: &ApiToken) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO api_tokens (workspace_id, id, user_id, name, token_hash, created_at, last_used_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    "))
        .bind(raw(token.workspace_id))
        .bind(raw(token.id))
        .bind(raw(token.user_id))
        .bind(&token.name)
        .bind(&token.token_hash)
        .bind(raw(token.created_at))
        .bind(raw(token.last_used_at))
        .bind(raw(token.revoked_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The token with this hash, unless it is revoked.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_by_hash(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<ApiToken>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM api_tokens WHERE token_hash = $1 AND revoked_at IS NULL"))
        .bind(token_hash)
        .fetch_optional(c).await)?)
}

/// The user's tokens that are not revoked, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<Vec<ApiToken>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM api_tokens WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL
        ORDER BY created_at, id
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .fetch_all(c).await)?)
}

/// Notes that the token was used.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn touch(tx: &mut Tx, workspace: WorkspaceId, id: ApiTokenId, at: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("UPDATE api_tokens SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Revokes one of the user's tokens.
///
/// # Errors
/// [`crate::Error::NotFound`] also when it was revoked before.
pub async fn revoke(tx: &mut Tx, workspace: WorkspaceId, user: UserId, id: ApiTokenId, at: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE api_tokens SET revoked_at = $4
        WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND revoked_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(id))
        .bind(raw(at))
        .execute(c).await)
}

/// Revokes all tokens of the user in the workspace.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn revoke_all(tx: &mut Tx, workspace: WorkspaceId, user: UserId, at: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE api_tokens SET revoked_at = $3 WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(at))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        testing::{Backend, database, id, member},
    };
    use domain::authorization::Role;
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn a_revoked_token_is_found_no_more(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = member(&mut tx, 1, 11, Role::Member).await;
        let token = |n: u8| ApiToken {
            workspace_id: ada.workspace_id,
            id: ApiTokenId(id(n.into())),
            user_id: ada.user_id,
            name: format!("Token {n}"),
            token_hash: vec![n],
            created_at: Timestamp(n.into()),
            last_used_at: None,
            revoked_at: None,
        };
        for n in 1..=3 {
            insert(&mut tx, &token(n)).await.unwrap();
        }
        assert_eq!(find_by_hash(&mut tx, &[1]).await.unwrap(), Some(token(1)));
        touch(&mut tx, ada.workspace_id, token(1).id, Timestamp(7)).await.unwrap();
        assert_eq!(find_by_hash(&mut tx, &[1]).await.unwrap().unwrap().last_used_at, Some(Timestamp(7)));

        let other = domain::UserId(id(99));
        let refused = revoke(&mut tx, ada.workspace_id, other, token(1).id, Timestamp(8)).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        revoke(&mut tx, ada.workspace_id, ada.user_id, token(1).id, Timestamp(8)).await.unwrap();
        let again = revoke(&mut tx, ada.workspace_id, ada.user_id, token(1).id, Timestamp(8)).await;
        assert!(matches!(again, Err(Error::NotFound)));
        assert_eq!(find_by_hash(&mut tx, &[1]).await.unwrap(), None);
        assert_eq!(list(&mut tx, ada.workspace_id, ada.user_id).await.unwrap(), [token(2), token(3)]);
        revoke_all(&mut tx, ada.workspace_id, ada.user_id, Timestamp(9)).await.unwrap();
        assert_eq!(list(&mut tx, ada.workspace_id, ada.user_id).await.unwrap(), []);
    }
}
