//! Network addresses and programs of readers are dropped after a time that the workspace sets; verdicts stay.

use std::time::Duration;

use domain::time::DAY;
use tokio_util::sync::CancellationToken;

use crate::{Engine, Result};

/// How often old traces are looked for.
const PAUSE: Duration = Duration::from_mins(10);

/// Traces dropped in one transaction, so that nobody waits long.
const BATCH: u32 = 1000;

impl Engine {
    pub(crate) async fn drop_traces_until(self, stop: CancellationToken) {
        loop {
            match self.drop_traces().await {
                Ok(0) => {}
                Ok(dropped) => tracing::info!(dropped, "old traces of readers were dropped"),
                Err(error) => tracing::error!(%error, "old traces of readers could not be dropped; they will be"),
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    }

    /// Drops what is older than each workspace keeps; answers how many visits it concerned.
    ///
    /// # Errors
    /// [`crate::Error::Store`]; the next call goes on.
    pub async fn drop_traces(&self) -> Result<u64> {
        let workspaces = store::workspaces::list(&mut self.db().read().await?).await?;
        let mut dropped = 0;
        for workspace in workspaces {
            let before = self.now().plus(-i64::from(workspace.traces_days) * DAY);
            loop {
                let mut tx = self.db().begin().await?;
                let some = store::visits::drop_traces(&mut tx, workspace.id, before, BATCH).await?;
                tx.commit().await?;
                dropped += some;
                if some < u64::from(BATCH) {
                    break;
                }
            }
        }
        Ok(dropped)
    }
}
