//! What a disk holds when the power goes: everything up to the last sync of each file, and of the rest nothing or
//! anything.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::trace::{Call, What};
use crate::error::Result;

/// The files of a folder, as a trace left them.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: BTreeMap<PathBuf, File>,
}

#[derive(Debug, Default, Clone)]
struct File {
    durable: Vec<u8>,
    /// Changes since, with the line of the trace at which each ended.
    pending: Vec<(usize, Change)>,
}

#[derive(Debug, Clone)]
enum Change {
    Write { offset: Option<usize>, bytes: Vec<u8> },
    Cut { length: usize },
}

impl Disk {
    /// Plays the calls that ended at the line `cut` or before, as far as they concern files under `folder`.
    ///
    /// That a file was made, renamed or removed is taken to be kept in order, as journalling file systems do.
    pub(crate) fn play(calls: &[Call], folder: &Path, cut: usize) -> Self {
        let mut disk = Self::default();
        for call in calls.iter().filter(|call| call.ended <= cut) {
            disk.obey(call, folder);
        }
        disk
    }

    fn obey(&mut self, call: &Call, folder: &Path) {
        let file = |path: &PathBuf| path.strip_prefix(folder).ok().map(Path::to_owned);
        match &call.what {
            What::Made { path, emptied } => {
                let Some(path) = file(path) else { return };
                let file = self.files.entry(path).or_default();
                if *emptied {
                    file.pending.push((call.ended, Change::Cut { length: 0 }));
                }
            }
            What::Wrote { path, offset, bytes } => {
                let Some(path) = file(path) else { return };
                let change = Change::Write { offset: *offset, bytes: bytes.clone() };
                self.files.entry(path).or_default().pending.push((call.ended, change));
            }
            What::Cut { path, length } => {
                let Some(path) = file(path) else { return };
                self.files.entry(path).or_default().pending.push((call.ended, Change::Cut { length: *length }));
            }
            What::Synced { path } => {
                if let Some(file) = file(path).and_then(|path| self.files.get_mut(&path)) {
                    file.sync(call.began);
                }
            }
            What::Renamed { from, to } => {
                let Some((from, to)) = file(from).zip(file(to)) else { return };
                if let Some(file) = self.files.remove(&from) {
                    self.files.insert(to, file);
                }
            }
            What::Removed { path } => {
                let Some(path) = file(path) else { return };
                self.files.remove(&path);
            }
            What::Sent { .. } => {}
        }
    }

    /// Writes what the disk holds into a folder. Of what was not synced, `survives` says what reached it all the same.
    pub(crate) fn write_to(&self, folder: &Path, mut survives: impl FnMut() -> bool) -> Result<()> {
        for (path, file) in &self.files {
            let mut file = file.clone();
            for (_, change) in std::mem::take(&mut file.pending) {
                if survives() {
                    file.apply(&change);
                }
            }
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, file.durable)?;
        }
        Ok(())
    }
}

impl File {
    /// A sync covers the changes that had ended when it began.
    fn sync(&mut self, began: usize) {
        for (ended, change) in std::mem::take(&mut self.pending) {
            if ended < began {
                self.apply(&change);
            } else {
                self.pending.push((ended, change));
            }
        }
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Write { offset, bytes } => {
                let offset = offset.unwrap_or(self.durable.len());
                let end = offset + bytes.len();
                if self.durable.len() < end {
                    self.durable.resize(end, 0);
                }
                self.durable[offset..end].copy_from_slice(bytes);
            }
            Change::Cut { length } => self.durable.resize(*length, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(whats: Vec<What>) -> Vec<Call> {
        whats.into_iter().enumerate().map(|(line, what)| Call { began: line, ended: line, at: 0, what }).collect()
    }

    fn content(calls: &[Call], cut: usize, survives: bool) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        Disk::play(calls, Path::new("/d"), cut).write_to(folder.path(), || survives).unwrap();
        fs::read(folder.path().join("f")).unwrap()
    }

    #[test]
    fn what_was_not_synced_is_lost_or_kept_as_the_power_pleases() {
        let path = || PathBuf::from("/d/f");
        let wrote = |offset, bytes: &[u8]| What::Wrote { path: path(), offset: Some(offset), bytes: bytes.to_vec() };
        let calls = calls(vec![
            What::Made { path: path(), emptied: false },
            wrote(0, b"aaaa"),
            What::Synced { path: path() },
            wrote(2, b"bbbb"),
            What::Cut { path: path(), length: 5 },
        ]);
        assert_eq!(content(&calls, 1, false), b"");
        assert_eq!(content(&calls, 2, false), b"aaaa");
        assert_eq!(content(&calls, 4, false), b"aaaa");
        assert_eq!(content(&calls, 4, true), b"aabbb");
    }

    #[test]
    fn a_sync_does_not_cover_what_was_written_while_it_ran() {
        let path = || PathBuf::from("/d/f");
        let call = |began, ended, what| Call { began, ended, at: 0, what };
        let wrote = What::Wrote { path: path(), offset: Some(0), bytes: b"a".to_vec() };
        let calls = [
            call(0, 0, What::Made { path: path(), emptied: false }),
            call(2, 3, wrote),
            call(1, 4, What::Synced { path: path() }),
        ];
        assert_eq!(content(&calls, 4, false), b"");
    }
}
