//! Puts pixel and links into an outgoing body.

use domain::{EmailId, LongLinkId, WorkspaceId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Token, token::MAX_SEALED_URL};
use crate::{Engine, Result};

impl Engine {
    /// `html` with every link led through us, and a pixel. Addresses too long for a sealed link are added to `long`; they
    /// have to be kept before the email leaves.
    pub(crate) fn track(
        &self,
        workspace: WorkspaceId,
        email: EmailId,
        html: &str,
        long: &mut Vec<(LongLinkId, String)>,
    ) -> String {
        let leave = self.unsubscribe_base(workspace);
        let link = |number, url: &str| {
            // Whoever leaves is not followed.
            if url.starts_with(&leave) { url.to_owned() } else { self.link(workspace, email, number, url, long) }
        };
        mail::html::track(html, link, &self.pixel(workspace, email))
    }

    /// The address of an email's pixel.
    pub(crate) fn pixel(&self, workspace: WorkspaceId, email: EmailId) -> String {
        let token = Token::Pixel { workspace, email };
        format!("{}/o/{}.gif", self.tracking_url(workspace), token.seal(self.keys()).unwrap_or_default())
    }

    /// The address by which link `number` of an email leads through us to `url`.
    pub(crate) fn link(
        &self,
        workspace: WorkspaceId,
        email: EmailId,
        number: usize,
        url: &str,
        long: &mut Vec<(LongLinkId, String)>,
    ) -> String {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        let token = if url.len() <= MAX_SEALED_URL {
            Token::Link { workspace, email, number, url: url.to_owned() }
        } else {
            let link = long_link_id(url);
            long.push((link, url.to_owned()));
            Token::LongLink { workspace, email, number, id: link }
        };
        let sealed = token.seal(self.keys());
        sealed.map_or_else(|| url.to_owned(), |token| format!("{}/c/{token}", self.tracking_url(workspace)))
    }

    /// Keeps where long links lead.
    pub(crate) async fn keep_long_links(&self, workspace: WorkspaceId, links: &[(LongLinkId, String)]) -> Result<()> {
        if links.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        for (link, url) in links {
            store::long_links::insert(&mut tx, workspace, *link, url).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The same address gets the same id, so that retries keep one row.
fn long_link_id(url: &str) -> LongLinkId {
    let digest = Sha256::digest(url.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    LongLinkId(Uuid::from_bytes(bytes))
}
