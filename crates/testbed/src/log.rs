//! What a server logs, which a failing test shows.

use std::fs;
use std::path::PathBuf;
use std::thread;

/// The file that a server logs to. Where the test that started the server fails, what stands in it is printed.
pub(crate) struct Log(PathBuf);

impl Log {
    pub(crate) fn at(file: PathBuf) -> Self {
        Self(file)
    }

    /// What stands in it so far.
    pub(crate) fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap_or_default()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{}:\n{}", self.0.display(), self.text());
        }
    }
}
