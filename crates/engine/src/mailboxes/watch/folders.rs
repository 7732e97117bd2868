//! Which folders of a mailbox are read.

use mail::imap::{Cause, Session};
use store::mailboxes::Mailbox;

use super::super::input;
use crate::Engine;

/// Where new mail goes on every server (RFC 3501 §5.1).
const INBOX: &str = "INBOX";

impl Engine {
    /// The folders to read, the one to be watched last: those that somebody named, or the inbox and the one that the server
    /// marks as junk, because bounces and replies end there too.
    pub(super) async fn folders_to_read(&self, mailbox: &Mailbox, session: &mut Session) -> Result<Vec<String>, Cause> {
        let mut folders = input::folders(mailbox);
        if folders.is_empty() {
            let junk = session.folders().await?.into_iter().filter(|folder| folder.is_junk);
            folders = junk.map(|folder| folder.name).take(1).collect();
            folders.push(INBOX.to_owned());
        } else if let Some(inbox) = folders.iter().position(|folder| folder.eq_ignore_ascii_case(INBOX)) {
            let inbox = folders.remove(inbox);
            folders.push(inbox);
        }
        Ok(folders)
    }
}
