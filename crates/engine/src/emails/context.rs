//! Everything that writing, checking, previewing and rendering an email need to know about it.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    Status,
    checks::{Check, Draft, check},
    input::MAX_ENCODED_BYTES,
    reasons::FailureReason,
};
use mail::template::{Format, Template};
use store::{
    Tx, attachments::Attachment, bodies::Body, channels::Channel, emails::Email, identities::Identity, people::Person,
    stops::Held,
};

use super::fields;
use crate::{
    Result,
    stops::held_of,
    unsubscribe::{Message, Messages, TEAM_UNSUBSCRIBE},
};

/// How long the snippet in a list row is, in characters.
pub(crate) const SNIPPET: usize = 140;

/// An email with everything around it.
pub(crate) struct Context {
    pub(crate) email: Email,
    pub(crate) body: Body,
    pub(crate) person: Option<Person>,
    pub(crate) identity: Option<Identity>,
    pub(crate) channel: Option<Channel>,
    pub(crate) attachments: Vec<Attachment>,
    /// Who of its recipients is not to be mailed.
    pub(crate) held: Held,
    /// Its owner's words with the unsubscribe link.
    pub(crate) unsubscribe: Arc<Message>,
}

/// What an email's text is made of.
#[derive(Clone, Copy)]
pub(crate) struct Letter<'a> {
    pub(crate) body: &'a Body,
    /// Whether it follows an earlier email up, which it may quote.
    pub(crate) follow_up: bool,
    pub(crate) to_address: Option<&'a str>,
    pub(crate) person: Option<&'a Person>,
    pub(crate) identity: Option<&'a Identity>,
    /// Its owner's words with the unsubscribe link.
    pub(crate) unsubscribe: &'a Message,
}

/// Fields of a text, as far as they are a problem.
#[derive(Default)]
struct Trouble {
    unresolved: Vec<String>,
    unknown: Vec<String>,
}

impl Context {
    pub(crate) async fn load(tx: &mut Tx, email: Email) -> Result<Self> {
        let body = store::bodies::find(tx, email.workspace_id, email.id).await?;
        Self::with_body(tx, email, body).await
    }

    /// As [`Context::load`], with a body that is not saved yet.
    pub(crate) async fn with_body(tx: &mut Tx, email: Email, body: Body) -> Result<Self> {
        let workspace = email.workspace_id;
        let person = match email.person_id {
            Some(id) => Some(store::people::find(tx, workspace, id).await?),
            None => None,
        };
        let identity = match email.identity_id {
            Some(id) => Some(store::identities::find(tx, workspace, id).await?).filter(|it| it.deleted_at.is_none()),
            None => None,
        };
        // A queued email keeps the channel it was queued for; a draft takes what its identity uses now.
        let channel_id = match email.status {
            Status::Draft => identity.as_ref().and_then(|identity| identity.channel_id),
            _ => email.channel_id,
        };
        let channel = match channel_id {
            Some(id) => Some(store::channels::find(tx, workspace, id).await?).filter(|it| it.deleted_at.is_none()),
            None => None,
        };
        let attachments = store::attachments::list(tx, workspace, email.id).await?;
        let held = held_of(tx, &email, &body).await?;
        let unsubscribe = Messages::load(tx, workspace, &[email.owner_id]).await?.of(email.owner_id);
        Ok(Self { email, body, person, identity, channel, attachments, held, unsubscribe })
    }

    /// What stands in the way of sending.
    pub(crate) fn checks(&self) -> Vec<Check> {
        let subject = self.trouble(&self.body.subject, Format::Line);
        let body = self.trouble(&self.body.html, Format::Html);
        check(&Draft {
            identity_verified: self.identity.as_ref().map(|identity| identity.verified_at.is_some()),
            channel_paused: self.channel.as_ref().map(|channel| channel.paused_reason.is_some()),
            has_recipient: self.email.to_address.is_some(),
            held_back: self.held_back(self.body.non_commercial),
            reaches_unsubscribed: self.body.non_commercial
                && self.held_back(true).is_none()
                && self.held_back(false).is_some(),
            copies_left_out: self.copies_left_out(),
            subject: &self.body.subject,
            unresolved_in_subject: subject.unresolved,
            unresolved_in_body: body.unresolved,
            unknown_in_subject: subject.unknown,
            unknown_in_body: body.unknown,
            encoded_bytes: self.encoded_bytes(),
            max_encoded_bytes: self.max_encoded_bytes(),
        })
    }

    fn held_back(&self, non_commercial: bool) -> Option<FailureReason> {
        let address = self.email.to_address.as_deref()?;
        self.held.against(self.email.owner_id, address, self.email.person_id, non_commercial)
    }

    fn copies_left_out(&self) -> Vec<String> {
        let copies = self.body.cc.iter().chain(&self.body.bcc).map(|copy| &copy.address);
        let held = |address: &&String| {
            self.held.against(self.email.owner_id, address, None, self.body.non_commercial).is_some()
        };
        copies.filter(held).cloned().collect()
    }

    /// What its text is made of.
    pub(crate) fn letter(&self) -> Letter<'_> {
        Letter {
            body: &self.body,
            follow_up: self.email.follow_up_of.is_some(),
            to_address: self.email.to_address.as_deref(),
            person: self.person.as_ref(),
            identity: self.identity.as_ref(),
            unsubscribe: &self.unsubscribe,
        }
    }

    /// The size on the wire, estimated: files grow by a third and their line breaks, text by its quoted-printable.
    fn encoded_bytes(&self) -> u64 {
        let files: u64 = self.attachments.iter().map(|attachment| encoded(attachment.size)).sum();
        files + self.body.html.len() as u64 * 2 + 8 * 1024
    }

    /// The most the channel takes, and 25 MB at the most.
    pub(crate) fn max_encoded_bytes(&self) -> u64 {
        self.channel
            .as_ref()
            .and_then(|channel| channel.size_limit)
            .filter(|limit| *limit > 0)
            .unwrap_or(MAX_ENCODED_BYTES)
            .min(MAX_ENCODED_BYTES)
    }

    /// What is left of [`Context::max_encoded_bytes`] for one more file.
    pub(crate) fn room_for_file(&self) -> u64 {
        self.max_encoded_bytes().saturating_sub(self.encoded_bytes())
    }

    fn trouble(&self, text: &str, format: Format) -> Trouble {
        let known = fields::known();
        match Template::parse(text, format) {
            Ok(template) => {
                let unknown: Vec<String> = template.unknown(&known).into_iter().map(str::to_owned).collect();
                // Without a person nobody can say what has a value.
                let unresolved = if self.person.is_some() {
                    let values = self.letter().values();
                    let missing = template.unresolved(&values);
                    missing.into_iter().filter(|name| known.contains(name)).map(str::to_owned).collect()
                } else {
                    Vec::new()
                };
                Trouble { unresolved, unknown }
            }
            Err(error) => Trouble { unknown: vec![error.excerpt], ..Trouble::default() },
        }
    }
}

impl Letter<'_> {
    /// Subject and snippet as lists show them: with the person's values, or as written while one is missing.
    pub(crate) fn shown(&self) -> (String, String) {
        let values = self.values();
        let shown = |text: &str, format| match Template::parse(text, format) {
            Ok(template) if template.unresolved(&values).is_empty() => template.render(&values).output,
            _ => text.to_owned(),
        };
        let body = shown(&self.body.html, Format::Html);
        (shown(&self.body.subject, Format::Line), snippet(&mail::html::opening(&body)))
    }

    /// The values of its dynamic fields.
    pub(crate) fn values(&self) -> BTreeMap<String, String> {
        let mut values = fields::values(self.person, self.to_address, self.identity);
        values.insert(TEAM_UNSUBSCRIBE.to_owned(), self.unsubscribe.text.clone());
        values
    }
}

/// How `text` begins, as a list shows it.
pub(crate) fn snippet(text: &str) -> String {
    mail::html::shorten(text, SNIPPET)
}

/// A file's size in base64 with line breaks.
pub(crate) fn encoded(size: u64) -> u64 {
    size.div_ceil(57) * 78 + 512
}
