//! From claimed emails to parcels: what belongs to them is loaded for all at once, and rendered off the async threads.

use std::{collections::HashMap, sync::Arc};

use domain::{EmailId, UserId, WorkspaceId, ledger::RecipientKind, reasons::FailureReason};
use mail::smtp::Envelope;
use store::{
    Tx,
    attachments::Attachment,
    bodies::{NewlySent, PackedBody, SentMessage},
    emails::Claimed,
    identities::Identity,
    people::Person,
    recipients::Recipient,
    sent_ids::Sending,
};

use super::{
    crew::Crew,
    message::{Message, Unfit},
    portions::{Place, Portion},
    record::Later,
};
use crate::{
    Engine, Error, Result,
    emails::mark,
    feedback::Returns,
    stops::Gate,
    unsubscribe::{self, Holder},
};

/// An email that can be handed over, on its way through the crew.
pub(super) struct Parcel {
    pub(super) email: EmailId,
    pub(super) owner: UserId,
    pub(super) send_number: u32,
    pub(super) recipients: Vec<Recipient>,
    pub(super) message: Message,
    /// What is to be kept of the message, until it first begins under its number.
    pub(super) sent: Option<NewlySent>,
    /// Its place among what waits in memory.
    pub(super) place: Place,
    /// Recipients before this one have had their turn.
    pub(super) turn: usize,
    /// When and why some of its recipients are tried again.
    pub(super) later: Option<Later>,
    /// Copies that are left out.
    left_out: Vec<(Recipient, FailureReason)>,
    /// What the messages of its copies are made of, where each recipient's is their own.
    for_copies: Option<Arc<Materials>>,
}

impl Parcel {
    /// The next recipient who has not got it and has not been tried in this round.
    pub(super) fn next_recipient(&self) -> Option<usize> {
        (self.turn..self.recipients.len()).find(|index| self.recipients[*index].is_open())
    }

    /// What it weighs in memory, in bytes.
    pub(super) fn weight(&self) -> usize {
        let files = self.for_copies.iter().flat_map(|materials| &materials.attachments);
        self.message.bytes.len() + files.map(|(_, content)| content.len()).sum::<usize>()
    }

    /// What a server is told of it, for one of its recipients.
    pub(super) fn envelope(&self, recipient: usize) -> Envelope<'_> {
        let address = &self.recipients[recipient].address;
        Envelope {
            from: &self.message.from,
            to: address,
            smtputf8: self.message.needs_smtputf8 || mail::address::needs_smtputf8(address),
            eight_bit: false,
            reports: Some(self.message.reports()),
        }
    }
}

/// An email with everything that its message is made of.
pub(super) struct Materials {
    pub(super) email: Claimed,
    pub(super) body: PackedBody,
    pub(super) person: Option<Arc<Person>>,
    pub(super) identity: Option<Arc<Identity>>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) attachments: Vec<(Attachment, Vec<u8>)>,
    /// The message as it was sent under the same send number: automatic attempts send the same.
    pub(super) sent_before: Option<SentMessage>,
    /// Whether views and clicks are to be learnt.
    pub(super) tracked: bool,
    /// Whom it must not go to.
    pub(super) gate: Gate,
    /// The sender's words with the unsubscribe link.
    pub(super) unsubscribe: Arc<unsubscribe::Message>,
    /// How its channel hears what becomes of it.
    pub(super) returns: Arc<Returns>,
}

impl Materials {
    /// The mark of this sending.
    pub(super) fn mark(&self) -> String {
        mark(Sending { email_id: self.email.id, send_number: self.email.send_number })
    }
}

impl Engine {
    /// Claimed emails with everything that their messages are made of.
    pub(super) async fn materials(&self, crew: &Crew, portion: Portion) -> Result<Vec<Materials>> {
        self.know_domains().await?;
        let mut tx = self.db().read().await?;
        let mut materials = self.load_materials(&mut tx, crew.workspace(), portion).await?;
        let returns = Arc::new(Returns::of(&mut tx, &crew.channel).await?);
        for it in &mut materials {
            it.returns = Arc::clone(&returns);
        }
        Ok(materials)
    }

    /// Makes parcels of claimed emails. What cannot leave is filed under Failed.
    pub(super) async fn parcels(&self, crew: &Crew, materials: Vec<Materials>) -> Result<Vec<Parcel>> {
        let engine = self.clone();
        let rendered = tokio::task::spawn_blocking(move || {
            materials.into_iter().map(|materials| engine.render(materials)).collect::<Vec<_>>()
        });
        let mut parcels = Vec::new();
        let mut failed = 0;
        for rendered in rendered.await.map_err(|error| Error::Internal(error.to_string()))? {
            match rendered {
                Ok(parcel) => {
                    self.keep_long_links(crew.workspace(), &parcel.message.long_links).await?;
                    if !parcel.left_out.is_empty() {
                        self.leave_out(crew.workspace(), parcel.email, &parcel.left_out).await?;
                    }
                    parcels.push(parcel);
                }
                Err((email, unfit)) => {
                    self.fail_unfit(crew, email, unfit).await?;
                    failed += 1;
                }
            }
        }
        // Only now: after an error each of them is left, and nobody may be counted twice.
        for _ in 0..failed {
            crew.has_begun();
        }
        Ok(parcels)
    }

    pub(super) async fn load_materials(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        portion: Portion,
    ) -> Result<Vec<Materials>> {
        let Portion { emails: claimed, mut files } = portion;
        let ids: Vec<EmailId> = claimed.iter().map(|email| email.id).collect();
        let tracking = store::workspaces::find(tx, workspace).await?.tracking;
        let bodies = store::bodies::find_packed(tx, workspace, &ids).await?;
        let mut bodies: HashMap<_, _> = bodies.into_iter().map(|body| (body.email_id, body)).collect();
        let mut wanted: Vec<_> = claimed.iter().filter_map(|email| email.person_id).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let people = store::people::find_all(tx, workspace, &wanted).await?;
        let people: HashMap<_, _> = people.into_iter().map(|person| (person.id, Arc::new(person))).collect();
        let mut recipients: HashMap<_, Vec<Recipient>> = HashMap::new();
        for recipient in store::recipients::list_all(tx, workspace, &ids).await? {
            recipients.entry(recipient.email_id).or_default().push(recipient);
        }
        let addresses = recipients.values().flatten().filter(|it| it.is_open()).map(|it| it.address.as_str());
        let held = store::stops::held(tx, workspace, addresses, wanted.iter().copied()).await?;
        let mut owners: Vec<UserId> = claimed.iter().map(|email| email.owner_id).collect();
        owners.sort_unstable();
        owners.dedup();
        let messages = unsubscribe::Messages::load(tx, workspace, &owners).await?;
        let mut identities: HashMap<_, Arc<Identity>> = HashMap::new();
        let mut materials = Vec::with_capacity(claimed.len());
        for email in claimed {
            let identity = match email.identity_id {
                Some(id) if !identities.contains_key(&id) => {
                    let found = Arc::new(store::identities::find(tx, workspace, id).await?);
                    Some(Arc::clone(identities.entry(id).or_insert(found)))
                }
                Some(id) => identities.get(&id).cloned(),
                None => None,
            };
            let sent_before = if email.attempts == 0 {
                None
            } else {
                match store::bodies::last_sent(tx, workspace, email.id).await {
                    Ok(sent) => Some(sent).filter(|sent| sent.send_number == email.send_number),
                    Err(store::Error::NotFound) => None,
                    Err(error) => return Err(error.into()),
                }
            };
            let mut attachments = Vec::new();
            for file in files.remove(&email.id).unwrap_or_default() {
                let content = store::attachments::content(tx, workspace, &file.sha256).await?;
                attachments.push((file, content));
            }
            let body = bodies.remove(&email.id).ok_or(store::Error::NotFound)?;
            let mut recipients = recipients.remove(&email.id).unwrap_or_default();
            let gate = Gate::ask(&held, &email, body.non_commercial, &mut recipients);
            materials.push(Materials {
                body,
                person: email.person_id.and_then(|id| people.get(&id).cloned()),
                identity: identity.filter(|it| it.deleted_at.is_none() && it.verified_at.is_some()),
                recipients,
                gate,
                unsubscribe: messages.of(email.owner_id),
                returns: Arc::default(),
                attachments,
                sent_before,
                tracked: tracking && email.tracked,
                email,
            });
        }
        Ok(materials)
    }

    fn render(&self, mut materials: Materials) -> std::result::Result<Parcel, (EmailId, Unfit)> {
        if let Some((reason, param)) = materials.gate.to {
            return Err((materials.email.id, Unfit { reason, param }));
        }
        let email = materials.email.id;
        let mut message = self.message(&materials, Holder::To(email)).map_err(|unfit| (email, unfit))?;
        let copies_wait = materials.recipients.iter().any(|it| it.kind != RecipientKind::To && it.is_open());
        Ok(Parcel {
            email,
            owner: materials.email.owner_id,
            send_number: materials.email.send_number,
            recipients: materials.recipients.clone(),
            sent: message.sent.take(),
            place: None,
            turn: 0,
            later: None,
            left_out: std::mem::take(&mut materials.gate.left_out),
            for_copies: (copies_wait && message.is_personal).then(|| Arc::new(materials)),
            message,
        })
    }

    /// Makes the message of `parcel` that of its `recipient`: a copy unsubscribes with a link of their own.
    pub(super) async fn address(&self, parcel: &mut Parcel, recipient: usize) -> Result<()> {
        let Recipient { id, kind, .. } = parcel.recipients[recipient];
        let Some(materials) = parcel.for_copies.clone().filter(|_| kind != RecipientKind::To) else { return Ok(()) };
        let engine = self.clone();
        let message = tokio::task::spawn_blocking(move || engine.message(&materials, Holder::Copy(id)));
        let message = message.await.map_err(|error| Error::Internal(error.to_string()))?;
        parcel.message = message.map_err(|unfit| Error::Internal(format!("no copy: {:?}", unfit.reason)))?;
        Ok(())
    }

    /// The email cannot leave, and nobody was asked.
    async fn fail_unfit(&self, crew: &Crew, id: EmailId, unfit: Unfit) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let mut email = store::emails::lock(&mut tx, crew.workspace(), id).await?;
        if email.leased_by == Some(self.node()) {
            self.fail(&mut tx, &mut email, unfit.reason, unfit.param).await?;
            tx.commit().await?;
            self.tell_emails(crew.workspace(), email.owner_id, vec![id]);
        }
        Ok(())
    }
}
