//! Opening a folder to read and nothing else.

use imap_proto::{MailboxDatum, Response, ResponseCode};

use super::{
    Cause, Session,
    utf7::{encode, quoted},
};

/// A folder that was opened: how its messages are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// UIDs mean the same as before only while this stays the same; `None` where the server keeps no lasting UIDs.
    pub uid_validity: Option<u32>,
    /// The UID that the next message will get at least, where the server says it.
    pub uid_next: Option<u32>,
    /// How many messages it holds, where the server says it.
    pub messages: Option<u32>,
}

impl Session {
    /// Opens a folder with `EXAMINE`: nothing in it can be changed from here on, not even what counts as seen.
    ///
    /// # Errors
    /// [`Cause::Refused`] when there is no such folder.
    pub async fn examine(&mut self, folder: &str) -> Result<Opened, Cause> {
        let told = self.command(&format!("EXAMINE {}", quoted(&encode(folder)))).await?;
        self.wire.news = false;
        let mut opened = Opened { uid_validity: None, uid_next: None, messages: None };
        for response in told {
            match response {
                Response::MailboxData(MailboxDatum::Exists(messages)) => opened.messages = Some(messages),
                Response::Data { outcome, .. } => match outcome.code {
                    Some(ResponseCode::UidValidity(validity)) => opened.uid_validity = Some(validity),
                    Some(ResponseCode::UidNext(next)) => opened.uid_next = Some(next),
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(opened)
    }
}
