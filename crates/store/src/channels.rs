//! Delivery channels: how mail leaves, how fast it may, and why it does not.

use domain::{
    ChannelId, EmailId, Timestamp, UserId, WorkspaceId,
    channel::{Auth, Security},
    limits::{DayReset, DomainRule, Limits},
    reasons::PauseReason,
};
use sea_query::{Expr, ExprTrait, LockType, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Error, Result, Tx,
    columns::{changed_one, fetch_built, from_row, on, raw, sql},
};

/// An SMTP account or relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: ChannelId,
    /// Raised by each edit; not by pausing and resuming.
    pub version: i64,
    /// Whose it is; `None` is everybody's: a team channel.
    pub owner_id: Option<UserId>,
    /// What people call it.
    pub name: String,
    /// The server.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: Security,
    /// How we prove who we are.
    pub auth: Auth,
    /// The account.
    pub username: Option<String>,
    /// The password or the `OAuth` grant, sealed.
    pub secret: Option<Vec<u8>>,
    /// Connections to the server at once.
    pub connections: u32,
    /// Emails in a batch.
    pub batch_size: Option<u32>,
    /// Seconds between batches.
    pub batch_pause_s: Option<u32>,
    /// Emails in any sixty seconds.
    pub per_minute: Option<u32>,
    /// Emails a day.
    pub per_day: Option<u32>,
    /// Minutes since midnight at which the provider begins a new day; `None` where the day is rolling.
    pub day_reset_minute: Option<u16>,
    /// The IANA zone of the provider's clock.
    pub day_reset_zone: Option<String>,
    /// What single recipient domains may get.
    pub domain_rules: Vec<DomainRule>,
    /// The largest message, as the server announced when it was last asked.
    pub size_limit: Option<u64>,
    /// Why it is paused, if it is.
    pub paused_reason: Option<PauseReason>,
    /// The server's words that made it pause.
    pub paused_text: Option<String>,
    /// Since when it is paused.
    pub paused_at: Option<Timestamp>,
    /// When it goes on by itself.
    pub paused_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}
from_row!(Channel {
    workspace_id,
    id,
    version,
    owner_id,
    name,
    host,
    port,
    security,
    auth,
    username,
    secret,
    connections,
    batch_size,
    batch_pause_s,
    per_minute,
    per_day,
    day_reset_minute,
    day_reset_zone,
    domain_rules,
    size_limit,
    paused_reason,
    paused_text,
    paused_at,
    paused_until,
    created_at,
    deleted_at,
});

/// Why a channel does not send, since when and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// The server's words.
    pub text: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// When it goes on by itself; `None` when somebody has to do something first.
    pub until: Option<Timestamp>,
}

impl Channel {
    /// How much may go through it.
    pub fn limits(&self) -> Limits {
        let reset = self.day_reset_minute.zip(self.day_reset_zone.clone());
        Limits {
            connections: self.connections,
            batch_size: self.batch_size,
            batch_pause_s: self.batch_pause_s,
            per_minute: self.per_minute,
            per_day: self.per_day,
            day_reset: reset.map_or(DayReset::Rolling, |(minute_of_day, zone)| DayReset::At { minute_of_day, zone }),
            domain_rules: self.domain_rules.clone(),
        }
    }

    /// Lets so much through it from now on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.connections = limits.connections;
        self.batch_size = limits.batch_size;
        self.batch_pause_s = limits.batch_pause_s;
        self.per_minute = limits.per_minute;
        self.per_day = limits.per_day;
        (self.day_reset_minute, self.day_reset_zone) = match limits.day_reset {
            DayReset::Rolling => (None, None),
            DayReset::At { minute_of_day, zone } => (Some(minute_of_day), Some(zone)),
        };
        self.domain_rules = limits.domain_rules;
    }

    /// The pause that is in force at `now`.
    pub fn pause_at(&self, now: Timestamp) -> Option<Pause> {
        if self.paused_until.is_some_and(|until| until <= now) {
            return None;
        }
        Some(Pause {
            reason: self.paused_reason?,
            text: self.paused_text.clone(),
            at: self.paused_at.unwrap_or(now),
            until: self.paused_until,
        })
    }
}

/// Locks a channel's row until the transaction ends, so that whoever counts against its limits counts alone.
///
/// # Errors
/// [`Error::Database`].
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId) -> Result<()> {
    let mut select = Query::select();
    select
        .column("id")
        .from("channels")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("id").eq(raw(id)))
        .lock(LockType::Update);
    let _: Vec<(uuid::Uuid,)> = fetch_built!(tx, select)?;
    Ok(())
}

/// Adds a channel.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert(tx: &mut Tx, channel: &Channel) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO channels (
            workspace_id, id, version, owner_id, name, host, port, security, auth, username, secret, batch_size,
            batch_pause_s, per_minute, per_day, size_limit, created_at, connections, day_reset_minute, day_reset_zone,
            domain_rules
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    "))
        .bind(raw(channel.workspace_id))
        .bind(raw(channel.id))
        .bind(channel.version)
        .bind(raw(channel.owner_id))
        .bind(&channel.name)
        .bind(&channel.host)
        .bind(raw(channel.port))
        .bind(raw(channel.security))
        .bind(raw(channel.auth))
        .bind(&channel.username)
        .bind(&channel.secret)
        .bind(raw(channel.batch_size))
        .bind(raw(channel.batch_pause_s))
        .bind(raw(channel.per_minute))
        .bind(raw(channel.per_day))
        .bind(raw(channel.size_limit))
        .bind(raw(channel.created_at))
        .bind(raw(channel.connections))
        .bind(raw(channel.day_reset_minute))
        .bind(&channel.day_reset_zone)
        .bind(raw(channel.domain_rules.clone()))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The channel, deleted or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId) -> Result<Channel> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM channels WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// The channels that `user` may send through: their own and the team's, by name.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_usable(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<Vec<Channel>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT *
        FROM channels
        WHERE workspace_id = $1 AND (owner_id = $2 OR owner_id IS NULL) AND deleted_at IS NULL
        ORDER BY LOWER(name), id
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .fetch_all(c).await)?)
}

/// Saves what people decide about a channel, if nobody changed it since it was read; its `version` is the one read.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn update(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE channels
        SET version = version + 1, name = $4, host = $5, port = $6, security = $7, auth = $8, username = $9, secret = $10,
            batch_size = $11, batch_pause_s = $12, per_minute = $13, per_day = $14, size_limit = $15, connections = $16,
            day_reset_minute = $17, day_reset_zone = $18, domain_rules = $19
        WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL
    "))
        .bind(raw(channel.workspace_id))
        .bind(raw(channel.id))
        .bind(channel.version)
        .bind(&channel.name)
        .bind(&channel.host)
        .bind(raw(channel.port))
        .bind(raw(channel.security))
        .bind(raw(channel.auth))
        .bind(&channel.username)
        .bind(&channel.secret)
        .bind(raw(channel.batch_size))
        .bind(raw(channel.batch_pause_s))
        .bind(raw(channel.per_minute))
        .bind(raw(channel.per_day))
        .bind(raw(channel.size_limit))
        .bind(raw(channel.connections))
        .bind(raw(channel.day_reset_minute))
        .bind(&channel.day_reset_zone)
        .bind(raw(channel.domain_rules.clone()))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Replaces the sealed secret, unless somebody replaced it since `before` was read: a provider may renew a token while
/// its owner types another.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn replace_secret(tx: &mut Tx, before: &Channel, secret: &[u8]) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE channels
        SET secret = $4
        WHERE workspace_id = $1 AND id = $2 AND secret = $3
    "))
        .bind(raw(before.workspace_id))
        .bind(raw(before.id))
        .bind(&before.secret)
        .bind(secret)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Keeps what the server announced as the largest message.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_size_limit(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId, bytes: Option<u64>) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE channels SET size_limit = $3 WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(bytes))
        .execute(c).await)
}

/// Marks a channel as deleted; what was sent through it keeps its name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId, now: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE channels
        SET version = version + 1, deleted_at = $3, secret = NULL
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .execute(c).await)
}

/// Pauses a channel, or changes why it is paused.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn pause(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId, pause: &Pause) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE channels
        SET paused_reason = $3, paused_text = $4, paused_at = $5, paused_until = $6
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(pause.reason))
        .bind(&pause.text)
        .bind(raw(pause.at))
        .bind(raw(pause.until))
        .execute(c).await)
}

/// Lets a channel send again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn resume(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE channels
        SET paused_reason = NULL, paused_text = NULL, paused_at = NULL, paused_until = NULL
        WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await)
}

/// How many emails wait for a channel.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_waiting(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId) -> Result<u64> {
    let (waiting,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT COUNT(*) FROM emails WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled'
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    Ok(waiting.unsigned_abs())
}

/// How many emails that wait for a channel are due at `now`. Reads all that wait.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_due(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId, now: Timestamp) -> Result<u64> {
    let (due,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT COUNT(*)
        FROM emails
        WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled' AND due_at <= $3
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .fetch_one(c).await)?;
    Ok(due.unsigned_abs())
}

/// Lets the emails that wait because a channel was paused go out at `now`, or when they are due. Returns which, and whose.
///
/// # Errors
/// [`Error::Database`].
pub async fn wake_waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    now: Timestamp,
) -> Result<Vec<(EmailId, UserId)>> {
    let woken: Vec<(uuid::Uuid, uuid::Uuid)> = on!(tx, c => sqlx::query_as(sql!("
        UPDATE emails
        SET next_at = CASE WHEN due_at > $3 THEN due_at ELSE $3 END
        WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled' AND wait_reason = 'channel_paused'
        RETURNING id, owner_id
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .fetch_all(c).await)?;
    Ok(woken.into_iter().map(|(id, owner)| (EmailId(id), UserId(owner))).collect())
}

/// Ends the waits of emails whose server could not be reached: they go out at `now`. Returns which, and whose.
///
/// # Errors
/// [`Error::Database`].
pub async fn end_unreachable_waits(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    now: Timestamp,
) -> Result<Vec<(EmailId, UserId)>> {
    let woken: Vec<(uuid::Uuid, uuid::Uuid)> = on!(tx, c => sqlx::query_as(sql!("
        UPDATE emails
        SET due_at = $3, next_at = $3
        WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled' AND wait_reason = 'unreachable' AND next_at > $3
        RETURNING id, owner_id
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .fetch_all(c).await)?;
    Ok(woken.into_iter().map(|(id, owner)| (EmailId(id), UserId(owner))).collect())
}

#[cfg(test)]
mod tests;
