//! Emails: the rows that lists read, and the claims of the workers.

mod claims;
mod erasing;
mod lists;

use domain::{
    ChannelId, EmailId, IdentityId, NodeId, PersonId, Status, Timestamp, UserId, WorkspaceId,
    reasons::{FailureReason, WaitReason},
};

pub use claims::{Claimed, ReleasedUntil, Waiting, claim, claim_these, lanes, left_behind, release};
pub use erasing::{erase, has_left, remove, to_erase};
pub use lists::{Listed, Sort, find_listed, find_listed_each, list};
use sea_query::{Asterisk, Expr, ExprTrait, LockType, Query};
use sea_query_sqlx::SqlxBinder;

pub use sea_query::Order;

use crate::{
    Error, Result, Tx,
    columns::{changed_one, fetch_built, from_row, on, raw, sql},
    folder_counts, rows,
};

/// One message to one person in To.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a row: each of them is a column")]
pub struct Email {
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: EmailId,
    /// Raised by each change.
    pub version: i64,
    /// Whose it is.
    pub owner_id: UserId,
    /// Whom it is to, as soon as that is known.
    pub person_id: Option<PersonId>,
    /// The address in To.
    pub to_address: Option<String>,
    /// Queued together with many others: it takes turns apart from the owner's single emails.
    pub bulk: bool,
    /// Sent as.
    pub identity_id: Option<IdentityId>,
    /// The channel it goes or went through; chosen when it is queued.
    pub channel_id: Option<ChannelId>,
    /// The folder.
    pub status: Status,
    /// The folder before it was deleted.
    pub status_before: Option<Status>,
    /// In progress, and nobody knows whether it arrived.
    pub uncertain: bool,
    /// As lists show it: with the person's values, as far as they are known.
    pub subject: String,
    /// The first words of the body, with the person's values.
    pub snippet: String,
    /// Files attached, inline images not counted.
    pub attachment_count: u32,
    /// Whether views and clicks are tracked.
    pub tracked: bool,
    /// The email it follows up.
    pub follow_up_of: Option<EmailId>,
    /// Raised by Retry and "Send again"; part of the Message-ID.
    pub send_number: u32,
    /// Attempts with this send number whose outcome is known.
    pub attempts: u32,
    /// The time the user chose, or the end of the undo window.
    pub due_at: Option<Timestamp>,
    /// When the worker looks at it next.
    pub next_at: Option<Timestamp>,
    /// Why it waits.
    pub wait_reason: Option<WaitReason>,
    /// The server's words, where a server made it wait.
    pub wait_text: Option<String>,
    /// When the first of those attempts began.
    pub first_attempt_at: Option<Timestamp>,
    /// The node that hands it over.
    pub leased_by: Option<NodeId>,
    /// Why it is undelivered.
    pub failure_reason: Option<FailureReason>,
    /// The codes of the answer that decided it.
    pub failure_code: Option<String>,
    /// The server's words.
    pub failure_text: Option<String>,
    /// The name or number that belongs to the reason, such as the dynamic field.
    pub failure_param: Option<String>,
    /// Views by people.
    pub views: u32,
    /// Views by machines.
    pub views_automatic: u32,
    /// The sender's own views.
    pub views_self: u32,
    /// Clicks by people.
    pub clicks: u32,
    /// Clicks by machines.
    pub clicks_automatic: u32,
    /// Replies.
    pub replies: u32,
    /// Whether a person viewed, clicked or answered since the owner looked.
    pub unseen: bool,
    /// Marked as a success.
    pub success_at: Option<Timestamp>,
    /// The last human event, or when it was sent or changed.
    pub last_activity_at: Timestamp,
    /// Accepted by the server.
    pub sent_at: Option<Timestamp>,
    /// Became undelivered.
    pub failed_at: Option<Timestamp>,
    /// First saved.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Deleted.
    pub deleted_at: Option<Timestamp>,
}
from_row!(Email {
    workspace_id,
    id,
    version,
    owner_id,
    person_id,
    to_address,
    bulk,
    identity_id,
    channel_id,
    status,
    status_before,
    uncertain,
    subject,
    snippet,
    attachment_count,
    tracked,
    follow_up_of,
    send_number,
    attempts,
    due_at,
    next_at,
    wait_reason,
    wait_text,
    first_attempt_at,
    leased_by,
    failure_reason,
    failure_code,
    failure_text,
    failure_param,
    views,
    views_automatic,
    views_self,
    clicks,
    clicks_automatic,
    replies,
    unseen,
    success_at,
    last_activity_at,
    sent_at,
    failed_at,
    created_at,
    updated_at,
    deleted_at,
});

impl Email {
    /// A new draft.
    pub fn draft(workspace_id: WorkspaceId, id: EmailId, owner_id: UserId, now: Timestamp) -> Self {
        Self {
            workspace_id,
            id,
            version: 1,
            owner_id,
            person_id: None,
            to_address: None,
            bulk: false,
            identity_id: None,
            channel_id: None,
            status: Status::Draft,
            status_before: None,
            uncertain: false,
            subject: String::new(),
            snippet: String::new(),
            attachment_count: 0,
            tracked: true,
            follow_up_of: None,
            send_number: 1,
            attempts: 0,
            due_at: None,
            next_at: None,
            wait_reason: None,
            wait_text: None,
            first_attempt_at: None,
            leased_by: None,
            failure_reason: None,
            failure_code: None,
            failure_text: None,
            failure_param: None,
            views: 0,
            views_automatic: 0,
            views_self: 0,
            clicks: 0,
            clicks_automatic: 0,
            replies: 0,
            unseen: false,
            success_at: None,
            last_activity_at: now,
            sent_at: None,
            failed_at: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// The outcome of a transaction to its To, which began at `at`, is known.
    pub fn was_attempted(&mut self, at: Timestamp) {
        self.attempts += 1;
        self.first_attempt_at.get_or_insert(at);
    }
}

/// Adds a draft.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert(tx: &mut Tx, email: &Email) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO emails (
            workspace_id, id, version, owner_id, person_id, to_address, identity_id, status, uncertain, subject, snippet,
            attachment_count, tracked, follow_up_of, send_number, attempts, views, views_automatic, views_self, clicks,
            clicks_automatic, replies, unseen, last_activity_at, created_at, updated_at, bulk, to_domain
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, 0, 0, 0, 0, 0, $16, $17, $18, $19, $20, $21)
    "))
        .bind(raw(email.workspace_id))
        .bind(raw(email.id))
        .bind(email.version)
        .bind(raw(email.owner_id))
        .bind(raw(email.person_id))
        .bind(&email.to_address)
        .bind(raw(email.identity_id))
        .bind(raw(email.status))
        .bind(email.uncertain)
        .bind(&email.subject)
        .bind(&email.snippet)
        .bind(raw(email.attachment_count))
        .bind(email.tracked)
        .bind(raw(email.follow_up_of))
        .bind(raw(email.send_number))
        .bind(email.unseen)
        .bind(raw(email.last_activity_at))
        .bind(raw(email.created_at))
        .bind(raw(email.updated_at))
        .bind(email.bulk)
        .bind(to_domain(email))
        .execute(c).await.map(drop))?;
    folder_counts::add(tx, email.workspace_id, email.owner_id, email.status, 1).await
}

/// What a limit per recipient domain looks at.
fn to_domain(email: &Email) -> Option<String> {
    email.to_address.as_deref().map(domain::address::domain_of)
}

/// The email.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<Email> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM emails WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// The email, locked until the transaction ends: nobody changes it meanwhile.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<Email> {
    let mut select = Query::select();
    select
        .column(Asterisk)
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("id").eq(raw(id)))
        .lock(LockType::Update);
    let mut found: Vec<Email> = fetch_built!(tx, select)?;
    found.pop().ok_or(Error::NotFound)
}

/// Saves everything but the counts of engagement and the owner, if nobody changed the row since `email` was read, and keeps
/// the folder counts. `before` is the status it was read with. An email that is being sent may have been handed over
/// meanwhile; `email` then says so.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn update(tx: &mut Tx, email: &mut Email, before: Status) -> Result<()> {
    let owner: Option<(uuid::Uuid,)> = on!(tx, c => sqlx::query_as(sql!("
        UPDATE emails
        SET version = version + 1, person_id = $4, to_address = $5, identity_id = $6, channel_id = $7,
            status = $8, status_before = $9, uncertain = $10, subject = $11, snippet = $12, attachment_count = $13,
            tracked = $14, send_number = $15, attempts = $16, due_at = $17, next_at = $18, wait_reason = $19,
            wait_text = $20, first_attempt_at = $21, leased_by = $22, failure_reason = $23, failure_code = $24,
            failure_text = $25, failure_param = $26, unseen = $27, success_at = $28, last_activity_at = $29,
            sent_at = $30, failed_at = $31, updated_at = $32, deleted_at = $33, bulk = $34, to_domain = $35
        WHERE workspace_id = $1 AND id = $2 AND version = $3
        RETURNING owner_id
    "))
        .bind(raw(email.workspace_id))
        .bind(raw(email.id))
        .bind(email.version)
        .bind(raw(email.person_id))
        .bind(&email.to_address)
        .bind(raw(email.identity_id))
        .bind(raw(email.channel_id))
        .bind(raw(email.status))
        .bind(raw(email.status_before))
        .bind(email.uncertain)
        .bind(&email.subject)
        .bind(&email.snippet)
        .bind(raw(email.attachment_count))
        .bind(email.tracked)
        .bind(raw(email.send_number))
        .bind(raw(email.attempts))
        .bind(raw(email.due_at))
        .bind(raw(email.next_at))
        .bind(raw(email.wait_reason))
        .bind(&email.wait_text)
        .bind(raw(email.first_attempt_at))
        .bind(raw(email.leased_by))
        .bind(raw(email.failure_reason))
        .bind(&email.failure_code)
        .bind(&email.failure_text)
        .bind(&email.failure_param)
        .bind(email.unseen)
        .bind(raw(email.success_at))
        .bind(raw(email.last_activity_at))
        .bind(raw(email.sent_at))
        .bind(raw(email.failed_at))
        .bind(raw(email.updated_at))
        .bind(raw(email.deleted_at))
        .bind(email.bulk)
        .bind(to_domain(email))
        .fetch_optional(c).await)?;
    let (owner,) = owner.ok_or(Error::Changed)?;
    email.owner_id = UserId(owner);
    email.version += 1;
    if before != email.status {
        folder_counts::add(tx, email.workspace_id, email.owner_id, before, -1).await?;
        folder_counts::add(tx, email.workspace_id, email.owner_id, email.status, 1).await?;
    }
    Ok(())
}

/// What a view or click adds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engagement {
    /// Views by people.
    pub views: u32,
    /// Views by machines.
    pub views_automatic: u32,
    /// The sender's own views.
    pub views_self: u32,
    /// Clicks by people.
    pub clicks: u32,
    /// Clicks by machines.
    pub clicks_automatic: u32,
    /// When, if a person did it.
    pub human_at: Option<Timestamp>,
}

/// Adds to the counts of emails, none of which stands twice in `added`. Never refused by a concurrent edit.
///
/// # Errors
/// [`Error::Database`].
pub async fn add_engagement(tx: &mut Tx, workspace: WorkspaceId, added: &[(EmailId, Engagement)]) -> Result<()> {
    for run in rows::runs(added) {
        let text = format!(
            "WITH added (workspace, email, views, views_automatic, views_self, clicks, clicks_automatic, human_at)
                AS MATERIALIZED (VALUES {})
            UPDATE emails
            SET version = version + 1, views = emails.views + added.views,
                views_automatic = emails.views_automatic + added.views_automatic,
                views_self = emails.views_self + added.views_self, clicks = emails.clicks + added.clicks,
                clicks_automatic = emails.clicks_automatic + added.clicks_automatic,
                last_activity_at = CASE WHEN added.human_at > last_activity_at THEN added.human_at ELSE last_activity_at END
            FROM added
            WHERE workspace_id = added.workspace AND id = added.email",
            rows::values(run.places(), 8)
        );
        let text = rows::in_order(tx, text);
        on!(tx, c => {
            let mut update = sqlx::query(text);
            for it in run.padded() {
                let more = it.map(|(_, more)| more);
                update = update
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|(id, _)| raw(*id)))
                    .bind(more.map(|more| raw(more.views)))
                    .bind(more.map(|more| raw(more.views_automatic)))
                    .bind(more.map(|more| raw(more.views_self)))
                    .bind(more.map(|more| raw(more.clicks)))
                    .bind(more.map(|more| raw(more.clicks_automatic)))
                    .bind(more.map(|more| more.human_at.map_or(0, raw)));
            }
            update.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Gives an email the counts and the last activity that its history has after a verdict was revised. When nothing of a person's
/// doing is left, it is no news to its owner any more.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_engagement(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: EmailId,
    counts: &Engagement,
    last_activity_at: Timestamp,
) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE emails
        SET version = version + 1, views = $3, views_automatic = $4, views_self = $5, clicks = $6, clicks_automatic = $7,
            last_activity_at = $8, unseen = unseen AND replies + $3 + $6 > 0
        WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(counts.views))
        .bind(raw(counts.views_automatic))
        .bind(raw(counts.views_self))
        .bind(raw(counts.clicks))
        .bind(raw(counts.clicks_automatic))
        .bind(raw(last_activity_at))
        .execute(c).await)
}

/// Marks an email as news to its owner: a person viewed it or clicked.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn mark_unseen(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE emails SET version = version + 1, unseen = TRUE WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await)
}

/// Counts a reply by a person, which is news to the owner. Never refused by a concurrent edit.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn add_reply(tx: &mut Tx, workspace: WorkspaceId, id: EmailId, at: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE emails
        SET version = version + 1, replies = replies + 1, unseen = TRUE,
            last_activity_at = CASE WHEN $3 > last_activity_at THEN $3 ELSE last_activity_at END
        WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(at))
        .execute(c).await)
}

/// The last emails to a person that were sent, or may have been, since `since`; the newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn sent_to_person(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    since: Timestamp,
) -> Result<Vec<Email>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM emails
        WHERE workspace_id = $1 AND person_id = $2 AND (sent_at >= $3 OR (uncertain AND first_attempt_at >= $3))
        ORDER BY COALESCE(sent_at, first_attempt_at) DESC, id DESC
        LIMIT 20
    "))
        .bind(raw(workspace))
        .bind(raw(person))
        .bind(raw(since))
        .fetch_all(c).await)?)
}

/// Keeps the number of files attached.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_attachment_count(tx: &mut Tx, workspace: WorkspaceId, id: EmailId, count: u32) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE emails SET attachment_count = $3 WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(count))
        .execute(c).await)
}

/// The emails waiting for a channel: what a deleted channel leaves behind.
///
/// # Errors
/// [`Error::Database`].
pub async fn waiting_of_channel(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId) -> Result<Vec<Email>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM emails
        WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled'
        ORDER BY next_at, id
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .fetch_all(c).await)?)
}

/// The emails waiting for `domain` or a domain below it, lane by lane.
///
/// # Errors
/// [`Error::Database`].
pub async fn waiting_of_domain(tx: &mut Tx, workspace: WorkspaceId, domain: &str) -> Result<Vec<EmailId>> {
    let ids: Vec<(uuid::Uuid,)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT id FROM emails
        WHERE workspace_id = $1 AND status = 'scheduled' AND (to_domain = $2 OR to_domain LIKE '%.' || $2)
        ORDER BY channel_id, owner_id, bulk, next_at, id
    "))
        .bind(raw(workspace))
        .bind(domain)
        .fetch_all(c).await)?;
    Ok(ids.into_iter().map(|(id,)| EmailId(id)).collect())
}

struct WaitingOfPerson {
    email: Email,
    non_commercial: bool,
}
from_row!(WaitingOfPerson { ..email: Email, non_commercial });

/// The emails waiting for a person, and whether each is non-commercial.
///
/// # Errors
/// [`Error::Database`].
pub async fn waiting_of_person(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<Vec<(Email, bool)>> {
    let waiting: Vec<WaitingOfPerson> = on!(tx, c => sqlx::query_as(sql!("
        SELECT e.*, b.non_commercial
        FROM emails e
        JOIN email_bodies b ON b.workspace_id = e.workspace_id AND b.email_id = e.id
        WHERE e.workspace_id = $1 AND e.person_id = $2 AND e.status = 'scheduled'
        ORDER BY e.id
    "))
        .bind(raw(workspace))
        .bind(raw(person))
        .fetch_all(c).await)?;
    Ok(waiting.into_iter().map(|it| (it.email, it.non_commercial)).collect())
}

#[cfg(test)]
mod tests;
