//! People: whom we write to. Everybody sees and changes their own; an address belongs to one person of the workspace.

mod save;

use domain::{
    PersonId, UserId,
    authorization::{Action, Actor},
    person::typed_words,
};
use store::{
    Tx,
    people::{self, Person, PersonAddress},
};

pub use save::{NewPerson, PersonChange};

use crate::{Engine, Error, Result};

/// The most people one list holds.
const MAX_LIST: u64 = 200;

/// A person with all addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// The person.
    pub person: Person,
    /// All their addresses, the primary first.
    pub addresses: Vec<PersonAddress>,
    /// Whose person it is, by id and name.
    pub owner: (UserId, String),
}

impl Engine {
    /// The people whose name, company or address has words that begin as `typed` does; all of them when it is empty.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn people(&self, actor: &Actor, typed: &str, limit: u64) -> Result<Vec<PersonView>> {
        let owner = actor.seen_user();
        self.allow(actor, Action::See { owner })?;
        let words = typed_words(typed);
        // Signs alone are no words: they find nobody, not everybody.
        if words.is_empty() && !typed.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db().read().await?;
        let found = people::list(&mut tx, actor.workspace, owner, &words, limit.clamp(1, MAX_LIST)).await?;
        views(&mut tx, found).await
    }

    /// A person.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for somebody else's.
    pub async fn person(&self, actor: &Actor, id: PersonId) -> Result<PersonView> {
        let mut tx = self.db().read().await?;
        let person = self.visible_person(&mut tx, actor, id).await?;
        view(&mut tx, person).await
    }

    pub(crate) async fn visible_person(&self, tx: &mut Tx, actor: &Actor, id: PersonId) -> Result<Person> {
        let person = people::find(tx, actor.workspace, id).await?;
        match self.allow(actor, Action::See { owner: person.owner_id }) {
            Ok(()) => Ok(person),
            Err(_) => Err(Error::NotFound),
        }
    }
}

async fn view(tx: &mut Tx, person: Person) -> Result<PersonView> {
    views(tx, vec![person]).await?.pop().ok_or(Error::NotFound)
}

/// All of `people` belong to one user.
async fn views(tx: &mut Tx, people: Vec<Person>) -> Result<Vec<PersonView>> {
    let Some(first) = people.first() else { return Ok(Vec::new()) };
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let owner = (first.owner_id, store::users::find(tx, first.owner_id).await?.name);
    let addresses = people::addresses(tx, first.workspace_id, &ids).await?;
    let with_addresses = people.into_iter().map(|person| PersonView {
        addresses: addresses.iter().filter(|address| address.person_id == person.id).cloned().collect(),
        owner: owner.clone(),
        person,
    });
    Ok(with_addresses.collect())
}
