//! The same words to somebody else: what could not reach one address is written to another.

use domain::{EmailId, authorization::Actor};
use store::{Tx, attachments::Attachment, bodies::Body, emails::Email};

use super::{change, images};
use crate::{Engine, Result};

impl Engine {
    /// Fills a new draft with the words of `original`, to nobody yet and in no thread.
    pub(super) async fn begin_copy(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        original: EmailId,
        draft: &mut Email,
        body: &mut Body,
    ) -> Result<()> {
        let email = change::changeable(self, tx, actor, original).await?;
        draft.identity_id = email.identity_id.or(draft.identity_id);
        draft.tracked = email.tracked;
        let written = store::bodies::find(tx, actor.workspace, original).await?;
        *body = Body { in_reply_to: None, references: String::new(), ..written };
        Ok(())
    }

    /// Gives the draft copies of `files` of another email, and lets its body point at those that stand in it, each of which
    /// it calls as `named` says.
    pub(super) async fn copy_files(
        &self,
        tx: &mut Tx,
        files: Vec<Attachment>,
        named: impl Fn(&Attachment) -> String + Send,
        draft: &Email,
        body: &mut Body,
    ) -> Result<()> {
        for file in files {
            let id = self.new_id();
            body.html = body.html.replace(&named(&file), &images::path(draft.id, id));
            let copy = Attachment { id, email_id: draft.id, created_at: self.now(), ..file };
            store::attachments::copy(tx, draft.workspace_id, &copy).await?;
        }
        Ok(store::bodies::save(tx, draft.workspace_id, draft.id, body).await?)
    }
}
