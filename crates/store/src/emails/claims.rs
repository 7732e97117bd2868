//! What the delivery workers ask: whose mail waits for which channel, this batch is mine, those leases lost their node.

use domain::{
    ChannelId, EmailId, IdentityId, NodeId, PersonId, Status, Timestamp, UserId, WorkspaceId, ledger::Outcome,
    reasons::WaitReason, turns::Lane,
};
use sea_query::{CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType, Order, Query, WithClause};
use sea_query_sqlx::SqlxBinder;

use super::Email;
use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
    folder_counts::Moves,
};

/// A lane in which mail waits for a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The channel.
    pub channel_id: ChannelId,
    /// Whose mail.
    pub owner_id: UserId,
    /// Queued together with many others.
    pub bulk: bool,
    /// When its first email may go.
    pub next_at: Timestamp,
    /// Its first email.
    pub id: EmailId,
}
from_row!(Waiting { channel_id, owner_id, bulk, next_at, id });

impl Waiting {
    /// The lane.
    pub fn lane(&self) -> Lane {
        Lane { owner: self.owner_id, bulk: self.bulk }
    }

    /// Whether an email of the lane is its first or stands behind it.
    pub(crate) fn first_or_later(&self) -> Expr {
        let first = Expr::tuple([Expr::val(raw(self.next_at)), Expr::val(raw(self.id))]);
        Expr::tuple([Expr::col("next_at"), Expr::col("id")]).gte(first)
    }
}

/// The lanes of a workspace, due or not. Reads one row a lane, however many emails wait; but `PostgreSQL` walks over what has
/// left each lane since its table was last vacuumed.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn lanes(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Waiting>> {
    // From lane to lane by three steps along the index. One comparison of three columns would say the same, and SQLite
    // would read a whole lane to find its end; with a plain JOIN it would read the whole workspace.
    Ok(on!(tx, c => sqlx::query_as(sql!("
        WITH RECURSIVE first (id) AS (
            SELECT (
                SELECT id FROM emails
                WHERE workspace_id = $1 AND status = 'scheduled' AND channel_id IS NOT NULL
                ORDER BY channel_id, owner_id, bulk, next_at, id
                LIMIT 1
            )
            UNION ALL
            SELECT COALESCE(
                (
                    SELECT n.id FROM emails n
                    WHERE n.workspace_id = $1 AND n.status = 'scheduled' AND n.channel_id = e.channel_id
                        AND n.owner_id = e.owner_id AND n.bulk > e.bulk
                    ORDER BY n.bulk, n.next_at, n.id
                    LIMIT 1
                ),
                (
                    SELECT n.id FROM emails n
                    WHERE n.workspace_id = $1 AND n.status = 'scheduled' AND n.channel_id = e.channel_id
                        AND n.owner_id > e.owner_id
                    ORDER BY n.owner_id, n.bulk, n.next_at, n.id
                    LIMIT 1
                ),
                (
                    SELECT n.id FROM emails n
                    WHERE n.workspace_id = $1 AND n.status = 'scheduled' AND n.channel_id > e.channel_id
                    ORDER BY n.channel_id, n.owner_id, n.bulk, n.next_at, n.id
                    LIMIT 1
                )
            )
            FROM first CROSS JOIN emails e
            WHERE e.workspace_id = $1 AND e.id = first.id
        )
        SELECT e.channel_id, e.owner_id, e.bulk, e.next_at, e.id
        FROM first CROSS JOIN emails e
        WHERE e.workspace_id = $1 AND e.id = first.id AND e.next_at IS NOT NULL
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// Takes up to `limit` due emails of a lane, from the one that is called its first, into *In progress* for `node`; the counts
/// of the folders follow with `moves`. No other node gets them.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn claim(
    tx: &mut Tx,
    workspace: WorkspaceId,
    lane: &Waiting,
    node: NodeId,
    now: Timestamp,
    limit: u64,
    moves: &mut Moves,
) -> Result<Vec<Claimed>> {
    let mut due = Query::select();
    due.column("id")
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("status").eq(Expr::cust("'scheduled'")))
        .and_where(Expr::col("channel_id").eq(raw(lane.channel_id)))
        .and_where(Expr::col("owner_id").eq(raw(lane.owner_id)))
        .and_where(Expr::col("bulk").eq(lane.bulk))
        .and_where(Expr::col("next_at").lte(raw(now)))
        .and_where(lane.first_or_later())
        .order_by("next_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    // In a subquery PostgreSQL may run the SELECT more than once and lock more rows than LIMIT says; a materialised
    // expression it runs once.
    let due = CommonTableExpression::new().query(due).table_name("due").column("id").materialized(true).to_owned();
    let mut claim = Query::update();
    claim
        .table("emails")
        .value("status", "in_progress")
        .value("leased_by", raw(node))
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("id").in_subquery(Query::select().column("id").from("due").take()))
        .returning(Query::returning().columns(Claimed::COLUMNS));
    let mut claimed: Vec<Claimed> = fetch_built!(tx, claim.with(WithClause::new().cte(due).to_owned()))?;
    claimed.sort_by_key(|email| (email.next_at, email.id));
    note(moves, claimed.iter().map(|it| it.owner_id), Status::Scheduled, Status::InProgress);
    Ok(claimed)
}

/// Takes those of `emails` that are Scheduled into *In progress* for `node`, in this order. No other node gets them.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn claim_these(
    tx: &mut Tx,
    workspace: WorkspaceId,
    node: NodeId,
    emails: &[EmailId],
) -> Result<Vec<Claimed>> {
    let mut claim = Query::update();
    claim
        .table("emails")
        .value("status", "in_progress")
        .value("leased_by", raw(node))
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("id").is_in(emails.iter().map(|id| raw(*id))))
        .and_where(Expr::col("status").eq("scheduled"))
        .returning(Query::returning().columns(Claimed::COLUMNS));
    let mut claimed: Vec<Claimed> = fetch_built!(tx, claim)?;
    claimed.sort_by_key(|email| emails.iter().position(|id| *id == email.id));
    let mut moves = Moves::default();
    note(&mut moves, claimed.iter().map(|it| it.owner_id), Status::Scheduled, Status::InProgress);
    moves.save(tx, workspace).await?;
    Ok(claimed)
}

/// Why released mail waits, and until when.
#[derive(Debug, Clone, Copy)]
pub struct ReleasedUntil<'a> {
    /// When it may go.
    pub at: Timestamp,
    /// Why not before.
    pub reason: WaitReason,
    /// A server's words, or what broke.
    pub text: Option<&'a str>,
}

/// Gives back emails that `node` claimed and did not begin, whatever their ledger says: they are Scheduled again, as they were or `until` later.
/// Emails that are not the node's any more are left alone. Answers the others with their owners.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn release(
    tx: &mut Tx,
    workspace: WorkspaceId,
    node: NodeId,
    emails: &[EmailId],
    until: Option<ReleasedUntil<'_>>,
) -> Result<Vec<(UserId, EmailId)>> {
    let mut all = Vec::with_capacity(emails.len());
    let mut moves = Moves::default();
    for some in emails.chunks(500) {
        let mut release = Query::update();
        release
            .table("emails")
            .value("status", "scheduled")
            .value("leased_by", Option::<uuid::Uuid>::None)
            .value("version", Expr::col("version").add(1))
            .and_where(Expr::col("workspace_id").eq(raw(workspace)))
            .and_where(Expr::col("id").is_in(some.iter().map(|id| raw(*id))))
            .and_where(Expr::col("leased_by").eq(raw(node)))
            .returning(Query::returning().columns(["id", "owner_id"]));
        if let Some(until) = until {
            release
                .value("next_at", raw(until.at))
                .value("wait_reason", raw(until.reason))
                .value("wait_text", until.text.map(str::to_owned));
        }
        let released: Vec<(uuid::Uuid, uuid::Uuid)> = fetch_built!(tx, release)?;
        let released = released.into_iter().map(|(id, owner)| (UserId(owner), EmailId(id)));
        let start = all.len();
        all.extend(released);
        let released = &all[start..];
        note(&mut moves, released.iter().map(|(owner, _)| *owner), Status::InProgress, Status::Scheduled);
        // The answer to a commit can be lost with the connection: then the ledger says that these are being attempted.
        let mut reset = Query::update();
        reset
            .table("recipients")
            .value("outcome", raw(Outcome::Waiting))
            .and_where(Expr::col("workspace_id").eq(raw(workspace)))
            .and_where(Expr::col("email_id").is_in(released.iter().map(|(_, id)| raw(*id))))
            .and_where(Expr::col("outcome").eq(raw(Outcome::Attempting)))
            .returning_col("id");
        let _: Vec<(uuid::Uuid,)> = fetch_built!(tx, reset)?;
    }
    moves.save(tx, workspace).await?;
    Ok(all)
}

/// Up to `limit` emails in progress that are under the lease of a node that is none of `alive`, locked until the transaction
/// ends: a node that was only slow can begin none of them meanwhile. What it is just beginning is left out.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn left_behind(tx: &mut Tx, workspace: WorkspaceId, alive: &[NodeId], limit: u64) -> Result<Vec<Email>> {
    let mut select = Query::select();
    select
        .column(sea_query::Asterisk)
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        // Written out, because the index is for what is in progress only.
        .and_where(Expr::col("status").eq(Expr::cust("'in_progress'")))
        .and_where(Expr::col("leased_by").is_not_null())
        .and_where(Expr::col("leased_by").is_not_in(alive.iter().map(|id| raw(*id))))
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(fetch_built!(tx, select)?)
}

/// An email that was taken, with what its message is made of beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its workspace.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: EmailId,
    /// Who sends it.
    pub owner_id: UserId,
    /// Whom it is for, if it is a person.
    pub person_id: Option<PersonId>,
    /// The address it is for.
    pub to_address: Option<String>,
    /// As whom it is sent.
    pub identity_id: Option<IdentityId>,
    /// Through which channel.
    pub channel_id: Option<ChannelId>,
    /// The first words, as lists show them.
    pub snippet: String,
    /// Whether views and clicks are to be learnt.
    pub tracked: bool,
    /// The email it follows up.
    pub follow_up_of: Option<EmailId>,
    /// Which sending it is.
    pub send_number: u32,
    /// How often it was tried under this number.
    pub attempts: u32,
    /// When it was due.
    pub next_at: Option<Timestamp>,
}

impl Claimed {
    const COLUMNS: [&str; 13] = [
        "workspace_id",
        "id",
        "owner_id",
        "person_id",
        "to_address",
        "identity_id",
        "channel_id",
        "snippet",
        "tracked",
        "follow_up_of",
        "send_number",
        "attempts",
        "next_at",
    ];
}
from_row!(Claimed {
    workspace_id,
    id,
    owner_id,
    person_id,
    to_address,
    identity_id,
    channel_id,
    snippet,
    tracked,
    follow_up_of,
    send_number,
    attempts,
    next_at,
});

impl From<&Email> for Claimed {
    fn from(email: &Email) -> Self {
        Self {
            workspace_id: email.workspace_id,
            id: email.id,
            owner_id: email.owner_id,
            person_id: email.person_id,
            to_address: email.to_address.clone(),
            identity_id: email.identity_id,
            channel_id: email.channel_id,
            snippet: email.snippet.clone(),
            tracked: email.tracked,
            follow_up_of: email.follow_up_of,
            send_number: email.send_number,
            attempts: email.attempts,
            next_at: email.next_at,
        }
    }
}

fn note(moves: &mut Moves, owners: impl Iterator<Item = UserId>, from: Status, to: Status) {
    for owner in owners {
        moves.add(owner, from, to);
    }
}
