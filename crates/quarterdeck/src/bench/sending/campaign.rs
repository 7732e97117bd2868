//! What our own sender is given: one letter with dynamic fields and links, 10 KB on the wire, queued for everybody, as the product
//! queues it.

use domain::{
    ChannelId, EmailId, IdentityId, Status, Timestamp, WorkspaceId,
    authorization::Actor,
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    reasons::WaitReason,
    time::MILLISECOND,
};
use engine::Engine;
use rand::{SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use store::{
    Tx,
    bodies::{self, Body},
    emails::{self, Email},
    events::{self, Event},
    people::Person,
    recipients::{self, Recipient},
};

use super::LETTER_BYTES;
use crate::{
    bench::{filling, letters::new_id},
    error::Result,
};

const SEED: u64 = 11;
/// Whom it goes to; a larger campaign goes to them more than once.
const PEOPLE: usize = 2000;
/// Emails in one transaction.
const BATCH: u32 = 1000;
const SUBJECT: &str = "{{first_name}}, fewer false alarms at {{company}}";
const PARAGRAPH: usize = 60;
const WORDS: &str = "alarm auditor battery before calibrated certificate cold compare curve depot door driver every ferry freezer \
    gateway hour humidity install keep loading logger measure mount night offer once pallet pilot power probe \
    quietly range record report room season sensor shift sleep summer temperature threshold trailer transit \
    warehouse week without";

/// An email that was queued.
pub(super) struct Queued {
    pub(super) id: EmailId,
    /// When it is due; afterwards the store does not say so any more.
    pub(super) due: Timestamp,
}

/// A campaign in the making.
pub(super) struct Campaign {
    actor: Actor,
    identity: IdentityId,
    channel: ChannelId,
    people: Vec<Person>,
    body: Body,
    now: Timestamp,
    dice: StdRng,
}

impl Campaign {
    /// Makes, in an empty store, everything that a campaign through `port` of this machine needs.
    pub(super) async fn prepare(engine: &Engine, port: u16) -> Result<Self> {
        let (actor, now) = (filling::administrator(engine).await?, engine.now());
        let mut dice = StdRng::seed_from_u64(SEED);
        let mut tx = engine.db().begin().await?;
        let (identity, channel) = filling::way_out(&mut tx, &actor, port, now, &mut dice).await?;
        let people = filling::people(&mut tx, &actor, PEOPLE, now, &mut dice).await?;
        tx.commit().await?;
        let body = Body { subject: SUBJECT.to_owned(), html: letter(&mut dice), ..Body::default() };
        Ok(Self { actor, identity, channel, people, body, now, dice })
    }

    /// The workspace it is in.
    pub(super) fn workspace(&self) -> WorkspaceId {
        self.actor.workspace
    }

    /// Queues `emails` of them; `due` says when the nth is due. Answers which they are.
    pub(super) async fn queue(
        &mut self,
        engine: &Engine,
        emails: u32,
        mut due: impl FnMut(u32) -> Timestamp,
    ) -> Result<Vec<Queued>> {
        let mut queued = Vec::with_capacity(emails as usize);
        let numbers: Vec<u32> = (0..emails).collect();
        for batch in numbers.chunks(BATCH as usize) {
            let mut tx = engine.db().begin().await?;
            for number in batch {
                let due = due(*number);
                queued.push(Queued { id: self.queue_one(&mut tx, *number, due).await?, due });
            }
            tx.commit().await?;
        }
        Ok(queued)
    }

    async fn queue_one(&mut self, tx: &mut Tx, number: u32, due: Timestamp) -> Result<EmailId> {
        // Ids ascend, as the product's do.
        let made_at = self.now.plus(i64::from(number) * MILLISECOND);
        let (workspace, id) = (self.actor.workspace, new_id(made_at, &mut self.dice));
        let person = &self.people[number as usize % self.people.len()];
        let mut email = Email {
            person_id: Some(person.id),
            to_address: Some(person.address.clone()),
            bulk: true,
            identity_id: Some(self.identity),
            subject: format!("{}, fewer false alarms", person.first_name.as_deref().unwrap_or_default()),
            snippet: format!("Hi {}, quietly measure every", person.first_name.as_deref().unwrap_or_default()),
            ..Email::draft(workspace, id, self.actor.user, self.now)
        };
        emails::insert(tx, &email).await?;
        bodies::save(tx, workspace, id, &self.body).await?;
        email.status = Status::Scheduled;
        email.channel_id = Some(self.channel);
        email.due_at = Some(due);
        email.next_at = Some(due);
        email.wait_reason = Some(WaitReason::YourTime);
        emails::update(tx, &mut email, Status::Draft).await?;
        let recipient = Recipient {
            id: new_id(made_at, &mut self.dice),
            email_id: id,
            kind: RecipientKind::To,
            name: person.full_name().unwrap_or_default(),
            address: person.address.clone(),
            outcome: Outcome::Waiting,
            send_number: email.send_number,
            channel_id: None,
            attempted_at: None,
            settled_at: None,
            reply: None,
        };
        recipients::insert(tx, workspace, &recipient).await?;
        let evidence = Evidence { until: Some(due), wait: Some(WaitReason::YourTime), ..Evidence::default() };
        let event = Event {
            id: new_id(made_at, &mut self.dice),
            email_id: id,
            at: self.now,
            kind: EventKind::Queued,
            evidence,
        };
        events::insert(tx, workspace, &event).await?;
        Ok(id)
    }
}

/// A letter as long as what `smtp-source` sends: paragraphs of plain words, a field in each, a link in every third.
fn letter(dice: &mut StdRng) -> String {
    let dictionary: Vec<&str> = WORDS.split_whitespace().collect();
    let mut html = "<p>Hi {{first_name}},</p>".to_owned();
    let mut number = 0;
    while html.len() < LETTER_BYTES {
        let words: Vec<&str> = (0..PARAGRAPH).filter_map(|_| dictionary.choose(dice).copied()).collect();
        let words = words.join(" ");
        let paragraph = match number % 3 {
            0 => format!("<p>{words} <a href=\"https://www.northlight.example/{number}\">at {{{{company}}}}</a>.</p>"),
            1 => format!("<p>At {{{{company}}}} {words}.</p>"),
            _ => format!("<p>{{{{first_name}}}}, {words}.</p>"),
        };
        html.push_str(&paragraph);
        number += 1;
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_is_as_long_as_promised_with_a_handful_of_links() {
        let letter = letter(&mut StdRng::seed_from_u64(SEED));
        assert!((LETTER_BYTES..LETTER_BYTES + 600).contains(&letter.len()), "{}", letter.len());
        assert!((3..=6).contains(&letter.matches("<a href=").count()), "{letter}");
    }
}
