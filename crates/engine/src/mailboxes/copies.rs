//! Putting copies of sent emails into Sent where the provider keeps none: without tracking, as the sender's own record.

use mail::imap::{Cause, Copy, Session};
use store::{
    emails::Email,
    mailboxes::{Mailbox, Trouble},
    sent_copies,
};

use super::visit::{AT_A_VISIT, COPY_WITHIN, Stop, trouble};
use crate::Engine;

impl Engine {
    /// Puts the missing copies into `folder`; answers what the server said to one that it did not want.
    ///
    /// A copy that is there is noted and not put there again: so a crash between the two repeats nothing.
    pub(super) async fn keep_copies(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        folder: &str,
    ) -> std::result::Result<Option<Trouble>, Stop> {
        let mut tx = self.db().read().await?;
        let missing = sent_copies::missing(&mut tx, mailbox, self.now().plus(-COPY_WITHIN), AT_A_VISIT).await?;
        drop(tx);
        let mut unwanted = None;
        for email in missing {
            match self.keep_copy(mailbox, &email, session, folder).await {
                Ok(()) => {
                    let mut tx = self.db().begin().await?;
                    sent_copies::keep(&mut tx, email.workspace_id, &email, self.now()).await?;
                    tx.commit().await?;
                }
                Err(Stop::Trouble(trouble)) if trouble.code == "refused" => unwanted = Some(trouble),
                Err(stop) => return Err(stop),
            }
        }
        Ok(unwanted)
    }

    async fn keep_copy(
        &self,
        mailbox: &Mailbox,
        email: &Email,
        session: &mut Session,
        folder: &str,
    ) -> std::result::Result<(), Stop> {
        let mut tx = self.db().read().await?;
        let sent = store::bodies::last_sent(&mut tx, email.workspace_id, email.id).await?;
        let message = self.untracked_message(&mut tx, email).await?;
        drop(tx);
        if self.is_there(mailbox, session, email, &sent.message_id).await? {
            return Ok(());
        }
        let copy = Copy { message: &message, sent_at: email.sent_at.unwrap_or(sent.at) };
        session.append(folder, &copy).await.map_err(|cause: Cause| Stop::Trouble(trouble(&cause)))
    }
}
