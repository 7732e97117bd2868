//! Mail goes again to somebody who was not to be mailed: always with a reason, which is kept.

use domain::{
    EmailId, StopId, Timestamp, UserId, WorkspaceId,
    authorization::{Action, Actor},
    events::{EventKind, Evidence},
    input::{Code, Invalid},
    stops::{Cause, Change, ResumeReason, Scope, Source},
};
use serde_json::json;
use store::{
    Tx,
    emails::Email,
    events::Event,
    stops::{Stop, StopChange},
};

use super::note;
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

/// How and why mail goes again.
pub(super) struct Resumption {
    pub(super) source: Source,
    pub(super) reason: ResumeReason,
    pub(super) by: Option<UserId>,
    pub(super) email_id: Option<EmailId>,
    pub(super) note: Option<String>,
    pub(super) at: Timestamp,
}

impl Resumption {
    /// Whether what was said does not hold, and never did or no more a moment later. Who agrees to mail again later had wanted
    /// none before.
    fn takes_back(&self) -> bool {
        self.reason == ResumeReason::Mistake || self.source == Source::Link
    }
}

/// An email whose history changed, and whose it is.
pub(crate) type Told = (UserId, EmailId);

impl Engine {
    /// Lets mail go again. The law of most countries wants a consent that can be shown: reason and note are kept in the
    /// person's history and in the audit record. Who left one sender first and then everybody is mailed again by all: the
    /// narrower wish ends with the wider one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the stop holds no more; [`Error::Invalid`] for a note that is too long or missing where the
    /// reason wants one.
    pub async fn resume(&self, actor: &Actor, id: StopId, reason: ResumeReason, note: &str) -> Result<()> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let note = note::said(note)?;
        if reason == ResumeReason::Consented && note.is_none() {
            return Err(Invalid::new("note", Code::Required).into());
        }
        let mut tx = self.db().begin().await?;
        let stop = store::stops::find(&mut tx, actor.workspace, id).await?;
        let mut told = Vec::new();
        for ending in narrower_wishes(&mut tx, actor.workspace, &stop).await?.iter().chain([&stop]) {
            let how = Resumption {
                source: Source::ByHand,
                reason,
                by: Some(actor.user),
                email_id: None,
                note: note.clone(),
                at: self.now(),
            };
            told.extend(self.end_stop(&mut tx, actor.workspace, ending, how).await?);
        }
        let before = json!({ "address": stop.address, "cause": stop.cause, "scope": stop.scope.to_string() });
        let after = json!({ "reason": reason, "note": note });
        self.record(&mut tx, actor, AuditAction::StopResumed, Target::Stop(id), Some(before), Some(after)).await?;
        tx.commit().await?;
        self.tell_stops(actor.workspace);
        self.tell_taken_back(actor.workspace, told);
        Ok(())
    }

    /// Ends `stop`; answers the email whose history and feed that changes.
    pub(super) async fn end_stop(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        stop: &Stop,
        how: Resumption,
    ) -> Result<Option<Told>> {
        store::stops::delete(tx, workspace, stop.id).await?;
        let told = if how.takes_back() { self.withdraw_unsubscribe(tx, workspace, stop, &how).await? } else { None };
        let change = StopChange {
            id: self.new_id(),
            stop_id: stop.id,
            change: Change::Resumed,
            address: stop.address.clone(),
            person_id: stop.person_id,
            cause: stop.cause,
            scope: stop.scope,
            source: how.source,
            motive: None,
            resume_reason: Some(how.reason),
            email_id: how.email_id,
            by_user: how.by,
            note: how.note,
            at: how.at,
        };
        store::stops::add_change(tx, workspace, &change).await?;
        Ok(told)
    }

    /// Says on the email behind an unsubscribe that it does not hold, and takes it out of the feed.
    async fn withdraw_unsubscribe(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        stop: &Stop,
        how: &Resumption,
    ) -> Result<Option<Told>> {
        let (Cause::Unsubscribed, Some(id)) = (stop.cause, stop.email_id) else { return Ok(None) };
        let mut history = store::rebuild::events_of(tx, workspace, id, id).await?;
        let noted = history.iter().find(|event| event.kind == EventKind::Unsubscribed && event.at == stop.at);
        let Some(noted) = noted else { return Ok(None) };
        let by = match how.by {
            Some(user) => Some(store::users::find(tx, user).await?.name),
            None => None,
        };
        let evidence = Evidence { by, revises: Some(noted.id), ..Evidence::default() };
        let kind = EventKind::UnsubscribeWithdrawn;
        let event = Event { id: self.new_id(), email_id: id, at: how.at, kind, evidence };
        store::events::insert(tx, workspace, &event).await?;
        history.push(event);
        store::feed::withdraw(tx, workspace, &history).await?;
        Ok(Some((store::emails::find(tx, workspace, id).await?.owner_id, id)))
    }

    /// The address of `email` works after all, since somebody answered from it: what its bounce stopped goes again.
    pub(crate) async fn resume_bounced(&self, tx: &mut Tx, email: &Email, at: Timestamp) -> Result<()> {
        let Some(address) = &email.to_address else { return Ok(()) };
        let found = store::stops::of_address(tx, email.workspace_id, address).await?;
        for stop in found.iter().filter(|stop| stop.cause == Cause::HardBounce) {
            let how = Resumption {
                source: Source::Reply,
                reason: ResumeReason::AddressWorks,
                by: None,
                email_id: Some(email.id),
                note: None,
                at,
            };
            self.end_stop(tx, email.workspace_id, stop, how).await?;
        }
        Ok(())
    }

    /// Tells open screens of emails whose unsubscribe was taken back.
    pub(crate) fn tell_taken_back(&self, workspace: WorkspaceId, told: impl IntoIterator<Item = Told>) {
        for (owner, email) in told {
            self.tell_emails(workspace, owner, vec![email]);
            self.tell_feed(workspace, owner);
        }
    }

    /// What the recipient of `email` with `address` did with their link, taken back by themselves.
    pub(crate) async fn resume_by_recipient(
        &self,
        tx: &mut Tx,
        email: &Email,
        address: &str,
        since: Timestamp,
    ) -> Result<bool> {
        let found = store::stops::of_address(tx, email.workspace_id, address).await?;
        let theirs = found.iter().filter(|stop| {
            stop.cause == Cause::Unsubscribed
                && stop.email_id == Some(email.id)
                && matches!(stop.source, Source::Link | Source::OneClick)
                && stop.at >= since
        });
        let mut resumed = false;
        for stop in theirs {
            let how = Resumption {
                source: Source::Link,
                reason: ResumeReason::TheyAsked,
                by: None,
                email_id: Some(email.id),
                note: None,
                at: self.now(),
            };
            self.end_stop(tx, email.workspace_id, stop, how).await?;
            resumed = true;
        }
        Ok(resumed)
    }

    /// What `actor` did by hand a moment ago, taken back.
    pub(crate) async fn resume_own(&self, tx: &mut Tx, actor: &Actor, id: StopId) -> Result<Option<Told>> {
        let stop = match store::stops::find(tx, actor.workspace, id).await {
            Ok(stop) => stop,
            Err(store::Error::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if stop.by_user != Some(actor.user) || stop.scope != Scope::Workspace {
            return Err(Error::NotFound);
        }
        let how = Resumption {
            source: Source::ByHand,
            reason: ResumeReason::Mistake,
            by: Some(actor.user),
            email_id: None,
            note: None,
            at: self.now(),
        };
        self.end_stop(tx, actor.workspace, &stop, how).await
    }
}

/// What the recipient wanted of single senders before they wanted `stop`, which is of everybody.
async fn narrower_wishes(tx: &mut Tx, workspace: WorkspaceId, stop: &Stop) -> Result<Vec<Stop>> {
    if stop.cause != Cause::Unsubscribed || stop.scope != Scope::Workspace {
        return Ok(Vec::new());
    }
    let found = store::stops::of_address(tx, workspace, &stop.address).await?;
    Ok(found.into_iter().filter(|one| one.cause == Cause::Unsubscribed && one.id != stop.id).collect())
}
