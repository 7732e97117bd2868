//! One server per database file. The lock is the operating system's: it ends with the process, however that ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// Held while a database file is served.
#[derive(Debug)]
pub(crate) struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock of `database`, in a file beside it.
    pub(crate) fn take(database: &Path) -> Result<Self> {
        let path = beside(database);
        let failed = |source| Error::File { path: path.clone(), source };
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::AlreadyServed { path: database.to_owned() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

/// One file has one lock, by whatever way one comes to it.
fn beside(database: &Path) -> PathBuf {
    let real = database.canonicalize().unwrap_or_else(|_| database.to_owned());
    let mut name = real.into_os_string();
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("quarterdeck.db");
        let first = ServerLock::take(&database).unwrap();
        assert!(matches!(ServerLock::take(&database), Err(Error::AlreadyServed { .. })));
        drop(first);
        ServerLock::take(&database).unwrap();
    }

    #[test]
    fn a_link_to_the_file_leads_to_the_same_lock() {
        let folder = tempfile::tempdir().unwrap();
        let (database, link) = (folder.path().join("quarterdeck.db"), folder.path().join("link.db"));
        std::fs::write(&database, "").unwrap();
        std::os::unix::fs::symlink(&database, &link).unwrap();
        let _first = ServerLock::take(&database).unwrap();
        assert!(matches!(ServerLock::take(&link), Err(Error::AlreadyServed { .. })));
    }
}
