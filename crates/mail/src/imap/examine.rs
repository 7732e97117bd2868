//! Opening a folder to read and nothing else.

use super::{
    Cause, Session,
    utf7::{encode, quoted},
};

impl Session {
    /// Opens a folder with `EXAMINE`: nothing in it can be changed from here on, not even what counts as seen.
    ///
    /// # Errors
    /// [`Cause::Refused`] when there is no such folder.
    pub async fn examine(&mut self, folder: &str) -> Result<(), Cause> {
        self.command(&format!("EXAMINE {}", quoted(&encode(folder)))).await.map(drop)
    }
}
