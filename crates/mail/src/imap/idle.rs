//! Waiting until something arrives in the open folder.

use std::time::Duration;

use super::{Cause, Session};

impl Session {
    /// Whether the server tells of new messages by itself (`IDLE`, RFC 2177).
    pub fn can_idle(&self) -> bool {
        self.offers.include("IDLE")
    }

    /// Whether messages came since the folder was opened or looked into last.
    pub fn has_news(&self) -> bool {
        self.wire.news
    }

    /// Waits until a message comes, and `longest` at most: less than 29 minutes, after which servers hang up.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn idle(&mut self, longest: Duration) -> Result<(), Cause> {
        if self.wire.news {
            return Ok(());
        }
        self.forget();
        self.wire.idle(longest, &mut self.log).await
    }
}
