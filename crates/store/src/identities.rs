//! Identities: the names and addresses a user sends as, and whether an address has proved to be theirs.

use domain::{ChannelId, IdentityId, MailboxId, Timestamp, UserId, WorkspaceId};

use crate::{
    Error, Result, Tx,
    channels::Channel,
    columns::{changed_one, from_row, on, raw, sql},
    mailboxes::Mailbox,
};

/// A name and address a user sends as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: IdentityId,
    /// Raised by each edit.
    pub version: i64,
    /// Whose it is.
    pub user_id: UserId,
    /// The name recipients read.
    pub name: String,
    /// The address.
    pub address: String,
    /// What ends each email, as HTML.
    pub signature_html: String,
    /// The channel its mail goes through.
    pub channel_id: Option<ChannelId>,
    /// Where its sent mail is kept.
    pub mailbox_id: Option<MailboxId>,
    /// Whether a new email begins with it.
    pub is_default: bool,
    /// When the address proved to be the user's.
    pub verified_at: Option<Timestamp>,
    /// The hash of the secret in the link that was mailed last.
    pub verification_hash: Option<Vec<u8>>,
    /// When it was mailed.
    pub verification_sent_at: Option<Timestamp>,
    /// Until when it can be used.
    pub verification_expires_at: Option<Timestamp>,
    /// Why it could not be mailed.
    pub verification_problem: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}
from_row!(Identity {
    workspace_id,
    id,
    version,
    user_id,
    name,
    address,
    signature_html,
    channel_id,
    mailbox_id,
    is_default,
    verified_at,
    verification_hash,
    verification_sent_at,
    verification_expires_at,
    verification_problem,
    created_at,
    deleted_at,
});

/// Adds an identity that is not verified yet.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert(tx: &mut Tx, identity: &Identity) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO identities (
            workspace_id, id, version, user_id, name, address, signature_html, channel_id, mailbox_id, is_default,
            created_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    "))
        .bind(raw(identity.workspace_id))
        .bind(raw(identity.id))
        .bind(identity.version)
        .bind(raw(identity.user_id))
        .bind(&identity.name)
        .bind(&identity.address)
        .bind(&identity.signature_html)
        .bind(raw(identity.channel_id))
        .bind(raw(identity.mailbox_id))
        .bind(identity.is_default)
        .bind(raw(identity.created_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The identity, deleted or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: IdentityId) -> Result<Identity> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM identities WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// The identities of a user, the default first, then by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<Vec<Identity>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT *
        FROM identities
        WHERE workspace_id = $1 AND user_id = $2 AND deleted_at IS NULL
        ORDER BY is_default DESC, LOWER(name), id
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .fetch_all(c).await)?)
}

/// The identity a user's new emails begin with.
///
/// # Errors
/// [`Error::Database`].
pub async fn default_of(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<Option<Identity>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM identities WHERE workspace_id = $1 AND user_id = $2 AND is_default AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .fetch_optional(c).await)?)
}

/// The verified identities whose mail goes through a channel, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_verified_through(tx: &mut Tx, channel: &Channel) -> Result<Vec<Identity>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT *
        FROM identities
        WHERE workspace_id = $1 AND channel_id = $2 AND verified_at IS NOT NULL AND deleted_at IS NULL
        ORDER BY created_at, id
    "))
        .bind(raw(channel.workspace_id))
        .bind(raw(channel.id))
        .fetch_all(c).await)?)
}

/// The identity that a mailed link belongs to. The link is all that a request brings, so no workspace is asked.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find_by_verification(tx: &mut Tx, hash: &[u8]) -> Result<Identity> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM identities WHERE verification_hash = $1 AND deleted_at IS NULL
    "))
        .bind(hash)
        .fetch_one(c).await)?)
}

/// Saves name, signature, channel and mailbox, if nobody changed them since they were read; `version` is the one read.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn update(tx: &mut Tx, identity: &Identity) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET version = version + 1, name = $4, signature_html = $5, channel_id = $6, mailbox_id = $7
        WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL
    "))
        .bind(raw(identity.workspace_id))
        .bind(raw(identity.id))
        .bind(identity.version)
        .bind(&identity.name)
        .bind(&identity.signature_html)
        .bind(raw(identity.channel_id))
        .bind(raw(identity.mailbox_id))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Makes one identity of a user the default, and the others not.
///
/// # Errors
/// [`Error::Database`].
pub async fn make_default(tx: &mut Tx, workspace: WorkspaceId, user: UserId, id: IdentityId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities SET is_default = (id = $3) WHERE workspace_id = $1 AND user_id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(id))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Marks an identity as deleted; what was sent as it keeps its name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: IdentityId, now: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET version = version + 1, deleted_at = $3, is_default = FALSE, verification_hash = NULL
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .execute(c).await)
}

/// Notes that a link is being mailed. Earlier links no longer open anything.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn begin_verification(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: IdentityId,
    hash: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET verification_hash = $3, verification_sent_at = $4, verification_expires_at = $5, verification_problem = NULL
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(hash)
        .bind(raw(now))
        .bind(raw(expires_at))
        .execute(c).await)
}

/// Notes why the link with this hash could not be mailed, unless another one was mailed meanwhile.
///
/// # Errors
/// [`Error::Database`].
pub async fn fail_verification(tx: &mut Tx, workspace: WorkspaceId, hash: &[u8], problem: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET verification_sent_at = NULL, verification_problem = $3
        WHERE workspace_id = $1 AND verification_hash = $2
    "))
        .bind(raw(workspace))
        .bind(hash)
        .bind(problem)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Marks an identity as verified.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn verify(tx: &mut Tx, workspace: WorkspaceId, id: IdentityId, now: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET verified_at = $3, verification_hash = NULL, verification_expires_at = NULL, verification_problem = NULL
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .execute(c).await)
}

/// Gives a user's new channel to their identities without one, if it is the only channel they can use.
///
/// # Errors
/// [`Error::Database`].
pub async fn assign_only_channel(tx: &mut Tx, channel: &Channel, user: UserId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET version = version + 1, channel_id = $2
        WHERE workspace_id = $1 AND user_id = $3 AND channel_id IS NULL AND deleted_at IS NULL
            AND NOT EXISTS (
                SELECT 1
                FROM channels
                WHERE workspace_id = $1 AND id <> $2 AND (owner_id = $3 OR owner_id IS NULL) AND deleted_at IS NULL
            )
    "))
        .bind(raw(channel.workspace_id))
        .bind(raw(channel.id))
        .bind(raw(user))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Gives a new team channel to every default identity without a channel, and to all of those whose users can use no
/// other.
///
/// # Errors
/// [`Error::Database`].
pub async fn assign_team_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET version = version + 1, channel_id = $2
        WHERE workspace_id = $1 AND channel_id IS NULL AND deleted_at IS NULL
            AND (is_default OR NOT EXISTS (
                SELECT 1
                FROM channels
                WHERE workspace_id = $1 AND id <> $2 AND (owner_id = identities.user_id OR owner_id IS NULL)
                    AND deleted_at IS NULL
            ))
    "))
        .bind(raw(channel.workspace_id))
        .bind(raw(channel.id))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Takes a channel from all identities that use it.
///
/// # Errors
/// [`Error::Database`].
pub async fn take_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities SET version = version + 1, channel_id = NULL WHERE workspace_id = $1 AND channel_id = $2
    "))
        .bind(raw(channel.workspace_id))
        .bind(raw(channel.id))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Gives a user's new mailbox to their identities without one, if it is the only one they have.
///
/// # Errors
/// [`Error::Database`].
pub async fn assign_only_mailbox(tx: &mut Tx, mailbox: &Mailbox) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities
        SET version = version + 1, mailbox_id = $2
        WHERE workspace_id = $1 AND user_id = $3 AND mailbox_id IS NULL AND deleted_at IS NULL
            AND NOT EXISTS (
                SELECT 1
                FROM mailboxes
                WHERE workspace_id = $1 AND id <> $2 AND owner_id = $3 AND deleted_at IS NULL
            )
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(mailbox.owner_id))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests;
