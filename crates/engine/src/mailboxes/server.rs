//! The server of a mailbox, with what opens it: sealed at rest, opened when a connection is made.

use domain::channel;
use mail::{
    imap::{Client, Credentials, Patience, Problem, Security, Server},
    oauth,
};
use store::mailboxes::Mailbox;

use crate::{Engine, Error, Result, channels::Secret, providers::Application};

impl Engine {
    /// A password as it is kept.
    pub(super) fn seal_password(&self, password: &str) -> Result<Vec<u8>> {
        self.seal(&Secret::Password(password.to_owned()))
    }

    /// The server of a mailbox as it is saved.
    ///
    /// # Errors
    /// [`Problem`] when there is nothing to sign in with.
    pub(super) async fn mailbox_server(&self, mailbox: &Mailbox) -> std::result::Result<Server, Problem> {
        let username = mailbox.username.clone();
        let credentials = match self.open_sealed(mailbox.secret.as_deref().unwrap_or_default()) {
            Some(Secret::Password(password)) => Credentials::Password { username, password },
            Some(Secret::Consent(refresh_token)) => {
                let token = self.mailbox_token(mailbox, refresh_token).await?;
                Credentials::AccessToken { username, token }
            }
            Some(Secret::Oauth(_)) | None => {
                return Err(problem(
                    "secret_unreadable",
                    "the stored password cannot be opened with the keys of this server; enter it again",
                ));
            }
        };
        let (host, port, security) = (mailbox.host.clone(), mailbox.port, security(mailbox.security));
        Ok(Server { host, port, security, credentials })
    }

    /// An access token: the one we have, as long as it lives, or a new one.
    async fn mailbox_token(&self, mailbox: &Mailbox, refresh_token: String) -> std::result::Result<String, Problem> {
        let asked_at = self.now();
        if let Some(token) = self.access_tokens().get(mailbox.id.0, mailbox.secret.as_deref(), asked_at) {
            return Ok(token);
        }
        let Some(application) = self.application_of(mailbox).await.map_err(|error| ours(&error))? else {
            return Err(problem(
                "provider_not_registered",
                "an administrator has to enter the provider's client id again",
            ));
        };
        let access = oauth::refresh(&application.grant(refresh_token.clone()), self.network())
            .await
            .map_err(|error| refused(&error))?;
        let mut secret = mailbox.secret.clone().unwrap_or_default();
        if let Some(fresh) = access.refresh_token.clone().filter(|fresh| *fresh != refresh_token) {
            match self.keep_consent(mailbox, fresh).await {
                Ok(sealed) => secret = sealed,
                Err(error) => tracing::warn!(%error, mailbox = %mailbox.id, "a renewed refresh token was not kept"),
            }
        }
        self.access_tokens().keep(mailbox.id.0, secret, &access, asked_at);
        Ok(access.token)
    }

    async fn application_of(&self, mailbox: &Mailbox) -> Result<Option<Application>> {
        let Some(provider) = mailbox.provider else { return Ok(None) };
        let mut tx = self.db().read().await?;
        self.application(&mut tx, mailbox.workspace_id, provider).await
    }

    /// Some providers replace the refresh token whenever it is used.
    async fn keep_consent(&self, mailbox: &Mailbox, refresh_token: String) -> Result<Vec<u8>> {
        let sealed = self.seal(&Secret::Consent(refresh_token))?;
        let mut tx = self.db().begin().await?;
        store::mailboxes::replace_secret(&mut tx, mailbox, &sealed).await?;
        tx.commit().await?;
        Ok(sealed)
    }

    /// How connections to mailboxes are made.
    pub(super) fn imap_client(&self, patience: Patience) -> Client {
        Client { network: self.network().clone(), patience }
    }
}

fn problem(code: &'static str, detail: &str) -> Problem {
    Problem { code, detail: detail.to_owned() }
}

/// What is shown when the fault is ours.
pub(super) fn ours(error: &Error) -> Problem {
    tracing::error!(%error, "a mailbox could not be served");
    problem("internal", "the log of the server says what happened")
}

/// What is shown when there is no access token.
fn refused(error: &oauth::Error) -> Problem {
    let code = if error.is_withdrawn() { "consent_withdrawn" } else { error.code() };
    problem(code, &error.to_string())
}

pub(super) fn security(security: channel::Security) -> Security {
    match security {
        channel::Security::Tls => Security::Tls,
        channel::Security::StartTls => Security::StartTls,
        channel::Security::None => Security::None,
    }
}
