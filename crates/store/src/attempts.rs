//! When a channel was used, and by which recipient domain: what its limits count.

use domain::{
    ChannelId, RecipientId, Timestamp, WorkspaceId,
    limits::{DayReset, Limits, Recent},
    time::{DAY, MINUTE},
};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
    rows,
    statements::Statements,
};

/// What is counted: a channel, as a whole or one recipient domain of it.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The channel's workspace.
    pub workspace: WorkspaceId,
    /// The channel.
    pub channel: ChannelId,
    /// The domain in lower case; `None` for the channel as a whole.
    pub domain: Option<&'a str>,
}

/// A transaction that began.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Through this channel.
    pub channel: ChannelId,
    /// When.
    pub at: Timestamp,
    /// To this recipient.
    pub recipient: RecipientId,
    /// The recipient's domain in lower case where domains have rules, else empty: then nobody counts it.
    pub domain: &'a str,
}

/// Notes attempts.
pub(crate) fn add_all(statements: &mut Statements, workspace: WorkspaceId, attempts: &[Attempt<'_>]) {
    for run in statements.runs(attempts) {
        statements.add(&rows::insert(
            "attempts (workspace_id, channel_id, at, recipient_id, domain)",
            run.places(),
            5,
            "ON CONFLICT (workspace_id, channel_id, at, recipient_id) DO NOTHING",
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|attempt| raw(attempt.channel)))
                .bind(it.map(|attempt| raw(attempt.at)))
                .bind(it.map(|attempt| raw(attempt.recipient)))
                .bind(it.map(|attempt| attempt.domain));
        }
    }
}

/// Those of `domains` that had attempts after `after`, where they are counted. However many there were, none is read but one
/// of each domain.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn attempted_domains(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    domains: &[&str],
    after: Timestamp,
) -> Result<Vec<String>> {
    let mut found: Vec<(String,)> = Vec::new();
    for run in rows::runs(domains) {
        let text = format!(
            "SELECT column1 FROM (VALUES {}) AS listed
            WHERE EXISTS (
                SELECT 1 FROM attempts
                WHERE workspace_id = ? AND channel_id = ? AND domain = column1 AND domain <> '' AND at > ?
            )",
            rows::values(run.places(), 1)
        );
        let text = rows::in_order(tx, text);
        found.extend(on!(tx, c => {
            let mut select = sqlx::query_as(text);
            for domain in run.padded() {
                select = select.bind(domain.copied());
            }
            select.bind(raw(workspace)).bind(raw(channel)).bind(raw(after)).fetch_all(c).await
        })?);
    }
    Ok(found.into_iter().map(|(domain,)| domain).collect())
}

/// What the limits of a channel need to know of the recent past to say whether one more email may go. Asks nothing that
/// no limit asks for.
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
    recent_for(tx, Counted { workspace, channel, domain: None }, limits, now, 1).await
}

/// As [`recent`], of one recipient domain, whose limits are taken from the channel's.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn recent_of_domain(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    limits: &Limits,
    domain: &str,
    now: Timestamp,
) -> Result<Recent> {
    match limits.of_domain(domain) {
        Some(own) => recent_for(tx, Counted { workspace, channel, domain: Some(domain) }, &own, now, 1).await,
        None => Ok(Recent::default()),
    }
}

/// What `limits` need to know to say when each of `ahead` emails may go.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn recent_for(
    tx: &mut Tx,
    counted: Counted<'_>,
    limits: &Limits,
    now: Timestamp,
    ahead: u32,
) -> Result<Recent> {
    let mut recent = Recent::default();
    if let Some(limit) = limits.per_minute {
        recent.minute = newest(tx, counted, now.plus(-MINUTE), limit).await?;
    }
    if let Some(limit) = limits.per_day {
        let began = limits.day_reset.day_began(now);
        recent.day = count_since(tx, counted, began).await?;
        let rolling = limits.day_reset == DayReset::Rolling;
        if rolling && recent.day.saturating_add(ahead) > limit {
            recent.leaving = oldest(tx, counted, began, recent.day.saturating_sub(limit), ahead).await?;
        }
    }
    if let (Some(size), Some(_)) = (limits.batch_size, limits.batch_pause_s) {
        recent.batch = newest(tx, counted, now.plus(-DAY), size).await?;
    }
    Ok(recent)
}

/// Attempts after `after`, newest first.
async fn newest(tx: &mut Tx, counted: Counted<'_>, after: Timestamp, limit: u32) -> Result<Vec<Timestamp>> {
    let rows: Vec<(i64,)> = match counted.domain {
        None => on!(tx, c => sqlx::query_as(sql!("
            SELECT at FROM attempts
            WHERE workspace_id = $1 AND channel_id = $2 AND at > $3
            ORDER BY at DESC
            LIMIT $4
        "))
            .bind(raw(counted.workspace))
            .bind(raw(counted.channel))
            .bind(raw(after))
            .bind(raw(limit))
            .fetch_all(c).await)?,
        Some(domain) => on!(tx, c => sqlx::query_as(sql!("
            SELECT at FROM attempts
            WHERE workspace_id = $1 AND channel_id = $2 AND at > $3 AND domain = $5 AND domain <> ''
            ORDER BY at DESC
            LIMIT $4
        "))
            .bind(raw(counted.workspace))
            .bind(raw(counted.channel))
            .bind(raw(after))
            .bind(raw(limit))
            .bind(domain)
            .fetch_all(c).await)?,
    };
    Ok(rows.into_iter().map(|(at,)| Timestamp(at)).collect())
}

/// Attempts after `after`, oldest first, without the first `skip`.
async fn oldest(tx: &mut Tx, counted: Counted<'_>, after: Timestamp, skip: u32, limit: u32) -> Result<Vec<Timestamp>> {
    let rows: Vec<(i64,)> = match counted.domain {
        None => on!(tx, c => sqlx::query_as(sql!("
            SELECT at FROM attempts
            WHERE workspace_id = $1 AND channel_id = $2 AND at > $3
            ORDER BY at
            LIMIT $4 OFFSET $5
        "))
            .bind(raw(counted.workspace))
            .bind(raw(counted.channel))
            .bind(raw(after))
            .bind(raw(limit))
            .bind(raw(skip))
            .fetch_all(c).await)?,
        Some(domain) => on!(tx, c => sqlx::query_as(sql!("
            SELECT at FROM attempts
            WHERE workspace_id = $1 AND channel_id = $2 AND at > $3 AND domain = $6 AND domain <> ''
            ORDER BY at
            LIMIT $4 OFFSET $5
        "))
            .bind(raw(counted.workspace))
            .bind(raw(counted.channel))
            .bind(raw(after))
            .bind(raw(limit))
            .bind(raw(skip))
            .bind(domain)
            .fetch_all(c).await)?,
    };
    Ok(rows.into_iter().map(|(at,)| Timestamp(at)).collect())
}

/// How many attempts were made after `after`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn count_since(tx: &mut Tx, counted: Counted<'_>, after: Timestamp) -> Result<u32> {
    let (count,): (i64,) = match counted.domain {
        None => on!(tx, c => sqlx::query_as(sql!("
            SELECT COUNT(*) FROM attempts WHERE workspace_id = $1 AND channel_id = $2 AND at > $3
        "))
            .bind(raw(counted.workspace))
            .bind(raw(counted.channel))
            .bind(raw(after))
            .fetch_one(c).await)?,
        Some(domain) => on!(tx, c => sqlx::query_as(sql!("
            SELECT COUNT(*) FROM attempts WHERE workspace_id = $1 AND channel_id = $2 AND at > $3 AND domain = $4 AND domain <> ''
        "))
            .bind(raw(counted.workspace))
            .bind(raw(counted.channel))
            .bind(raw(after))
            .bind(domain)
            .fetch_one(c).await)?,
    };
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

#[cfg(test)]
mod tests;
