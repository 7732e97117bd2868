//! Which frames of visits are recorded. A node numbers its frames, and records them in that order.

use domain::{NodeId, Timestamp, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
};

/// A frame, by whose it is and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrameId {
    /// The node that gathered it.
    pub node: NodeId,
    /// From 1, in the order of recording.
    pub number: i64,
}

/// Notes that `frame` is being recorded; `false` when it was recorded before. It holds when `tx` is committed.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn begin(tx: &mut Tx, workspace: WorkspaceId, frame: FrameId, now: Timestamp) -> Result<bool> {
    let noted = on!(tx, c => sqlx::query(sql!("
        INSERT INTO recorded_frames (workspace_id, node_id, frame, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, node_id) DO UPDATE SET frame = excluded.frame, at = excluded.at
            WHERE recorded_frames.frame < excluded.frame
    "))
        .bind(raw(workspace))
        .bind(raw(frame.node))
        .bind(frame.number)
        .bind(raw(now))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(noted == 1)
}

/// Forgets the nodes that recorded nothing since `before`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, before: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM recorded_frames WHERE workspace_id = $1 AND at < $2"))
        .bind(raw(workspace))
        .bind(raw(before))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::authorization::Role;
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database, id, member};

    #[rstest]
    #[tokio::test]
    async fn a_frame_is_recorded_once_until_its_node_is_forgotten(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let workspace = member(&mut tx, 1, 2, Role::Member).await.workspace_id;
        let of = |node, number| FrameId { node: NodeId(id(node)), number };
        for (frame, is_new) in
            [(of(5, 1), true), (of(5, 3), true), (of(5, 3), false), (of(5, 2), false), (of(6, 1), true)]
        {
            assert_eq!(begin(&mut tx, workspace, frame, Timestamp(frame.number)).await.unwrap(), is_new, "{frame:?}");
        }
        forget(&mut tx, workspace, Timestamp(3)).await.unwrap();
        assert!(!begin(&mut tx, workspace, of(5, 3), Timestamp(9)).await.unwrap());
        assert!(begin(&mut tx, workspace, of(6, 1), Timestamp(9)).await.unwrap());
    }
}
