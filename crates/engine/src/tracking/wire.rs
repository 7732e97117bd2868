//! Puts pixel and links into an outgoing body, and takes them out of what is quoted or shown.

use domain::LongLinkId;
use sha2::{Digest, Sha256};
use store::{Tx, emails::Email};
use uuid::Uuid;

use super::{Token, token::MAX_SEALED_URL};
use crate::{Engine, Result};

impl Engine {
    /// `html` with every link led through us, and a pixel.
    pub(crate) async fn track(&self, tx: &mut Tx, email: &Email, html: &str) -> Result<String> {
        let (workspace, id) = (email.workspace_id, email.id);
        let base = &self.settings().tracking_url;
        let pixel = Token::Pixel { workspace, email: id }.seal(self.keys()).unwrap_or_default();
        let mut long = Vec::new();
        let link = |number: usize, url: &str| {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            let token = if url.len() <= MAX_SEALED_URL {
                Token::Link { workspace, email: id, number, url: url.to_owned() }
            } else {
                let link = long_link_id(url);
                long.push((link, url.to_owned()));
                Token::LongLink { workspace, email: id, number, id: link }
            };
            token.seal(self.keys()).map_or_else(|| url.to_owned(), |token| format!("{base}/c/{token}"))
        };
        let tracked = mail::html::track(html, link, &format!("{base}/o/{pixel}.gif"));
        for (link, url) in long {
            store::long_links::insert(tx, workspace, link, &url).await?;
        }
        Ok(tracked)
    }

    /// `html` without our pixels, its links leading where they led.
    pub(crate) fn untracked(&self, html: &str) -> String {
        let base = &self.settings().tracking_url;
        let (links, pixels) = (format!("{base}/c/"), format!("{base}/o/"));
        let original = |url: &str| match Token::open(self.keys(), url.strip_prefix(&links)?)? {
            Token::Link { url, .. } => Some(url),
            _ => None,
        };
        mail::html::untrack(html, original, |url| url.starts_with(&pixels))
    }
}

/// The same address gets the same id, so that retries keep one row.
fn long_link_id(url: &str) -> LongLinkId {
    let digest = Sha256::digest(url.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    LongLinkId(Uuid::from_bytes(bytes))
}
