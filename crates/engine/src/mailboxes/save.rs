//! Making, changing and deleting mailboxes.

use domain::{
    MailboxId,
    authorization::{Action, Actor},
};
use store::{
    identities, mailbox_folders, mailbox_watches,
    mailboxes::{self, Mailbox},
};

use super::{MailboxChange, MailboxInput, MailboxView, described, input::Checked, list::view};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

impl Engine {
    /// Makes a mailbox of one's own. If it is the only one, the identities without a mailbox name it at once.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub async fn create_mailbox(&self, actor: &Actor, input: MailboxInput) -> Result<MailboxView> {
        self.allow(actor, Action::Change { owner: actor.user })?;
        let checked = self.check_mailbox(input, None).await?;
        let secret = checked.password.as_deref().map(|password| self.seal_password(password)).transpose()?;
        let mut mailbox = self.new_mailbox(actor, checked);
        mailbox.secret = secret;
        self.add_mailbox(actor, mailbox).await
    }

    /// A mailbox of the actor's own that nothing opens yet.
    pub(super) fn new_mailbox(&self, actor: &Actor, checked: Checked) -> Mailbox {
        Mailbox {
            workspace_id: actor.workspace,
            id: self.new_id(),
            version: 1,
            owner_id: actor.user,
            name: checked.name,
            host: checked.host,
            port: checked.port,
            security: checked.security,
            username: checked.username,
            secret: None,
            provider: None,
            reads: checked.reads,
            read_folders: checked.read_folders,
            sent_folder: checked.sent_folder,
            append_since: checked.append_sent.then(|| self.now()),
            last_checked_at: None,
            problem: None,
            problem_text: None,
            visit_after: None,
            created_at: self.now(),
            deleted_at: None,
        }
    }

    pub(super) async fn add_mailbox(&self, actor: &Actor, mailbox: Mailbox) -> Result<MailboxView> {
        let mut tx = self.db().begin().await?;
        mailboxes::insert(&mut tx, &mailbox).await?;
        identities::assign_only_mailbox(&mut tx, &mailbox).await?;
        let after = Some(described(&mailbox));
        self.record(&mut tx, actor, AuditAction::MailboxCreated, Target::Mailbox(mailbox.id), None, after).await?;
        let made = view(self, &mut tx, mailbox).await?;
        tx.commit().await?;
        self.wake_watchers();
        self.tell_mailbox(&made.mailbox);
        Ok(made)
    }

    /// Changes a mailbox, if `version` is still the current one. The last visit's problem is forgotten: it is visited anew.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Changed`], [`Error::NotFound`].
    pub async fn change_mailbox(
        &self,
        actor: &Actor,
        id: MailboxId,
        version: i64,
        change: MailboxChange,
    ) -> Result<MailboxView> {
        let before = self.mailbox_to_change(actor, id).await?;
        if before.version != version {
            return Err(Error::Changed);
        }
        let checked = self.check_mailbox(change.of(&before), Some(&before)).await?;
        let after = self.changed_mailbox(&before, checked)?;
        self.keep_changed_mailbox(actor, &before, &after).await
    }

    pub(super) async fn keep_changed_mailbox(
        &self,
        actor: &Actor,
        before: &Mailbox,
        after: &Mailbox,
    ) -> Result<MailboxView> {
        let id = before.id;
        let mut tx = self.db().begin().await?;
        mailboxes::update(&mut tx, after).await?;
        mailbox_watches::forget_trouble(&mut tx, actor.workspace, id).await?;
        if (&before.host, before.port, &before.username) != (&after.host, after.port, &after.username) {
            mailbox_folders::forget(&mut tx, actor.workspace, id).await?;
        }
        let (old, new) = (Some(described(before)), Some(described(after)));
        self.record(&mut tx, actor, AuditAction::MailboxChanged, Target::Mailbox(id), old, new).await?;
        let after = mailboxes::find(&mut tx, actor.workspace, id).await?;
        let changed = view(self, &mut tx, after).await?;
        tx.commit().await?;
        self.wake_watchers();
        self.tell_mailbox(&changed.mailbox);
        Ok(changed)
    }

    /// `before` with what was checked; the rest stays.
    pub(super) fn changed_mailbox(&self, before: &Mailbox, checked: Checked) -> Result<Mailbox> {
        let (secret, provider) = match checked.password.as_deref() {
            Some(password) => (Some(self.seal_password(password)?), None),
            None => (before.secret.clone(), before.provider),
        };
        Ok(Mailbox {
            name: checked.name,
            host: checked.host,
            port: checked.port,
            security: checked.security,
            username: checked.username,
            secret,
            provider,
            reads: checked.reads,
            read_folders: checked.read_folders,
            sent_folder: checked.sent_folder,
            append_since: checked.append_sent.then(|| before.append_since.unwrap_or(self.now())),
            ..before.clone()
        })
    }

    /// Deletes a mailbox; identities that named it name none. What it told about emails stays told.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_mailbox(&self, actor: &Actor, id: MailboxId) -> Result<()> {
        let mailbox = self.mailbox_to_change(actor, id).await?;
        let mut tx = self.db().begin().await?;
        mailboxes::delete(&mut tx, actor.workspace, id, self.now()).await?;
        let before = Some(described(&mailbox));
        self.record(&mut tx, actor, AuditAction::MailboxDeleted, Target::Mailbox(id), before, None).await?;
        tx.commit().await?;
        self.wake_watchers();
        self.tell_mailbox(&mailbox);
        Ok(())
    }
}
