//! The live feed: one row for each event that is in it, ready to be read newest first. Derived from the events.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    EmailId, EventId, Timestamp, UserId, WorkspaceId,
    engagement::{Verdict, Why},
    events::{EventKind, Evidence},
    feed::{FeedKind, Shown, withdrawn},
    history::Happened,
};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
    events::Event,
    rows,
    statements::Statements,
};

/// The most new entries that are counted: more than anybody reads one by one.
pub const MAX_NEW: u32 = 100;

/// An event that is in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The event, with the verdict as it stands now.
    pub event: Event,
    /// Since when it is shown.
    pub settles_at: Timestamp,
    /// Near which place the client's network is, as far as that is known and until it is dropped.
    pub place: Option<String>,
}

/// Where a page begins: after the entry of this time and event.
pub type After = (Timestamp, EventId);

/// Puts those of `events` that are for the feed into the feeds of their emails' owners. None is shown before its verdict has
/// settled.
pub(crate) fn add_all(statements: &mut Statements, workspace: WorkspaceId, events: &[&Event]) {
    let entries: Vec<(&Event, FeedKind)> =
        events.iter().filter_map(|event| Some((*event, FeedKind::of(event.kind)?))).collect();
    for run in statements.runs(&entries) {
        statements.add(&format!(
            "WITH noted (event_id, email_id, at, kind, verdict, shown, settles_at) AS (VALUES {})
            INSERT INTO feed_entries (
                workspace_id, event_id, email_id, owner_id, at, kind, verdict, shown, settles_at
            )
            SELECT e.workspace_id, n.event_id, e.id, e.owner_id, n.at, n.kind, n.verdict, n.shown, n.settles_at
            FROM noted n
            JOIN emails e ON e.workspace_id = ? AND e.id = n.email_id",
            rows::values(run.places(), 7)
        ));
        for it in run.padded() {
            let event = it.map(|(event, _)| event);
            let verdict = event.and_then(|event| event.evidence.verdict);
            statements
                .bind(event.map(|event| raw(event.id)))
                .bind(event.map(|event| raw(event.email_id)))
                .bind(event.map(|event| raw(event.at)))
                .bind(it.map(|(_, kind)| raw(*kind)))
                .bind(raw(verdict))
                .bind(event.map(|_| raw(Shown::with(verdict))))
                .bind(event.map(|event| raw(event.evidence.settles_at.unwrap_or(event.at))));
        }
        statements.bind(raw(workspace));
    }
}

/// Takes everything out of the feeds of a workspace, before [`fill`] makes them anew.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn clear(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM feed_entries WHERE workspace_id = $1"))
        .bind(raw(workspace))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Puts all of `events`, the whole histories of some emails, email by email with the oldest first, into the feeds, with the
/// verdicts that were said last, and without what was taken back.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn fill(tx: &mut Tx, workspace: WorkspaceId, events: &[Event]) -> Result<()> {
    let revised: HashMap<EventId, Verdict> =
        events.iter().filter_map(|event| event.evidence.revises.zip(event.evidence.verdict)).collect();
    let withdrawn: HashSet<EventId> = events.chunk_by(|a, b| a.email_id == b.email_id).flat_map(withdrawn_of).collect();
    let shown = events.iter().filter(|event| FeedKind::of(event.kind).is_some() && !withdrawn.contains(&event.id));
    let mut shown: Vec<Event> = shown.cloned().collect();
    for event in &mut shown {
        event.evidence.verdict = revised.get(&event.id).copied().or(event.evidence.verdict);
    }
    let mut statements = Statements::on(tx);
    add_all(&mut statements, workspace, &shown.iter().collect::<Vec<_>>());
    statements.execute(tx).await
}

/// Takes out what was taken back of an email's `history`, which is whole, with the oldest event first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn withdraw(tx: &mut Tx, workspace: WorkspaceId, history: &[Event]) -> Result<()> {
    for event in withdrawn_of(history) {
        on!(tx, c => sqlx::query(sql!("DELETE FROM feed_entries WHERE workspace_id = $1 AND event_id = $2"))
            .bind(raw(workspace))
            .bind(raw(event))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

fn withdrawn_of(history: &[Event]) -> BTreeSet<EventId> {
    withdrawn(history.iter().map(|it| Happened { id: it.id, at: it.at, kind: it.kind, evidence: &it.evidence }))
}

/// Gives the entry of an event another verdict.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn revise(tx: &mut Tx, workspace: WorkspaceId, event: EventId, verdict: Verdict) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE feed_entries SET verdict = $3, shown = $4 WHERE workspace_id = $1 AND event_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(event))
        .bind(raw(verdict))
        .bind(raw(Shown::with(Some(verdict))))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What to read of a feed.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// These kinds only.
    pub kinds: &'a [FeedKind],
    /// Also what machines did.
    pub automatic: bool,
    /// What has not settled by now is not shown yet.
    pub now: Timestamp,
    /// From the newest, or after an entry.
    pub after: Option<After>,
    /// At most so many.
    pub limit: u32,
}

/// The entries of `owner`, newest first. One ordered read for each kind and a merge: every read stays on its index. The evidence
/// is read of those only that are left.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, owner: UserId, wanted: &Wanted<'_>) -> Result<Vec<Entry>> {
    let shown: &[Shown] = if wanted.automatic { &[Shown::Always, Shown::OnRequest] } else { &[Shown::Always] };
    let mut places: Vec<Place> = Vec::new();
    for kind in wanted.kinds {
        for shown in shown {
            places.extend(some(tx, workspace, owner, (*kind, *shown), wanted).await?);
        }
    }
    places.sort_by_key(|place| std::cmp::Reverse((place.at, place.id)));
    places.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    let mut details = details(tx, workspace, &places).await?;
    Ok(places.into_iter().filter_map(|place| Some(place.entry(details.remove(&place.id)?))).collect())
}

/// Where the entries of one kind stand that are shown in one way.
async fn some(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
    (kind, shown): (FeedKind, Shown),
    wanted: &Wanted<'_>,
) -> Result<Vec<Place>> {
    let (at, event) = wanted.after.unwrap_or((Timestamp(i64::MAX), EventId(uuid::Uuid::max())));
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT f.event_id AS id, f.email_id, f.at, f.kind, f.verdict, f.settles_at
        FROM feed_entries f
        JOIN emails e ON e.workspace_id = f.workspace_id AND e.id = f.email_id
        WHERE f.workspace_id = $1 AND f.owner_id = $2 AND f.kind = $3 AND f.shown = $4
            AND (f.at, f.event_id) < ($5, $6) AND f.settles_at <= $7 AND e.status <> 'deleted'
        ORDER BY f.at DESC, f.event_id DESC
        LIMIT $8
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(kind))
        .bind(raw(shown))
        .bind(raw(at))
        .bind(raw(event))
        .bind(raw(wanted.now))
        .bind(raw(wanted.limit))
        .fetch_all(c).await)?)
}

/// What the events of `places` tell, and why their verdicts are what they are now.
async fn details(tx: &mut Tx, workspace: WorkspaceId, places: &[Place]) -> Result<HashMap<EventId, Details>> {
    let mut found = HashMap::with_capacity(places.len());
    for run in rows::runs(places) {
        let text = format!(
            "WITH wanted (workspace, email, at, event) AS MATERIALIZED (VALUES {})
            SELECT v.id, v.evidence, s.why, s.place
            FROM wanted
            JOIN events v ON v.workspace_id = wanted.workspace AND v.email_id = wanted.email AND v.at = wanted.at
                AND v.id = wanted.event
            LEFT JOIN visits s ON s.workspace_id = wanted.workspace AND s.id = wanted.event",
            rows::values(run.places(), 4)
        );
        let text = rows::in_order(tx, text);
        let some: Vec<Details> = on!(tx, c => {
            let mut select = sqlx::query_as(text);
            for it in run.padded() {
                select = select
                    .bind(it.map(|_| raw(workspace)))
                    .bind(it.map(|place| raw(place.email_id)))
                    .bind(it.map(|place| raw(place.at)))
                    .bind(it.map(|place| raw(place.id)));
            }
            select.fetch_all(c).await
        })?;
        found.extend(some.into_iter().map(|it| (it.id, it)));
    }
    Ok(found)
}

/// How many entries of `owner` have become visible since `since`, [`MAX_NEW`] at the most.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn count_new(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
    since: Timestamp,
    now: Timestamp,
) -> Result<u32> {
    let (count,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT COUNT(*) FROM (
            SELECT 1 AS one
            FROM feed_entries f
            JOIN emails e ON e.workspace_id = f.workspace_id AND e.id = f.email_id
            WHERE f.workspace_id = $1 AND f.owner_id = $2 AND f.shown = 'always'
                AND f.settles_at > $3 AND f.settles_at <= $4 AND e.status <> 'deleted'
            LIMIT $5
        ) AS entries
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(since))
        .bind(raw(now))
        .bind(raw(MAX_NEW))
        .fetch_one(c).await)?;
    Ok(u32::try_from(count).unwrap_or(MAX_NEW))
}

/// When the next entry of `owner` is shown that waits for its verdict to settle.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn next_settling(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let (at,): (Option<i64>,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT MIN(settles_at) FROM feed_entries
        WHERE workspace_id = $1 AND owner_id = $2 AND shown = 'always' AND settles_at > $3
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(now))
        .fetch_one(c).await)?;
    Ok(at.map(Timestamp))
}

/// Up to when `user` has looked at the feed; `None`: never.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn seen_at(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<Option<Timestamp>> {
    let found: Option<(i64,)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT seen_at FROM feed_looks WHERE workspace_id = $1 AND user_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .fetch_optional(c).await)?;
    Ok(found.map(|(at,)| Timestamp(at)))
}

/// Notes that `user` has looked at the feed as it was at `at`. An earlier moment than the one known changes nothing.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn mark_seen(tx: &mut Tx, workspace: WorkspaceId, user: UserId, at: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO feed_looks (workspace_id, user_id, seen_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET seen_at = excluded.seen_at
        WHERE excluded.seen_at > feed_looks.seen_at
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Gives the entries of `from` to `to`, as their emails go there.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn hand_over(tx: &mut Tx, workspace: WorkspaceId, from: UserId, to: UserId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE feed_entries SET owner_id = $3 WHERE workspace_id = $1 AND owner_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// An entry without what its event tells.
struct Place {
    id: EventId,
    email_id: EmailId,
    at: Timestamp,
    kind: EventKind,
    verdict: Option<Verdict>,
    settles_at: Timestamp,
}
from_row!(Place { id, email_id, at, kind, verdict, settles_at });

/// What an event tells, the reason for the verdict that stands now, and where it came from.
struct Details {
    id: EventId,
    evidence: Evidence,
    why: Option<Why>,
    place: Option<String>,
}
from_row!(Details { id, evidence, why, place });

impl Place {
    fn entry(&self, Details { mut evidence, why, place, .. }: Details) -> Entry {
        let Self { id, email_id, at, kind, verdict, settles_at } = *self;
        evidence.verdict = verdict;
        evidence.why = why.or(evidence.why);
        Entry { event: Event { id, email_id, at, kind, evidence }, settles_at, place }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade;
