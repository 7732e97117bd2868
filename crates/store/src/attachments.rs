//! Files attached to emails, and their contents by SHA-256.

use domain::{AttachmentId, EmailId, Timestamp, WorkspaceId};
use sea_query::{Asterisk, Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
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
    list_all(tx, workspace, &[email]).await
}

/// The files of `emails`, of each in the order they were attached.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list_all(tx: &mut Tx, workspace: WorkspaceId, emails: &[EmailId]) -> Result<Vec<Attachment>> {
    let mut select = Query::select();
    select
        .column(Asterisk)
        .from("attachments")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("email_id").is_in(emails.iter().map(|id| raw(*id))));
    let mut files: Vec<Attachment> = fetch_built!(tx, select)?;
    files.sort_by_key(|file| file.id);
    Ok(files)
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

/// Takes a file off an email. A content that no email refers to any more goes as well.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, email: EmailId, id: AttachmentId) -> Result<()> {
    let (sha256,): (Vec<u8>,) = on!(tx, c => sqlx::query_as(sql!("
        DELETE FROM attachments WHERE workspace_id = $1 AND email_id = $2 AND id = $3
        RETURNING sha256
    "))
        .bind(raw(workspace))
        .bind(raw(email))
        .bind(raw(id))
        .fetch_one(c).await)?;
    on!(tx, c => sqlx::query(sql!("
        DELETE FROM blobs
        WHERE workspace_id = $1 AND sha256 = $2
          AND NOT EXISTS (SELECT 1 FROM attachments WHERE workspace_id = $1 AND sha256 = $2)
    "))
        .bind(raw(workspace))
        .bind(&sha256)
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::{UserId, authorization::Role};
    use rstest::rstest;

    use super::*;
    use crate::{
        Error,
        emails::{self, Email},
        testing::{Backend, database, id, member},
    };

    #[rstest]
    #[tokio::test]
    async fn equal_contents_are_kept_once_and_go_with_the_last_file(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 2, Role::Member).await;
        let workspace = WorkspaceId(id(1));
        let email = Email::draft(workspace, EmailId(id(10)), UserId(id(2)), Timestamp(1));
        emails::insert(&mut tx, &email).await.unwrap();
        let file = |n: u128| Attachment {
            id: AttachmentId(id(n)),
            email_id: email.id,
            name: format!("{n}.pdf"),
            content_type: "application/pdf".into(),
            size: 3,
            sha256: vec![7; 32],
            inline: false,
            created_at: Timestamp(n.try_into().unwrap()),
        };
        insert(&mut tx, workspace, &file(20), b"abc").await.unwrap();
        insert(&mut tx, workspace, &file(21), b"abc").await.unwrap();
        assert_eq!(list(&mut tx, workspace, email.id).await.unwrap(), [file(20), file(21)]);
        delete(&mut tx, workspace, email.id, file(20).id).await.unwrap();
        assert_eq!(content(&mut tx, workspace, &[7; 32]).await.unwrap(), b"abc");
        delete(&mut tx, workspace, email.id, file(21).id).await.unwrap();
        assert!(matches!(content(&mut tx, workspace, &[7; 32]).await, Err(Error::NotFound)));
        assert!(matches!(delete(&mut tx, workspace, email.id, file(21).id).await, Err(Error::NotFound)));
    }
}
