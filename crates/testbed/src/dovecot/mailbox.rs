//! A folder of a user, read and filled behind Dovecot's back.

use std::fs;
use std::io;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::or_fail;

/// The Maildir of one folder.
pub struct Folder {
    path: PathBuf,
    owner: (u32, u32),
}

impl Folder {
    pub(super) fn new(home: &Path, name: &str, owner: (u32, u32)) -> Self {
        let path = if name == "INBOX" { home.to_owned() } else { home.join(format!(".{name}")) };
        Self { path, owner }
    }

    /// Every message in it, in no order.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        self.files().into_iter().filter_map(|path| fs::read(path).ok()).collect()
    }

    /// The flags of every message, as the Maildir spells them: `S` for seen; nothing for a message that nobody touched.
    pub fn flags(&self) -> Vec<String> {
        let flags = |path: PathBuf| path.to_string_lossy().split_once(":2,").map(|(_, flags)| flags.to_owned());
        self.files().into_iter().map(|path| flags(path).unwrap_or_default()).collect()
    }

    /// Puts a message into it, as a delivery does.
    ///
    /// # Panics
    /// If the folder cannot be written.
    pub fn deliver(&self, message: &[u8]) {
        or_fail(
            self.try_deliver(message)
                .map(drop)
                .map_err(|error| format!("{} cannot be written: {error}.", self.path.display())),
        );
    }

    /// Puts a message into it as one that was delivered at `moment`.
    ///
    /// # Panics
    /// If the folder cannot be written.
    pub fn deliver_at(&self, message: &[u8], moment: SystemTime) {
        let delivered = self.try_deliver(message).and_then(|path| fs::File::open(path)?.set_modified(moment));
        or_fail(delivered.map_err(|error| format!("{} cannot be written: {error}.", self.path.display())));
    }

    /// Deletes it and makes it anew, empty, so that its messages are numbered from the beginning under another UIDVALIDITY.
    ///
    /// # Panics
    /// If the folder cannot be deleted.
    pub fn recreate(&self) {
        let recreated = fs::remove_dir_all(&self.path).and_then(|()| self.prepare());
        or_fail(recreated.map_err(|error| format!("{} cannot be made anew: {error}.", self.path.display())));
    }

    fn try_deliver(&self, message: &[u8]) -> io::Result<PathBuf> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (uid, gid) = self.owner;
        self.prepare()?;
        let name = format!("{}.{}.testbed", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = self.path.join("tmp").join(&name);
        fs::write(&path, message)?;
        chown(&path, Some(uid), Some(gid))?;
        let delivered = self.path.join("new").join(name);
        fs::rename(path, &delivered)?;
        Ok(delivered)
    }

    /// Makes its directories, where they are missing.
    fn prepare(&self) -> io::Result<()> {
        let (uid, gid) = self.owner;
        for folder in [self.path.parent(), Some(self.path.as_path())].into_iter().flatten() {
            for path in [folder.to_owned(), folder.join("new"), folder.join("cur"), folder.join("tmp")] {
                if !path.exists() && !folder.ends_with("mail") {
                    fs::create_dir(&path)?;
                    chown(&path, Some(uid), Some(gid))?;
                }
            }
        }
        Ok(())
    }

    fn files(&self) -> Vec<PathBuf> {
        ["new", "cur"]
            .into_iter()
            .filter_map(|part| fs::read_dir(self.path.join(part)).ok())
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect()
    }
}
