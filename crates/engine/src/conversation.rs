//! The conversation with a person: what was sent and what came back, and the messages themselves.

use domain::{
    EmailId, PersonId, ReceivedId, Timestamp, WorkspaceId,
    authorization::{Action, Actor},
    input::{Code, Invalid},
};
use store::{
    Tx,
    conversation::{self, Before},
    emails::Listed,
    received::{Body, Received},
};
use uuid::Uuid;

pub use store::{conversation::CameBack, received::Told};

use crate::{Engine, Error, Result};

/// The most parts of one page.
const MAX_PAGE: u32 = 100;

/// One part of a conversation.
#[derive(Debug)]
pub enum Part {
    /// An email that was sent.
    Sent(Box<Listed>),
    /// A message or a notice that came back.
    CameBack(Box<CameBack>),
}

/// Some parts of a conversation, newest first.
#[derive(Debug)]
pub struct ConversationPage {
    /// Newest first.
    pub parts: Vec<Part>,
    /// Where the next page begins; `None` on the last.
    pub next_cursor: Option<String>,
}

/// A received message, to be shown without scripts.
#[derive(Debug)]
pub struct ReceivedMessage {
    /// What came back.
    pub received: Received,
    /// The body, without our pixels and with our links leading where they led.
    pub html: String,
    /// The body without the mail that it quotes at its end; `None` where nothing is left out.
    pub newly_written: Option<String>,
    /// The text part.
    pub text: String,
}

impl Part {
    /// When it was sent, or came back.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Sent(sent) => sent.email.sent_at.unwrap_or(sent.email.created_at),
            Self::CameBack(it) => it.received.at,
        }
    }

    /// The id of the email, or of what came back.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Sent(sent) => sent.email.id.0,
            Self::CameBack(it) => it.received.id.0,
        }
    }
}

impl Engine {
    /// What the user whose mail `actor` looks at and `person` wrote to each other, newest first: `limit` parts, 1 to 100, after
    /// the page that gave `cursor`.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for somebody else's person; [`Error::Invalid`] for a limit or a cursor that cannot be used.
    pub async fn conversation(
        &self,
        actor: &Actor,
        person: PersonId,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<ConversationPage> {
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Invalid::new("limit", Code::OutOfRange { min: 1, max: i64::from(MAX_PAGE) }).into());
        }
        let before = cursor.map_or(Ok(conversation::FROM_THE_NEWEST), read_cursor)?;
        let (workspace, owner) = (actor.workspace, actor.seen_user());
        let mut tx = self.db().read().await?;
        self.visible_person(&mut tx, actor, person).await?;
        let sent = conversation::sent(&mut tx, workspace, person, owner, before, limit + 1).await?;
        let ids: Vec<EmailId> = sent.into_iter().map(|(_, id)| id).collect();
        let sent = store::emails::find_listed_each(&mut tx, workspace, &ids).await?;
        let came_back = conversation::came_back(&mut tx, workspace, person, owner, before, limit + 1).await?;
        let mut parts: Vec<Part> = sent.into_iter().map(|it| Part::Sent(Box::new(it))).collect();
        parts.extend(came_back.into_iter().map(|it| Part::CameBack(Box::new(it))));
        parts.sort_by_key(|part| std::cmp::Reverse((part.at(), part.id())));
        let more = parts.len() > limit as usize;
        parts.truncate(limit as usize);
        let next_cursor = parts.last().filter(|_| more).map(|part| format!("{}_{}", part.at().0, part.id()));
        Ok(ConversationPage { parts, next_cursor })
    }

    /// A message that came back.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for somebody else's, and for a notice that is no message.
    pub async fn received_message(&self, actor: &Actor, id: ReceivedId) -> Result<ReceivedMessage> {
        let mut tx = self.db().read().await?;
        let received = self.visible_received(&mut tx, actor, id).await?;
        let body = store::received::body(&mut tx, actor.workspace, id).await?;
        let body = self.without_our_tracking(&mut tx, actor.workspace, body).await?;
        let html = readable(&body);
        Ok(ReceivedMessage { newly_written: mail::html::newly_written(&html), html, text: body.text, received })
    }

    /// What came back, if `actor` may see it.
    pub(crate) async fn visible_received(&self, tx: &mut Tx, actor: &Actor, id: ReceivedId) -> Result<Received> {
        let received = store::received::find(tx, actor.workspace, id).await?;
        match self.allow(actor, Action::See { owner: received.owner_id }) {
            Ok(()) => Ok(received),
            Err(_) => Err(Error::NotFound),
        }
    }

    /// What came back, as a quote of ours in it reports nobody's reading.
    pub(crate) async fn without_our_tracking(&self, tx: &mut Tx, workspace: WorkspaceId, body: Body) -> Result<Body> {
        let untracking = self.untracking_of(tx, workspace, &format!("{}\n{}", body.html, body.text)).await?;
        Ok(Body { html: untracking.html(&body.html), text: untracking.text(&body.text) })
    }
}

/// The HTML of a received message, or of its text where it has none.
pub(crate) fn readable(body: &Body) -> String {
    let from_text = || mail::html::from_text(&body.text);
    let html = if body.html.trim().is_empty() { from_text() } else { body.html.clone() };
    mail::html::sanitize(&html).html
}

fn read_cursor(text: &str) -> Result<Before> {
    text.split_once('_')
        .and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse().ok()?)))
        .ok_or_else(|| Invalid::new("cursor", Code::Unknown).into())
}
