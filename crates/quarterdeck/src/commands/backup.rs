//! `quarterdeck backup`.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
};

use engine::{Clock, SystemClock};
use store::{Db, Location, backup};
use tempfile::NamedTempFile;

use super::progress::Progress;
use crate::{
    configuration::Configuration,
    error::{Error, Result},
    server::Server,
};

pub(super) async fn run(configuration: &Configuration, path: &Path) -> Result<()> {
    let location = configuration.location();
    if let Location::SqliteFile(database) = &location
        && !database.exists()
    {
        return Err(Error::NoDatabase { path: database.clone() });
    }
    let unfinished = Unfinished::beside(path)?;
    let mut progress = Progress::new("backing up");
    let db = Db::look(&location).await?;
    let out = BufWriter::new(unfinished.file.as_file());
    let tell = |table: &str, rows| progress.tell(table, rows);
    let written = tokio::select! {
        written = backup::write(&db, env!("CARGO_PKG_VERSION"), SystemClock.now(), out, tell) => {
            written.map_err(|error| unwritten(error, path))?
        }
        stop = Server::until_told_to_stop() => {
            stop?;
            return Err(Error::Interrupted("no backup was written"));
        }
    };
    db.close().await;
    unfinished.finish()?;
    println!("{} holds {} rows of {} tables.", path.display(), written.values().sum::<u64>(), written.len());
    println!("The keys are not in it. Keep a copy of {} in another place:", configuration.keys().display());
    println!("without it the passwords of channels are lost, and the links of mail already sent lead nowhere.");
    Ok(())
}

/// Why the file at `path` was not written: the operating system does not say which file it means.
fn unwritten(error: backup::Error, path: &Path) -> Error {
    match error {
        backup::Error::File(source) => Error::File { path: path.to_owned(), source },
        other => other.into(),
    }
}

/// A file that gets its name when it is whole; dropped before, it is gone.
struct Unfinished {
    file: NamedTempFile,
    path: PathBuf,
    folder: PathBuf,
}

impl Unfinished {
    fn beside(path: &Path) -> Result<Self> {
        if path.exists() {
            return Err(Error::FileExists { path: path.to_owned() });
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::metadata(folder).map_err(|source| Error::File { path: folder.to_owned(), source })?;
        let made = tempfile::Builder::new().prefix(".quarterdeck-backup-").tempfile_in(folder);
        // Its own words name the file that was to be, which nobody knows.
        let file = made.map_err(|error| Error::File { path: folder.to_owned(), source: error.kind().into() })?;
        Ok(Self { file, path: path.to_owned(), folder: folder.to_owned() })
    }

    /// Gives the file its name, durably; never that of another file.
    fn finish(self) -> Result<()> {
        let failed = |source| Error::File { path: self.path.clone(), source };
        self.file.as_file().sync_all().map_err(failed)?;
        self.file.persist_noclobber(&self.path).map_err(|error| failed(error.error))?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}
