//! Delivery: workers claim what is due, hand it over, and record what came of it.
//!
//! | room | what happens there |
//! |---|---|
//! | `dispatch` | finds channels with mail due and sends a crew to each |
//! | `crew` | one channel's mail between the queue and the folder: who does what |
//! | `portions`, `prepare`, `message`, `composition`, `fill` | from claimed rows to bytes for the wire |
//! | `begin` | the ledger says *attempting* before the first byte |
//! | `transmit`, `pool` | the SMTP transaction, over kept connections |
//! | `accepted`, `record` | what a server answered, written down |
//! | `scribe` | what a crew has to say to the ledger, one commit for many |
//! | `recover` | nodes, and what dead ones left behind |
//! | `clock_guard` | nothing leaves while the clock makes no sense |
//!
//! No lock is held while a server is spoken to. See `docs/decisions/0002-sending-ledger.md`.

mod accepted;
mod begin;
mod claims;
mod clock_guard;
mod composition;
mod crew;
mod dispatch;
mod feed;
mod fill;
mod message;
mod pool;
mod portions;
mod prepare;
mod queue;
mod record;
mod recover;
mod scribe;
mod transmit;

use std::time::Duration;

use domain::{EmailId, UserId, WorkspaceId};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, Result,
    accounts::audit::{AuditAction, Target},
    clock::uptime,
};

pub(crate) use claims::TurnsOfChannels;
pub(crate) use clock_guard::ClockGuard;
pub(crate) use composition::Compositions;
pub(crate) use dispatch::Channels;
pub(crate) use fill::{fill, under_what_was_written};
pub(crate) use pool::Pool;

/// The longest the queue is left alone when nobody rings: how late mail of another node may be noticed.
const PAUSE: Duration = Duration::from_millis(500);

/// Between two attempts to write what must be written.
const BEFORE_WRITING_AGAIN: Duration = Duration::from_secs(1);

/// The workers that run until they are told to stop.
pub struct Workers {
    handles: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Waits until every worker has finished what it was doing.
    pub async fn stopped(self) {
        for handle in self.handles {
            if let Err(error) = handle.await {
                tracing::error!(%error, "a worker ended badly");
            }
        }
    }
}

impl Engine {
    /// Starts delivery, the recording of views and clicks, the visits to mailboxes, and what else goes on by itself. They end,
    /// gracefully, when `stop` is cancelled.
    pub fn start_workers(&self, stop: &CancellationToken) -> Workers {
        let deliver = tokio::spawn(self.clone().deliver_until(stop.clone()));
        let record = tokio::spawn(self.clone().record_visits_until(stop.clone()));
        let settle = tokio::spawn(self.clone().settle_visits_until(stop.clone()));
        let keep_house = tokio::spawn(self.clone().keep_house_until(stop.clone()));
        let visit = tokio::spawn(self.clone().visit_mailboxes_until(stop.clone()));
        let watch = tokio::spawn(self.clone().watch_mailboxes_until(stop.clone()));
        let act = tokio::spawn(self.clone().act_on_waiting_until(stop.clone()));
        let recheck = tokio::spawn(self.clone().look_after_domains_until(stop.clone()));
        Workers { handles: vec![deliver, record, settle, keep_house, visit, watch, act, recheck] }
    }

    /// Lets the workers look at once.
    pub(crate) fn wake_delivery(&self) {
        self.shared.channels.wake();
        self.shared.delivery_bell.notify_one();
    }

    async fn deliver_until(self, stop: CancellationToken) {
        self.shared.clock_guard.begin(self.now(), uptime());
        if let Err(error) = self.take_back_left_behind(!self.db().is_shared()).await {
            tracing::error!(%error, "what an earlier run had claimed could not be taken back");
        }
        let beat = tokio::spawn(self.clone().beat_until(stop.clone()));
        self.dispatch_until(&stop).await;
        self.shared.pool.close().await;
        if let Err(error) = beat.await {
            tracing::error!(%error, "the heartbeat ended badly");
        }
        if let Err(error) = self.take_leave().await {
            tracing::warn!(%error, "this node could not take its leave; the others will notice");
        }
    }

    /// Writes what has happened and must not be forgotten, however long the database cannot. `None` when the program stops
    /// meanwhile; the ledger then says *attempting*, which the next start understands.
    async fn until_written<T, F>(
        &self,
        stop: &CancellationToken,
        what: &'static str,
        mut write: impl FnMut() -> F,
    ) -> Option<T>
    where
        F: Future<Output = Result<T>>,
    {
        loop {
            match write().await {
                Ok(written) => return Some(written),
                Err(error) => tracing::error!(%error, what, "cannot be written; trying again"),
            }
            tokio::select! {
                () = stop.cancelled() => return None,
                () = tokio::time::sleep(BEFORE_WRITING_AGAIN) => {}
            }
        }
    }

    /// Tells open screens which emails changed.
    pub(crate) fn tell_of(&self, workspace: WorkspaceId, changed: impl IntoIterator<Item = (UserId, EmailId)>) {
        let mut by_owner: std::collections::BTreeMap<UserId, Vec<EmailId>> = std::collections::BTreeMap::new();
        for (owner, id) in changed {
            by_owner.entry(owner).or_default().push(id);
        }
        for (owner, ids) in by_owner {
            self.tell_emails(workspace, owner, ids);
        }
    }

    /// Whether delivery stands still because the clock jumped.
    pub fn clock_jumped(&self) -> bool {
        self.shared.clock_guard.jumped()
    }

    /// Lets delivery go on after a jump of the clock: an administrator has looked at it.
    ///
    /// # Errors
    /// [`crate::Error::Denied`] for anybody but an administrator.
    pub async fn confirm_clock(&self, actor: &domain::authorization::Actor) -> Result<()> {
        self.allow(actor, domain::authorization::Action::AdministerWorkspace)?;
        let mut tx = self.db().begin().await?;
        self.record(&mut tx, actor, AuditAction::ClockConfirmed, Target::Workspace(actor.workspace), None, None)
            .await?;
        tx.commit().await?;
        self.shared.clock_guard.begin(self.now(), uptime());
        self.wake_delivery();
        Ok(())
    }
}
