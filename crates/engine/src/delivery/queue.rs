//! How much mail waits: for the figures an operator watches.

use domain::Status;
use store::{folder_counts, workspaces};

use crate::{Engine, Result};

impl Engine {
    /// How many emails of all workspaces are scheduled or in progress.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn queue_length(&self) -> Result<i64> {
        let mut tx = self.db().read().await?;
        let mut length = 0;
        for workspace in workspaces::list(&mut tx).await? {
            for status in [Status::Scheduled, Status::InProgress] {
                length += folder_counts::total(&mut tx, workspace.id, status).await?;
            }
        }
        Ok(length)
    }
}
