//! How soon the program is ready on an empty store, and what it holds when nobody asks anything.

use std::time::Duration;

use super::{
    figures::{Figures, Goal},
    folder, process,
    serving::Serving,
};
use crate::error::Result;

/// The median of so many starts.
const STARTS: usize = 5;
/// From ready to idle.
const CALM: Duration = Duration::from_secs(3);
const MEGABYTE: f64 = 1e6;

/// An empty store, served.
pub(super) struct Fresh {
    pub(super) serving: Serving,
    /// Dropped after the program has ended.
    _folder: tempfile::TempDir,
}

/// Measures, and hands on the program that was started last.
pub(super) async fn measure(figures: &mut Figures) -> Result<Fresh> {
    let mut fresh = start().await?;
    let mut times = vec![fresh.serving.ready_after];
    while times.len() < STARTS {
        fresh = start().await?;
        times.push(fresh.serving.ready_after);
    }
    times.sort_unstable();
    figures.promised("start_to_ready", times[STARTS / 2].as_secs_f64(), "s", Goal::Below(0.5))?;

    tokio::time::sleep(CALM).await;
    #[expect(clippy::cast_precision_loss, reason = "no memory is so large")]
    let memory = process::resident_memory(fresh.serving.process()?)? as f64;
    figures.promised("idle_memory", memory / MEGABYTE, "MB", Goal::Below(60.0))?;
    Ok(fresh)
}

async fn start() -> Result<Fresh> {
    let folder = folder()?;
    Ok(Fresh { serving: Serving::start(folder.path(), None).await?, _folder: folder })
}
