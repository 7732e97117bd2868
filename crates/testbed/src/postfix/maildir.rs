//! The delivered mail of one address.

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use crate::fail;

const PAUSE: Duration = Duration::from_millis(20);

/// Longer than a Postfix needs for a message on a machine whose disk and processors are busy with something else.
const PATIENCE: Duration = Duration::from_mins(2);

/// What reached one address, read from the Maildir that Postfix delivers into.
pub struct Maildir {
    folder: PathBuf,
    address: String,
}

impl Maildir {
    pub(super) fn new(folder: PathBuf, address: &str) -> Self {
        Self { folder, address: address.to_lowercase() }
    }

    /// Every message for the address, oldest first, as Postfix wrote it: its own trace headers stand on top.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        let mut found: Vec<_> = fs::read_dir(self.folder.join("new"))
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, fs::read(path).ok()?)))
            .filter(|(_, message)| delivered_to(message).as_deref() == Some(self.address.as_str()))
            .collect();
        found.sort();
        found.into_iter().map(|(_, message)| message).collect()
    }

    /// The first message for the address, which must come.
    ///
    /// # Panics
    /// If it does not.
    pub fn wait_for_message(&self) -> Vec<u8> {
        self.wait_for_messages(1).swap_remove(0)
    }

    /// The messages for the address, of which at least `count` must come.
    ///
    /// # Panics
    /// If they do not.
    pub fn wait_for_messages(&self, count: usize) -> Vec<Vec<u8>> {
        for _ in 0..=PATIENCE.as_millis() / PAUSE.as_millis() {
            let messages = self.messages();
            if messages.len() >= count {
                return messages;
            }
            sleep(PAUSE);
        }
        fail(&format!("fewer than {count} messages for {} came within {PATIENCE:?}.", self.address));
    }
}

/// The envelope recipient that Postfix wrote on top of the message.
fn delivered_to(message: &[u8]) -> Option<String> {
    message
        .split(|byte| *byte == b'\n')
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix(b"Delivered-To: "))
        .map(|address| String::from_utf8_lossy(address).trim().to_lowercase())
}
