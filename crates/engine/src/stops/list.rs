//! Who is stopped, and a person's history of it.

use domain::{
    EmailId, PersonId, StopId, UserId,
    authorization::{Action, Actor, Role},
    stops::Source,
};
use store::stops::{Changed, Listed, Which};

use crate::{Engine, Error, Result};

/// How much of a person's history is shown.
const HISTORY: u32 = 100;

/// The most stops of one person: each of their addresses, for each cause.
const OF_PERSON: u64 = 50;

/// Why a person is not to be mailed, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonStops {
    /// What holds now, newest first. Subjects of other users' emails, and what was written to them, are left out, here as below.
    pub holding: Vec<Listed>,
    /// What ever happened, newest first.
    pub history: Vec<Changed>,
}

impl Engine {
    /// Everybody who is not to be mailed, newest first: for an administrator those of the whole workspace, for others those
    /// of their own people. `text` is looked for in addresses and names. Subjects of other users' emails are left out, and what was written to
    /// them is for administrators.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn stops(
        &self,
        actor: &Actor,
        text: Option<&str>,
        before: Option<StopId>,
        limit: u64,
    ) -> Result<Vec<Listed>> {
        self.allow(actor, Action::UseWorkspace)?;
        let everybody = actor.role == Role::Admin && actor.view_as.is_none();
        let which = Which {
            owner: (!everybody).then(|| actor.seen_user()),
            person: None,
            text: text.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()),
            before,
        };
        let mut tx = self.db().read().await?;
        let mut found = store::stops::list(&mut tx, actor.workspace, &which, limit).await?;
        self.keep_from_others(actor, &mut found);
        Ok(found)
    }

    /// Why a person is not to be mailed, and everything that ever happened to it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's person.
    pub async fn stops_of_person(&self, actor: &Actor, person: PersonId) -> Result<PersonStops> {
        let mut tx = self.db().read().await?;
        let person = store::people::find(&mut tx, actor.workspace, person).await?;
        self.allow(actor, Action::See { owner: person.owner_id }).map_err(|_| Error::NotFound)?;
        let which = Which { person: Some(person.id), ..Which::default() };
        let mut holding = store::stops::list(&mut tx, actor.workspace, &which, OF_PERSON).await?;
        self.keep_from_others(actor, &mut holding);
        let mut history = store::stops::changes_of_person(&mut tx, actor.workspace, person.id, HISTORY).await?;
        for changed in &mut history {
            let change = &mut changed.change;
            if !self.may_read_note(actor, change.source, change.email_id, changed.email_owner_id) {
                change.note = None;
            }
            if changed.email_owner_id != Some(actor.seen_user()) {
                changed.subject = None;
                change.email_id = None;
            }
        }
        Ok(PersonStops { holding, history })
    }

    /// What others write, and what is written to them, is not for everybody who may see the person.
    fn keep_from_others(&self, actor: &Actor, found: &mut [Listed]) {
        for listed in found {
            let stop = &mut listed.stop;
            if !self.may_read_note(actor, stop.source, stop.email_id, listed.email_owner_id) {
                stop.note = None;
            }
            if listed.email_owner_id != Some(actor.seen_user()) {
                listed.subject = None;
            }
        }
    }

    /// Whether what was said about a stop is for `actor`, who may see the stop. What names no email was written to the owner of
    /// the person.
    fn may_read_note(&self, actor: &Actor, source: Source, email: Option<EmailId>, owner: Option<UserId>) -> bool {
        let of_email = source.is_recipient() && email.is_some();
        !of_email || self.allow(actor, Action::ReadWords { email_owner: owner }).is_ok()
    }
}
