//! Mailboxes: where copies of sent mail are kept, and what came of the last visit.

use domain::{MailboxId, Timestamp, UserId, WorkspaceId, channel::Security, incoming::Kind, provider::MailboxProvider};

use crate::{
    Error, Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// An IMAP account of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: MailboxId,
    /// Raised by each edit; not by visits.
    pub version: i64,
    /// Whose it is.
    pub owner_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The server.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: Security,
    /// The account.
    pub username: String,
    /// What it signs in with, sealed; `None` once it is deleted.
    pub secret: Option<Vec<u8>>,
    /// Whose consent opens it; `None`: a password.
    pub provider: Option<MailboxProvider>,
    /// Whether new mail is read.
    pub reads: bool,
    /// The folders that are read, one a line; `None`: the inbox, and the one that the server marks as junk.
    pub read_folders: Option<String>,
    /// The folder for what was sent; `None` is found by itself.
    pub sent_folder: Option<String>,
    /// Since when copies of what was sent are put there; `None` where the provider keeps them.
    pub append_since: Option<Timestamp>,
    /// When it was last visited without a problem.
    pub last_checked_at: Option<Timestamp>,
    /// A stable name of what was wrong at the last visit.
    pub problem: Option<String>,
    /// The same in the server's words.
    pub problem_text: Option<String>,
    /// When it may be visited next: somebody is there until then, or it rests after a problem.
    pub visit_after: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}
from_row!(Mailbox {
    workspace_id,
    id,
    version,
    owner_id,
    name,
    host,
    port,
    security,
    username,
    secret,
    provider,
    reads,
    read_folders,
    sent_folder,
    append_since,
    last_checked_at,
    problem,
    problem_text,
    visit_after,
    created_at,
    deleted_at,
});

/// What was wrong at a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// A stable name of the case.
    pub code: String,
    /// The server's words, or ours.
    pub text: String,
}

/// Adds a mailbox.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert(tx: &mut Tx, mailbox: &Mailbox) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO mailboxes (
            workspace_id, id, version, owner_id, name, host, port, security, username, secret, sent_folder, append_since,
            created_at, provider, reads, read_folders
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(mailbox.version)
        .bind(raw(mailbox.owner_id))
        .bind(&mailbox.name)
        .bind(&mailbox.host)
        .bind(raw(mailbox.port))
        .bind(raw(mailbox.security))
        .bind(&mailbox.username)
        .bind(&mailbox.secret)
        .bind(&mailbox.sent_folder)
        .bind(raw(mailbox.append_since))
        .bind(raw(mailbox.created_at))
        .bind(raw(mailbox.provider))
        .bind(mailbox.reads)
        .bind(&mailbox.read_folders)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The mailbox, deleted or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId) -> Result<Mailbox> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM mailboxes WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// The mailboxes of a user, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, owner: UserId) -> Result<Vec<Mailbox>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT *
        FROM mailboxes
        WHERE workspace_id = $1 AND owner_id = $2 AND deleted_at IS NULL
        ORDER BY LOWER(name), id
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .fetch_all(c).await)?)
}

/// Saves what its owner decides about a mailbox, if nobody changed it since it was read; its `version` is the one read.
/// The last visit's problem is forgotten with it.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn update(tx: &mut Tx, mailbox: &Mailbox) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE mailboxes
        SET version = version + 1, name = $4, host = $5, port = $6, security = $7, username = $8, secret = $9,
            sent_folder = $10, append_since = $11, provider = $12, reads = $13, read_folders = $14, problem = NULL,
            problem_text = NULL, visit_after = NULL
        WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(mailbox.version)
        .bind(&mailbox.name)
        .bind(&mailbox.host)
        .bind(raw(mailbox.port))
        .bind(raw(mailbox.security))
        .bind(&mailbox.username)
        .bind(&mailbox.secret)
        .bind(&mailbox.sent_folder)
        .bind(raw(mailbox.append_since))
        .bind(raw(mailbox.provider))
        .bind(mailbox.reads)
        .bind(&mailbox.read_folders)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Marks a mailbox as deleted, forgets its secret, and takes it from the identities that used it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId, now: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities SET version = version + 1, mailbox_id = NULL WHERE workspace_id = $1 AND mailbox_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await.map(drop))?;
    crate::mailbox_watches::delete(tx, workspace, id).await?;
    crate::mailbox_folders::forget(tx, workspace, id).await?;
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE mailboxes
        SET version = version + 1, deleted_at = $3, secret = NULL
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .execute(c).await)
}

/// Replaces the sealed secret, unless somebody has changed the mailbox since it was read. Not an edit: `version` stays.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn replace_secret(tx: &mut Tx, mailbox: &Mailbox, secret: &[u8]) -> Result<()> {
    let replaced = on!(tx, c => sqlx::query(sql!("
        UPDATE mailboxes SET secret = $4 WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(mailbox.version)
        .bind(secret)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if replaced == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// How many messages of a kind were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What they were.
    pub kind: Kind,
    /// How many.
    pub messages: u64,
}
from_row!(Found { kind, messages });

/// What was found in a mailbox since `since`, by kind.
///
/// # Errors
/// [`Error::Database`].
pub async fn found(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId, since: Timestamp) -> Result<Vec<Found>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT kind, COUNT(*) AS messages
        FROM received
        WHERE workspace_id = $1 AND mailbox_id = $2 AND at >= $3
        GROUP BY kind
        ORDER BY kind
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(since))
        .fetch_all(c).await)?)
}

/// The mailboxes that something is to be done in at `now`: an uncertain email is to be looked for, or a copy of one that
/// was sent since `copies_since` is missing.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_due(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now: Timestamp,
    copies_since: Timestamp,
) -> Result<Vec<Mailbox>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT m.*
        FROM mailboxes m
        WHERE m.workspace_id = $1 AND m.deleted_at IS NULL AND (m.visit_after IS NULL OR m.visit_after <= $2)
            AND (
                EXISTS (
                    SELECT 1
                    FROM emails e
                    JOIN identities i ON i.workspace_id = e.workspace_id AND i.id = e.identity_id
                    LEFT JOIN sent_looks l ON l.workspace_id = e.workspace_id AND l.email_id = e.id
                        AND l.send_number = e.send_number
                    WHERE e.workspace_id = m.workspace_id AND e.status = 'in_progress' AND e.uncertain
                        AND i.mailbox_id = m.id AND (l.email_id IS NULL OR l.next_at <= $2)
                )
                OR m.append_since IS NOT NULL AND EXISTS (
                    SELECT 1
                    FROM emails e
                    JOIN identities i ON i.workspace_id = e.workspace_id AND i.id = e.identity_id
                    WHERE e.workspace_id = m.workspace_id AND e.owner_id = m.owner_id
                        AND (e.status = 'delivered' OR e.status = 'archived')
                        AND e.sent_at >= CASE WHEN m.append_since > $3 THEN m.append_since ELSE $3 END
                        AND i.mailbox_id = m.id
                        AND NOT EXISTS (
                            SELECT 1
                            FROM sent_copies s
                            WHERE s.workspace_id = e.workspace_id AND s.email_id = e.id
                                AND s.send_number = e.send_number
                        )
                )
            )
    "))
        .bind(raw(workspace))
        .bind(raw(now))
        .bind(raw(copies_since))
        .fetch_all(c).await)?)
}

/// Begins a visit, unless another node is there: until `until` nobody else comes.
///
/// # Errors
/// [`Error::Database`].
pub async fn begin_visit(tx: &mut Tx, mailbox: &Mailbox, now: Timestamp, until: Timestamp) -> Result<bool> {
    let begun = on!(tx, c => sqlx::query(sql!("
        UPDATE mailboxes
        SET visit_after = $4
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL AND (visit_after IS NULL OR visit_after <= $3)
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(now))
        .bind(raw(until))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(begun == 1)
}

/// Ends a visit to the mailbox as it was read; one that was changed meanwhile is visited again at once.
///
/// # Errors
/// [`Error::Database`].
pub async fn end_visit(
    tx: &mut Tx,
    mailbox: &Mailbox,
    now: Timestamp,
    trouble: Option<&Trouble>,
    rests_until: Option<Timestamp>,
) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE mailboxes
        SET problem = $4, problem_text = $5, visit_after = $6,
            last_checked_at = COALESCE($7, last_checked_at)
        WHERE workspace_id = $1 AND id = $2 AND version = $3
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(mailbox.version)
        .bind(trouble.map(|trouble| &trouble.code))
        .bind(trouble.map(|trouble| &trouble.text))
        .bind(raw(rests_until))
        .bind(raw(trouble.is_none().then_some(now)))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests;
