//! Trying a mailbox out: opening it as a visit would, and showing what was said.

use std::time::Duration;

use domain::{
    MailboxId,
    authorization::{Action, Actor},
};
use mail::imap::{Credentials, MailboxStep, Patience, Probe, Server, probe};
use store::mailboxes::{Mailbox, Trouble};

use super::{MailboxChange, MailboxInput, ProbeStep, Problem, server::security};
use crate::{Engine, Result};

impl Engine {
    /// Tries a saved mailbox out. What is wrong with it, or is wrong no more, is shown on it from now on.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn test_mailbox(&self, actor: &Actor, id: MailboxId) -> Result<Probe> {
        let mailbox = self.mailbox_to_change(actor, id).await?;
        let tried = self.try_kept_mailbox(&mailbox).await;
        let trouble = tried.steps.iter().find_map(|step| step.problem.as_ref());
        let trouble = trouble.map(|problem| Trouble { code: problem.code.to_owned(), text: problem.detail.clone() });
        let mut tx = self.db().begin().await?;
        store::mailboxes::end_visit(&mut tx, &mailbox, self.now(), trouble.as_ref(), None).await?;
        if trouble.is_none() {
            store::mailbox_watches::forget_trouble(&mut tx, mailbox.workspace_id, id).await?;
        }
        tx.commit().await?;
        self.tell_mailbox(&mailbox);
        Ok(tried)
    }

    /// Tries out what a saved mailbox is to become, with what opens it now unless `change` brings another password. Nothing is
    /// kept of it, nor shown on the mailbox.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`], [`crate::Error::NotFound`].
    pub async fn test_changed_mailbox(&self, actor: &Actor, id: MailboxId, change: MailboxChange) -> Result<Probe> {
        let before = self.mailbox_to_change(actor, id).await?;
        let checked = self.check_mailbox(change.of(&before), Some(&before)).await?;
        Ok(self.try_kept_mailbox(&self.changed_mailbox(&before, checked)?).await)
    }

    /// Tries a mailbox out that is not saved yet.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`].
    pub async fn test_described_mailbox(&self, actor: &Actor, input: MailboxInput) -> Result<Probe> {
        self.allow(actor, Action::Change { owner: actor.user })?;
        let checked = self.check_mailbox(input, None).await?;
        let server = Server {
            host: checked.host,
            port: checked.port,
            security: security(checked.security),
            credentials: Credentials::Password {
                username: checked.username,
                password: checked.password.unwrap_or_default(),
            },
        };
        Ok(self.try_mailbox(&server, checked.sent_folder.as_deref()).await)
    }

    async fn try_kept_mailbox(&self, mailbox: &Mailbox) -> Probe {
        match self.mailbox_server(mailbox).await {
            Ok(server) => self.try_mailbox(&server, mailbox.sent_folder.as_deref()).await,
            Err(problem) => not_tried(problem),
        }
    }

    async fn try_mailbox(&self, server: &Server, sent_folder: Option<&str>) -> Probe {
        probe(server, &self.imap_client(Patience::short()), sent_folder).await
    }
}

/// Without anything to sign in with there is nothing to connect for.
fn not_tried(problem: Problem) -> Probe {
    let step = ProbeStep { step: MailboxStep::Login, took: Duration::ZERO, lines: Vec::new(), problem: Some(problem) };
    Probe { steps: vec![step], sent_folder: None }
}
