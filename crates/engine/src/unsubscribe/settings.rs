//! Who writes the words with the unsubscribe link, and whether every email ends with them.

use domain::{
    authorization::{Action, Actor},
    input::{Code, Invalid},
    stops::Wording,
};
use mail::html::{sanitize, to_text, with_first_link};
use serde_json::json;
use store::unsubscribe_texts::{self, Settings};

use super::message::{PLACEHOLDER, default_html};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

/// The longest words, as HTML.
const MAX_HTML: usize = 10_000;

/// The settings as somebody sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSettings {
    /// Raised by each change.
    pub version: i64,
    /// Whether every email ends with the words.
    pub appended: bool,
    /// Who writes them.
    pub wording: Wording,
    /// The administrator's words, or those the product comes with.
    pub html: String,
    /// What the asker wrote for their own mail; empty when they wrote nothing.
    pub own_html: String,
}

/// What an administrator changes; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct MessageChange {
    /// Whether every email ends with the words.
    pub appended: Option<bool>,
    /// Who writes them.
    pub wording: Option<Wording>,
    /// The words; empty for those the product comes with.
    pub html: Option<String>,
}

impl Engine {
    /// The settings, and what the actor wrote.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn unsubscribe_message(&self, actor: &Actor) -> Result<MessageSettings> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        let settings = unsubscribe_texts::settings(&mut tx, actor.workspace).await?.unwrap_or_else(untouched);
        let own = unsubscribe_texts::of_users(&mut tx, actor.workspace, &[actor.user]).await?;
        Ok(MessageSettings {
            version: settings.version,
            appended: settings.appended,
            wording: settings.wording,
            html: if settings.html.is_empty() { default_html() } else { settings.html },
            own_html: own.into_iter().next().map(|(_, html)| html).unwrap_or_default(),
        })
    }

    /// Changes the settings, if `version` is still the current one.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Changed`], [`Error::Denied`].
    pub async fn change_unsubscribe_message(&self, actor: &Actor, version: i64, change: MessageChange) -> Result<()> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().begin().await?;
        let before = unsubscribe_texts::settings(&mut tx, actor.workspace).await?.unwrap_or_else(untouched);
        if before.version != version {
            return Err(Error::Changed);
        }
        let html = change.html.map(|html| words("html", &html)).transpose()?;
        let after = Settings {
            version,
            appended: change.appended.unwrap_or(before.appended),
            wording: change.wording.unwrap_or(before.wording),
            html: html.unwrap_or_else(|| before.html.clone()),
        };
        unsubscribe_texts::save_settings(&mut tx, actor.workspace, &after).await?;
        let target = Target::Workspace(actor.workspace);
        let (old, new) = (Some(described(&before)), Some(described(&after)));
        self.record(&mut tx, actor, AuditAction::UnsubscribeMessageChanged, target, old, new).await?;
        Ok(tx.commit().await?)
    }

    /// Saves the actor's own words; empty ones are those of the workspace.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`] while an administrator writes them for everybody.
    pub async fn change_own_unsubscribe_message(&self, actor: &Actor, html: &str) -> Result<()> {
        self.allow(actor, Action::ChangeOwnSettings)?;
        let html = words("html", html)?;
        let mut tx = self.db().begin().await?;
        let settings = unsubscribe_texts::settings(&mut tx, actor.workspace).await?.unwrap_or_else(untouched);
        if settings.wording != Wording::Users {
            return Err(Error::Conflict("admin_writes"));
        }
        unsubscribe_texts::save_of_user(&mut tx, actor.workspace, actor.user, &html).await?;
        Ok(tx.commit().await?)
    }
}

/// One-to-one mail needs no link, and one in every personal email looks like bulk mail: it is the administrator's choice.
fn untouched() -> Settings {
    Settings { version: 0, appended: false, wording: Wording::Admin, html: String::new() }
}

fn words(field: &'static str, html: &str) -> Result<String> {
    if html.len() > MAX_HTML {
        return Err(Invalid::new(field, Code::TooLong { max: MAX_HTML }).into());
    }
    let clean = sanitize(html).html;
    if to_text(&clean).trim().is_empty() {
        return Ok(String::new());
    }
    Ok(with_first_link(&clean, PLACEHOLDER))
}

fn described(settings: &Settings) -> serde_json::Value {
    json!({ "appended": settings.appended, "wording": settings.wording, "html": settings.html })
}
