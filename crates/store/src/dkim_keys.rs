//! Keys that sign a domain's mail on a channel.

use domain::{
    ChannelId, DkimKeyId, Timestamp, WorkspaceId,
    deliverability::{Algorithm, RecordState},
};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A DKIM key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DkimKey {
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: DkimKeyId,
    /// The channel whose mail it signs.
    pub channel_id: ChannelId,
    /// The domain of the From addresses that it signs for: ASCII, lower case.
    pub domain: String,
    /// What its record is found by, below `_domainkey`.
    pub selector: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The public key, base64.
    pub public_key: String,
    /// The private key, sealed; `None` once it signs no more.
    pub secret: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its record was last looked for.
    pub checked_at: Option<Timestamp>,
    /// What was published then.
    pub record_state: Option<RecordState>,
    /// Since when mail is signed with it.
    pub signs_since: Option<Timestamp>,
    /// Since when no mail is signed with it any more.
    pub replaced_at: Option<Timestamp>,
}
from_row!(DkimKey {
    workspace_id,
    id,
    channel_id,
    domain,
    selector,
    algorithm,
    public_key,
    secret,
    created_at,
    checked_at,
    record_state,
    signs_since,
    replaced_at,
});

impl DkimKey {
    /// Whether mail is signed with it.
    pub fn signs(&self) -> bool {
        self.signs_since.is_some() && self.replaced_at.is_none()
    }
}

/// Adds a key that does not sign yet.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, key: &DkimKey) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO dkim_keys (
            workspace_id, id, channel_id, domain, selector, algorithm, public_key, secret, created_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    "))
        .bind(raw(key.workspace_id))
        .bind(raw(key.id))
        .bind(raw(key.channel_id))
        .bind(&key.domain)
        .bind(&key.selector)
        .bind(raw(key.algorithm))
        .bind(&key.public_key)
        .bind(&key.secret)
        .bind(raw(key.created_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The key.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: DkimKeyId) -> Result<DkimKey> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM dkim_keys WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// Every key of the workspace, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<DkimKey>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM dkim_keys WHERE workspace_id = $1 ORDER BY created_at, id
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// The keys with which mail is signed, of all workspaces.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list_signing(tx: &mut Tx) -> Result<Vec<DkimKey>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT *
        FROM dkim_keys
        WHERE signs_since IS NOT NULL AND replaced_at IS NULL
        ORDER BY workspace_id, created_at, id
    "))
        .fetch_all(c).await)?)
}

/// Keeps what was published when the key's record was looked for.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn keep_check(tx: &mut Tx, key: &DkimKey, state: RecordState, now: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE dkim_keys SET checked_at = $3, record_state = $4 WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(key.workspace_id))
        .bind(raw(key.id))
        .bind(raw(now))
        .bind(raw(state))
        .execute(c).await)
}

/// Signs with `key` from now on, and no more with the key of its kind that signed before.
///
/// # Errors
/// [`crate::Error::NotFound`] when it has already been replaced.
pub async fn begin_signing(tx: &mut Tx, key: &DkimKey, now: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE dkim_keys
        SET signs_since = COALESCE(signs_since, $3)
        WHERE workspace_id = $1 AND id = $2 AND replaced_at IS NULL
    "))
        .bind(raw(key.workspace_id))
        .bind(raw(key.id))
        .bind(raw(now))
        .execute(c).await)?;
    on!(tx, c => sqlx::query(sql!("
        UPDATE dkim_keys
        SET replaced_at = $6, secret = NULL
        WHERE workspace_id = $1 AND channel_id = $2 AND domain = $3 AND algorithm = $4 AND id <> $5
            AND signs_since IS NOT NULL AND replaced_at IS NULL
    "))
        .bind(raw(key.workspace_id))
        .bind(raw(key.channel_id))
        .bind(&key.domain)
        .bind(raw(key.algorithm))
        .bind(raw(key.id))
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Signs no more with the key, and forgets its secret.
///
/// # Errors
/// [`crate::Error::NotFound`] when it does not sign.
pub async fn end_signing(tx: &mut Tx, key: &DkimKey, now: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE dkim_keys
        SET replaced_at = $3, secret = NULL
        WHERE workspace_id = $1 AND id = $2 AND signs_since IS NOT NULL AND replaced_at IS NULL
    "))
        .bind(raw(key.workspace_id))
        .bind(raw(key.id))
        .bind(raw(now))
        .execute(c).await)
}

/// Deletes a key that does not sign.
///
/// # Errors
/// [`crate::Error::NotFound`] when it signs.
pub async fn delete(tx: &mut Tx, key: &DkimKey) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        DELETE FROM dkim_keys
        WHERE workspace_id = $1 AND id = $2 AND (signs_since IS NULL OR replaced_at IS NOT NULL)
    "))
        .bind(raw(key.workspace_id))
        .bind(raw(key.id))
        .execute(c).await)
}

#[cfg(test)]
mod tests;
