//! What goes by itself when its time is over: traces of readers, and what was deleted.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::Engine;

/// How often it is looked for.
const PAUSE: Duration = Duration::from_mins(10);

impl Engine {
    /// Keeps the house until `stop`. What is cut off then is taken up at the next start.
    pub(crate) async fn keep_house_until(self, stop: CancellationToken) {
        let keep_house = async {
            loop {
                match self.drop_traces().await {
                    Ok(0) => {}
                    Ok(dropped) => tracing::info!(dropped, "old traces of readers were dropped"),
                    Err(error) => tracing::error!(%error, "old traces of readers could not be dropped; they will be"),
                }
                match self.erase_deleted().await {
                    Ok(0) => {}
                    Ok(erased) => tracing::info!(erased, "emails that were deleted long ago were erased"),
                    Err(error) => tracing::error!(%error, "deleted emails could not be erased; they will be"),
                }
                if let Err(error) = self.forget_frames().await {
                    tracing::error!(%error, "what was recorded long ago could not be forgotten; it will be");
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        stop.run_until_cancelled(keep_house).await;
    }
}
