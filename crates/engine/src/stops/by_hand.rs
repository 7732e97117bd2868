//! A user says that a person wants no more mail: they asked on the phone, or complained in words no program understands.

use domain::{
    EmailActionId, EmailId, PersonId, StopId,
    authorization::{Action, Actor},
    stops::{Cause, ResumeReason, Scope, Source},
    time::MINUTE,
};
use serde_json::json;
use store::{
    Tx,
    email_actions::{EmailAction, RowBefore},
};

use super::{NewStop, note, resume::Resumption};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
    emails::{ActionKind, ActionResult, row_before},
};

/// How long it can be taken back by the toast. Later an administrator resumes, with a reason.
const UNDO: i64 = 10 * MINUTE;

impl Engine {
    /// Unsubscribes a person of the actor's, with all their addresses, from everybody's mail. What waits for them fails.
    /// `email` is the one that was looked at, if it was one. The result is undone like any other action.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a person or email of somebody else; [`Error::Conflict`] when they are unsubscribed already.
    pub async fn unsubscribe_by_hand(
        &self,
        actor: &Actor,
        person: PersonId,
        email: Option<EmailId>,
        note: &str,
    ) -> Result<ActionResult> {
        let note = note::said(note)?;
        let mut tx = self.db().begin().await?;
        let person = store::people::find(&mut tx, actor.workspace, person).await?;
        self.allow(actor, Action::See { owner: person.owner_id }).map_err(|_| Error::NotFound)?;
        self.allow(actor, Action::Change { owner: person.owner_id })?;
        if let Some(id) = email {
            let email = store::emails::find(&mut tx, actor.workspace, id).await?;
            if email.person_id != Some(person.id) || email.owner_id != actor.user {
                return Err(Error::NotFound);
            }
        }
        let id: EmailActionId = self.new_id();
        let stop = NewStop {
            workspace: actor.workspace,
            address: person.address.clone(),
            person_id: Some(person.id),
            cause: Cause::Unsubscribed,
            source: Source::ByHand,
            email_id: email,
            at: self.now(),
            by: Some(actor.user),
            note,
        };
        // The stop has the action's id, by which undoing finds it.
        let failed = self.stop_for(&mut tx, StopId(id.0), &stop, Scope::Workspace, None).await?;
        let failed = failed.ok_or(Error::Conflict("stopped_already"))?;
        let mut rows: Vec<RowBefore> = Vec::with_capacity(failed.len());
        for before in &failed {
            let after = store::emails::find(&mut tx, actor.workspace, before.id).await?;
            rows.push(row_before(before, &after));
        }
        let undo_until = self.now().plus(UNDO);
        let changed: Vec<EmailId> = rows.iter().map(|row| row.id).collect();
        let kind = ActionKind::Unsubscribe;
        let action = EmailAction {
            id,
            user_id: actor.user,
            kind: kind.to_string(),
            at: self.now(),
            undo_until,
            undone_at: None,
            rows_before: rows,
        };
        store::email_actions::insert(&mut tx, actor.workspace, &action).await?;
        let after = json!({ "address": person.address, "note": stop.note });
        self.record(&mut tx, actor, AuditAction::PersonUnsubscribed, Target::Stop(StopId(id.0)), None, Some(after))
            .await?;
        tx.commit().await?;
        self.tell_stops(actor.workspace);
        let told = failed.iter().map(|email| (email.owner_id, email.id)).chain(email.map(|id| (actor.user, id)));
        self.tell_of(actor.workspace, told);
        if email.is_some() {
            self.tell_feed(actor.workspace, actor.user);
        }
        Ok(ActionResult { id: Some(id), kind, changed, skipped: Vec::new(), undo_until: Some(undo_until) })
    }

    /// Stops whom the owner of `reported` says to have marked them as spam; answers what failed because of it.
    pub(crate) async fn stop_reported(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        reported: &[EmailId],
    ) -> Result<Vec<RowBefore>> {
        let mut rows = Vec::new();
        for &id in reported {
            let email = store::emails::find(tx, actor.workspace, id).await?;
            let Some(address) = email.to_address else { continue };
            let stop = NewStop {
                workspace: actor.workspace,
                address,
                person_id: email.person_id,
                cause: Cause::Complaint,
                source: Source::ByHand,
                email_id: Some(id),
                at: self.now(),
                by: Some(actor.user),
                note: None,
            };
            let failed = self.stop_for(tx, self.new_id(), &stop, Scope::Workspace, None).await?;
            for before in failed.unwrap_or_default() {
                let after = store::emails::find(tx, actor.workspace, before.id).await?;
                rows.push(row_before(&before, &after));
            }
        }
        Ok(rows)
    }

    /// Takes back what [`Engine::stop_reported`] did because of `emails`.
    pub(crate) async fn resume_reported(&self, tx: &mut Tx, actor: &Actor, emails: &[EmailId]) -> Result<()> {
        for &id in emails {
            let email = store::emails::find(tx, actor.workspace, id).await?;
            let address = email.to_address.unwrap_or_default();
            let found = store::stops::of_address(tx, actor.workspace, &address).await?;
            let of_this = found.iter().filter(|stop| {
                stop.cause == Cause::Complaint && stop.source == Source::ByHand && stop.email_id == Some(id)
            });
            for stop in of_this {
                let how = Resumption {
                    source: Source::ByHand,
                    reason: ResumeReason::Mistake,
                    by: Some(actor.user),
                    email_id: None,
                    note: None,
                    at: self.now(),
                };
                self.end_stop(tx, actor.workspace, stop, how).await?;
            }
        }
        Ok(())
    }
}
