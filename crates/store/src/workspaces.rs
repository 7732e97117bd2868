//! Workspaces and their settings.

use domain::{ChannelId, Timestamp, WorkspaceId};

use crate::{
    Error, Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// One organisation's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Raised by each edit.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Whether views and clicks are tracked at all.
    pub tracking: bool,
    /// After how many hours of temporary refusals an email fails.
    pub give_up_after_h: u32,
    /// The channel invitations and password resets go through.
    pub system_channel_id: Option<ChannelId>,
    /// After how many days the network addresses and programs of readers are dropped.
    pub traces_days: u32,
    /// When it was made.
    pub created_at: Timestamp,
}
from_row!(Workspace { id, version, name, tracking, give_up_after_h, system_channel_id, traces_days, created_at });

/// Adds a workspace.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: &Workspace) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO workspaces (id, version, name, tracking, give_up_after_h, system_channel_id, traces_days, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    "))
        .bind(raw(workspace.id))
        .bind(workspace.version)
        .bind(&workspace.name)
        .bind(workspace.tracking)
        .bind(raw(workspace.give_up_after_h))
        .bind(raw(workspace.system_channel_id))
        .bind(raw(workspace.traces_days))
        .bind(raw(workspace.created_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The workspace.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, id: WorkspaceId) -> Result<Workspace> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM workspaces WHERE id = $1")).bind(raw(id)).fetch_one(c).await)?)
}

/// All workspaces, oldest first: what the workers go through.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(tx: &mut Tx) -> Result<Vec<Workspace>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM workspaces ORDER BY id")).fetch_all(c).await)?)
}

/// Lets one transaction at a time decide something about the whole workspace, until it ends.
///
/// # Errors
/// [`Error::Database`].
pub async fn lock(tx: &mut Tx, id: WorkspaceId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("UPDATE workspaces SET id = id WHERE id = $1")).bind(raw(id)).execute(c).await.map(drop))?;
    Ok(())
}

/// Saves the settings of `workspace` if nobody changed them since they were read; its `version` is the one read.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn update(tx: &mut Tx, workspace: &Workspace) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE workspaces
        SET version = version + 1, name = $3, tracking = $4, give_up_after_h = $5, system_channel_id = $6,
            traces_days = $7
        WHERE id = $1 AND version = $2
    "))
        .bind(raw(workspace.id))
        .bind(workspace.version)
        .bind(&workspace.name)
        .bind(workspace.tracking)
        .bind(raw(workspace.give_up_after_h))
        .bind(raw(workspace.system_channel_id))
        .bind(raw(workspace.traces_days))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Backend, database, id};
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn an_edit_based_on_an_old_version_is_refused(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let mut workspace = crate::testing::workspace(1);
        insert(&mut tx, &workspace).await.unwrap();
        lock(&mut tx, workspace.id).await.unwrap();
        assert_eq!(find(&mut tx, workspace.id).await.unwrap(), workspace);
        workspace.name = "Northlight".into();
        workspace.traces_days = 30;
        workspace.system_channel_id = Some(ChannelId(id(9)));
        update(&mut tx, &workspace).await.unwrap();
        assert!(matches!(update(&mut tx, &workspace).await, Err(Error::Changed)));
        let found = list(&mut tx).await.unwrap();
        assert_eq!(found, [Workspace { version: 2, ..workspace }]);
        tx.commit().await.unwrap();
    }
}
