//! A small file system of its own, which a test can fill.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{run, we_are_root};
use crate::watchdog::Watchdog;

/// A file system in memory; it is gone when the value is dropped or this process ends.
pub struct Volume {
    folder: PathBuf,
    _watchdog: Watchdog,
}

impl Volume {
    /// Makes one of so many megabytes that belongs to whoever runs this.
    ///
    /// # Errors
    /// A sentence, where the system lets nobody mount: only root may, and `sudo` is asked when it needs no password.
    pub fn mount(megabytes: u32) -> Result<Self, String> {
        let folder = PathBuf::from(run(Command::new("mktemp").args(["-d", "/tmp/qd-volume-XXXXXX"]))?);
        let at = folder.display();
        let watchdog = Watchdog::start(as_root("sh"), &format!("umount --lazy {at}\nrmdir {at}"))?;
        let volume = Self { folder, _watchdog: watchdog };
        run(as_root("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=0777"), "tmpfs"])
            .arg(&volume.folder))?;
        Ok(volume)
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

fn as_root(program: &str) -> Command {
    if we_are_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}
