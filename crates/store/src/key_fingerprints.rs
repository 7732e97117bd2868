//! What the keys that a store was served with are recognised by. The keys themselves stand outside.

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
};

/// One key of a server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// What the key is for: `secrets` or `tracking`.
    pub ring: String,
    /// Its number in the ring.
    pub key_id: u32,
    /// What only this key gives.
    pub fingerprint: String,
}

/// Notes a key, unless one of its number is noted.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn note(tx: &mut Tx, key: &Fingerprint) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO key_fingerprints (ring, key_id, fingerprint) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
    "))
        .bind(&key.ring)
        .bind(raw(key.key_id))
        .bind(&key.fingerprint)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Every key that is noted, ring by ring.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx) -> Result<Vec<Fingerprint>> {
    let rows: Vec<(String, i64, String)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT ring, key_id, fingerprint FROM key_fingerprints ORDER BY ring, key_id
    ")).fetch_all(c).await)?;
    let keys = rows.into_iter().map(|(ring, key_id, fingerprint)| Fingerprint {
        ring,
        key_id: u32::try_from(key_id).unwrap_or(u32::MAX),
        fingerprint,
    });
    Ok(keys.collect())
}

/// Forgets every key that is noted.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM key_fingerprints")).execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database};

    #[rstest]
    #[tokio::test]
    async fn the_first_key_of_a_number_is_the_one_that_is_noted(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let key = |ring: &str, key_id, text: &str| Fingerprint {
            ring: ring.to_owned(),
            key_id,
            fingerprint: text.to_owned(),
        };
        for key in [key("tracking", 1, "t"), key("secrets", 2, "b"), key("secrets", 1, "a"), key("secrets", 1, "other")]
        {
            note(&mut tx, &key).await.unwrap();
        }
        let noted = list(&mut tx).await.unwrap();
        assert_eq!(noted, [key("secrets", 1, "a"), key("secrets", 2, "b"), key("tracking", 1, "t")]);
        forget(&mut tx).await.unwrap();
        assert_eq!(list(&mut tx).await.unwrap(), []);
    }
}
