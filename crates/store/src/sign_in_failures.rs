//! How often signing in failed, for each account and each network address.

use domain::Timestamp;

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// The failures of one account or one network address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many in a row.
    pub failures: u32,
    /// When the last one was.
    pub last_at: Timestamp,
}
from_row!(Failures { failures, last_at });

/// The failures of `subject`, locked until the transaction ends, so that nobody tries twice at once.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn lock(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<Failures> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        INSERT INTO sign_in_failures (subject, failures, last_at) VALUES ($1, 0, $2)
        ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failures.failures
        RETURNING failures, last_at
    "))
        .bind(subject)
        .bind(raw(now))
        .fetch_one(c).await)?)
}

/// Replaces the failures of `subject`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn set(tx: &mut Tx, subject: &str, failures: Failures) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("UPDATE sign_in_failures SET failures = $2, last_at = $3 WHERE subject = $1"))
        .bind(subject)
        .bind(raw(failures.failures))
        .bind(raw(failures.last_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets the failures of `subject`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete(tx: &mut Tx, subject: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM sign_in_failures WHERE subject = $1"))
        .bind(subject)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets all whose last failure was before `before`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete_older(tx: &mut Tx, before: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM sign_in_failures WHERE last_at < $1"))
        .bind(raw(before))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Backend, database};
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn failures_are_counted_until_they_are_forgotten(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let none = |last_at| Failures { failures: 0, last_at: Timestamp(last_at) };
        assert_eq!(lock(&mut tx, "a", Timestamp(1)).await.unwrap(), none(1));
        let three = Failures { failures: 3, last_at: Timestamp(5) };
        set(&mut tx, "a", three).await.unwrap();
        assert_eq!(lock(&mut tx, "a", Timestamp(6)).await.unwrap(), three);
        assert_eq!(lock(&mut tx, "b", Timestamp(6)).await.unwrap(), none(6));
        delete_older(&mut tx, Timestamp(6)).await.unwrap();
        assert_eq!(lock(&mut tx, "a", Timestamp(7)).await.unwrap(), none(7));
        assert_eq!(lock(&mut tx, "b", Timestamp(7)).await.unwrap(), none(6));
        delete(&mut tx, "b").await.unwrap();
        assert_eq!(lock(&mut tx, "b", Timestamp(8)).await.unwrap(), none(8));
    }
}
