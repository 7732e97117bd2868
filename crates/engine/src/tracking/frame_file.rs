//! A file that holds what waits to be recorded. Its owner holds its lock, which ends with the process, however that ends:
//! whoever gets the lock knows that the owner is dead.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use store::visits::frames::FrameId;

use super::visits::{Asked, Times};

/// The largest file. A frame that is added to for so long belongs to a store that is away; what comes then is in memory only.
const MOST: u64 = 4 * 1024 * 1024;

/// An open file of this process.
pub(super) struct FrameFile {
    file: File,
    path: PathBuf,
    bytes: u64,
}

/// A file that somebody left who is dead. It is ours now.
pub(super) struct Left {
    pub(super) id: FrameId,
    pub(super) file: FrameFile,
    pub(super) visits: Vec<(Asked, Times)>,
}

impl FrameFile {
    /// An empty one in `folder`.
    pub(super) fn create(folder: &Path, id: FrameId) -> io::Result<Self> {
        let name = format!("{}.{}", id.node, id.number);
        // Locked before it has its name, so that nobody ever finds it unlocked.
        let unnamed = folder.join(format!(".{name}"));
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unnamed)?;
        file.try_lock()?;
        let path = folder.join(name);
        fs::rename(&unnamed, &path)?;
        Ok(Self { file, path, bytes: 0 })
    }

    /// Adds `visits` with one write. Nothing is synced: what was written survives the process, and that is all it is for.
    pub(super) fn append(&mut self, visits: &[(Asked, Times)]) -> io::Result<()> {
        if self.bytes > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        // A line that was left half written ends here.
        let mut text = b"\n".to_vec();
        for visit in visits {
            serde_json::to_writer(&mut text, visit)?;
            text.push(b'\n');
        }
        self.bytes += text.len() as u64;
        self.file.write_all(&text)
    }

    /// What is recorded is not kept. A file that cannot be removed is read once more, and found recorded.
    pub(super) fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }

    /// The files of the dead in `folder`, which is made if need be; in the order of writing.
    pub(super) fn of_the_dead(folder: &Path) -> io::Result<Vec<Left>> {
        fs::create_dir_all(folder)?;
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(id) = path.file_name().and_then(|name| name.to_str()).and_then(frame_of) else { continue };
            // Somebody else who starts just now may have removed it.
            let Ok(file) = OpenOptions::new().read(true).append(true).open(&path) else { continue };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let visits = read(&file)?;
            found.push(Left { id, file: Self { file, path, bytes: MOST }, visits });
        }
        found.sort_by_key(|left| left.id);
        Ok(found)
    }
}

/// The frame that a file is called by, also before it has its name.
fn frame_of(name: &str) -> Option<FrameId> {
    let (node, number) = name.trim_start_matches('.').split_once('.')?;
    Some(FrameId { node: node.parse().ok()?, number: number.parse().ok()? })
}

/// Everything that is whole: a kill may cut the last line.
fn read(file: &File) -> io::Result<Vec<(Asked, Times)>> {
    let mut visits = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        visits.extend(serde_json::from_slice(&line?).ok());
    }
    Ok(visits)
}

#[cfg(test)]
mod tests {
    use domain::NodeId;
    use uuid::Uuid;

    use super::*;
    use crate::tracking::visits::tests::{asked, once};

    const DEAD: FrameId = FrameId { node: NodeId(Uuid::from_u128(1)), number: 2 };

    fn dead(folder: &Path) -> Vec<(FrameId, Vec<(Asked, Times)>)> {
        FrameFile::of_the_dead(folder).unwrap().into_iter().map(|left| (left.id, left.visits)).collect()
    }

    #[test]
    fn what_the_dead_wrote_is_found_in_order_and_what_the_living_write_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(dead(&folder.path().join("not_there")), []);
        let (first, second) = (vec![(asked(1), once(1)), (asked(2), once(2))], vec![(asked(1), once(3))]);
        for (number, visits) in [(10, &second), (2, &first)] {
            let mut file = FrameFile::create(folder.path(), FrameId { number, ..DEAD }).unwrap();
            file.append(visits).unwrap();
            assert!(dead(folder.path()).iter().all(|(id, _)| id.number != number), "it lives");
        }
        fs::write(folder.path().join("notes.txt"), "of somebody else").unwrap();
        assert_eq!(dead(folder.path()), [(DEAD, first), (FrameId { number: 10, ..DEAD }, second)]);
        for left in FrameFile::of_the_dead(folder.path()).unwrap() {
            left.file.remove();
        }
        assert_eq!(dead(folder.path()), []);
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn a_line_that_a_kill_cut_costs_itself_and_nothing_around_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = FrameFile::create(folder.path(), DEAD).unwrap();
        file.append(&[(asked(1), once(1))]).unwrap();
        file.file.write_all(br#"[{"workspace":"0000"#).unwrap();
        file.append(&[(asked(2), once(2))]).unwrap();
        drop(file);
        assert_eq!(dead(folder.path())[0].1, [(asked(1), once(1)), (asked(2), once(2))]);
    }

    #[test]
    fn a_file_does_not_grow_without_end_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = FrameFile::create(folder.path(), DEAD).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        let many: Vec<_> = (0..1000).map(|n| (asked(n), once(1))).collect();
        let written = (0..1000).take_while(|_| file.append(&many).is_ok()).count();
        assert!(written > 10 && file.file.metadata().unwrap().len() < 2 * MOST, "{written}");
    }
}
