//! The worker that looks at tracking hosts in use, and switches off what is broken.

use std::time::Duration;

use domain::time::MINUTE;
use store::tracking_domains::{self, TrackingDomain};
use tokio_util::sync::CancellationToken;

use crate::{Engine, Error, Result};

/// How long the worker sleeps between its rounds.
const PAUSE: Duration = Duration::from_secs(30);
/// How often a host that works is looked at: until it is found broken, new mail leads nowhere.
const OFTEN: i64 = 10 * MINUTE;
/// How often one that fails is.
const WHILE_FAILING: i64 = 5 * MINUTE;

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
            self.recheck(&domain).await?;
        }
        Ok(())
    }

    fn is_due(&self, domain: &TrackingDomain) -> bool {
        let (pause, now) = (if domain.failing_since.is_some() { WHILE_FAILING } else { OFTEN }, self.now());
        let checked_long_ago = domain.checked_at.is_none_or(|at| {
            // From the moment on at which its certificate ends, every new link would lead to a warning.
            let certificate_ended = domain.certificate_ends_at.is_some_and(|end| at < end && end <= now);
            at.plus(pause) <= now || certificate_ended
        });
        // One that was switched off is looked at too: it goes on by itself once it works again.
        checked_long_ago && (domain.active_since.is_some() || domain.failing_since.is_some())
    }

    async fn recheck(&self, domain: &TrackingDomain) -> Result<()> {
        let probe = self.probe_tracking_host(&domain.host).await?;
        let mut tx = self.db().begin().await?;
        let after = match self.keep_outcome(&mut tx, domain, &probe).await {
            // Somebody entered another host meanwhile.
            Err(Error::NotFound) => return Ok(()),
            kept => kept?,
        };
        tx.commit().await?;
        if domain.active_since.is_some() != after.active_since.is_some() {
            self.learn_domains().await?;
        }
        self.tell_domains(domain.workspace_id);
        Ok(())
    }
}
