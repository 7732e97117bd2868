//! Network addresses and programs of readers are dropped after a time that the workspace sets; verdicts stay.

use domain::time::DAY;

use crate::{Engine, Result};

/// Traces dropped in one transaction, so that nobody waits long.
const BATCH: u32 = 1000;

impl Engine {
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
