//! A notice goes out: over one connection, in one attempt, and whoever asked hears at once what came of it.

use std::time::Duration;

use domain::{WorkspaceId, smtp::Reply};
use mail::{
    address::Mailbox,
    message::Outgoing,
    smtp::{Connection, Envelope, Outcome, Patience, Transaction},
    threading::message_id,
};
use store::{Tx, channels::Channel, workspaces::Workspace};
use uuid::Uuid;

use super::{Notice, render::render};
use crate::{Engine, Result, channels::ServerError};

/// How long somebody who waits at the screen is kept waiting, all in all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a notice did not go out.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// There is no way to sign in to the channel's server.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The server said no.
    #[error("{0}")]
    Refused(Reply),
    /// The server could not be talked to, or cannot take this message.
    #[error("{0}")]
    Lost(String),
    /// An address cannot stand in a message.
    #[error(transparent)]
    Message(#[from] mail::message::Error),
}

impl Engine {
    /// Sends a notice from `from` to the address `to` over the server of `channel`.
    ///
    /// # Errors
    /// [`NoticeError`], which says in the server's words what went wrong.
    pub(crate) async fn send_notice(
        &self,
        channel: &Channel,
        from: &Mailbox,
        to: &str,
        notice: &Notice,
    ) -> std::result::Result<(), NoticeError> {
        let too_slow = |_| NoticeError::Lost("the server did not answer in time".to_owned());
        let attempt = tokio::time::timeout(PATIENCE, self.attempt_notice(channel, from, to, notice));
        outcome(attempt.await.map_err(too_slow)??)
    }

    async fn attempt_notice(
        &self,
        channel: &Channel,
        from: &Mailbox,
        to: &str,
        notice: &Notice,
    ) -> std::result::Result<Transaction, NoticeError> {
        let rendered = render(notice);
        let message_id = message_id(&self.new_id::<Uuid>().to_string(), &from.address);
        let outgoing = Outgoing {
            message_id: &message_id,
            date: self.now(),
            from,
            to: &Mailbox::new("", to),
            cc: &[],
            subject: &rendered.subject,
            html: &rendered.html,
            text: &rendered.text,
            in_reply_to: None,
            references: &[],
            attachments: &[],
            inline_images: &[],
            headers: &[("Auto-Submitted", "auto-generated")],
        };
        let bytes = outgoing.build()?;
        let envelope =
            Envelope { from: &from.address, to, smtputf8: outgoing.needs_smtputf8(), eight_bit: false, reports: None };
        let server = self.server_of(channel).await?;
        let mut connection = match Connection::open(&server, &self.smtp_client(Patience::short())).await {
            Ok(connection) => connection,
            Err(error) => return Ok(error.into()),
        };
        let transaction = connection.transact(&envelope, &bytes).await;
        connection.quit().await;
        Ok(transaction)
    }

    /// Sends a notice through the workspace's system channel; whether that worked. Without such a channel, or when it is
    /// paused or fails, somebody has to be shown the link instead.
    pub(crate) async fn send_system_notice(&self, workspace: WorkspaceId, to: &str, notice: &Notice) -> bool {
        match self.try_system_notice(workspace, to, notice).await {
            Ok(sent) => sent,
            Err(error) => {
                tracing::warn!(%error, "a notice could not be sent");
                false
            }
        }
    }

    async fn try_system_notice(&self, workspace: WorkspaceId, to: &str, notice: &Notice) -> Result<bool> {
        let mut tx = self.db().read().await?;
        let workspace = store::workspaces::find(&mut tx, workspace).await?;
        let Some(channel) = self.system_channel(&mut tx, &workspace).await? else { return Ok(false) };
        let Some(from) = system_sender(&mut tx, &workspace, &channel).await? else { return Ok(false) };
        drop(tx);
        let sent = self.send_notice(&channel, &from, to, notice).await;
        if let Err(error) = &sent {
            tracing::warn!(%error, channel = %channel.id, "a notice could not be sent");
        }
        Ok(sent.is_ok())
    }

    /// The channel for notices, unless there is none or it is paused.
    async fn system_channel(&self, tx: &mut Tx, workspace: &Workspace) -> Result<Option<Channel>> {
        let Some(id) = workspace.system_channel_id else { return Ok(None) };
        let channel = store::channels::find(tx, workspace.id, id).await?;
        Ok((channel.deleted_at.is_none() && channel.pause_at(self.now()).is_none()).then_some(channel))
    }
}

/// Whom a workspace's notices come from: the channel's account where that is an address, else the first identity that
/// has proved it may send through the channel.
async fn system_sender(tx: &mut Tx, workspace: &Workspace, channel: &Channel) -> Result<Option<Mailbox>> {
    let account = channel.username.as_deref().and_then(|name| domain::EmailAddress::parse("username", name).ok());
    let address = match account {
        Some(account) => Some(account.as_str().to_owned()),
        None => store::identities::list_verified_through(tx, channel).await?.into_iter().next().map(|it| it.address),
    };
    Ok(address.map(|address| Mailbox::new(&workspace.name, address)))
}

fn outcome(transaction: Transaction) -> std::result::Result<(), NoticeError> {
    match transaction.outcome {
        Outcome::Accepted { .. } => Ok(()),
        Outcome::Refused { reply, .. } => Err(NoticeError::Refused(reply)),
        Outcome::Lost { fault, .. } => Err(NoticeError::Lost(fault.to_string())),
        Outcome::Unsendable(why) => Err(NoticeError::Lost(why.to_string())),
    }
}
