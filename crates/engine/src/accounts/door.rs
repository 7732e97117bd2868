//! What signing in keeps in memory.

use tokio::sync::{Mutex, Semaphore};

use super::passwords::AT_ONCE;

/// What signing in keeps in memory.
pub(crate) struct Door {
    /// SHA-256 of the token that lets its holder become the first administrator.
    pub(super) setup: Mutex<Option<Vec<u8>>>,
    /// How many more passwords may be hashed at this moment.
    pub(super) hashing: Semaphore,
}

impl Door {
    pub(crate) fn new() -> Self {
        Self { setup: Mutex::new(None), hashing: Semaphore::new(AT_ONCE) }
    }
}
