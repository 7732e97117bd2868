//! Reading what is new in a folder. How far it was read is written down after the messages were recorded, so that a crash
//! repeats some and loses none; a message that comes twice changes nothing.

use domain::watching::LOOK_BACK;
use mail::imap::{Message, Opened, Session};
use store::{
    mailbox_folders::{self, Progress},
    mailbox_watches,
    mailboxes::Mailbox,
};

use super::super::visit::Stop;
use crate::{
    Engine, Result,
    incoming::{Arrival, Fate, Source},
};

/// A message that could not be recorded in so many connections in a row is stepped over.
const TRIES: u32 = 3;

impl Engine {
    /// Reads everything that is new in `folder`.
    pub(super) async fn read_folder(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        folder: &str,
    ) -> std::result::Result<(), Stop> {
        let opened = session.examine(folder).await?;
        let mut progress = self.progress(mailbox, folder, opened).await?;
        loop {
            let uids = session.new_uids(opened, progress.last_uid, progress.since).await?;
            if uids.is_empty() {
                break;
            }
            let mut left = uids.as_slice();
            while !left.is_empty() {
                let (messages, settled) = session.fetch(left).await?;
                let recorded = self.record_messages(mailbox, &mut progress, messages).await;
                let (done, rest) = left.split_at(settled);
                if recorded.is_ok() {
                    // Those that are gone meanwhile are behind us as well.
                    progress.last_uid = progress.last_uid.max(done.last().copied().unwrap_or_default());
                }
                self.keep_progress(mailbox, &progress).await?;
                recorded?;
                left = rest;
            }
        }
        Ok(())
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
                Progress { uid_validity: opened.uid_validity, last_uid: 0, since, ..before }
            }
            None => Progress {
                folder: folder.to_owned(),
                uid_validity: opened.uid_validity,
                last_uid: 0,
                since: self.now().plus(-LOOK_BACK),
                newest_at: None,
                messages: 0,
                stepped_over: 0,
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

    /// Records messages one after another, as far as it goes.
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
                Err(error) if self.may_try_again(mailbox).await? => return Err(error),
                Err(error) => {
                    tracing::error!(%error, mailbox = %mailbox.id, folder = progress.folder, uid, "a message is stepped over");
                    progress.stepped_over += 1;
                }
            }
            progress.messages += 1;
            progress.last_uid = progress.last_uid.max(uid);
            progress.newest_at = progress.newest_at.max(Some(at));
        }
        if news {
            self.tell_mailbox(mailbox);
        }
        Ok(())
    }

    /// Whether a message that was not recorded is tried again later: the store may have failed, not the message. Once it has
    /// failed in a row of connections while the store answers, it is the message.
    async fn may_try_again(&self, mailbox: &Mailbox) -> Result<bool> {
        let mut tx = self.db().read().await?;
        let watch = mailbox_watches::find(&mut tx, mailbox.workspace_id, mailbox.id).await?;
        Ok(watch.is_none_or(|watch| watch.faults < TRIES))
    }
}
