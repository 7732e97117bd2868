//! Following up: the original quoted and threaded, without our pixel and links.

use domain::{EmailId, Timestamp, authorization::Actor};
use jiff::tz::TimeZone;
use store::{Tx, bodies::Body, emails::Email};

use super::change;
use crate::{Engine, Error, Result};

impl Engine {
    /// Fills a new draft so that it follows up `original`.
    pub(super) async fn begin_follow_up(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        original: EmailId,
        draft: &mut Email,
        body: &mut Body,
    ) -> Result<()> {
        let email = change::changeable(self, tx, actor, original).await?;
        let sent = store::bodies::last_sent(tx, actor.workspace, original).await.map_err(|error| match error {
            store::Error::NotFound => Error::Conflict("never_sent"),
            other => other.into(),
        })?;
        let written = store::bodies::find(tx, actor.workspace, original).await?;
        let user = store::users::find(tx, actor.user).await?;
        draft.follow_up_of = Some(original);
        draft.person_id = email.person_id;
        draft.to_address.clone_from(&email.to_address);
        draft.identity_id = email.identity_id.or(draft.identity_id);
        draft.tracked = email.tracked;
        body.subject = mail::threading::reply_subject(&sent.subject);
        let earlier: Vec<String> = written.references.split_whitespace().map(str::to_owned).collect();
        body.references = mail::threading::references(&earlier, &sent.message_id).join(" ");
        body.in_reply_to = Some(sent.message_id.clone());
        body.cc = written.cc;
        let untracking = self.untracking_of(tx, actor.workspace, &sent.html).await?;
        body.html = quoted(&untracking.html(&sent.html), &sent.from_name, sent.at, &user.time_zone);
        Ok(())
    }
}

/// `html` quoted under "On 9 April 2026, Elena Marchetti wrote:", in the writer's time zone.
pub(super) fn quoted(html: &str, name: &str, at: Timestamp, time_zone: &str) -> String {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let day = at.to_jiff().to_zoned(zone).strftime("%-d %B %Y").to_string();
    mail::html::quote(html, &format!("On {day}, {name} wrote:"))
}
