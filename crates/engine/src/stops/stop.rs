//! Somebody is stopped: it is recorded once, and what waits for them fails.

use domain::{
    EmailId, PersonId, StopChangeId, StopId, Timestamp, UserId, WorkspaceId,
    address::{domain_of, normalised},
    delivery::Verdict,
    events::{EventKind, Evidence},
    ledger::RecipientKind,
    reasons::FailureReason,
    stops::{Cause, Motive, Scope, Source},
};
use store::{
    Tx,
    emails::Email,
    events::Event,
    recipients::Recipient,
    stops::{Stop, StopChange},
};

use super::note::readable;
use crate::{
    Engine, Error, Result,
    live::{Change, Topic},
};

/// The longest note that is kept, in characters.
const MAX_NOTE: usize = 2_000;

/// Why somebody must not be mailed.
#[derive(Debug, Clone)]
pub struct NewStop {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The address it is about, as typed.
    pub address: String,
    /// The person, if known; otherwise whoever has the address.
    pub person_id: Option<PersonId>,
    /// Why.
    pub cause: Cause,
    /// How we learnt of it.
    pub source: Source,
    /// The email it came from.
    pub email_id: Option<EmailId>,
    /// When it happened.
    pub at: Timestamp,
    /// Which user did it, if one did.
    pub by: Option<UserId>,
    /// What was said about it: the server's words, the recipient's, the user's.
    pub note: Option<String>,
}

impl NewStop {
    fn held(&self, id: StopId, person: Option<PersonId>, scope: Scope, motive: Option<Motive>) -> Stop {
        Stop {
            id,
            address: normalised(&self.address),
            person_id: person,
            cause: self.cause,
            scope,
            source: self.source,
            motive,
            email_id: self.email_id,
            by_user: self.by,
            note: self.words(),
            at: self.at,
        }
    }

    /// The note as far as somebody would read it: it may be a stranger's.
    fn words(&self) -> Option<String> {
        let words: String = readable(self.note.as_deref()?).chars().take(MAX_NOTE).collect();
        Some(words).filter(|words| !words.is_empty())
    }
}

impl Engine {
    /// Records that somebody must not be mailed, and fails what waits for them. The same cause for the same address again
    /// changes nothing. Answers which emails failed, to be told of with [`Engine::tell_of`] after the commit.
    pub(crate) async fn stop(&self, tx: &mut Tx, stop: NewStop) -> Result<Vec<(UserId, EmailId)>> {
        let stopped = self.stop_for(tx, self.new_id(), &stop, Scope::Workspace, None).await?;
        Ok(stopped.unwrap_or_default().into_iter().map(|failed| (failed.owner_id, failed.id)).collect())
    }

    /// As [`Engine::stop`], for one sender's mail alone or with the recipient's choice of a reason. `None` when it was so
    /// already; else what failed, as it was before.
    pub(crate) async fn stop_for(
        &self,
        tx: &mut Tx,
        id: StopId,
        stop: &NewStop,
        scope: Scope,
        motive: Option<Motive>,
    ) -> Result<Option<Vec<Email>>> {
        let person = match stop.person_id {
            Some(person) => Some(person),
            None => self.person_of_address(tx, stop.workspace, &stop.address).await?,
        };
        let held = stop.held(id, person, scope, motive);
        if !store::stops::insert(tx, stop.workspace, &held).await? {
            return Ok(None);
        }
        let change = stopped(self.new_id(), &held);
        store::stops::add_change(tx, stop.workspace, &change).await?;
        if let (Cause::Unsubscribed, Some(email)) = (stop.cause, stop.email_id) {
            self.note_unsubscribed(tx, stop, email, motive).await?;
        }
        let failed = self.fail_waiting_of(tx, stop.workspace, &held).await?;
        Ok(Some(failed))
    }

    /// An address whose server refused it for good gets no more mail.
    pub(crate) async fn stop_refused(
        &self,
        tx: &mut Tx,
        email: &Email,
        recipient: &Recipient,
        verdict: Verdict,
    ) -> Result<Vec<(UserId, EmailId)>> {
        if !matches!(verdict, Verdict::Bounced(reason) if reason.is_about_address()) {
            return Ok(Vec::new());
        }
        let stop = NewStop {
            workspace: email.workspace_id,
            address: recipient.address.clone(),
            person_id: email.person_id.filter(|_| recipient.kind == RecipientKind::To),
            cause: Cause::HardBounce,
            source: Source::Bounce,
            email_id: Some(email.id),
            at: self.now(),
            by: None,
            note: recipient.reply.clone(),
        };
        self.stop(tx, stop).await
    }

    /// Who has `address`, if anybody we know does.
    pub(crate) async fn person_of_address(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        address: &str,
    ) -> Result<Option<PersonId>> {
        match store::people::find_by_address(tx, workspace, address).await {
            Ok(person) => Ok(Some(person.id)),
            Err(store::Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn note_unsubscribed(
        &self,
        tx: &mut Tx,
        stop: &NewStop,
        email: EmailId,
        motive: Option<Motive>,
    ) -> Result<()> {
        let by = match stop.by {
            Some(user) => Some(store::users::find(tx, user).await?.name),
            None => None,
        };
        let evidence = Evidence {
            by,
            recipient: Some(stop.address.clone()),
            unsubscribed_by: Some(stop.source),
            motive,
            detail: stop.words(),
            ..Evidence::default()
        };
        let event = Event { id: self.new_id(), email_id: email, at: stop.at, kind: EventKind::Unsubscribed, evidence };
        Ok(store::events::insert(tx, stop.workspace, &event).await?)
    }

    /// Fails what waits for whoever is stopped; answers the emails as they were. What is being handed over right now, and
    /// what only waits for its copies, is left alone.
    async fn fail_waiting_of(&self, tx: &mut Tx, workspace: WorkspaceId, stop: &Stop) -> Result<Vec<Email>> {
        let Some(person) = stop.person_id else { return Ok(Vec::new()) };
        let mut failed = Vec::new();
        for (email, non_commercial) in store::emails::waiting_of_person(tx, workspace, person).await? {
            let address = email.to_address.clone().unwrap_or_default();
            let meant = stop.scope.covers(email.owner_id)
                && (stop.cause.concerns_person() || normalised(&address) == stop.address)
                && !(non_commercial && stop.cause.yields_to_non_commercial());
            if meant && self.fail_waiting(tx, &email, stop.cause.failure()).await? {
                failed.push(email);
            }
        }
        Ok(failed)
    }

    /// Fails what waits, unless its To has it already and only copies wait, or a worker has just taken it: that asks again
    /// before the first byte. Answers whether it failed.
    pub(super) async fn fail_waiting(&self, tx: &mut Tx, email: &Email, reason: FailureReason) -> Result<bool> {
        if !self.to_is_open(tx, email).await? {
            return Ok(false);
        }
        let about = email.to_address.as_deref().and_then(|address| about(reason, address));
        match self.fail(tx, &mut email.clone(), reason, about).await {
            Ok(()) => Ok(true),
            Err(Error::Changed) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn to_is_open(&self, tx: &mut Tx, email: &Email) -> Result<bool> {
        let recipients = store::recipients::list(tx, email.workspace_id, email.id).await?;
        Ok(recipients.iter().any(|it| it.kind == RecipientKind::To && it.is_open()))
    }

    /// Tells open screens that somebody was stopped, or may be mailed again.
    pub(crate) fn tell_stops(&self, workspace: WorkspaceId) {
        self.live().tell(Change { workspace, owner: None, topic: Topic::Stops, emails: Vec::new() });
    }
}

/// What a reason is about, where its sentence names it.
pub(super) fn about(reason: FailureReason, address: &str) -> Option<String> {
    match reason {
        FailureReason::BlockedDomain => Some(domain_of(address)),
        FailureReason::AddressBounced => Some(address.to_owned()),
        _ => None,
    }
}

fn stopped(id: StopChangeId, stop: &Stop) -> StopChange {
    StopChange {
        id,
        stop_id: stop.id,
        change: domain::stops::Change::Stopped,
        address: stop.address.clone(),
        person_id: stop.person_id,
        cause: stop.cause,
        scope: stop.scope,
        source: stop.source,
        motive: stop.motive,
        resume_reason: None,
        email_id: stop.email_id,
        by_user: stop.by_user,
        note: stop.note.clone(),
        at: stop.at,
    }
}
