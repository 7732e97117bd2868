//! The processes that deliver on one database, and when each was last seen.

use domain::{NodeId, Timestamp};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
};

/// Says that `node`, which started at `started_at`, is alive.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn beat(tx: &mut Tx, node: NodeId, started_at: Timestamp, now: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO nodes (id, started_at, seen_at) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
    "))
        .bind(raw(node))
        .bind(raw(started_at))
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The nodes seen after `since`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn seen_since(tx: &mut Tx, since: Timestamp) -> Result<Vec<NodeId>> {
    let ids: Vec<(uuid::Uuid,)> = on!(tx, c => sqlx::query_as(sql!("SELECT id FROM nodes WHERE seen_at > $1"))
        .bind(raw(since))
        .fetch_all(c).await)?;
    Ok(ids.into_iter().map(|(id,)| NodeId(id)).collect())
}

/// Forgets `node`, which takes its leave.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn remove(tx: &mut Tx, node: NodeId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM nodes WHERE id = $1")).bind(raw(node)).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets the nodes that were not seen since `since`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget_unseen(tx: &mut Tx, since: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM nodes WHERE seen_at <= $1"))
        .bind(raw(since))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::time::SECOND;
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database, id};

    #[rstest]
    #[tokio::test]
    async fn a_node_is_alive_as_long_as_it_is_seen(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let [first, second] = [NodeId(id(1)), NodeId(id(2))];
        let at = |seconds| Timestamp(seconds * SECOND);
        beat(&mut tx, first, at(0), at(0)).await.unwrap();
        beat(&mut tx, second, at(0), at(0)).await.unwrap();
        beat(&mut tx, second, at(0), at(50)).await.unwrap();
        assert_eq!(seen_since(&mut tx, at(40)).await.unwrap(), [second]);
        forget_unseen(&mut tx, at(40)).await.unwrap();
        assert_eq!(seen_since(&mut tx, at(-1)).await.unwrap(), [second]);
        remove(&mut tx, second).await.unwrap();
        assert_eq!(seen_since(&mut tx, at(-1)).await.unwrap(), []);
    }
}
