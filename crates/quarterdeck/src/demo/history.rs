//! Living through the plan: each step in its order, through the engine's verbs, while recipients react over HTTP.

use std::collections::HashMap;

use domain::{
    EmailId, Timestamp,
    authorization::Actor,
    time::{DAY, HOUR},
};
use engine::{
    emails::{ActionKind, DraftChange, Folder, ListQuery},
    people::PersonChange,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use simulator::{Answer, Stage, letters};
use tokio_util::sync::CancellationToken;

use super::{
    Demo,
    cast::{Cast, Contact, Member},
    plan::{Deed, Step, plan},
};
use crate::error::Result;

/// What a follow-up says before what it quotes.
const NUDGES: [&str; 4] = [
    "<p>Hi {{ first_name }},</p><p>Just floating this to the top of your inbox. Is it still of interest?</p>",
    "<p>Hi {{ first_name }},</p><p>Would a short call this week be easier than writing? Any morning suits me.</p>",
    "<p>Hi {{ first_name }},</p><p>I put the figures for your two cold rooms on <a href=\"https://www.northlight.example/figures\">one page</a>.</p>",
    "<p>Hi {{ first_name }},</p><p>If somebody else looks after this at {{ company | default: \"your company\" }}, could you point me to them?</p>",
];

/// Lives through everything from the moment the clock stands at until `now`.
pub(super) async fn live_through(demo: &Demo, cast: &Cast, now: Timestamp) -> Result<()> {
    let steps = plan(demo.options.seed, cast.contacts.len(), demo.engine.now(), now);
    let dice = StdRng::seed_from_u64(demo.options.seed ^ 1);
    let mut history = History { demo, cast, dice, last: HashMap::new(), written: 0 };
    for step in steps {
        history.react_until(step.at).await;
        demo.clock.move_to(step.at);
        history.take(step).await?;
    }
    demo.engine.record_visits().await;
    Ok(())
}

struct History<'a> {
    demo: &'a Demo,
    cast: &'a Cast,
    dice: StdRng,
    /// The last email to each contact.
    last: HashMap<usize, EmailId>,
    written: u64,
}

impl<'a> History<'a> {
    /// Recipients do what they do until then, each at their time.
    async fn react_until(&mut self, until: Timestamp) {
        while let Some(at) = self.demo.world.next_due().filter(|at| *at <= until.0) {
            self.demo.clock.move_to(Timestamp(at));
            for reaction in self.demo.world.due(at) {
                if let Err(error) = self.demo.world.perform(&reaction).await {
                    tracing::warn!(%error, "a reaction found no answer");
                }
            }
        }
    }

    async fn take(&mut self, step: Step) -> Result<()> {
        match step.deed {
            Deed::Write { contact } => self.write(contact).await,
            Deed::FollowUp { contact } => self.follow_up(contact).await,
            Deed::Schedule { contact, at } => {
                let id = self.draft(contact).await?;
                self.send(contact, id, Some(at)).await
            }
            Deed::Draft { contact: Some(contact) } => self.draft(contact % self.cast.contacts.len()).await.map(drop),
            Deed::Draft { contact: None } => self.scribble().await,
            Deed::LoseField { contact } => self.lose_field(contact, step.at.plus(HOUR)).await,
            Deed::Lose => self.lose().await,
            Deed::Tidy => self.tidy().await,
            Deed::Deliver => Ok(self.demo.engine.deliver_due(&CancellationToken::new()).await?),
        }
    }

    /// A draft to a contact, in their language.
    async fn draft(&mut self, contact: usize) -> Result<EmailId> {
        let (to, member) = (self.contact(contact), self.member(contact));
        self.written += 1;
        let letter = letters::choose(self.demo.options.seed, &to.recipient.language, self.written);
        let change = DraftChange {
            identity_id: Some(Some(member.identity)),
            person_id: Some(Some(to.id)),
            subject: Some(letter.subject.to_owned()),
            body_html: Some(letter.body_html.to_owned()),
            ..DraftChange::default()
        };
        Ok(self.demo.engine.create_draft(&member.actor, None, change).await?.listed.email.id)
    }

    async fn send(&mut self, contact: usize, id: EmailId, at: Option<Timestamp>) -> Result<()> {
        let actor = &self.member(contact).actor;
        let version = self.demo.engine.email_row(actor, id).await?.email.version;
        match self.demo.engine.send(actor, id, version, at).await {
            // Who asked to be left alone is not written to; the draft stays.
            Err(engine::Error::Blocked(_)) => Ok(()),
            sent => Ok(sent.map(drop)?),
        }
    }

    async fn write(&mut self, contact: usize) -> Result<()> {
        let id = self.draft(contact).await?;
        self.last.insert(contact, id);
        self.send(contact, id, None).await
    }

    /// Only what was delivered can be followed up.
    async fn follow_up(&mut self, contact: usize) -> Result<()> {
        let Some(&original) = self.last.get(&contact) else { return Ok(()) };
        let member = self.member(contact);
        let (engine, actor) = (&self.demo.engine, &member.actor);
        if engine.email_row(actor, original).await?.email.sent_at.is_none() {
            return Ok(());
        }
        let draft = engine.create_draft(actor, Some(original), DraftChange::default()).await?;
        let nudge = NUDGES[self.dice.random_range(0..NUDGES.len())];
        let change = DraftChange { body_html: Some(format!("{nudge}{}", draft.body.html)), ..DraftChange::default() };
        let (id, version) = (draft.listed.email.id, draft.listed.email.version);
        engine.edit_draft(actor, id, version, change).await?;
        self.last.insert(contact, id);
        self.send(contact, id, None).await
    }

    /// A thought without a recipient.
    async fn scribble(&mut self) -> Result<()> {
        let change = DraftChange {
            subject: Some("Notes for the trade fair".to_owned()),
            body_html: Some("<p>Ask for: dock doors, night shift, who signs.</p>".to_owned()),
            ..DraftChange::default()
        };
        self.demo.engine.create_draft(&self.cast.members[0].actor, None, change).await?;
        Ok(())
    }

    async fn lose_field(&mut self, contact: usize, at: Timestamp) -> Result<()> {
        let (to, member) = (self.contact(contact), self.member(contact));
        let engine = &self.demo.engine;
        let change = DraftChange {
            person_id: Some(Some(to.id)),
            subject: Some("An offer for {{ company }}".to_owned()),
            body_html: Some("<p>Dear {{ first_name }},</p><p>Our offer.</p>".to_owned()),
            ..DraftChange::default()
        };
        let id = engine.create_draft(&member.actor, None, change).await?.listed.email.id;
        self.send(contact, id, Some(at)).await?;
        let person = engine.person(&member.actor, to.id).await?.person;
        let without = PersonChange { company: Some(String::new()), ..PersonChange::default() };
        engine.change_person(&member.actor, to.id, person.version, without).await?;
        Ok(())
    }

    /// The connection dies after the final dot of the next letter, so nobody knows whether it arrived.
    async fn lose(&mut self) -> Result<()> {
        let (world, cast) = (&self.demo.world, self.cast);
        let accepts = |n: &usize| {
            let contact = &cast.contacts[*n];
            contact.owner == 0 && world.behaviour(&contact.recipient.address).answer == Answer::Accept
        };
        let Some(contact) = (1..cast.contacts.len()).rev().find(accepts) else { return Ok(()) };
        world.drop_next(Stage::Answer);
        self.write(contact).await
    }

    /// Everybody archives some of what is over a week old, marks some of what was clicked as a success, and now and then
    /// somebody hears on the phone that a letter was taken for spam.
    async fn tidy(&mut self) -> Result<()> {
        self.demo.engine.record_visits().await;
        for member in &self.cast.members {
            let (mut done, mut won, mut unwelcome) = (Vec::new(), Vec::new(), Vec::new());
            for email in self.delivered(&member.actor).await? {
                let age = email.sent_at.map_or(0, |sent| self.demo.engine.now().since(sent));
                if email.clicks > 0 && email.success_at.is_none() && self.dice.random_bool(0.08) {
                    won.push(email.id);
                }
                if email.views == 0 && age > DAY && self.dice.random_bool(0.015) {
                    unwelcome.push(email.id);
                } else if age > 7 * DAY && self.dice.random_bool(0.12) {
                    done.push(email.id);
                }
            }
            let kinds = [(ActionKind::Success, won), (ActionKind::Archive, done), (ActionKind::ReportSpam, unwelcome)];
            for (kind, ids) in kinds {
                if !ids.is_empty() {
                    self.demo.engine.act(&member.actor, kind, &ids, None).await?;
                }
            }
        }
        Ok(())
    }

    async fn delivered(&self, actor: &Actor) -> Result<Vec<store::emails::Email>> {
        let query = ListQuery { folder: Folder::Delivered, sort: None, descending: None, limit: 200, cursor: None };
        let page = self.demo.engine.list_emails(actor, &query).await?;
        Ok(page.items.into_iter().map(|listed| listed.email).collect())
    }

    fn contact(&self, contact: usize) -> &'a Contact {
        &self.cast.contacts[contact]
    }

    fn member(&self, contact: usize) -> &'a Member {
        &self.cast.members[self.cast.contacts[contact].owner]
    }
}
