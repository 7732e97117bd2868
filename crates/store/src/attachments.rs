//! Files attached to emails, and their contents by SHA-256.

use domain::{AttachmentId, EmailId, Timestamp, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A file attached to an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The email.
    pub email_id: EmailId,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// The hash its content is kept under.
    pub sha256: Vec<u8>,
    /// Whether it is an image of the body, referred to by the body.
    pub inline: bool,
    /// When it was attached.
    pub created_at: Timestamp,
}
from_row!(Attachment { id, email_id, name, content_type, size, sha256, inline, created_at });

/// Attaches a file whose content is `content`; equal contents are kept once.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, attachment: &Attachment, content: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO blobs (workspace_id, sha256, size, content) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, sha256) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(&attachment.sha256)
        .bind(raw(attachment.size))
        .bind(content)
        .execute(c).await.map(drop))?;
    copy(tx, workspace, attachment).await
}

/// Attaches a file whose content is kept already: a follow-up's quoted image.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn copy(tx: &mut Tx, workspace: WorkspaceId, attachment: &Attachment) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO attachments (workspace_id, id, email_id, name, content_type, size, sha256, inline, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    "))
        .bind(raw(workspace))
        .bind(raw(attachment.id))
        .bind(raw(attachment.email_id))
        .bind(&attachment.name)
        .bind(&attachment.content_type)
        .bind(raw(attachment.size))
        .bind(&attachment.sha256)
        .bind(attachment.inline)
        .bind(raw(attachment.created_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The files of an email, in the order they were attached.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Vec<Attachment>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT id, email_id, name, content_type, size, sha256, inline, created_at
        FROM attachments
        WHERE workspace_id = $1 AND email_id = $2
        ORDER BY id
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .fetch_all(c).await)?)
}

/// A file's content.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn content(tx: &mut Tx, workspace: WorkspaceId, sha256: &[u8]) -> Result<Vec<u8>> {
    let (content,): (Vec<u8>,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT content FROM blobs WHERE workspace_id = $1 AND sha256 = $2
    "))
        .bind(raw(workspace))
        .bind(sha256)
        .fetch_one(c).await)?;
    Ok(content)
}

/// Takes a file off an email. Contents that no email refers to any more go as well.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, email: EmailId, id: AttachmentId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        DELETE FROM attachments WHERE workspace_id = $1 AND email_id = $2 AND id = $3
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .bind(raw(id))
        .execute(c).await)?;
    on!(tx, c => sqlx::query(sql!("
        DELETE FROM blobs
        WHERE workspace_id = $1
          AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.workspace_id = $1 AND a.sha256 = blobs.sha256)
    "))
        .bind(raw(workspace))
        .execute(c).await.map(drop))?;
    Ok(())
}
