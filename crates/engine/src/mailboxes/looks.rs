//! Looking for uncertain emails in the Sent folder.

use domain::{
    events::Evidence,
    ledger::{Outcome, RecipientKind},
    looking::next_look,
};
use mail::imap::Session;
use store::{
    Tx,
    emails::Email,
    mailboxes::Mailbox,
    recipients::Recipient,
    sent_ids::Sending,
    sent_looks::{self, SentLook},
};

use super::visit::{AT_A_VISIT, Stop};
use crate::{Engine, Result, emails::mark};

impl Engine {
    /// Looks for the uncertain emails whose time has come. One that is there arrived; one that is not proves nothing.
    pub(super) async fn look_for_uncertain(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        folder: &str,
    ) -> std::result::Result<(), Stop> {
        let mut tx = self.db().read().await?;
        let due = sent_looks::due(&mut tx, mailbox, self.now(), AT_A_VISIT).await?;
        drop(tx);
        for email in due {
            let mut tx = self.db().read().await?;
            let recipients = store::recipients::list(&mut tx, email.workspace_id, email.id).await?;
            let sent = store::bodies::last_sent(&mut tx, email.workspace_id, email.id).await?;
            drop(tx);
            let look = if !tells(&email, &recipients) {
                Look::Tells(false)
            } else if self.is_there(mailbox, session, &email, &sent.message_id).await? {
                Look::Found
            } else {
                Look::Tells(true)
            };
            self.note_look(mailbox, folder, &email, look).await?;
        }
        Ok(())
    }

    /// Notes what a look has shown, unless the email was settled meanwhile.
    async fn note_look(&self, mailbox: &Mailbox, folder: &str, seen: &Email, look: Look) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let mut email = store::emails::find(&mut tx, seen.workspace_id, seen.id).await?;
        if !email.uncertain || email.send_number != seen.send_number {
            return Ok(());
        }
        match look {
            Look::Found => {
                let evidence = Evidence {
                    mailbox: Some(mailbox.name.clone()),
                    found_in: Some(folder.to_owned()),
                    ..Evidence::default()
                };
                self.arrive(&mut tx, &mut email, evidence).await?;
            }
            Look::Tells(tells) => self.note_absence(&mut tx, mailbox, folder, &email, tells).await?,
        }
        tx.commit().await?;
        self.wake_delivery();
        self.tell_emails(email.workspace_id, email.owner_id, vec![email.id]);
        Ok(())
    }

    async fn note_absence(
        &self,
        tx: &mut Tx,
        mailbox: &Mailbox,
        folder: &str,
        email: &Email,
        tells: bool,
    ) -> Result<()> {
        let now = self.now();
        let before = sent_looks::find(tx, email.workspace_id, email.id, email.send_number).await?;
        let looks = before.as_ref().map_or(0, |before| before.looks) + u32::from(tells);
        let first_at = before.map_or(now, |before| before.first_at);
        let look = SentLook {
            email_id: email.id,
            send_number: email.send_number,
            mailbox_id: mailbox.id,
            folder: folder.to_owned(),
            looks,
            first_at,
            looked_at: now,
            next_at: if tells { next_look(looks, first_at, now) } else { None },
        };
        Ok(sent_looks::save(tx, email.workspace_id, &look).await?)
    }

    /// Whether the open folder holds the message: by its own id, or by our mark where a provider gave it another, which we
    /// then know.
    pub(super) async fn is_there(
        &self,
        mailbox: &Mailbox,
        session: &mut Session,
        email: &Email,
        message_id: &str,
    ) -> std::result::Result<bool, Stop> {
        let sending = Sending { email_id: email.id, send_number: email.send_number };
        let found = session.find(&mark(sending), message_id).await?;
        self.learn_ids(mailbox, found.as_slice()).await?;
        Ok(found.is_some())
    }
}

/// What a look has shown.
enum Look {
    /// The message is in Sent.
    Found,
    /// It is not; or Sent cannot tell (`false`).
    Tells(bool),
}

/// Whether a message in Sent would say that the To got it.
///
/// Each recipient has a transaction of their own, with the same message: Sent shows one and does not say whose it was. So
/// it settles the To, as long as no copy (CC, BCC) of this send number was handed over, and it never settles a copy.
/// Messages of earlier send numbers are no evidence either: they may be those that bounced.
fn tells(email: &Email, recipients: &[Recipient]) -> bool {
    let handed_over = |recipient: &&Recipient| {
        recipient.send_number == email.send_number
            && matches!(recipient.outcome, Outcome::Attempting | Outcome::Accepted | Outcome::Uncertain)
    };
    recipients.iter().filter(handed_over).all(|recipient| recipient.kind == RecipientKind::To)
}
