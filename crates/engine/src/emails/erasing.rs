//! What was deleted and can no longer come back goes for good.
//!
//! An email that never left goes with everything that belongs to it. Of one that did, the words and the files go; what the
//! recipients' copies and answers still refer to stays: its row, its ledger and its history, without which a link would lead
//! nowhere, nobody could unsubscribe, and a late complaint would be taken for a forged one.

use domain::{WorkspaceId, status::DELETED_DAYS, time::DAY};
use store::emails::{erase, has_left, remove, to_erase};

use crate::{Engine, Result};

/// Emails in one transaction, so that nobody waits long.
const BATCH: u64 = 25;

impl Engine {
    /// Erases the emails that were deleted so long ago that they cannot come back; answers how many.
    ///
    /// # Errors
    /// [`crate::Error::Internal`]; the next call goes on.
    pub async fn erase_deleted(&self) -> Result<u64> {
        let workspaces = store::workspaces::list(&mut self.db().read().await?).await?;
        let mut erased = 0;
        for workspace in workspaces {
            loop {
                let some = self.erase_some(workspace.id).await?;
                erased += some;
                if some < BATCH {
                    break;
                }
            }
        }
        Ok(erased)
    }

    async fn erase_some(&self, workspace: WorkspaceId) -> Result<u64> {
        let before = self.now().plus(-DELETED_DAYS * DAY);
        let mut tx = self.db().begin().await?;
        let mut erased = 0;
        for email in to_erase(&mut tx, workspace, before, BATCH).await? {
            if has_left(&mut tx, workspace, email).await? {
                erase(&mut tx, workspace, email, self.now()).await?;
            } else {
                remove(&mut tx, workspace, email).await?;
            }
            erased += 1;
        }
        tx.commit().await?;
        Ok(erased)
    }
}
