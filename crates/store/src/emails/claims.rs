//! What the delivery worker asks: which channels have mail due, this batch is mine, that lease has run out.

use std::collections::BTreeMap;

use domain::{ChannelId, Status, Timestamp, UserId, WorkspaceId, reasons::WaitReason};
use sea_query::{
    CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType, Order, PostgresQueryBuilder, Query,
    ReturningClause, SqliteQueryBuilder, WithClause, WithQuery,
};
use sea_query_sqlx::SqlxBinder;

use super::Email;
use crate::{
    Result, Tx,
    columns::{on, raw, sql},
    folder_counts,
};

/// The channels of a workspace that have mail due at `now`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn channels_with_due(tx: &mut Tx, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<ChannelId>> {
    let ids: Vec<(uuid::Uuid,)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT DISTINCT channel_id
        FROM emails
        WHERE workspace_id = $1 AND status = 'scheduled' AND next_at <= $2 AND channel_id IS NOT NULL
    "))
        .bind(raw(workspace))
        .bind(raw(now))
        .fetch_all(c).await)?;
    Ok(ids.into_iter().map(|(id,)| ChannelId(id)).collect())
}

/// Takes up to `limit` due emails of a channel into *In progress*, under a lease. No other worker gets them.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn claim(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u64,
) -> Result<Vec<Email>> {
    let due = Query::select()
        .column("id")
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("status").eq("scheduled"))
        .and_where(Expr::col("channel_id").eq(raw(channel)))
        .and_where(Expr::col("next_at").lte(raw(now)))
        .order_by("next_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take();
    // In a subquery PostgreSQL may run the SELECT more than once and lock more rows than LIMIT says; a materialised
    // expression it runs once.
    let due = CommonTableExpression::new().query(due).table_name("due").column("id").materialized(true).to_owned();
    let claim = Query::update()
        .table("emails")
        .value("status", "in_progress")
        .value("lease_until", raw(lease_until))
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("id").in_subquery(Query::select().column("id").from("due").take()))
        .returning(ReturningClause::All)
        .take()
        .with(WithClause::new().cte(due).to_owned());
    let mut claimed = fetch(tx, &claim).await?;
    claimed.sort_by_key(|email| (email.next_at, email.id));
    recount(tx, workspace, &claimed, Status::Scheduled, Status::InProgress).await?;
    Ok(claimed)
}

/// The emails in progress whose lease has run out: their worker is gone.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn return_expired(tx: &mut Tx, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<Email>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM emails WHERE workspace_id = $1 AND status = 'in_progress' AND lease_until <= $2
    "))
        .bind(raw(workspace))
        .bind(raw(now))
        .fetch_all(c).await)?)
}

/// Lets the due emails of a channel wait until `until`, and says why. Returns whose mail that concerns.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn wait_for_slot(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Timestamp,
    until: Timestamp,
    reason: WaitReason,
) -> Result<Vec<UserId>> {
    let owners: Vec<(uuid::Uuid,)> = on!(tx, c => sqlx::query_as(sql!("
        UPDATE emails
        SET next_at = $4, wait_reason = $5, wait_text = NULL
        WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled' AND next_at <= $3
        RETURNING owner_id
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .bind(raw(now))
        .bind(raw(until))
        .bind(raw(reason))
        .fetch_all(c).await)?;
    let mut owners: Vec<UserId> = owners.into_iter().map(|(id,)| UserId(id)).collect();
    owners.sort_unstable();
    owners.dedup();
    Ok(owners)
}

async fn recount(tx: &mut Tx, workspace: WorkspaceId, emails: &[Email], from: Status, to: Status) -> Result<()> {
    let mut owners: BTreeMap<UserId, i64> = BTreeMap::new();
    for email in emails {
        *owners.entry(email.owner_id).or_default() += 1;
    }
    for (owner, count) in owners {
        folder_counts::add(tx, workspace, owner, from, -count).await?;
        folder_counts::add(tx, workspace, owner, to, count).await?;
    }
    Ok(())
}

async fn fetch(tx: &mut Tx, claim: &WithQuery) -> Result<Vec<Email>> {
    Ok(match tx {
        Tx::Sqlite(tx) => {
            let (text, values) = claim.build_sqlx(SqliteQueryBuilder);
            sqlx::query_as_with(crate::db::built(text), values).fetch_all(&mut **tx).await?
        }
        Tx::Postgres(tx) => {
            let (text, values) = claim.build_sqlx(PostgresQueryBuilder);
            sqlx::query_as_with(crate::db::built(text), values).fetch_all(&mut **tx).await?
        }
    })
}
