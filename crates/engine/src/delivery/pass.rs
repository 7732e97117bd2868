//! One pass over everything that is due.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use domain::{
    ChannelId, EmailId, UserId, WorkspaceId,
    limits::{Limits, allowance},
    reasons::WaitReason,
    time::{DAY, MINUTE},
};
use store::{channels::Channel, emails::Email};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Engine, Result};

/// Emails claimed at once.
const BATCH: u32 = 40;

/// Connections used for one channel at once.
const CONNECTIONS: usize = 4;

/// How long a claim holds. A worker that is gone for so long is taken to be dead.
const LEASE: i64 = 15 * MINUTE;

/// How soon a paused channel is looked at again when nobody says until when.
const PAUSED: i64 = 10 * MINUTE;

/// What the emails of one batch share.
pub(super) struct Batch {
    pub(super) channel: Channel,
    /// Transactions the channel's limits still allow.
    pub(super) budget: AtomicU32,
    /// What the next one has to wait for.
    pub(super) then: Option<(domain::Timestamp, WaitReason)>,
    /// Set when the channel was paused meanwhile.
    pub(super) paused: AtomicBool,
    pub(super) stop: CancellationToken,
}

impl Batch {
    /// Takes one transaction from the budget.
    pub(super) fn spend(&self) -> bool {
        self.budget.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

impl Engine {
    /// Hands over everything that is due now and that the limits allow; returns when nothing of that is left.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when the store fails; what was claimed is taken back by its lease.
    pub async fn deliver_due(&self, stop: &CancellationToken) -> Result<()> {
        self.recover_leases(false).await?;
        let mut tx = self.db().read().await?;
        let workspaces = store::workspaces::list(&mut tx).await?;
        drop(tx);
        for workspace in workspaces {
            let mut tx = self.db().read().await?;
            let channels = store::emails::channels_with_due(&mut tx, workspace.id, self.now()).await?;
            drop(tx);
            for channel in channels {
                while !stop.is_cancelled() && self.deliver_batch(workspace.id, channel, stop).await? {}
            }
        }
        Ok(())
    }

    /// Delivers one batch of a channel; answers whether there may be more.
    async fn deliver_batch(&self, workspace: WorkspaceId, id: ChannelId, stop: &CancellationToken) -> Result<bool> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let mut channel = store::channels::find(&mut tx, workspace, id).await?;
        if channel.deleted_at.is_some() {
            let told = self.fail_waiting_of_channel(&mut tx, &channel).await?;
            tx.commit().await?;
            self.tell_owners(workspace, told);
            return Ok(false);
        }
        if channel.paused_reason.is_some() {
            match channel.paused_until {
                Some(until) if until <= now => {
                    self.resume_in(&mut tx, &channel).await?;
                    channel = store::channels::find(&mut tx, workspace, id).await?;
                }
                until => {
                    let until = until.unwrap_or(now.plus(PAUSED));
                    let owners =
                        store::emails::wait_for_slot(&mut tx, workspace, id, now, until, WaitReason::ChannelPaused)
                            .await?;
                    tx.commit().await?;
                    self.tell_owners(workspace, owners.into_iter().map(|owner| (owner, Vec::new())));
                    return Ok(false);
                }
            }
        }
        let limits = limits_of(&channel);
        store::attempts::forget_before(&mut tx, workspace, id, now.plus(-2 * DAY)).await?;
        let recent = store::attempts::recent(&mut tx, workspace, id, &limits, now).await?;
        let allowed = allowance(&limits, &recent, now);
        if let (0, Some((until, reason))) = (allowed.now, allowed.then) {
            let owners = store::emails::wait_for_slot(&mut tx, workspace, id, now, until, reason).await?;
            tx.commit().await?;
            self.tell_owners(workspace, owners.into_iter().map(|owner| (owner, Vec::new())));
            return Ok(false);
        }
        let take = allowed.now.min(BATCH);
        let claimed = store::emails::claim(&mut tx, workspace, id, now, now.plus(LEASE), u64::from(take)).await?;
        tx.commit().await?;
        let more = claimed.len() == take as usize;
        self.tell_owners(workspace, claimed.iter().map(|email| (email.owner_id, vec![email.id])));
        let batch = Arc::new(Batch {
            channel,
            budget: AtomicU32::new(allowed.now),
            then: allowed.then,
            paused: AtomicBool::new(false),
            stop: stop.clone(),
        });
        self.transmit_all(&batch, claimed).await;
        Ok(more)
    }

    /// Transmits a batch over a few connections at once. An email that fails for a reason of ours keeps its lease and is
    /// taken back when that runs out.
    async fn transmit_all(&self, batch: &Arc<Batch>, emails: Vec<Email>) {
        let mut running = JoinSet::new();
        for email in emails {
            if running.len() >= CONNECTIONS {
                report(running.join_next().await);
            }
            let (engine, batch) = (self.clone(), Arc::clone(batch));
            running.spawn(async move { engine.transmit(&batch, email).await });
        }
        while let Some(ended) = running.join_next().await {
            report(Some(ended));
        }
    }

    fn tell_owners(&self, workspace: WorkspaceId, changed: impl IntoIterator<Item = (UserId, Vec<EmailId>)>) {
        let mut by_owner: std::collections::BTreeMap<UserId, Vec<EmailId>> = std::collections::BTreeMap::new();
        for (owner, ids) in changed {
            by_owner.entry(owner).or_default().extend(ids);
        }
        for (owner, ids) in by_owner {
            self.tell_emails(workspace, owner, ids);
        }
    }
}

fn report(ended: Option<std::result::Result<Result<()>, tokio::task::JoinError>>) {
    match ended {
        Some(Ok(Err(error))) => tracing::error!(%error, "an email could not be handled; its lease will return it"),
        Some(Err(error)) => tracing::error!(%error, "a transmission ended badly"),
        _ => {}
    }
}

fn limits_of(channel: &Channel) -> Limits {
    Limits {
        batch_size: channel.batch_size,
        batch_pause_s: channel.batch_pause_s,
        per_minute: channel.per_minute,
        per_day: channel.per_day,
    }
}
