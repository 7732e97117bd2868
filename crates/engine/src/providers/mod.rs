//! What a workspace is registered as at Google and Microsoft, so that people connect their mailboxes by consenting there
//! in place of giving us a password.

mod input;
mod published;

use domain::{
    authorization::{Action, Actor},
    channel::Security,
    provider::MailboxProvider,
};
use mail::oauth::RefreshGrant;
use serde_json::{Value, json};
use store::{Tx, providers};

pub use input::ProviderInput;
pub use published::Published;
pub use store::providers::Registration;

use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
    channels::Secret,
    live::{Change, Topic},
};

/// A registration as it is used: with what the provider publishes where nothing else was said.
#[derive(Clone)]
pub(crate) struct Application {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) authorization_url: String,
    pub(crate) token_url: String,
    pub(crate) scopes: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
}

impl Application {
    /// What an access token is asked for with.
    pub(crate) fn grant(&self, refresh_token: String) -> RefreshGrant {
        RefreshGrant {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            refresh_token,
            token_url: self.token_url.clone(),
        }
    }
}

impl Engine {
    /// Where a provider sends people back to; it is registered there.
    pub fn redirect_uri(&self) -> String {
        format!("{}/oauth/callback", self.settings().public_url)
    }

    /// The providers that mailboxes can be connected with.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn usable_providers(&self, actor: &Actor) -> Result<Vec<MailboxProvider>> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        let registered = providers::list(&mut tx, actor.workspace).await?;
        Ok(registered.into_iter().map(|registration| registration.provider).collect())
    }

    /// The registrations of the workspace.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn registrations(&self, actor: &Actor) -> Result<Vec<Registration>> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().read().await?;
        Ok(providers::list(&mut tx, actor.workspace).await?)
    }

    /// Keeps what the workspace is registered as at a provider.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Denied`].
    pub async fn register_provider(
        &self,
        actor: &Actor,
        provider: MailboxProvider,
        input: ProviderInput,
    ) -> Result<Registration> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().read().await?;
        let before = found(&mut tx, actor, provider).await?;
        drop(tx);
        let after = self.check_provider(actor.workspace, provider, input, before.as_ref()).await?;
        let mut tx = self.db().begin().await?;
        providers::save(&mut tx, &after).await?;
        let (old, new) = (before.as_ref().map(described), Some(described(&after)));
        let target = Target::Workspace(actor.workspace);
        self.record(&mut tx, actor, AuditAction::ProviderRegistered, target, old, new).await?;
        tx.commit().await?;
        self.tell_providers(actor);
        Ok(after)
    }

    /// Forgets a registration. Mailboxes that were connected with it say so, and can be connected again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn forget_provider(&self, actor: &Actor, provider: MailboxProvider) -> Result<()> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().begin().await?;
        let before = providers::find(&mut tx, actor.workspace, provider).await?;
        providers::delete(&mut tx, actor.workspace, provider).await?;
        let target = Target::Workspace(actor.workspace);
        self.record(&mut tx, actor, AuditAction::ProviderForgotten, target, Some(described(&before)), None).await?;
        tx.commit().await?;
        self.tell_providers(actor);
        Ok(())
    }

    /// What is needed to speak to a provider, if the workspace is registered there and our keys open the secret.
    pub(crate) async fn application(
        &self,
        tx: &mut Tx,
        workspace: domain::WorkspaceId,
        provider: MailboxProvider,
    ) -> Result<Option<Application>> {
        let registration = match providers::find(tx, workspace, provider).await {
            Ok(registration) => registration,
            Err(store::Error::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let client_secret = match &registration.secret {
            None => String::new(),
            Some(sealed) => match self.open_sealed(sealed) {
                Some(Secret::Password(secret)) => secret,
                _ => return Ok(None),
            },
        };
        let published = Published::of(provider);
        let or = |said: Option<String>, published: &str| said.unwrap_or_else(|| published.to_owned());
        Ok(Some(Application {
            client_id: registration.client_id,
            client_secret,
            authorization_url: or(registration.authorization_url, published.authorization_url),
            token_url: or(registration.token_url, published.token_url),
            scopes: or(registration.scopes, published.scopes),
            host: or(registration.host, published.host),
            port: registration.port.unwrap_or(published.port),
            security: registration.security.unwrap_or(Security::Tls),
        }))
    }

    fn tell_providers(&self, actor: &Actor) {
        let changed = Change { workspace: actor.workspace, owner: None, topic: Topic::Mailboxes, emails: Vec::new() };
        self.live().tell(changed);
    }
}

async fn found(tx: &mut Tx, actor: &Actor, provider: MailboxProvider) -> Result<Option<Registration>> {
    match providers::find(tx, actor.workspace, provider).await {
        Ok(registration) => Ok(Some(registration)),
        Err(store::Error::NotFound) => Ok(None),
        Err(error) => Err(Error::from(error)),
    }
}

/// A registration as the audit record shows it.
fn described(registration: &Registration) -> Value {
    json!({
        "provider": registration.provider,
        "client_id": registration.client_id,
        "authorization_url": registration.authorization_url,
        "token_url": registration.token_url,
        "scopes": registration.scopes,
        "host": registration.host,
        "port": registration.port,
        "security": registration.security,
    })
}
