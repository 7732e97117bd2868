//! When a channel was used: what its limits count.

use domain::{
    ChannelId, RecipientId, Timestamp, WorkspaceId,
    limits::{Limits, Recent},
    time::{DAY, MINUTE},
};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
};

/// Notes an attempt.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    at: Timestamp,
    recipient: RecipientId,
) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO attempts (workspace_id, channel_id, at, recipient_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, channel_id, at, recipient_id) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .bind(raw(at))
        .bind(raw(recipient))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What `limits` need to know of the recent past. Asks nothing that no limit asks for.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn recent(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    limits: &Limits,
    now: Timestamp,
) -> Result<Recent> {
    let mut recent = Recent::default();
    if let Some(limit) = limits.per_minute {
        recent.minute = newest(tx, workspace, channel, now.plus(-MINUTE), limit).await?;
    }
    if let Some(limit) = limits.per_day {
        recent.day = count_since(tx, workspace, channel, now.plus(-DAY)).await?;
        if recent.day >= limit && limit > 0 {
            recent.day_blocker = newest(tx, workspace, channel, now.plus(-DAY), limit).await?.last().copied();
        }
    }
    if let (Some(size), Some(_)) = (limits.batch_size, limits.batch_pause_s) {
        recent.batch = newest(tx, workspace, channel, now.plus(-DAY), size).await?;
    }
    Ok(recent)
}

async fn newest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    after: Timestamp,
    limit: u32,
) -> Result<Vec<Timestamp>> {
    let rows: Vec<(i64,)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT at FROM attempts
        WHERE workspace_id = $1 AND channel_id = $2 AND at > $3
        ORDER BY at DESC
        LIMIT $4
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .bind(raw(after))
        .bind(raw(limit))
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(at,)| Timestamp(at)).collect())
}

/// How many attempts a channel made after `after`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn count_since(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId, after: Timestamp) -> Result<u32> {
    let (count,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT COUNT(*) FROM attempts WHERE workspace_id = $1 AND channel_id = $2 AND at > $3
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .bind(raw(after))
        .fetch_one(c).await)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Forgets attempts of a channel that no limit counts any more.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget_before(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId, before: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        DELETE FROM attempts WHERE workspace_id = $1 AND channel_id = $2 AND at < $3
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .bind(raw(before))
        .execute(c).await.map(drop))?;
    Ok(())
}
