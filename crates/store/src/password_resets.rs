//! Links by which somebody chooses a new password. Used once.

use domain::{Timestamp, UserId};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// A link that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordReset {
    /// SHA-256 of the link's token.
    pub token_hash: Vec<u8>,
    /// Whose password.
    pub user_id: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}
from_row!(PasswordReset { token_hash, user_id, created_at, expires_at });

/// Adds a link and removes the user's that are too old. Earlier ones go on working, so that a stranger who asks for a link
/// does not take away the one that an administrator handed over.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, reset: &PasswordReset) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM password_resets WHERE user_id = $1 AND expires_at <= $2"))
        .bind(raw(reset.user_id))
        .bind(raw(reset.created_at))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO password_resets (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)
    "))
        .bind(&reset.token_hash)
        .bind(raw(reset.user_id))
        .bind(raw(reset.created_at))
        .bind(raw(reset.expires_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The link with this token, if it can still be used at `now`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<PasswordReset>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM password_resets WHERE token_hash = $1 AND expires_at > $2"))
        .bind(token_hash)
        .bind(raw(now))
        .fetch_optional(c).await)?)
}

/// Removes all links of the user, and says how many there were.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete_of_user(tx: &mut Tx, user: UserId) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(sql!("DELETE FROM password_resets WHERE user_id = $1"))
        .bind(raw(user))
        .execute(c).await.map(|done| done.rows_affected()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Backend, database, user};
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn a_link_works_for_a_while_and_all_go_together(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = user(1);
        crate::users::insert(&mut tx, &ada).await.unwrap();
        let reset = |n: u8| PasswordReset {
            token_hash: vec![n],
            user_id: ada.id,
            created_at: Timestamp(n.into()),
            expires_at: Timestamp(i64::from(n) + 8),
        };
        insert(&mut tx, &reset(1)).await.unwrap();
        insert(&mut tx, &reset(2)).await.unwrap();
        assert_eq!(find(&mut tx, &[1], Timestamp(8)).await.unwrap(), Some(reset(1)));
        assert_eq!(find(&mut tx, &[2], Timestamp(9)).await.unwrap(), Some(reset(2)));
        assert_eq!(find(&mut tx, &[2], Timestamp(10)).await.unwrap(), None);
        insert(&mut tx, &reset(9)).await.unwrap();
        assert_eq!(find(&mut tx, &[1], Timestamp(8)).await.unwrap(), None, "too old when the third was made");
        assert_eq!(delete_of_user(&mut tx, ada.id).await.unwrap(), 2);
        assert_eq!(delete_of_user(&mut tx, ada.id).await.unwrap(), 0);
    }
}
