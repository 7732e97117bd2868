//! Every mail received, in a folder, as it came over the wire: so that a test can look into anybody's inbox.

use std::path::Path;

use simulator::World;

use crate::error::{Error, Result};

/// Writes the mail received since `written`, and answers how many there are now.
pub(super) async fn write_new(world: &World, folder: &Path, written: usize) -> Result<usize> {
    let letters = world.received();
    for (number, letter) in letters.iter().enumerate().skip(written) {
        let path = folder.join(format!("{number:06}.eml"));
        let unfinished = path.with_extension("new");
        let failed = |source| Error::File { path: path.clone(), source };
        tokio::fs::write(&unfinished, &letter.raw).await.map_err(failed)?;
        tokio::fs::rename(&unfinished, &path).await.map_err(failed)?;
    }
    Ok(letters.len())
}
