//! Putting a message into a folder.

use domain::Timestamp;

use super::{
    Cause, Session,
    utf7::{encode, quoted},
};

/// A message to be kept.
#[derive(Debug, Clone)]
pub struct Copy<'a> {
    /// The whole message, with CRLF.
    pub message: &'a [u8],
    /// When it was sent: mail programs sort by it.
    pub sent_at: Timestamp,
}

impl Session {
    /// Puts a copy into a folder, as a message that was read.
    ///
    /// # Errors
    /// [`Cause::Refused`] when the server does not want it; [`Cause::Lost`] when nobody knows whether it took it.
    pub async fn append(&mut self, folder: &str, copy: &Copy<'_>) -> Result<(), Cause> {
        let date = copy.sent_at.to_jiff().strftime("%d-%b-%Y %H:%M:%S +0000");
        let size = copy.message.len();
        self.forget();
        let command = format!("APPEND {} (\\Seen) \"{date}\" {{{size}}}", quoted(&encode(folder)));
        self.wire.begin_command(&command, &mut self.log).await?;
        self.wire.finish_command(copy.message, &format!("{size} bytes"), &mut self.log).await.map(drop)
    }
}
