//! The words with the unsubscribe link, and where in an email they stand.

use std::{collections::HashMap, sync::Arc};

use domain::{UserId, WorkspaceId, stops::Wording};
use mail::{
    html::{escape, opening},
    template,
};
use store::{Tx, unsubscribe_texts};

use super::words;
use crate::{Result, delivery::under_what_was_written};

/// The dynamic field that puts the words where it stands.
pub(crate) const TEAM_UNSUBSCRIBE: &str = "team_unsubscribe";

/// Stands for the link until it is known whose. Nobody can own it (RFC 6761 §6.4).
pub(crate) const PLACEHOLDER: &str = "https://unsubscribe.invalid/";

/// The field of the link in a body that many emails share.
pub(crate) const LINK: &str = "quarterdeck_unsubscribe";

/// The words for one sender's mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Message {
    /// The words; their first link leads to [`PLACEHOLDER`].
    pub(crate) html: String,
    /// The words alone, for a subject or a list.
    pub(crate) text: String,
    /// Whether every email that is not non-commercial ends with them.
    pub(crate) appended: bool,
}

impl Message {
    /// `html` with the words in place of the field, or else under what was written.
    pub(crate) fn put_into(&self, html: &str, non_commercial: bool, follow_up: bool) -> String {
        match template::insert(html, TEAM_UNSUBSCRIBE, inline(&self.html)) {
            Some(placed) => placed,
            None if self.appended && !non_commercial => under_what_was_written(html, &self.html, follow_up),
            None => html.to_owned(),
        }
    }
}

/// A single paragraph without its tags, so that it fits into another.
fn inline(html: &str) -> &str {
    let inner = html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p")).unwrap_or(html)
}

/// The words of several senders.
pub(crate) struct Messages {
    shared: Arc<Message>,
    own: HashMap<UserId, String>,
}

impl Messages {
    /// What `users` of a workspace say.
    pub(crate) async fn load(tx: &mut Tx, workspace: WorkspaceId, users: &[UserId]) -> Result<Self> {
        let settings = unsubscribe_texts::settings(tx, workspace).await?;
        let users_write = settings.as_ref().is_some_and(|it| it.wording == Wording::Users);
        let own = if users_write { unsubscribe_texts::of_users(tx, workspace, users).await? } else { Vec::new() };
        let appended = settings.as_ref().is_some_and(|it| it.appended);
        let html = settings.map(|it| it.html).filter(|html| !html.is_empty());
        Ok(Self {
            shared: Arc::new(Message::new(html.unwrap_or_else(default_html), appended)),
            own: own.into_iter().filter(|(_, html)| !html.is_empty()).collect(),
        })
    }

    /// What `user` says.
    pub(crate) fn of(&self, user: UserId) -> Arc<Message> {
        match self.own.get(&user) {
            Some(html) => Arc::new(Message::new(html.clone(), self.shared.appended)),
            None => Arc::clone(&self.shared),
        }
    }
}

impl Message {
    fn new(html: String, appended: bool) -> Self {
        Self { text: opening(&html), html, appended }
    }
}

/// The words the product comes with.
pub(super) fn default_html() -> String {
    let (words, link) = words::default_message();
    let link = format!("<a href=\"{PLACEHOLDER}\">{}</a>", escape(&link));
    format!("<p>{}</p>", escape(&words).replace("{link}", &link))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(appended: bool) -> Message {
        Message::new(default_html(), appended)
    }

    #[test]
    fn the_field_puts_the_words_there_and_nothing_is_appended() {
        let placed = message(true).put_into("<p>Hi</p><p>{{ team_unsubscribe }}</p><p>E</p>", false, false);
        assert_eq!(placed.matches(PLACEHOLDER).count(), 1);
        assert!(placed.starts_with("<p>Hi</p><p>") && placed.ends_with("</p><p>E</p>"), "{placed}");
        assert!(!placed.contains("<p><p>"));
    }

    #[test]
    fn the_words_end_every_email_that_is_not_non_commercial() {
        let html = "<p>Hi</p>";
        assert!(message(true).put_into(html, false, false).contains(PLACEHOLDER));
        assert_eq!(message(true).put_into(html, true, false), html);
        assert_eq!(message(false).put_into(html, false, false), html);
        assert!(message(false).put_into("{{team_unsubscribe}}", true, false).contains(PLACEHOLDER));
    }

    #[test]
    fn in_a_follow_up_they_stand_before_the_quoted_original() {
        let placed = message(true).put_into("<p>Hi</p><p>On 9 April:</p><blockquote>x</blockquote>", false, true);
        assert!(placed.find(PLACEHOLDER) < placed.find("On 9 April"), "{placed}");
    }
}
