//! URLs that are too long for a sealed link and are looked up instead.

use domain::{LongLinkId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
};

/// Keeps a URL.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, id: LongLinkId, url: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO long_links (workspace_id, id, url) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, id) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(url)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The URL.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: LongLinkId) -> Result<String> {
    let (url,): (String,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT url FROM long_links WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    Ok(url)
}
