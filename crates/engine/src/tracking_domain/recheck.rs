//! The worker that looks at tracking hosts in use, and switches off what is broken.

use std::time::Duration;

use domain::time::MINUTE;
use store::tracking_domains::{self, TrackingDomain};
use tokio_util::sync::CancellationToken;

use super::check::with_outcome;
use crate::{Engine, Result};

/// How long the worker sleeps between its rounds.
const PAUSE: Duration = Duration::from_secs(30);
/// How often a host that works is looked at: until it is found broken, new mail leads nowhere.
const OFTEN: i64 = 10 * MINUTE;
/// How often one that fails is.
const WHILE_FAILING: i64 = 5 * MINUTE;
/// How long a host may fail before new mail uses the default host again: a short disturbance of DNS is over by then.
const PATIENCE: i64 = 15 * MINUTE;

impl Engine {
    pub(crate) async fn look_after_domains_until(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.renew_certificates().await {
                tracing::error!(%error, "certificates could not be seen to");
            }
            if let Err(error) = self.recheck_tracking_domains().await {
                tracing::error!(%error, "tracking domains could not be looked at");
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    }

    /// Looks at every tracking host whose time has come, and learns what other nodes changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recheck_tracking_domains(&self) -> Result<()> {
        self.learn_domains().await?;
        let mut tx = self.db().read().await?;
        let domains = tracking_domains::list(&mut tx).await?;
        drop(tx);
        for domain in domains.into_iter().filter(|domain| self.is_due(domain)) {
            self.recheck(domain).await?;
        }
        Ok(())
    }

    fn is_due(&self, domain: &TrackingDomain) -> bool {
        let pause = if domain.failing_since.is_some() { WHILE_FAILING } else { OFTEN };
        let checked_long_ago = domain.checked_at.is_none_or(|at| at.plus(pause) <= self.now());
        // One that was switched off is looked at too: it goes on by itself once it works again.
        checked_long_ago && (domain.active_since.is_some() || domain.failing_since.is_some())
    }

    async fn recheck(&self, before: TrackingDomain) -> Result<()> {
        let probe = self.probe_tracking_host(&before.host).await?;
        let now = self.now();
        let (workspace, was_active) = (before.workspace_id, before.active_since.is_some());
        let was_failing = before.failing_since.is_some();
        let mut after = with_outcome(before, &probe, now);
        match (probe.problem(), after.failing_since) {
            (Some(problem), Some(since)) if was_active && since.plus(PATIENCE) <= now => {
                tracing::warn!(host = after.host, problem = problem.code, "a tracking host is switched off: it fails");
                after.active_since = None;
            }
            (Some(problem), _) => tracing::warn!(host = after.host, problem = problem.code, "a tracking host fails"),
            (None, _) if !was_active && was_failing => {
                tracing::info!(host = after.host, "a tracking host works again");
                after.active_since = Some(now);
            }
            (None, _) => {}
        }
        let mut tx = self.db().begin().await?;
        match tracking_domains::keep_check(&mut tx, &after).await {
            // Somebody entered another host meanwhile.
            Err(store::Error::NotFound) => return Ok(()),
            kept => kept?,
        }
        tx.commit().await?;
        if was_active != after.active_since.is_some() {
            self.learn_domains().await?;
        }
        self.tell_domains(workspace);
        Ok(())
    }
}
