//! One email after the other, as they may stand in a store.

use domain::{
    ChannelId, IdentityId, Status, Timestamp,
    authorization::Actor,
    reasons::{FailureReason, WaitReason},
    time::{DAY, HOUR, SECOND},
};
use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};
use store::{
    Tx,
    emails::{self, Email, Engagement},
    people::Person,
};
use uuid::Uuid;

use super::failed;
use crate::error::Result;

/// How many of a thousand emails stand where.
const SPREAD: [(Status, u32); 9] = [
    (Status::Delivered, 620),
    (Status::Archived, 150),
    (Status::Scheduled, 80),
    (Status::Draft, 35),
    (Status::InProgress, 1),
    (Status::Failed, 30),
    (Status::Bounced, 64),
    (Status::Spam, 10),
    (Status::Deleted, 10),
];
/// The oldest email was written so long ago.
const PAST: f64 = 730.0;
const SUBJECTS: [&str; 5] = [
    "A question about the sensors at",
    "Fewer false alarms for",
    "What we measured last month, for",
    "Two minutes on calibration at",
    "Following up with",
];

/// Who writes to whom, by which way, by chance.
pub(super) struct Letters {
    pub(super) actor: Actor,
    pub(super) people: Vec<Person>,
    pub(super) identity: IdentityId,
    pub(super) channel: ChannelId,
    pub(super) now: Timestamp,
    pub(super) dice: StdRng,
}

impl Letters {
    /// Writes one more email into the store.
    pub(super) async fn write(&mut self, tx: &mut Tx) -> Result<()> {
        let (status, _) = *SPREAD.choose_weighted(&mut self.dice, |(_, weight)| *weight).map_err(failed)?;
        let mut email = self.draft()?;
        email.status = status;
        emails::insert(tx, &email).await?;
        if status == Status::Draft {
            return Ok(());
        }
        self.live_through(&mut email);
        emails::update(tx, &mut email, status).await?;
        if let Some(seen) = self.engagement(&email) {
            emails::add_engagement(tx, email.workspace_id, &[(email.id, seen)]).await?;
        }
        Ok(())
    }

    /// Something written to somebody, the more recently the likelier.
    fn draft(&mut self) -> Result<Email> {
        let age = PAST * self.dice.random::<f64>().powi(2);
        #[expect(clippy::cast_possible_truncation, reason = "two years of seconds")]
        let written = self.now.plus_seconds(-(age * 86_400.0) as i64);
        let id = new_id(written, &mut self.dice);
        let person = self.people.choose(&mut self.dice).ok_or_else(|| failed("there is nobody to write to"))?;
        let subject = SUBJECTS.choose(&mut self.dice).copied().unwrap_or_default();
        let (first, company) = (person.first_name.as_deref(), person.company.as_deref());
        let (first, company) = (first.unwrap_or_default(), company.unwrap_or_default());
        Ok(Email {
            person_id: Some(person.id),
            to_address: Some(person.address.clone()),
            identity_id: Some(self.identity),
            subject: format!("{subject} {company}"),
            snippet: format!(
                "Hi {first}, you measure temperature in more places than most, and somebody at {company} reads all of it."
            ),
            ..Email::draft(self.actor.workspace, id, self.actor.user, written)
        })
    }

    /// What became of an email that was sent or scheduled.
    fn live_through(&mut self, email: &mut Email) {
        let sent = email.created_at.plus(self.dice.random_range(10 * SECOND..HOUR)).min(self.now);
        email.channel_id = Some(self.channel);
        email.updated_at = sent;
        email.last_activity_at = sent;
        match email.status {
            Status::Scheduled => {
                let due = self.now.plus(self.dice.random_range(HOUR..21 * DAY));
                email.due_at = Some(due);
                email.next_at = Some(due);
                email.wait_reason = Some(WaitReason::YourTime);
            }
            Status::InProgress => {
                email.uncertain = true;
                email.first_attempt_at = Some(sent);
            }
            Status::Failed | Status::Bounced | Status::Spam => {
                email.failed_at = Some(sent);
                email.failure_reason = Some(FailureReason::NoSuchMailbox);
                email.failure_code = Some("550 5.1.1".to_owned());
                email.failure_text = Some("No such user here, try another one".to_owned());
            }
            Status::Deleted => {
                email.sent_at = Some(sent);
                email.status_before = Some(Status::Delivered);
                email.deleted_at = Some(sent);
            }
            _ => email.sent_at = Some(sent),
        }
    }

    /// What its recipient did, where somebody did something.
    fn engagement(&mut self, email: &Email) -> Option<Engagement> {
        let sent = email.sent_at.filter(|_| self.dice.random_bool(0.4))?;
        let views = self.dice.random_range(1..6);
        let clicks = u32::from(self.dice.random_bool(0.2));
        let at = sent.plus(self.dice.random_range(HOUR..5 * DAY)).min(self.now);
        Some(Engagement { views, clicks, human_at: Some(at), ..Engagement::default() })
    }
}

/// An id of that moment, in the order in which the product makes them.
pub(super) fn new_id<T: From<Uuid>>(at: Timestamp, dice: &mut StdRng) -> T {
    uuid::Builder::from_unix_timestamp_millis(at.millis(), &dice.random()).into_uuid().into()
}
