//! Reading about one email: as it stands, everything that happened, and the message as it was sent.

use domain::{
    EmailId, Status, Timestamp, WorkspaceId, authorization::Actor, checks::Check, events::EventKind,
    ledger::RecipientKind,
};
use store::{
    Tx,
    attachments::Attachment,
    bodies::Body,
    emails::{Email, Listed},
    events::Event,
    recipients::Recipient,
    visits::Visit,
};

use super::{Context, change, images};
use crate::{Engine, Result};

/// How many events the details show.
const MAX_EVENTS: u32 = 500;

/// Everything about one email.
#[derive(Debug)]
pub struct EmailDetails {
    /// The row.
    pub listed: Listed,
    /// What was written.
    pub body: Body,
    /// Files attached and images of the body.
    pub attachments: Vec<Attachment>,
    /// What stands in the way of sending; empty but for drafts.
    pub checks: Vec<Check>,
    /// The kinds of unsafe HTML that this save removed.
    pub removed: Vec<String>,
    /// The ledger's rows.
    pub recipients: Vec<Recipient>,
    /// What happened, newest first.
    pub events: Vec<Event>,
    /// The views and clicks among it, as they are judged by now.
    pub visits: Vec<Visit>,
}

/// A message as it was sent, to be shown without scripts and without asking anybody for an image.
#[derive(Debug)]
pub struct MessageAsSent {
    /// The subject.
    pub subject: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// To.
    pub to: Option<Recipient>,
    /// The body.
    pub html: String,
    /// The text part.
    pub text: String,
    /// When it was handed over.
    pub sent_at: Timestamp,
}

impl EmailDetails {
    pub(super) async fn load(tx: &mut Tx, workspace: WorkspaceId, id: EmailId, removed: Vec<String>) -> Result<Self> {
        let listed = store::emails::find_listed(tx, workspace, id).await?;
        let context = Context::load(tx, listed.email.clone()).await?;
        let mut events = store::events::list(tx, workspace, id, MAX_EVENTS).await?;
        // What they say is shown where it was said first.
        events.retain(|event| event.kind != EventKind::Rejudged);
        let checks = if listed.email.status == Status::Draft { context.checks() } else { Vec::new() };
        Ok(Self {
            checks,
            removed,
            recipients: store::recipients::list(tx, workspace, id).await?,
            events,
            visits: store::visits::list(tx, workspace, id).await?,
            body: context.body,
            attachments: context.attachments,
            listed,
        })
    }
}

impl Engine {
    /// Everything about an email.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], also when `actor` may not see it.
    pub async fn email(&self, actor: &Actor, id: EmailId) -> Result<EmailDetails> {
        let mut tx = self.db().read().await?;
        let email = change::visible(self, &mut tx, actor, id).await?;
        EmailDetails::load(&mut tx, email.workspace_id, id, Vec::new()).await
    }

    /// One row of a list.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], also when `actor` may not see it.
    pub async fn email_row(&self, actor: &Actor, id: EmailId) -> Result<Listed> {
        let mut tx = self.db().read().await?;
        change::visible(self, &mut tx, actor, id).await?;
        Ok(store::emails::find_listed(&mut tx, actor.workspace, id).await?)
    }

    /// The message as it was last sent.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when it never was.
    pub async fn message_as_sent(&self, actor: &Actor, id: EmailId) -> Result<MessageAsSent> {
        let mut tx = self.db().read().await?;
        let email: Email = change::visible(self, &mut tx, actor, id).await?;
        let sent = store::bodies::last_sent(&mut tx, actor.workspace, id).await?;
        let to = store::recipients::list(&mut tx, actor.workspace, id)
            .await?
            .into_iter()
            .find(|recipient| recipient.kind == RecipientKind::To);
        let mut html = self.untracking_of(&mut tx, actor.workspace, &sent.html).await?.html(&sent.html);
        let text = mail::html::to_text(&html);
        for image in store::attachments::list(&mut tx, actor.workspace, id).await?.iter().filter(|it| it.inline) {
            let from = format!("cid:{}", images::content_id(image.id));
            html = html.replace(&from, &images::path(email.id, image.id));
        }
        Ok(MessageAsSent {
            subject: sent.subject,
            from_name: sent.from_name,
            from_address: sent.from_address,
            to,
            html: mail::html::sanitize(&html).html,
            text,
            sent_at: sent.at,
        })
    }
}
