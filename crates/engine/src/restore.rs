//! After a backup was restored.
//!
//! A backup knows mail as waiting that may have left since it was written: sent again, it would arrive twice. Nobody but a
//! person can know, so every channel is paused, with that reason, until an administrator resumes it. What was being handed
//! over when the backup was written becomes uncertain when the server starts, as after a crash.

use domain::{Timestamp, reasons::PauseReason};
use store::{Tx, channels::Pause};

use crate::Result;

/// Lets nothing leave what was just restored from a backup of the moment `taken_at`, and nobody in without signing in.
///
/// # Errors
/// [`crate::Error::Internal`].
pub async fn hold_back(tx: &mut Tx, taken_at: Timestamp, now: Timestamp) -> Result<()> {
    let pause = Pause { reason: PauseReason::Restored, text: Some(taken_at.to_string()), at: now, until: None };
    Ok(store::backup::hold(tx, &pause).await?)
}
