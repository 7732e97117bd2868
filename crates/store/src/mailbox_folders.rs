//! How far each folder of a mailbox was read.

use domain::{MailboxId, Timestamp, WorkspaceId};

use crate::{
    Error, Result, Tx,
    columns::{from_row, on, raw, sql},
    mailboxes::Mailbox,
};

/// How far a folder was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The folder's name.
    pub folder: String,
    /// What `last_uid` counts in; `None` where the server keeps no lasting UIDs.
    pub uid_validity: Option<u32>,
    /// The last message that was recorded.
    pub last_uid: u32,
    /// What came before is not read.
    pub since: Timestamp,
    /// When the newest message that was read had come.
    pub newest_at: Option<Timestamp>,
    /// How many messages were read.
    pub messages: u64,
    /// How many could not be recorded.
    pub stepped_over: u64,
    /// How often the next one could not be recorded.
    pub tries: u32,
}
from_row!(Progress { folder, uid_validity, last_uid, since, newest_at, messages, stepped_over, tries });

/// How far a folder was read, if it was.
///
/// # Errors
/// [`Error::Database`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId, folder: &str) -> Result<Option<Progress>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM mailbox_folders WHERE workspace_id = $1 AND mailbox_id = $2 AND folder = $3
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(folder)
        .fetch_optional(c).await)?)
}

/// Every folder that was read, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId) -> Result<Vec<Progress>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM mailbox_folders WHERE workspace_id = $1 AND mailbox_id = $2 ORDER BY folder
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_all(c).await)?)
}

/// Keeps how far a folder was read, unless somebody changed the mailbox since it was read: it may be another one now.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn save(tx: &mut Tx, mailbox: &Mailbox, progress: &Progress) -> Result<()> {
    let saved = on!(tx, c => sqlx::query(sql!("
        INSERT INTO mailbox_folders (
            workspace_id, mailbox_id, folder, uid_validity, last_uid, since, newest_at, messages, stepped_over, tries
        )
        SELECT workspace_id, id, $4, $5, $6, $7, $8, $9, $10, $11
        FROM mailboxes
        WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL
        ON CONFLICT (workspace_id, mailbox_id, folder) DO UPDATE
        SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, since = excluded.since,
            newest_at = excluded.newest_at, messages = excluded.messages, stepped_over = excluded.stepped_over,
            tries = excluded.tries
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(mailbox.version)
        .bind(&progress.folder)
        .bind(raw(progress.uid_validity))
        .bind(raw(progress.last_uid))
        .bind(raw(progress.since))
        .bind(raw(progress.newest_at))
        .bind(raw(progress.messages))
        .bind(raw(progress.stepped_over))
        .bind(raw(progress.tries))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if saved == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Forgets how far a mailbox was read: it is another one now, or gone.
///
/// # Errors
/// [`Error::Database`].
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM mailbox_folders WHERE workspace_id = $1 AND mailbox_id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        mailboxes,
        testing::{Backend, database, mailbox_of_ada},
    };

    #[rstest]
    #[tokio::test]
    async fn progress_is_kept_until_the_mailbox_is_another(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let mailbox = mailbox_of_ada(&mut tx).await;
        let (workspace, id) = (mailbox.workspace_id, mailbox.id);
        let progress = Progress {
            folder: "INBOX".into(),
            uid_validity: Some(u32::MAX),
            last_uid: 7,
            since: Timestamp(1),
            newest_at: None,
            messages: 3,
            stepped_over: 1,
            tries: 2,
        };
        save(&mut tx, &mailbox, &progress).await.unwrap();
        let further =
            Progress { last_uid: u32::MAX, tries: 3, newest_at: Some(Timestamp(9)), uid_validity: None, ..progress };
        save(&mut tx, &mailbox, &further).await.unwrap();
        assert_eq!(find(&mut tx, workspace, id, "INBOX").await.unwrap(), Some(further.clone()));
        assert_eq!(find(&mut tx, workspace, id, "Junk").await.unwrap(), None);
        assert_eq!(list(&mut tx, workspace, id).await.unwrap(), std::slice::from_ref(&further));

        mailboxes::update(&mut tx, &mailbox).await.unwrap();
        assert!(matches!(save(&mut tx, &mailbox, &further).await, Err(Error::Changed)));
        mailboxes::delete(&mut tx, workspace, id, Timestamp(10)).await.unwrap();
        assert_eq!(list(&mut tx, workspace, id).await.unwrap(), []);
    }
}
