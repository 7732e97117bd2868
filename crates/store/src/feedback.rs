//! How channels learn what became of their mail, beside the answers of their servers.

use domain::{ChannelId, Timestamp, WorkspaceId, feedback::WebhookProvider};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// What is set up for a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The channel.
    pub channel_id: ChannelId,
    /// The domain of its signed return addresses; `None`: bounces go to the sender.
    pub return_domain: Option<String>,
    /// The provider that calls us.
    pub provider: Option<WebhookProvider>,
    /// What its calls prove themselves with, sealed.
    pub secret: Option<Vec<u8>>,
    /// When the last call came that proved itself.
    pub called_at: Option<Timestamp>,
}
from_row!(Feedback { workspace_id, channel_id, return_domain, provider, secret, called_at });

impl Feedback {
    /// Nothing but what the server answers.
    pub fn none(workspace_id: WorkspaceId, channel_id: ChannelId) -> Self {
        Self { workspace_id, channel_id, return_domain: None, provider: None, secret: None, called_at: None }
    }
}

/// What is set up for a channel; nothing, if nobody ever set anything up.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId) -> Result<Feedback> {
    let found: Option<Feedback> = on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM channel_feedback WHERE workspace_id = $1 AND channel_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .fetch_optional(c).await)?;
    Ok(found.unwrap_or_else(|| Feedback::none(workspace, channel)))
}

/// Sets up what a channel learns from. When its provider last called stays known as long as it is the same provider.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn save(tx: &mut Tx, feedback: &Feedback) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO channel_feedback (workspace_id, channel_id, return_domain, provider, secret)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace_id, channel_id) DO UPDATE
        SET return_domain = excluded.return_domain,
            provider = excluded.provider,
            secret = excluded.secret,
            called_at = CASE
                WHEN channel_feedback.provider = excluded.provider THEN channel_feedback.called_at
            END
    "))
        .bind(raw(feedback.workspace_id))
        .bind(raw(feedback.channel_id))
        .bind(&feedback.return_domain)
        .bind(raw(feedback.provider))
        .bind(&feedback.secret)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Notes that the provider of a channel called at `now`, unless it did after `unless_after`.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn note_call(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Timestamp,
    unless_after: Timestamp,
) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE channel_feedback
        SET called_at = $3
        WHERE workspace_id = $1 AND channel_id = $2 AND (called_at IS NULL OR called_at < $4)
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .bind(raw(now))
        .bind(raw(unless_after))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Whether somebody who sends through a channel has a mailbox connected.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn has_mailbox(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId) -> Result<bool> {
    let (count,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT COUNT(*)
        FROM identities i
        JOIN mailboxes m ON m.workspace_id = i.workspace_id AND m.id = i.mailbox_id
        WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.deleted_at IS NULL AND m.deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(channel))
        .fetch_one(c).await)?;
    Ok(count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Backend, channel, database, id, member};
    use domain::authorization::Role;
    use rstest::rstest;

    const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
    const CHANNEL: ChannelId = ChannelId(id(7));

    #[rstest]
    #[tokio::test]
    async fn what_is_set_up_comes_back_and_another_provider_has_never_called(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 1, Role::Member).await;
        crate::channels::insert(&mut tx, &channel(1, 7, None)).await.unwrap();
        assert_eq!(find(&mut tx, WORKSPACE, CHANNEL).await.unwrap(), Feedback::none(WORKSPACE, CHANNEL));

        let saved = Feedback {
            return_domain: Some("bounces.example".into()),
            provider: Some(WebhookProvider::Mailgun),
            secret: Some(vec![1, 2, 3]),
            ..Feedback::none(WORKSPACE, CHANNEL)
        };
        save(&mut tx, &saved).await.unwrap();
        note_call(&mut tx, WORKSPACE, CHANNEL, Timestamp(10), Timestamp(5)).await.unwrap();
        note_call(&mut tx, WORKSPACE, CHANNEL, Timestamp(12), Timestamp(7)).await.unwrap();
        let called = Feedback { called_at: Some(Timestamp(10)), ..saved.clone() };
        assert_eq!(find(&mut tx, WORKSPACE, CHANNEL).await.unwrap(), called);

        let same = Feedback { secret: Some(vec![4]), return_domain: None, ..saved };
        save(&mut tx, &same).await.unwrap();
        assert_eq!(find(&mut tx, WORKSPACE, CHANNEL).await.unwrap().called_at, Some(Timestamp(10)));
        save(&mut tx, &Feedback { provider: Some(WebhookProvider::Ses), ..same.clone() }).await.unwrap();
        assert_eq!(find(&mut tx, WORKSPACE, CHANNEL).await.unwrap().called_at, None);
        let foreign = find(&mut tx, WorkspaceId(id(2)), CHANNEL).await.unwrap();
        assert_eq!(foreign, Feedback::none(WorkspaceId(id(2)), CHANNEL));
    }

    #[rstest]
    #[tokio::test]
    async fn a_channel_hears_by_the_mailboxes_of_those_who_send_through_it(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 1, Role::Member).await;
        crate::channels::insert(&mut tx, &channel(1, 7, None)).await.unwrap();
        assert!(!has_mailbox(&mut tx, WORKSPACE, CHANNEL).await.unwrap());
    }
}
