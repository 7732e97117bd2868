//! What a real person would receive.

use domain::{
    EmailId, PersonId,
    authorization::{Action, Actor},
};

use super::{Context, change};
use crate::{Engine, Error, Result, delivery::fill, unsubscribe::PLACEHOLDER};

/// An email with a person's values in place of its dynamic fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Preview {
    /// The subject.
    pub subject: String,
    /// The body with the signature.
    pub html: String,
    /// The text part.
    pub text: String,
    /// Fields without a value and without a default.
    pub unresolved: Vec<String>,
}

impl Engine {
    /// Previews an email as `person` would receive it, or as its own person would.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] when a field is written in a way that cannot be understood.
    pub async fn preview(&self, actor: &Actor, id: EmailId, person: Option<PersonId>) -> Result<Preview> {
        let mut tx = self.db().read().await?;
        let email = change::visible(self, &mut tx, actor, id).await?;
        let mut context = Context::load(&mut tx, email).await?;
        if let Some(person) = person {
            let person = store::people::find(&mut tx, actor.workspace, person).await?;
            self.allow(actor, Action::See { owner: person.owner_id }).map_err(|_| Error::NotFound)?;
            context.email.to_address = Some(person.address.clone());
            context.person = Some(person);
        }
        let preview = fill(&context.letter())?;
        // The link is the recipient's: the sender must not unsubscribe them by trying it.
        let nowhere = format!("{}preview", self.unsubscribe_base(actor.workspace));
        Ok(Preview {
            html: preview.html.replace(PLACEHOLDER, &nowhere),
            text: preview.text.replace(PLACEHOLDER, &nowhere),
            ..preview
        })
    }
}
