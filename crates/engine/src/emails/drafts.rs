//! Writing: a draft is saved as the person types.

use domain::{
    EmailAddress, EmailId, IdentityId, PersonId, ReceivedId, Status,
    authorization::{Action, Actor},
    events::EventKind,
    input::{self, Code, Invalid},
};
use store::{
    Tx,
    attachments::Attachment,
    bodies::{Body, Copy},
    emails::Email,
};

use super::{Context, change, images, read::EmailDetails};
use crate::{Engine, Error, Result};

/// What changes in a draft; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct DraftChange {
    /// Sent as; `Some(None)` is nobody yet.
    pub identity_id: Option<Option<IdentityId>>,
    /// To; `Some(None)` is nobody yet.
    pub person_id: Option<Option<PersonId>>,
    /// Copies that everybody sees.
    pub cc: Option<Vec<Copy>>,
    /// Copies that nobody sees.
    pub bcc: Option<Vec<Copy>>,
    /// The subject, with dynamic fields.
    pub subject: Option<String>,
    /// The body, with dynamic fields.
    pub body_html: Option<String>,
    /// Whether views and clicks are tracked.
    pub tracked: Option<bool>,
    /// Whether it may also reach people who unsubscribed.
    pub non_commercial: Option<bool>,
}

/// What a new draft begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing.
    Blank,
    /// An email that was sent: it is followed up.
    FollowUp(EmailId),
    /// A message that came back: it is answered.
    Reply(ReceivedId),
    /// The latest answer to an email: that is answered.
    ReplyOf(EmailId),
    /// An email whose words and files go to somebody else.
    Copy(EmailId),
}

impl Engine {
    /// Saves a new draft of the actor's, as a follow-up of another email if that is given.
    ///
    /// # Errors
    /// As [`Engine::begin_draft`].
    pub async fn create_draft(
        &self,
        actor: &Actor,
        follow_up_of: Option<EmailId>,
        wanted: DraftChange,
    ) -> Result<EmailDetails> {
        self.begin_draft(actor, follow_up_of.map_or(Beginning::Blank, Beginning::FollowUp), wanted).await
    }

    /// Saves a new draft of the actor's.
    ///
    /// # Errors
    /// [`Error::Invalid`] for fields that cannot be used; [`Error::NotFound`] for an unknown original; [`Error::Conflict`] for
    /// one that cannot be answered.
    pub async fn begin_draft(&self, actor: &Actor, beginning: Beginning, wanted: DraftChange) -> Result<EmailDetails> {
        self.allow(actor, Action::Change { owner: actor.seen_user() })?;
        let mut tx = self.db().begin().await?;
        let mut email = Email::draft(actor.workspace, self.new_id(), actor.user, self.now());
        email.tracked = store::workspaces::find(&mut tx, actor.workspace).await?.tracking;
        email.identity_id = store::identities::default_of(&mut tx, actor.workspace, actor.user).await?.map(|it| it.id);
        let mut body = Body::default();
        match beginning {
            Beginning::Blank => {}
            Beginning::FollowUp(original) => {
                self.begin_follow_up(&mut tx, actor, original, &mut email, &mut body).await?;
            }
            Beginning::Reply(received) => {
                self.begin_reply(&mut tx, actor, received, &mut email, &mut body).await?;
            }
            Beginning::ReplyOf(answered) => {
                let received = self.latest_answer(&mut tx, actor, answered).await?;
                self.begin_reply(&mut tx, actor, received, &mut email, &mut body).await?;
            }
            Beginning::Copy(original) => {
                self.begin_copy(&mut tx, actor, original, &mut email, &mut body).await?;
            }
        }
        let removed = self.apply(&mut tx, actor, &mut email, &mut body, wanted).await?;
        store::emails::insert(&mut tx, &email).await?;
        store::bodies::save(&mut tx, actor.workspace, email.id, &body).await?;
        match beginning {
            Beginning::FollowUp(original) => {
                let files = store::attachments::list(&mut tx, actor.workspace, original).await?;
                let images = files.into_iter().filter(|file| file.inline).collect();
                let named = |image: &Attachment| format!("cid:{}", images::content_id(image.id));
                self.copy_files(&mut tx, images, named, &email, &mut body).await?;
            }
            Beginning::Copy(original) => {
                let files = store::attachments::list(&mut tx, actor.workspace, original).await?;
                let named = |file: &Attachment| images::path(original, file.id);
                self.copy_files(&mut tx, files, named, &email, &mut body).await?;
            }
            Beginning::Blank | Beginning::Reply(_) | Beginning::ReplyOf(_) => {}
        }
        let by = change::by(&mut tx, actor).await?;
        self.note(&mut tx, &email, EventKind::Created, by).await?;
        let details = EmailDetails::load(&mut tx, email.workspace_id, email.id, removed).await?;
        tx.commit().await?;
        self.tell_emails(actor.workspace, actor.user, vec![email.id]);
        Ok(details)
    }

    /// Saves changes of a draft, if `version` is still the current one.
    ///
    /// # Errors
    /// [`Error::Changed`] when it was changed elsewhere; [`Error::Conflict`] when it is no draft any more.
    pub async fn edit_draft(
        &self,
        actor: &Actor,
        id: EmailId,
        version: i64,
        wanted: DraftChange,
    ) -> Result<EmailDetails> {
        let mut tx = self.db().begin().await?;
        let mut email = change::changeable(self, &mut tx, actor, id).await?;
        if email.version != version {
            return Err(Error::Changed);
        }
        if email.status != Status::Draft {
            return Err(Error::Conflict("not_a_draft"));
        }
        let mut body = store::bodies::find(&mut tx, actor.workspace, id).await?;
        let removed = self.apply(&mut tx, actor, &mut email, &mut body, wanted).await?;
        email.last_activity_at = self.now();
        self.save(&mut tx, &mut email, Status::Draft).await?;
        store::bodies::save(&mut tx, actor.workspace, id, &body).await?;
        let details = EmailDetails::load(&mut tx, email.workspace_id, id, removed).await?;
        tx.commit().await?;
        self.tell_emails(actor.workspace, email.owner_id, vec![id]);
        Ok(details)
    }

    /// Puts `wanted` into the draft; answers the kinds of unsafe HTML that were removed.
    async fn apply(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        email: &mut Email,
        body: &mut Body,
        wanted: DraftChange,
    ) -> Result<Vec<String>> {
        if let Some(identity) = wanted.identity_id {
            if let Some(id) = identity {
                let found = store::identities::find(tx, actor.workspace, id).await;
                if !found.is_ok_and(|identity| identity.user_id == actor.user && identity.deleted_at.is_none()) {
                    return Err(Invalid::new("identity_id", Code::NotFound).into());
                }
            }
            email.identity_id = identity;
        }
        // A reply goes to the address that wrote, also when it is not the person's first: the same person again changes nothing.
        if let Some(person) = wanted.person_id.filter(|person| *person != email.person_id || person.is_none()) {
            email.to_address = match person {
                Some(id) => {
                    let not_found = || Error::from(Invalid::new("person_id", Code::NotFound));
                    let person = store::people::find(tx, actor.workspace, id).await.map_err(|_| not_found())?;
                    if person.owner_id != actor.user {
                        return Err(not_found());
                    }
                    Some(person.address)
                }
                None => None,
            };
            email.person_id = person;
        }
        copies(body, wanted.cc, wanted.bcc)?;
        if let Some(subject) = wanted.subject {
            body.subject = input::optional_line("subject", &subject, input::MAX_SUBJECT)?.unwrap_or_default();
        }
        if let Some(tracked) = wanted.tracked {
            email.tracked = tracked;
        }
        if let Some(non_commercial) = wanted.non_commercial {
            body.non_commercial = non_commercial;
        }
        let mut removed = Vec::new();
        if let Some(html) = wanted.body_html {
            let clean = mail::html::sanitize(&input::text("body_html", &html, input::MAX_BODY)?);
            body.html = clean.html;
            removed = clean.removed;
        }
        (email.subject, email.snippet) = Context::with_body(tx, email.clone(), body.clone()).await?.letter().shown();
        Ok(removed)
    }
}

/// Checks and replaces CC and BCC.
fn copies(body: &mut Body, cc: Option<Vec<Copy>>, bcc: Option<Vec<Copy>>) -> Result<()> {
    for (field, old, new) in [("cc", &mut body.cc, cc), ("bcc", &mut body.bcc, bcc)] {
        if let Some(new) = new {
            *old = new.into_iter().map(|copy| checked_copy(field, &copy)).collect::<std::result::Result<_, _>>()?;
        }
    }
    if body.cc.len() + body.bcc.len() > input::MAX_COPIES {
        return Err(Invalid::new("cc", Code::TooMany { max: input::MAX_COPIES }).into());
    }
    Ok(())
}

fn checked_copy(field: &'static str, copy: &Copy) -> std::result::Result<Copy, Invalid> {
    Ok(Copy {
        name: input::optional_line(field, &copy.name, input::MAX_NAME)?.unwrap_or_default(),
        address: EmailAddress::parse(field, &copy.address)?.as_str().to_owned(),
    })
}
