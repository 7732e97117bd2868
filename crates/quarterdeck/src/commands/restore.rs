//! `quarterdeck restore`.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use engine::{Clock, SystemClock, restore::hold_back};
use store::{
    Db, Location,
    backup::{self, Manifest},
};

use super::progress::Progress;
use crate::{
    configuration::Configuration,
    error::{Error, Result},
    open,
    server::Server,
};

pub(super) async fn run(configuration: &Configuration, path: &Path) -> Result<()> {
    let (manifest, rows) = backup::check(file(path)?)?;
    open::make_folder(&configuration.data_dir.value)?;
    let location = configuration.location();
    let _lock = open::lock(&location)?;
    let new = NewFile::of(&location);
    tokio::select! {
        restored = restore(&location, path, &manifest) => {
            restored.map_err(|error| Error::NotRestored(Box::new(error)))?;
        }
        stop = Server::until_told_to_stop() => {
            stop?;
            return Err(Error::Interrupted("nothing was restored"));
        }
    }
    new.keep();
    println!("{} rows are back, as they were at {}.", rows.values().sum::<u64>(), manifest.taken_at);
    println!("Every channel is paused, because mail that waits may have been sent since. Look at what is scheduled,");
    println!("delete what has left, then resume the channels. Everybody signs in again.");
    let keys = configuration.keys();
    if !keys.exists() {
        println!("There is no {}: put the one of the old server there before you start this one.", keys.display());
    }
    Ok(())
}

/// All of it in one transaction.
async fn restore(location: &Location, path: &Path, manifest: &Manifest) -> Result<()> {
    let mut progress = Progress::new("restoring");
    let db = Db::untouched(location).await?;
    let mut tx = backup::load(&db, file(path)?, |table, rows| progress.tell(table, rows)).await?;
    hold_back(&mut tx, manifest.taken_at, SystemClock.now()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}

fn file(path: &Path) -> Result<BufReader<File>> {
    File::open(path).map(BufReader::new).map_err(|source| Error::File { path: path.to_owned(), source })
}

/// The database file, if it is not there yet: it goes again unless it is kept.
struct NewFile(Option<PathBuf>);

impl NewFile {
    fn of(location: &Location) -> Self {
        match location {
            Location::SqliteFile(path) if !path.exists() => Self(Some(path.clone())),
            _ => Self(None),
        }
    }

    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            if let Some(path) = &self.0 {
                let mut name = path.clone().into_os_string();
                name.push(end);
                // What is not there need not go.
                let _ = std::fs::remove_file(name);
            }
        }
    }
}
