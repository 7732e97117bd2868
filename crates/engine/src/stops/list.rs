//! Who is stopped, and a person's history of it.

use domain::{
    PersonId, StopId,
    authorization::{Action, Actor, Role},
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
    /// What holds now, newest first. Subjects of other users' emails are left out, here as below.
    pub holding: Vec<Listed>,
    /// What ever happened, newest first.
    pub history: Vec<Changed>,
}

impl Engine {
    /// Everybody who is not to be mailed, newest first: for an administrator those of the whole workspace, for others those
    /// of their own people. `text` is looked for in addresses and names. Subjects of other users' emails are left out.
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
        leave_out_subjects(actor, &mut found);
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
        leave_out_subjects(actor, &mut holding);
        let mut history = store::stops::changes_of_person(&mut tx, actor.workspace, person.id, HISTORY).await?;
        for changed in &mut history {
            if changed.email_owner_id != Some(actor.seen_user()) {
                changed.subject = None;
                changed.change.email_id = None;
            }
        }
        Ok(PersonStops { holding, history })
    }
}

/// What others write is not for everybody who may see the person.
fn leave_out_subjects(actor: &Actor, found: &mut [Listed]) {
    for listed in found.iter_mut().filter(|it| it.email_owner_id != Some(actor.seen_user())) {
        listed.subject = None;
    }
}
