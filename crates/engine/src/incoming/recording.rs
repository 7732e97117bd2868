//! From a notice to its record, once, and to what it does: in one transaction.

use domain::{
    EmailId, PersonId, Status, Timestamp, UserId,
    incoming::{Effect, Kind, effect},
    ledger::RecipientKind,
    reasons::WaitReason,
};
use store::{
    Tx,
    emails::Email,
    received::{self, Body},
};

use super::{
    Fate, Notice, Received, Source,
    admission::{Objection, named},
    matching::Match,
};
use crate::{Engine, Result, emails::snippet};

/// What something is about.
enum Place {
    /// An email.
    Email(Box<Match>),
    /// A person who wants to be left alone, and names no email.
    Person { id: PersonId, owner: UserId },
}

/// What something is about, locked.
struct About {
    email: Option<Email>,
    send_number: Option<u32>,
    person: Option<PersonId>,
    owner: UserId,
}

impl About {
    /// When it came: mail servers tell whole seconds, by their own clocks, and nothing comes back before it was sent.
    fn not_before_it_was_sent(&self, at: Timestamp) -> Timestamp {
        let this_sending = self.email.as_ref().filter(|email| self.send_number == Some(email.send_number));
        let sent_at = this_sending.and_then(|email| email.sent_at.or(email.first_attempt_at));
        sent_at.map_or(at, |sent| at.max(sent))
    }
}

impl Engine {
    /// Takes a notice; `raw` is its message, if it is one.
    pub(super) async fn take(&self, notice: Notice, raw: Option<Vec<u8>>) -> Result<Received> {
        let taken = self.place_and_record(&notice, raw).await?;
        metrics::counter!("quarterdeck_received_total", "kind" => notice.kind.to_string(), "fate" => taken.fate.name())
            .increment(1);
        tracing::debug!(kind = %notice.kind, fate = taken.fate.name(), email = ?taken.email, "something came back");
        Ok(taken)
    }

    async fn place_and_record(&self, notice: &Notice, raw: Option<Vec<u8>>) -> Result<Received> {
        let nothing = |fate, email| Received { kind: notice.kind, fate, id: None, email };
        if notice.kind == Kind::Other {
            return Ok(nothing(Fate::NotOurs, None));
        }
        let mut tx = self.db().read().await?;
        if let Some(same) = received::find_same(&mut tx, notice.workspace, &notice.fingerprint).await? {
            return Ok(Received { id: Some(same.id), ..nothing(Fate::Known, same.email_id) });
        }
        let place = match self.find_match(&mut tx, notice).await? {
            Some(found) => {
                if let Some(objection) = self.objection(&mut tx, notice, &found).await? {
                    return Ok(refused(notice, &found, objection));
                }
                Some(Place::Email(Box::new(found)))
            }
            None => self.person_who_asks(&mut tx, notice).await?,
        };
        drop(tx);
        let Some(place) = place else {
            if notice.kind.is_bounce() || notice.kind == Kind::Complaint {
                let (workspace, kind, via) = (notice.workspace, notice.kind, notice.source.via());
                tracing::info!(%workspace, %kind, %via, "what came back is about no email of ours; nothing changes");
            }
            return Ok(nothing(Fate::NotOurs, None));
        };
        let body = match raw {
            Some(raw) if notice.kind.is_written() => Some(self.bodies_of(raw).await?),
            _ => None,
        };
        self.record_received(notice, &place, body.map(|it| Body { html: it.html, text: it.text })).await
    }

    /// The person who asks to be left alone without naming an email, if we know them.
    async fn person_who_asks(&self, tx: &mut Tx, notice: &Notice) -> Result<Option<Place>> {
        if notice.kind != Kind::Unsubscribe {
            return Ok(None);
        }
        let Source::Mailbox(mailbox) = notice.source else { return Ok(None) };
        let owner = store::mailboxes::find(tx, notice.workspace, mailbox).await?.owner_id;
        match store::people::find_by_address(tx, notice.workspace, &notice.traces.from_address).await {
            Ok(person) => Ok((person.owner_id == owner).then_some(Place::Person { id: person.id, owner })),
            Err(store::Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn record_received(&self, notice: &Notice, place: &Place, body: Option<Body>) -> Result<Received> {
        let mut tx = self.db().begin().await?;
        let mut about = about(&mut tx, notice, place).await?;
        let waits = self.has_to_wait(&mut tx, notice, &about).await?;
        let record = self.record_of(notice, &about, waits, body.as_ref());
        let result = |fate| Received { kind: notice.kind, fate, id: Some(record.id), email: record.email_id };
        if !received::insert(&mut tx, &record).await? {
            return Ok(Received { id: None, ..result(Fate::Known) });
        }
        if let Some(body) = &body {
            received::keep_body(&mut tx, notice.workspace, record.id, body).await?;
        }
        let mut told: Vec<(UserId, EmailId)> = Vec::new();
        if !waits {
            told = self.act_on(&mut tx, about.email.as_mut(), &record).await?;
        }
        tx.commit().await?;
        told.extend(about.email.map(|email| (email.owner_id, email.id)));
        self.tell_feeds(notice.workspace, &told);
        self.tell_of(notice.workspace, told);
        Ok(result(if waits { Fate::Waits } else { Fate::Recorded }))
    }

    fn record_of(&self, notice: &Notice, about: &About, waits: bool, body: Option<&Body>) -> received::Received {
        let traces = &notice.traces;
        let new = notice.told.text.as_deref().or(body.map(|body| body.text.as_str())).unwrap_or_default();
        received::Received {
            workspace_id: notice.workspace,
            id: self.new_id(),
            fingerprint: notice.fingerprint.clone(),
            source: notice.source.via(),
            mailbox_id: if let Source::Mailbox(id) = notice.source { Some(id) } else { None },
            channel_id: if let Source::Webhook(id) = notice.source { Some(id) } else { None },
            email_id: about.email.as_ref().map(|email| email.id),
            send_number: about.send_number,
            person_id: about.person,
            owner_id: about.owner,
            kind: notice.kind,
            from_name: Notice::header(&traces.from_name),
            from_address: Notice::header(&traces.from_address),
            subject: Notice::header(&traces.subject),
            message_id: traces.message_id.as_deref().map(Notice::header),
            in_reply_to: traces.in_reply_to.first().map(|id| Notice::header(id)),
            reference_ids: Notice::header(&traces.references.join(" ")),
            snippet: snippet(new),
            at: about.not_before_it_was_sent(notice.at),
            evidence: notice.told.clone(),
            waits,
        }
    }

    /// Whether the email has not settled: then nothing that files it elsewhere can be true for good.
    async fn has_to_wait(&self, tx: &mut Tx, notice: &Notice, about: &About) -> Result<bool> {
        let Some(email) = &about.email else { return Ok(false) };
        let unsettled = matches!(email.status, Status::InProgress | Status::Scheduled) && !email.uncertain;
        let this_sending = about.send_number == Some(email.send_number);
        // The user can still take the new sending back: then the one before it is the last one again.
        let may_come_back = email.status == Status::Scheduled && email.wait_reason == Some(WaitReason::UndoWindow);
        if !unsettled || !(this_sending || may_come_back) || notice.kind.is_written() {
            return Ok(false);
        }
        let ledger = store::recipients::list(tx, notice.workspace, email.id).await?;
        let named = named(&ledger, &notice.told.recipients, notice.kind, true);
        Ok(named.iter().any(|it| {
            // Whom mail must not go to any more is known at once: nothing leaves once more.
            let waits = |effect: Effect| effect.status.is_some() && (this_sending || effect.stop.is_none());
            it.recipient.kind == RecipientKind::To && effect(it.whom.kind, false, false).is_some_and(waits)
        }))
    }
}

async fn about(tx: &mut Tx, notice: &Notice, place: &Place) -> Result<About> {
    Ok(match place {
        Place::Email(found) => {
            let email = store::emails::lock(tx, notice.workspace, found.email.id).await?;
            let (person, owner) = (email.person_id, email.owner_id);
            About { email: Some(email), send_number: Some(found.send_number), person, owner }
        }
        Place::Person { id, owner } => About { email: None, send_number: None, person: Some(*id), owner: *owner },
    })
}

/// What cannot be about the email is left alone, and the log says so: it is forged, or it went astray.
fn refused(notice: &Notice, found: &Match, objection: Objection) -> Received {
    let (fate, why) = match objection {
        Objection::NotOurs => (Fate::NotOurs, "what is told by somebody who cannot know is ignored"),
        Objection::AnotherRecipient => {
            (Fate::Refused, "what is said about somebody whom the email was not sent to is ignored")
        }
        Objection::AnotherEmail => {
            (Fate::Refused, "what came to the return address of one email and names another is ignored")
        }
    };
    let (workspace, email, kind) = (notice.workspace, found.email.id, notice.kind);
    if fate == Fate::Refused {
        tracing::warn!(%workspace, %email, %kind, "{why}");
    } else {
        tracing::debug!(%workspace, %email, %kind, "{why}");
    }
    Received { kind, fate, id: None, email: Some(email) }
}
