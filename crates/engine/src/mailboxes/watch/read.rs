//! Reading what is new in a folder. How far it was read is written down after the messages were recorded, so that a crash
//! repeats some and loses none; a message that comes twice changes nothing.

use domain::watching::LOOK_BACK;
use mail::imap::{Cause, Fetched, Message, Opened, Session, Told};
use store::{
    mailbox_folders::{self, Progress},
    mailboxes::Mailbox,
};

use super::{super::visit::Stop, folders::ReadFolder};
use crate::{
    Engine, Result,
    incoming::{Arrival, Fate, Source},
};

/// A message that could not be fetched or recorded so many times, while server and store took every other, is stepped over
/// at the next.
const TRIES: u32 = 3;

impl Engine {
    /// Reads everything that is new in `folder`.
    pub(super) async fn read_folder(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        folder: &ReadFolder,
    ) -> std::result::Result<(), Stop> {
        let opened = match session.examine(&folder.name).await {
            // Whoever looks for something in Sent says that it is not there.
            Err(Cause::Refused(_)) if !folder.brings_mail => return Ok(()),
            opened => opened?,
        };
        let mut progress = self.progress(mailbox, &folder.name, opened).await?;
        loop {
            let uids = session.new_uids(opened, progress.last_uid, progress.since).await?;
            if uids.is_empty() {
                break;
            }
            let mut left = uids.as_slice();
            while !left.is_empty() {
                let settled = if folder.brings_mail {
                    self.read_messages(mailbox, session, folder, &mut progress, left).await?
                } else {
                    self.read_ids(mailbox, session, &mut progress, left).await?
                };
                left = &left[settled..];
            }
        }
        Ok(())
    }

    /// Reads the first of the messages `uids`; how many of them that settles.
    async fn read_messages(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        folder: &ReadFolder,
        progress: &mut Progress,
        uids: &[u32],
    ) -> std::result::Result<usize, Stop> {
        let Fetched { messages, settled, refused } = session.fetch(uids).await?;
        self.step_over_refused(mailbox, progress, refused).await?;
        if folder.is_sent {
            let told: Vec<Told> = messages.iter().map(|message| Told::by(message.uid, &message.raw)).collect();
            self.learn_ids(mailbox, &told).await?;
        }
        let recorded = self.record_messages(mailbox, progress, messages).await;
        if recorded.is_ok() {
            // Those that are gone meanwhile are behind us as well.
            progress.last_uid = progress.last_uid.max(uids[..settled].last().copied().unwrap_or_default());
        }
        self.keep_progress(mailbox, progress).await?;
        recorded?;
        Ok(settled)
    }

    /// Steps over messages that the server does not give, while it gives others: one that is broken there holds up no other.
    /// Not at once, because it may only be out of order for a moment.
    async fn step_over_refused(
        &self,
        mailbox: &Mailbox,
        progress: &mut Progress,
        refused: Vec<(u32, Cause)>,
    ) -> std::result::Result<(), Stop> {
        let Some((_, first)) = refused.first() else { return Ok(()) };
        if progress.tries < TRIES {
            progress.tries += 1;
            self.keep_progress(mailbox, progress).await?;
            return Err(first.clone().into());
        }
        for (uid, cause) in refused {
            tracing::error!(%cause, mailbox = %mailbox.id, folder = progress.folder, uid, "a message is stepped over");
            progress.stepped_over += 1;
        }
        progress.tries = 0;
        Ok(())
    }

    /// Reads under which ids the first of the messages `uids` stand there; how many of them that settles.
    async fn read_ids(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        progress: &mut Progress,
        uids: &[u32],
    ) -> std::result::Result<usize, Stop> {
        let (told, settled) = session.ask(uids).await?;
        self.learn_ids(mailbox, &told).await?;
        progress.last_uid = progress.last_uid.max(uids[..settled].last().copied().unwrap_or_default());
        progress.newest_at = Some(self.now());
        self.keep_progress(mailbox, progress).await?;
        Ok(settled)
    }

    /// Where reading goes on. Where it begins is written down at once: what is older stays unread.
    async fn progress(&self, mailbox: &Mailbox, folder: &str, opened: Opened) -> Result<Progress> {
        let mut tx = self.db().read().await?;
        let before = mailbox_folders::find(&mut tx, mailbox.workspace_id, mailbox.id, folder).await?;
        drop(tx);
        let begins = match before {
            Some(before) if before.uid_validity == opened.uid_validity && opened.uid_validity.is_some() => {
                return Ok(before);
            }
            Some(before) => {
                tracing::info!(mailbox = %mailbox.id, folder, "a folder is numbered anew; it is read from the newest known message");
                let since = before.newest_at.map_or(before.since, |newest| newest.max(before.since));
                Progress { uid_validity: opened.uid_validity, last_uid: 0, since, tries: 0, ..before }
            }
            None => Progress {
                folder: folder.to_owned(),
                uid_validity: opened.uid_validity,
                last_uid: 0,
                since: self.now().plus(-LOOK_BACK),
                newest_at: None,
                messages: 0,
                stepped_over: 0,
                tries: 0,
            },
        };
        self.keep_progress(mailbox, &begins).await?;
        Ok(begins)
    }

    async fn keep_progress(&self, mailbox: &Mailbox, progress: &Progress) -> Result<()> {
        let mut tx = self.db().begin().await?;
        mailbox_folders::save(&mut tx, mailbox, progress).await?;
        Ok(tx.commit().await?)
    }

    /// Records messages one after another, as far as it goes. One that cannot be recorded ends the reading for now: the store
    /// may have failed, and not the message. Each time is written down with how far it came, which proves that the store
    /// takes something; after enough of them it is the message, and it is stepped over.
    async fn record_messages(&self, mailbox: &Mailbox, progress: &mut Progress, messages: Vec<Message>) -> Result<()> {
        let mut news = false;
        for message in messages {
            let (uid, at) = (message.uid, message.received_at.map_or(self.now(), |at| at.min(self.now())));
            if message.is_truncated() {
                tracing::info!(mailbox = %mailbox.id, uid, size = message.size, "of a large message the beginning is read");
            }
            let arrival = Arrival {
                workspace: mailbox.workspace_id,
                source: Source::Mailbox(mailbox.id),
                at,
                raw: message.raw,
                return_path: None,
            };
            match self.receive(arrival).await {
                Ok(received) => news |= matches!(received.fate, Fate::Recorded | Fate::Waits),
                Err(error) if progress.tries < TRIES => {
                    progress.tries += 1;
                    return Err(error);
                }
                Err(error) => {
                    tracing::error!(%error, mailbox = %mailbox.id, folder = progress.folder, uid, "a message is stepped over");
                    progress.stepped_over += 1;
                }
            }
            progress.tries = 0;
            progress.messages += 1;
            progress.last_uid = progress.last_uid.max(uid);
            progress.newest_at = progress.newest_at.max(Some(at));
        }
        if news {
            self.tell_mailbox(mailbox);
        }
        Ok(())
    }
}
