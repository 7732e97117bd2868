//! Which folders of a mailbox are read, and for what.

use mail::imap::{Cause, Session, sent_of};
use store::mailboxes::Mailbox;

use super::super::input;
use crate::Engine;

/// Where new mail goes on every server (RFC 3501 §5.1).
const INBOX: &str = "INBOX";

/// A folder to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadFolder {
    pub(super) name: String,
    /// What comes back ends there: its messages are read.
    pub(super) brings_mail: bool,
    /// It keeps what was sent: it is read under which ids our messages stand there.
    pub(super) is_sent: bool,
}

impl Engine {
    /// The folders to read, the one to be watched last: those that somebody named, or the inbox and the one that the server
    /// marks as junk, because bounces and replies end there too. Sent comes before all, so that an answer to an id that
    /// stands there is known.
    pub(super) async fn folders_to_read(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
    ) -> Result<Vec<ReadFolder>, Cause> {
        let there = session.folders().await?;
        let sent = mailbox.sent_folder.clone().or_else(|| sent_of(&there).map(|folder| folder.name.clone()));
        let mut names = input::folders(mailbox);
        if names.is_empty() {
            names = there.into_iter().filter(|folder| folder.is_junk).map(|folder| folder.name).take(1).collect();
            names.push(INBOX.to_owned());
        } else if let Some(inbox) = names.iter().position(|folder| folder.eq_ignore_ascii_case(INBOX)) {
            let inbox = names.remove(inbox);
            names.push(inbox);
        }
        Ok(with_sent(names, sent.as_deref()))
    }
}

/// The folders `names`, which bring mail, and `sent`, which may be one of them.
fn with_sent(names: Vec<String>, sent: Option<&str>) -> Vec<ReadFolder> {
    let alone = sent.filter(|sent| names.iter().all(|name| name != sent));
    let alone = alone.map(|sent| ReadFolder { name: sent.to_owned(), brings_mail: false, is_sent: true });
    let all_mail = names.into_iter().map(|name| {
        let is_sent = sent == Some(name.as_str());
        ReadFolder { name, brings_mail: true, is_sent }
    });
    alone.into_iter().chain(all_mail).collect()
}

/// Those of `folders` that are read now: `all` of them, or the one that is watched, after what Sent has to tell about its
/// news.
pub(super) fn due(folders: &[ReadFolder], all: bool) -> impl Iterator<Item = &ReadFolder> {
    let watched = folders.len().saturating_sub(1);
    let is_due = move |at: usize, folder: &ReadFolder| all || folder.is_sent || at == watched;
    folders.iter().enumerate().filter(move |(at, folder)| is_due(*at, folder)).map(|(_, folder)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folders: &[ReadFolder], all: bool) -> Vec<&str> {
        due(folders, all).map(|folder| folder.name.as_str()).collect()
    }

    #[test]
    fn news_are_read_after_sent_and_everything_now_and_then() {
        let folders = with_sent(vec!["Junk".into(), "INBOX".into()], Some("Sent"));
        assert_eq!(names(&folders, true), ["Sent", "Junk", "INBOX"]);
        assert_eq!(names(&folders, false), ["Sent", "INBOX"]);
        assert_eq!(folders.iter().map(|folder| folder.brings_mail).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(names(&with_sent(vec!["INBOX".into()], None), false), ["INBOX"]);
    }

    #[test]
    fn sent_may_be_a_folder_that_brings_mail() {
        let folders = with_sent(vec!["Leads".into(), "INBOX".into()], Some("INBOX"));
        let inbox = ReadFolder { name: "INBOX".into(), brings_mail: true, is_sent: true };
        assert_eq!((folders.len(), folders.last()), (2, Some(&inbox)));
    }
}
