//! Adding and changing people.

use domain::{
    EmailAddress, PersonId,
    authorization::{Action, Actor},
    channel,
    input::{self, Code, Invalid, MAX_NAME},
};
use store::{
    Tx,
    people::{self, Person},
};
use url::Url;

use super::{PersonView, view};
use crate::{Engine, Error, Result, faults::Faults};

/// The longest phone number, with extension and spaces.
const MAX_PHONE: usize = 50;
/// The longest language tag.
const MAX_LANGUAGE: usize = 35;
/// The longest profile address.
const MAX_URL: usize = 500;

/// A person as somebody describes them.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// Where we write to.
    pub address: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Where they work.
    pub company: Option<String>,
}

/// What somebody changes about a person: empty text removes, `None` leaves as it is.
#[derive(Debug, Clone, Default)]
pub struct PersonChange {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Where they work.
    pub company: Option<String>,
    /// As what.
    pub title: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Their IANA time zone.
    pub time_zone: Option<String>,
    /// Their language, as a tag such as `pt-BR`.
    pub language: Option<String>,
    /// Their profile.
    pub linkedin_url: Option<String>,
}

impl Engine {
    /// Adds a person.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::AddressTaken`], which names the person to those who may see them.
    pub async fn create_person(&self, actor: &Actor, wanted: NewPerson) -> Result<PersonView> {
        self.allow(actor, Action::Change { owner: actor.user })?;
        let mut faults = Faults::default();
        let address = faults.check(EmailAddress::parse("address", &wanted.address).map(Some));
        let mut person = Person {
            workspace_id: actor.workspace,
            id: self.new_id(),
            version: 1,
            owner_id: actor.user,
            first_name: None,
            last_name: None,
            company: None,
            title: None,
            phone: None,
            time_zone: None,
            language: None,
            linkedin_url: None,
            address: address.map(|address| address.as_str().to_owned()).unwrap_or_default(),
            created_at: self.now(),
            updated_at: self.now(),
        };
        let names = PersonChange {
            first_name: wanted.first_name,
            last_name: wanted.last_name,
            company: wanted.company,
            ..PersonChange::default()
        };
        apply(&mut faults, &mut person, names);
        faults.refuse()?;

        let mut tx = self.db().begin().await?;
        self.refuse_known_address(&mut tx, actor, &person.address).await?;
        match people::insert(&mut tx, &person).await {
            // Somebody was faster.
            Err(store::Error::Conflict { .. }) => return Err(Error::AddressTaken { person: None }),
            inserted => inserted?,
        }
        let view = view(&mut tx, person).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Whoever may not see the person learns that the address is known, and nothing else.
    async fn refuse_known_address(&self, tx: &mut Tx, actor: &Actor, address: &str) -> Result<()> {
        match people::find_by_address(tx, actor.workspace, address).await {
            Ok(known) => {
                let visible = self.allow(actor, Action::See { owner: known.owner_id }).is_ok();
                Err(Error::AddressTaken { person: visible.then_some(known.id) })
            }
            Err(store::Error::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Changes a person, if `version` is still the current one.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Changed`], [`Error::NotFound`].
    pub async fn change_person(
        &self,
        actor: &Actor,
        id: PersonId,
        version: i64,
        change: PersonChange,
    ) -> Result<PersonView> {
        let mut tx = self.db().begin().await?;
        let mut person = self.visible_person(&mut tx, actor, id).await?;
        self.allow(actor, Action::Change { owner: person.owner_id })?;
        if person.version != version {
            return Err(Error::Changed);
        }
        let mut faults = Faults::default();
        apply(&mut faults, &mut person, change);
        faults.refuse()?;
        person.updated_at = self.now();
        people::update(&mut tx, &person).await?;
        person.version += 1;
        let view = view(&mut tx, person).await?;
        tx.commit().await?;
        Ok(view)
    }
}

fn apply(faults: &mut Faults, person: &mut Person, change: PersonChange) {
    let lines = [
        ("first_name", &mut person.first_name, change.first_name, MAX_NAME),
        ("last_name", &mut person.last_name, change.last_name, MAX_NAME),
        ("company", &mut person.company, change.company, MAX_NAME),
        ("title", &mut person.title, change.title, MAX_NAME),
        ("phone", &mut person.phone, change.phone, MAX_PHONE),
        ("time_zone", &mut person.time_zone, change.time_zone, MAX_NAME),
        ("language", &mut person.language, change.language, MAX_LANGUAGE),
        ("linkedin_url", &mut person.linkedin_url, change.linkedin_url, MAX_URL),
    ];
    for (field, value, wanted, max) in lines {
        if let Some(text) = wanted {
            let checked = input::optional_line(field, &text, max).and_then(|line| particular(field, line));
            *value = faults.check(checked);
        }
    }
}

/// What a field asks for beyond being one line.
fn particular(field: &'static str, line: Option<String>) -> std::result::Result<Option<String>, Invalid> {
    let Some(line) = line else { return Ok(None) };
    match field {
        "time_zone" => input::time_zone(field, &line).map(Some),
        "linkedin_url" if !is_profile(&line) => Err(Invalid::new(field, Code::NotAUrl)),
        _ => Ok(Some(line)),
    }
}

/// A page on the web: it becomes a link that people follow.
fn is_profile(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http") && url.host_str().is_some_and(|host| channel::host("", host).is_ok())
    })
}
