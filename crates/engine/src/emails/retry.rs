//! Sending again what was undelivered.

use domain::{
    ChannelId, Status, Timestamp,
    ledger::{Outcome, RecipientKind},
    reasons::WaitReason,
};
use store::{
    Tx,
    email_actions::{RecipientBefore, SendingBefore},
    emails::Email,
    recipients::Recipient,
};

use super::change;
use crate::{Engine, Error, Result};

impl Engine {
    /// Queues an email once more, under a new send number, for the recipients that did not get it. Answers what the sending
    /// before was.
    ///
    /// # Errors
    /// As [`Engine::channel_again`].
    pub(super) async fn prepare_again(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        due: Timestamp,
        reason: WaitReason,
    ) -> Result<SendingBefore> {
        let recipients = store::recipients::list(tx, email.workspace_id, email.id).await?;
        let before = sending_before(email, &recipients);
        email.channel_id = self.channel_again(tx, email).await?;
        email.send_number += 1;
        email.attempts = 0;
        email.first_attempt_at = None;
        email.uncertain = false;
        change::wait_until(email, due, reason);
        for mut recipient in recipients {
            // Who has their copy keeps it, and who may have it does not get another. The To goes again even if it was accepted: it
            // bounced later, or was called spam.
            let may_have_it = matches!(recipient.outcome, Outcome::Accepted | Outcome::Uncertain);
            if recipient.kind == RecipientKind::To || !may_have_it {
                recipient.outcome = Outcome::Waiting;
                recipient.send_number = email.send_number;
                store::recipients::update(tx, email.workspace_id, &recipient).await?;
            }
        }
        self.file(tx, email, Status::Scheduled).await?;
        Ok(before)
    }

    /// The channel by which an email would leave if it were sent again now. It may have been replaced since: that is often
    /// why it failed.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a recipient who is not to be mailed, and where the identity would only make it fail again.
    pub(super) async fn channel_again(&self, tx: &mut Tx, email: &Email) -> Result<Option<ChannelId>> {
        if self.held_back(tx, email).await?.is_some() {
            return Err(Error::Conflict("held_back"));
        }
        let Some(id) = email.identity_id else { return Ok(email.channel_id) };
        let identity = store::identities::find(tx, email.workspace_id, id).await?;
        let is_usable = identity.deleted_at.is_none() && identity.verified_at.is_some();
        if !is_usable || identity.channel_id.is_none() {
            return Err(Error::Conflict("identity"));
        }
        Ok(identity.channel_id)
    }
}

/// What is kept of `email` as it stands, so that its sending can be given back.
pub(super) fn sending_before(email: &Email, recipients: &[Recipient]) -> SendingBefore {
    let before = |it: &Recipient| RecipientBefore {
        id: it.id,
        outcome: it.outcome,
        send_number: it.send_number,
        settled_at: it.settled_at,
    };
    SendingBefore {
        channel_id: email.channel_id,
        last_activity_at: email.last_activity_at,
        recipients: recipients.iter().map(before).collect(),
    }
}
