//! The gate: whom an email must not go to. Asked at queueing, at retry and at the last moment before delivery.

use domain::{
    EmailId, WorkspaceId,
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    reasons::FailureReason,
};
use store::{
    Tx,
    bodies::Body,
    emails::{Claimed, Email},
    events::Event,
    recipients::Recipient,
    stops::Held,
};

use super::stop::about;
use crate::{Engine, Result};

/// What the gate says about an email that is about to leave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate {
    /// Why it must not go to its To, and what that is about.
    pub(crate) to: Option<(FailureReason, Option<String>)>,
    /// The copies that are left out, and why.
    pub(crate) left_out: Vec<(Recipient, FailureReason)>,
}

impl Gate {
    /// Asks for those of `recipients` who have not got `email` yet. Copies that must not go are marked as left out.
    pub(crate) fn ask(held: &Held, email: &Claimed, non_commercial: bool, recipients: &mut [Recipient]) -> Self {
        let mut gate = Self::default();
        if held.is_empty() {
            return gate;
        }
        for recipient in recipients.iter_mut().filter(|it| it.is_open()) {
            let is_to = recipient.kind == RecipientKind::To;
            let person = email.person_id.filter(|_| is_to);
            let Some(reason) = held.against(email.owner_id, &recipient.address, person, non_commercial) else {
                continue;
            };
            if is_to {
                gate.to = Some((reason, about(reason, &recipient.address)));
            } else {
                recipient.outcome = Outcome::LeftOut;
                gate.left_out.push((recipient.clone(), reason));
            }
        }
        gate
    }
}

impl Engine {
    /// Writes down that copies were left out.
    pub(crate) async fn leave_out(
        &self,
        workspace: WorkspaceId,
        email: EmailId,
        left_out: &[(Recipient, FailureReason)],
    ) -> Result<()> {
        let at = self.now();
        let mut tx = self.db().begin().await?;
        for (recipient, reason) in left_out {
            store::recipients::update(&mut tx, workspace, recipient).await?;
            let evidence = Evidence {
                recipient: Some(recipient.address.clone()),
                failure: Some(*reason),
                detail: about(*reason, &recipient.address),
                ..Evidence::default()
            };
            let event = Event { id: self.new_id(), email_id: email, at, kind: EventKind::CopyRefused, evidence };
            store::events::insert(&mut tx, workspace, &event).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Why `email` must not be queued, if that is so.
    pub(crate) async fn held_back(&self, tx: &mut Tx, email: &Email) -> Result<Option<FailureReason>> {
        let Some(address) = &email.to_address else { return Ok(None) };
        let body = store::bodies::find(tx, email.workspace_id, email.id).await?;
        let held = store::stops::held(tx, email.workspace_id, [address.as_str()], email.person_id).await?;
        Ok(held.against(email.owner_id, address, email.person_id, body.non_commercial))
    }
}

/// What is known about the recipients of an email that is being written.
pub(crate) async fn held_of(tx: &mut Tx, email: &Email, body: &Body) -> Result<Held> {
    let copies = body.cc.iter().chain(&body.bcc).map(|copy| copy.address.as_str());
    let addresses = email.to_address.as_deref().into_iter().chain(copies);
    Ok(store::stops::held(tx, email.workspace_id, addresses, email.person_id).await?)
}
