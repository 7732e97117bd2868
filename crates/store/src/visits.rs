//! Views and clicks as they are judged by now, with the traces of their clients until those are dropped.
//!
//! What was first said of each, and every revision, stands in the events. Everything here goes in batches: tracking requests
//! come by the thousand.

use domain::{
    EmailId, EventId, Status, Timestamp, UserId, WorkspaceId,
    engagement::{Verdict, Why},
};
use sea_query::{Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
    rows,
};

pub mod frames;

/// A view or a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its event.
    pub id: EventId,
    /// To which email.
    pub email_id: EmailId,
    /// When.
    pub at: Timestamp,
    /// The link's place in the body; `None` for the pixel.
    pub link: Option<u16>,
    /// What was first said.
    pub first_verdict: Verdict,
    /// And why.
    pub first_why: Why,
    /// What is said now.
    pub verdict: Verdict,
    /// And why.
    pub why: Why,
    /// When the verdict is settled; `None` when it is.
    pub settles_at: Option<Timestamp>,
    /// How often the same client asked for the same, counted as one.
    pub requests: u64,
    /// The network address, until it is dropped.
    pub ip: Option<String>,
    /// The client's name for itself, until it is dropped.
    pub user_agent: Option<String>,
    /// Where that network is, until it is dropped.
    pub place: Option<String>,
}
from_row!(Visit {
    id,
    email_id,
    at,
    link,
    first_verdict,
    first_why,
    verdict,
    why,
    settles_at,
    requests,
    ip,
    user_agent,
    place,
});

const COLUMNS: [&str; 13] = [
    "id",
    "email_id",
    "at",
    "link",
    "first_verdict",
    "first_why",
    "verdict",
    "why",
    "settles_at",
    "requests",
    "ip",
    "user_agent",
    "place",
];

/// What recording a visit needs to know of its email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    /// The email.
    pub id: EmailId,
    /// Whose it is.
    pub owner_id: UserId,
    /// Its folder.
    pub status: Status,
    /// When it was handed over, as far as is known: it may be visited before the server's answer is recorded.
    pub handed_over_at: Option<Timestamp>,
    /// Visits counted so far.
    pub visits: u64,
    /// Replies so far.
    pub replies: u32,
}

from_row!(Visited { id, owner_id, status, handed_over_at, visits, replies });

/// Those of `emails` that are there.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn emails(tx: &mut Tx, workspace: WorkspaceId, emails: &[EmailId]) -> Result<Vec<Visited>> {
    let mut found = Vec::with_capacity(emails.len());
    for run in rows::runs(emails) {
        let text = format!(
            "WITH wanted (workspace, email) AS MATERIALIZED (VALUES {})
            SELECT id, owner_id, status, replies,
                COALESCE(sent_at, first_attempt_at, (
                    SELECT attempted_at FROM recipients
                    WHERE recipients.workspace_id = emails.workspace_id AND email_id = emails.id AND kind = 'to'
                )) AS handed_over_at,
                views + views_automatic + views_self + clicks + clicks_automatic AS visits
            FROM wanted
            JOIN emails ON workspace_id = wanted.workspace AND id = wanted.email",
            rows::values(run.places(), 2)
        );
        let text = rows::in_order(tx, text);
        let some: Vec<Visited> = on!(tx, c => {
            let mut select = sqlx::query_as(text);
            for it in run.padded() {
                select = select.bind(it.map(|_| raw(workspace))).bind(it.map(|id| raw(*id)));
            }
            select.fetch_all(c).await
        })?;
        found.extend(some);
    }
    Ok(found)
}

/// When each of `emails` was first answered; those without an answer are left out.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn first_replies(
    tx: &mut Tx,
    workspace: WorkspaceId,
    emails: &[EmailId],
) -> Result<Vec<(EmailId, Timestamp)>> {
    if emails.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select
        .column("email_id")
        .expr_as(Expr::col("at").min(), "at")
        .from("events")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("email_id").is_in(emails.iter().map(|id| raw(*id))))
        .and_where(Expr::col("kind").eq("replied"))
        .group_by_col("email_id");
    let found: Vec<(uuid::Uuid, i64)> = fetch_built!(tx, select)?;
    Ok(found.into_iter().map(|(email, at)| (EmailId(email), Timestamp(at))).collect())
}

/// The visits to `emails` since `since`, email by email, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn since(tx: &mut Tx, workspace: WorkspaceId, emails: &[EmailId], since: Timestamp) -> Result<Vec<Visit>> {
    let mut found = Vec::new();
    for run in rows::runs(emails) {
        let text = format!(
            "WITH wanted (workspace, email) AS MATERIALIZED (VALUES {})
            SELECT id, email_id, at, link, first_verdict, first_why, verdict, why, settles_at, requests, ip, user_agent, place
            FROM wanted
            JOIN visits ON workspace_id = wanted.workspace AND email_id = wanted.email
            WHERE at >= ?
            ORDER BY email_id, at, id",
            rows::values(run.places(), 2)
        );
        let text = rows::in_order(tx, text);
        let some: Vec<Visit> = on!(tx, c => {
            let mut select = sqlx::query_as(text);
            for it in run.padded() {
                select = select.bind(it.map(|_| raw(workspace))).bind(it.map(|id| raw(*id)));
            }
            select.bind(raw(since)).fetch_all(c).await
        })?;
        found.extend(some);
    }
    Ok(found)
}

/// For each of `clients`, by address and program, its first visit to `email` until `until` that by itself was a person's; those
/// without one are left out. However often an email is visited, this is one row a client.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn readers_until(
    tx: &mut Tx,
    workspace: WorkspaceId,
    email: EmailId,
    until: Timestamp,
    clients: &[(Option<&str>, Option<&str>)],
) -> Result<Vec<Visit>> {
    let mut found = Vec::new();
    for run in rows::runs(clients) {
        let text = format!(
            "WITH wanted (workspace, email, until, address, program) AS MATERIALIZED (VALUES {})
            SELECT id, email_id, at, link, first_verdict, first_why, verdict, why, settles_at, requests, ip, user_agent, place
            FROM wanted
            JOIN visits ON workspace_id = wanted.workspace AND id = (
                SELECT v.id FROM visits v
                WHERE v.workspace_id = wanted.workspace AND v.email_id = wanted.email AND v.at <= wanted.until
                    AND v.first_verdict = 'human'
                    AND v.ip IS NOT DISTINCT FROM wanted.address AND v.user_agent IS NOT DISTINCT FROM wanted.program
                ORDER BY v.at
                LIMIT 1
            )",
            rows::values(run.places(), 5)
        );
        let text = rows::in_order(tx, text);
        let some: Vec<Visit> = on!(tx, c => {
            let mut select = sqlx::query_as(text);
            for it in run.padded() {
                select = select
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|_| raw(email)))
                    .bind(it.map(|_| raw(until)))
                    .bind(it.and_then(|(address, _)| *address))
                    .bind(it.and_then(|(_, program)| *program));
            }
            select.fetch_all(c).await
        })?;
        found.extend(some);
    }
    Ok(found)
}

/// All visits to an email, oldest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, email: EmailId) -> Result<Vec<Visit>> {
    since(tx, workspace, &[email], Timestamp(i64::MIN)).await
}

/// Adds visits.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, visits: &[Visit]) -> Result<()> {
    for run in rows::runs(visits) {
        let columns = format!("visits (workspace_id, {}, has_traces)", COLUMNS.join(", "));
        let text = rows::in_order(tx, rows::insert(&columns, run.places(), COLUMNS.len() + 2, ""));
        on!(tx, c => {
            let mut insert = sqlx::query(text);
            for it in run.padded() {
                insert = insert
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|visit| raw(visit.id)))
                    .bind(it.map(|visit| raw(visit.email_id)))
                    .bind(it.map(|visit| raw(visit.at)))
                    .bind(it.and_then(|visit| raw(visit.link)))
                    .bind(it.map(|visit| raw(visit.first_verdict)))
                    .bind(it.map(|visit| raw(visit.first_why)))
                    .bind(it.map(|visit| raw(visit.verdict)))
                    .bind(it.map(|visit| raw(visit.why)))
                    .bind(it.and_then(|visit| raw(visit.settles_at)))
                    .bind(it.map(|visit| raw(visit.requests)))
                    .bind(it.and_then(|visit| visit.ip.as_ref()))
                    .bind(it.and_then(|visit| visit.user_agent.as_ref()))
                    .bind(it.and_then(|visit| visit.place.as_ref()))
                    .bind(it.map(|visit| visit.ip.is_some() || visit.user_agent.is_some()));
            }
            insert.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Counts more requests of the same clients for the same; no visit stands twice in `more`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn add_requests(tx: &mut Tx, workspace: WorkspaceId, more: &[(EventId, u64)]) -> Result<()> {
    for run in rows::runs(more) {
        let text = format!(
            "WITH more (workspace, visit, requests) AS MATERIALIZED (VALUES {})
            UPDATE visits SET requests = visits.requests + more.requests
            FROM more
            WHERE workspace_id = more.workspace AND id = more.visit",
            rows::values(run.places(), 3)
        );
        let text = rows::in_order(tx, text);
        on!(tx, c => {
            let mut update = sqlx::query(text);
            for it in run.padded() {
                update = update
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|(visit, _)| raw(*visit)))
                    .bind(it.map(|(_, requests)| raw(*requests)));
            }
            update.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Says something else of a visit.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn revise(tx: &mut Tx, workspace: WorkspaceId, visit: EventId, verdict: Verdict, why: Why) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE visits SET verdict = $3, why = $4 WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(visit))
        .bind(raw(verdict))
        .bind(raw(why))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Some visits whose verdict is to be settled by `now`, those that wait longest first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn due(tx: &mut Tx, workspace: WorkspaceId, now: Timestamp, limit: u32) -> Result<Vec<Visit>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT id, email_id, at, link, first_verdict, first_why, verdict, why, settles_at, requests, ip, user_agent, place
        FROM visits
        WHERE workspace_id = $1 AND settles_at IS NOT NULL AND settles_at <= $2
        ORDER BY settles_at
        LIMIT $3
    "))
        .bind(raw(workspace))
        .bind(raw(now))
        .bind(raw(limit))
        .fetch_all(c).await)?)
}

/// Settles the verdicts of visits, and answers those that nobody else had settled, with the verdict.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn settle(tx: &mut Tx, workspace: WorkspaceId, visits: &[EventId]) -> Result<Vec<(EventId, Verdict)>> {
    let mut settled = Vec::with_capacity(visits.len());
    for run in rows::runs(visits) {
        let text = format!(
            "WITH settled (workspace, visit) AS MATERIALIZED (VALUES {})
            UPDATE visits SET settles_at = NULL
            FROM settled
            WHERE workspace_id = settled.workspace AND id = settled.visit AND settles_at IS NOT NULL
            RETURNING id, verdict",
            rows::values(run.places(), 2)
        );
        let text = rows::in_order(tx, text);
        let some: Vec<Settled> = on!(tx, c => {
            let mut update = sqlx::query_as(text);
            for it in run.padded() {
                update = update.bind(it.map(|_| raw(workspace))).bind(it.map(|id| raw(*id)));
            }
            update.fetch_all(c).await
        })?;
        settled.extend(some.into_iter().map(|it| (it.id, it.verdict)));
    }
    Ok(settled)
}

struct Settled {
    id: EventId,
    verdict: Verdict,
}
from_row!(Settled { id, verdict });

/// Drops the traces of at most `limit` visits from before `before`; says how many.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn drop_traces(tx: &mut Tx, workspace: WorkspaceId, before: Timestamp, limit: u32) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(sql!("
        UPDATE visits SET ip = NULL, user_agent = NULL, place = NULL, has_traces = FALSE
        WHERE workspace_id = $1 AND id IN (
            SELECT id FROM visits WHERE workspace_id = $1 AND at < $2 AND has_traces ORDER BY at LIMIT $3
        )
    "))
        .bind(raw(workspace))
        .bind(raw(before))
        .bind(raw(limit))
        .execute(c).await.map(|done| done.rows_affected()))?)
}

#[cfg(test)]
mod tests;
