//! Replying: a draft that answers a message that came back, quoted without what watches, in its thread.

use domain::{EmailId, ReceivedId, authorization::Actor};
use store::{Tx, bodies::Body, emails::Email, received::Received};

use super::{change, follow_up::quoted};
use crate::{Engine, Error, Result, conversation::readable};

/// The longest HTML that is quoted, in bytes; of longer ones the text is.
const MAX_QUOTED_HTML: usize = 200 * 1024;

/// The longest text that is quoted, in characters.
const MAX_QUOTED_TEXT: usize = 20_000;

impl Engine {
    /// The latest answer to `email`, for [`super::Beginning::Reply`].
    pub(super) async fn latest_answer(&self, tx: &mut Tx, actor: &Actor, email: EmailId) -> Result<ReceivedId> {
        change::changeable(self, tx, actor, email).await?;
        let answer = store::conversation::latest_answer(tx, actor.workspace, email).await?;
        answer.map(|received| received.id).ok_or(Error::Conflict("no_reply"))
    }

    /// Fills a new draft so that it answers what came back, to the address that wrote.
    pub(super) async fn begin_reply(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        to: ReceivedId,
        draft: &mut Email,
        body: &mut Body,
    ) -> Result<()> {
        let received = self.visible_received(tx, actor, to).await?;
        if received.from_address.is_empty() {
            return Err(Error::Conflict("no_sender"));
        }
        draft.follow_up_of = received.email_id;
        draft.person_id = received.person_id;
        draft.to_address = Some(received.from_address.clone());
        let mut answered = None;
        if let Some(email) = received.email_id {
            let email = change::changeable(self, tx, actor, email).await?;
            draft.person_id = email.person_id.or(draft.person_id);
            draft.identity_id = email.identity_id.or(draft.identity_id);
            draft.tracked = email.tracked;
            answered = store::bodies::last_sent(tx, actor.workspace, email.id).await.ok().map(|sent| sent.message_id);
        }
        thread(&received, answered, body);
        body.subject = mail::threading::reply_subject(&received.subject);
        let user = store::users::find(tx, actor.user).await?;
        let read = store::received::body(tx, actor.workspace, to).await?;
        let read = self.without_our_tracking(tx, actor.workspace, read).await?;
        let html = readable(&read);
        let html = if html.len() > MAX_QUOTED_HTML {
            mail::html::from_text(&mail::html::shorten(&read.text, MAX_QUOTED_TEXT))
        } else {
            html
        };
        let html = mail::html::sanitize(&mail::html::without_trackers(&html)).html;
        let name = if received.from_name.is_empty() { &received.from_address } else { &received.from_name };
        body.html = quoted(&html, name, received.at, &user.time_zone);
        Ok(())
    }
}

/// Puts `body` into the thread of `received`; `answered` is our own message, if theirs has no id to name.
fn thread(received: &Received, answered: Option<String>, body: &mut Body) {
    let Some(parent) = received.message_id.clone().or(answered) else { return };
    let mut earlier: Vec<String> = received.reference_ids.split_whitespace().map(str::to_owned).collect();
    // RFC 5322 §3.6.4: without References, the parent's In-Reply-To is all that is known of what came before.
    if earlier.is_empty() {
        earlier.extend(received.in_reply_to.clone());
    }
    body.references = mail::threading::references(&earlier, &parent).join(" ");
    body.in_reply_to = Some(parent);
}
