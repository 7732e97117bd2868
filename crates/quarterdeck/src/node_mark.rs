//! Which servers of this folder ended without taking their leave.
//!
//! On PostgreSQL a server that was killed is believed dead by the others when it was not seen for a minute. Whoever is
//! started in its folder need not wait: while a server works, a file that is called by its id stands locked in `nodes/`. The
//! lock is the operating system's and ends with the process, however that ends, so whoever gets it knows for certain. And an
//! id is never used again: on a file system that keeps no locks, a server that is taken for dead finds its mail taken back,
//! and nobody is mailed twice.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use domain::NodeId;
use engine::Engine;
use tracing::{info, warn};

use crate::error::Result;

/// Stands as long as a server works; a mark that can be locked is that of a dead one.
pub(crate) struct NodeMark {
    node: NodeId,
    path: PathBuf,
    _locked: File,
}

/// Tells `engine` which servers of the data folder are dead, and marks that this one is there. Without a mark, where none can
/// be made, the minute is waited for.
pub(crate) async fn take_place(engine: &Engine, data_dir: &Path) -> Result<Option<NodeMark>> {
    // One file of SQLite has one server: every other is dead.
    if !engine.db().is_shared() {
        return Ok(None);
    }
    tell_of_the_dead(engine, data_dir).await?;
    let folder = folder_in(data_dir);
    Ok(NodeMark::set(&folder, engine.node()).map_or_else(|error| without(&folder, &error), Some))
}

/// Tells `engine` which servers of the data folder are dead.
pub(crate) async fn tell_of_the_dead(engine: &Engine, data_dir: &Path) -> Result<()> {
    let folder = folder_in(data_dir);
    let dead = NodeMark::of_the_dead(&folder).unwrap_or_else(|error| without(&folder, &error));
    if !dead.is_empty() {
        let nodes: Vec<NodeId> = dead.iter().map(|mark| mark.node).collect();
        engine.nodes_ended(&nodes).await?;
        info!(nodes = nodes.len(), "servers of this folder had ended; what they had claimed is taken back");
    }
    dead.into_iter().for_each(NodeMark::remove);
    Ok(())
}

fn folder_in(data_dir: &Path) -> PathBuf {
    data_dir.join("nodes")
}

fn without<T: Default>(folder: &Path, error: &io::Error) -> T {
    warn!(%error, folder = %folder.display(), "no marks of servers: after a crash its mail waits for a minute");
    T::default()
}

impl NodeMark {
    /// Marks that `node` works here.
    fn set(folder: &Path, node: NodeId) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        // Locked before it has its name, so that nobody ever finds it unlocked.
        let unnamed = tempfile::Builder::new().prefix(".").tempfile_in(folder)?;
        unnamed.as_file().try_lock()?;
        let path = folder.join(node.to_string());
        Ok(Self { node, _locked: unnamed.persist(&path)?, path })
    }

    /// The marks whose servers are gone. They are held until they are dropped.
    fn of_the_dead(folder: &Path) -> io::Result<Vec<Self>> {
        let mut dead = Vec::new();
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(dead),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(Ok(id)) = name.map(str::parse) else { continue };
            // Somebody else who starts just now may have removed it.
            let Ok(file) = File::open(&path) else { continue };
            match file.try_lock() {
                Ok(()) => dead.push(Self { node: NodeId(id), path, _locked: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(dead)
    }

    /// What stays is found and removed at the next start.
    fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn dead(folder: &Path) -> Vec<NodeId> {
        let mut dead: Vec<_> = NodeMark::of_the_dead(folder).unwrap().into_iter().map(|mark| mark.node).collect();
        dead.sort();
        dead
    }

    #[test]
    fn a_server_is_dead_when_nobody_holds_its_mark_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let nodes = folder.path().join("nodes");
        let [first, second] = [NodeId(Uuid::from_u128(1)), NodeId(Uuid::from_u128(2))];
        assert_eq!(dead(&nodes), []);
        let (one, other) = (NodeMark::set(&nodes, first).unwrap(), NodeMark::set(&nodes, second).unwrap());
        fs::write(nodes.join("notes.txt"), "of somebody else").unwrap();
        assert_eq!(dead(&nodes), [], "two servers in one folder");
        drop(one);
        assert_eq!(dead(&nodes), [first]);
        drop(other);
        assert_eq!(dead(&nodes), [first, second]);
        NodeMark::of_the_dead(&nodes).unwrap().into_iter().for_each(NodeMark::remove);
        assert_eq!(dead(&nodes), []);
        assert!(nodes.join("notes.txt").exists());
    }

    #[test]
    fn two_that_start_at_once_do_not_both_speak_for_the_dead() {
        let folder = tempfile::tempdir().unwrap();
        drop(NodeMark::set(folder.path(), NodeId(Uuid::from_u128(1))).unwrap());
        let found = NodeMark::of_the_dead(folder.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(dead(folder.path()), []);
    }
}
