//! Files and images of a draft.

use domain::{
    AttachmentId, EmailId, Status,
    authorization::Actor,
    input::{self, Code, Invalid},
};
use sha2::{Digest, Sha256};
use store::attachments::Attachment;

use super::{Context, change, context::encoded};
use crate::{Engine, Error, Result};

/// Media types that may be shown inside a message.
const INLINE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// A file somebody uploads.
#[derive(Debug)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its media type as the browser says.
    pub content_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Whether it is an image of the body.
    pub inline: bool,
}

impl Engine {
    /// Attaches a file to a draft.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the message would exceed what the channel takes.
    pub async fn attach(&self, actor: &Actor, id: EmailId, upload: Upload) -> Result<Attachment> {
        let name = input::line("file", upload.name.rsplit(['/', '\\']).next().unwrap_or_default(), input::MAX_NAME)?;
        if upload.inline && !INLINE_TYPES.contains(&upload.content_type.as_str()) {
            return Err(Invalid::new("file", Code::Unknown).into());
        }
        let mut tx = self.db().begin().await?;
        let email = change::changeable(self, &mut tx, actor, id).await?;
        if email.status != Status::Draft {
            return Err(Error::Conflict("not_a_draft"));
        }
        let mut context = Context::load(&mut tx, email).await?;
        let size = upload.content.len() as u64;
        let room = context.room_for_file();
        if encoded(size) > room {
            return Err(Error::TooLarge { max: room });
        }
        let attachment = Attachment {
            id: self.new_id(),
            email_id: id,
            name,
            content_type: media_type(&upload.content_type),
            size,
            sha256: Sha256::digest(&upload.content).to_vec(),
            inline: upload.inline,
            created_at: self.now(),
        };
        store::attachments::insert(&mut tx, actor.workspace, &attachment, &upload.content).await?;
        context.attachments.push(attachment.clone());
        self.count_attachments(&mut tx, context).await?;
        tx.commit().await?;
        self.tell_emails(actor.workspace, actor.user, vec![id]);
        Ok(attachment)
    }

    /// Takes a file off a draft.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is no draft any more.
    pub async fn detach(&self, actor: &Actor, id: EmailId, attachment: AttachmentId) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let email = change::changeable(self, &mut tx, actor, id).await?;
        if email.status != Status::Draft {
            return Err(Error::Conflict("not_a_draft"));
        }
        store::attachments::delete(&mut tx, actor.workspace, id, attachment).await?;
        let context = Context::load(&mut tx, email).await?;
        self.count_attachments(&mut tx, context).await?;
        tx.commit().await?;
        self.tell_emails(actor.workspace, actor.user, vec![id]);
        Ok(())
    }

    /// A file of an email, with its bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn attachment(
        &self,
        actor: &Actor,
        id: EmailId,
        attachment: AttachmentId,
    ) -> Result<(Attachment, Vec<u8>)> {
        let mut tx = self.db().read().await?;
        change::visible(self, &mut tx, actor, id).await?;
        let found = store::attachments::list(&mut tx, actor.workspace, id).await?;
        let found = found.into_iter().find(|it| it.id == attachment).ok_or(Error::NotFound)?;
        let content = store::attachments::content(&mut tx, actor.workspace, &found.sha256).await?;
        Ok((found, content))
    }

    /// Keeps the figure in the row. The version stays: an upload is no edit that another one could lose.
    async fn count_attachments(&self, tx: &mut store::Tx, context: Context) -> Result<()> {
        let files = context.attachments.iter().filter(|attachment| !attachment.inline).count();
        let email = &context.email;
        let count = u32::try_from(files).unwrap_or(u32::MAX);
        Ok(store::emails::set_attachment_count(tx, email.workspace_id, email.id, count).await?)
    }
}

/// A media type that can stand in a header; what cannot is bytes.
fn media_type(text: &str) -> String {
    let plain = |part: &str| {
        !part.is_empty() && part.len() < 100 && part.chars().all(|c| c.is_ascii_alphanumeric() || "-+._".contains(c))
    };
    match text.split_once('/') {
        Some((kind, subtype)) if plain(kind) && plain(subtype) => text.to_ascii_lowercase(),
        _ => "application/octet-stream".to_owned(),
    }
}
