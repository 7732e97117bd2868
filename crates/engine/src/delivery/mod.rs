//! Delivery: the worker claims what is due, hands it over, and records what came of it.
//!
//! A claim is one statement under a lease. Before the first byte of a transaction the ledger says *attempting*, durably;
//! after it, the outcome. No lock is held while a server is spoken to. See `docs/decisions/0002-sending-ledger.md`.

mod clock_guard;
mod fill;
mod pass;
mod pool;
mod prepare;
mod queue;
mod record;
mod recover;
mod transmit;

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, Result,
    accounts::audit::{AuditAction, Target},
};

pub(crate) use clock_guard::ClockGuard;
pub(crate) use fill::fill;
pub(crate) use pool::Pool;

/// The longest the worker sleeps when nobody wakes it: how late a scheduled email may be noticed.
const PAUSE: Duration = Duration::from_millis(500);

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
    /// Starts delivery and the recording of views and clicks. They end, gracefully, when `stop` is cancelled.
    pub fn start_workers(&self, stop: &CancellationToken) -> Workers {
        let deliver = tokio::spawn(self.clone().deliver_until(stop.clone()));
        let record = tokio::spawn(self.clone().record_visits_until(stop.clone()));
        Workers { handles: vec![deliver, record] }
    }

    /// Lets the worker look at once.
    pub(crate) fn wake_delivery(&self) {
        self.shared.delivery_bell.notify_one();
    }

    async fn deliver_until(self, stop: CancellationToken) {
        self.shared.clock_guard.begin(self.now());
        if let Err(error) = self.recover_leases(true).await {
            tracing::error!(%error, "leases of an earlier run could not be taken back");
        }
        while !stop.is_cancelled() {
            if self.shared.clock_guard.is_steady(self.now())
                && let Err(error) = self.deliver_due(&stop).await
            {
                tracing::error!(%error, "delivery pass failed; it goes on");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.shared.delivery_bell.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        self.shared.pool.close().await;
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
        self.shared.clock_guard.confirm(self.now());
        self.wake_delivery();
        Ok(())
    }
}
