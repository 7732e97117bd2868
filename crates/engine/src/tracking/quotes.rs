//! Taking our pixels and links out of what is quoted or shown. They are known by their tokens and not by their host: that may
//! have been another when the mail was sent.

use std::{borrow::Cow, collections::HashMap};

use domain::{LongLinkId, WorkspaceId};
use store::{Tx, long_links};

use super::Token;
use crate::{Engine, Keys, Result};

/// Long links of one message whose addresses are looked up. A quote of everything that was ever written has fewer.
const MOST_LONG_LINKS: usize = 100;

/// What is needed to lead our links where they led before.
pub(crate) struct Untracking<'a> {
    keys: &'a Keys,
    long: HashMap<LongLinkId, String>,
}

impl Engine {
    /// Undoes the tracking of links that carry their addresses, and of pixels.
    pub(crate) fn untracking(&self) -> Untracking<'_> {
        Untracking { keys: self.keys(), long: HashMap::new() }
    }

    /// Undoes the tracking of all links in `content`, be it HTML or text, and of pixels. Only links of the same workspace are
    /// looked up.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub(crate) async fn untracking_of(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        content: &str,
    ) -> Result<Untracking<'_>> {
        let mut untracking = self.untracking();
        for token in tokens(self.keys(), content, "/c/") {
            let Token::LongLink { workspace: theirs, id, .. } = token else { continue };
            if theirs != workspace || untracking.long.len() == MOST_LONG_LINKS || untracking.long.contains_key(&id) {
                continue;
            }
            match long_links::find(tx, workspace, id).await {
                Ok(url) => drop(untracking.long.insert(id, url)),
                Err(store::Error::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(untracking)
    }
}

impl Untracking<'_> {
    /// `html` without our pixels, its links leading where they led.
    pub(crate) fn html(&self, html: &str) -> String {
        mail::html::untrack(html, |url| self.original(url), |url| self.is_pixel(url))
    }

    /// `text` with the addresses that our links lead to in their places.
    pub(crate) fn text(&self, text: &str) -> String {
        mail::html::with_addresses(text, |url| self.original(url))
    }

    /// Where one of our links leads, also when a gateway has wrapped it.
    fn original(&self, url: &str) -> Option<String> {
        tokens(self.keys, &decoded(url), "/c/").find_map(|token| match token {
            Token::Link { url, .. } => Some(url),
            Token::LongLink { id, .. } => self.long.get(&id).cloned(),
            Token::Pixel { .. } => None,
        })
    }

    fn is_pixel(&self, url: &str) -> bool {
        tokens(self.keys, &decoded(url), "/o/").next().is_some()
    }
}

/// The tokens of ours that stand in `text`, each after `path`. Whatever follows a token was added on the way.
fn tokens<'a>(keys: &'a Keys, text: &'a str, path: &'static str) -> impl Iterator<Item = Token> + 'a {
    text.match_indices(path).filter_map(move |(at, _)| {
        let rest = &text[at + path.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        Token::open(keys, &rest[..end])
    })
}

/// An address that stands inside another one is percent-encoded.
fn decoded(url: &str) -> Cow<'_, str> {
    if url.contains("%2F") || url.contains("%2f") {
        let all = url::form_urlencoded::parse(url.as_bytes()).flat_map(|(name, value)| [name, value]);
        Cow::Owned(all.collect::<Vec<_>>().join("&"))
    } else {
        Cow::Borrowed(url)
    }
}
