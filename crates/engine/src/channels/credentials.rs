//! What a channel signs in with: sealed at rest, opened when a connection is made, never given back to anybody.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{Timestamp, channel, time::SECOND};
use mail::{
    oauth::{self, AccessToken, RefreshGrant},
    smtp::{Client, Credentials, Patience, Security, Server},
};
use serde::{Deserialize, Serialize};
use store::channels::Channel;
use uuid::Uuid;

use crate::{Engine, Error, Purpose, Result};

/// An access token is renewed this long before it ends: a conversation takes time.
const RENEW_BEFORE: i64 = 60 * SECOND;

/// What a channel signs in with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// A password.
    Password(String),
    /// What an access token is renewed with.
    Oauth(OauthGrant),
    /// The refresh token of a consent given at a provider that the workspace is registered at.
    Consent(String),
}

/// What an access token is renewed with (RFC 6749 §6).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthGrant {
    /// The application's id at the provider.
    pub client_id: String,
    /// The application's secret, where the provider gives one.
    pub client_secret: String,
    /// The token that stands for the user's consent.
    pub refresh_token: String,
    /// The provider's token endpoint.
    pub token_url: String,
}

/// Why there is nothing to sign in to a channel's server with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// Somebody has to enter the credentials again: until then the channel pauses.
    #[error("{detail}")]
    Credentials {
        /// A stable name of the case.
        code: &'static str,
        /// What happened, in the provider's words where it said something.
        detail: String,
    },
    /// The provider could not be asked; later it may be.
    #[error("{detail}")]
    Unreachable {
        /// A stable name of the case.
        code: &'static str,
        /// What happened.
        detail: String,
    },
}

impl ServerError {
    /// Code and detail.
    pub(super) fn parts(self) -> (&'static str, String) {
        match self {
            Self::Credentials { code, detail } | Self::Unreachable { code, detail } => (code, detail),
        }
    }
}

impl From<oauth::Error> for ServerError {
    fn from(error: oauth::Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        if error.is_temporary() { Self::Unreachable { code, detail } } else { Self::Credentials { code, detail } }
    }
}

/// Access tokens that still open something, by the id of the channel or mailbox.
#[derive(Default)]
pub(crate) struct AccessTokens(Mutex<HashMap<Uuid, Held>>);

struct Held {
    /// The sealed secret it was had with: with another one it is not used any more.
    secret: Vec<u8>,
    token: String,
    until: Timestamp,
}

impl AccessTokens {
    /// The token that was had with `secret`, if it is good for a while.
    pub(crate) fn get(&self, id: Uuid, secret: Option<&[u8]>, now: Timestamp) -> Option<String> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.get(&id)?;
        let usable = held.until > now && secret == Some(&held.secret);
        usable.then(|| held.token.clone())
    }

    /// Keeps a token that was asked for at `asked_at` until shortly before it ends.
    pub(crate) fn keep(&self, id: Uuid, secret: Vec<u8>, access: &AccessToken, asked_at: Timestamp) {
        let lifetime = i64::try_from(access.lifetime.as_micros()).unwrap_or(i64::MAX);
        let until = asked_at.plus(lifetime.saturating_sub(RENEW_BEFORE));
        let held = Held { secret, token: access.token.clone(), until };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, held);
    }

    /// Forgets a token that a server did not take.
    pub(crate) fn forget(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

impl Engine {
    /// How connections to mail servers are made.
    pub(crate) fn smtp_client(&self, patience: Patience) -> Client {
        Client { network: self.network().clone(), name: None, patience }
    }

    /// The server of a channel, with what opens it.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) async fn server_of(&self, channel: &Channel) -> std::result::Result<Server, ServerError> {
        let credentials = match channel.auth {
            channel::Auth::None => None,
            channel::Auth::Password | channel::Auth::Xoauth2 => Some(self.credentials_of(channel).await?),
        };
        Ok(server(channel, credentials))
    }

    async fn credentials_of(&self, channel: &Channel) -> std::result::Result<Credentials, ServerError> {
        let username = channel.username.clone().unwrap_or_default();
        match self.open_secret(channel)? {
            Secret::Password(password) => Ok(Credentials::Password { username, password }),
            Secret::Oauth(grant) => {
                if let Some(token) = self.access_tokens().get(channel.id.0, channel.secret.as_deref(), self.now()) {
                    return Ok(Credentials::AccessToken { username, token });
                }
                let token = self.renew(channel, grant).await?;
                Ok(Credentials::AccessToken { username, token })
            }
            Secret::Consent(_) => Err(unreadable()),
        }
    }

    async fn renew(&self, channel: &Channel, grant: OauthGrant) -> std::result::Result<String, ServerError> {
        let asked_at = self.now();
        let access = self.access_token(&grant).await?;
        let mut secret = channel.secret.clone().unwrap_or_default();
        if let Some(refresh_token) = access.refresh_token.clone().filter(|fresh| *fresh != grant.refresh_token) {
            match self.keep_renewed(channel, OauthGrant { refresh_token, ..grant }).await {
                Ok(sealed) => secret = sealed,
                Err(error) => tracing::warn!(%error, channel = %channel.id, "a renewed refresh token was not kept"),
            }
        }
        self.access_tokens().keep(channel.id.0, secret, &access, asked_at);
        Ok(access.token)
    }

    /// Some providers replace the refresh token whenever it is used.
    async fn keep_renewed(&self, channel: &Channel, grant: OauthGrant) -> Result<Vec<u8>> {
        let sealed = self.seal(&Secret::Oauth(grant))?;
        let mut tx = self.db().begin().await?;
        store::channels::replace_secret(&mut tx, channel, &sealed).await?;
        tx.commit().await?;
        Ok(sealed)
    }

    /// An access token for `grant`, from its provider.
    pub(super) async fn access_token(&self, grant: &OauthGrant) -> std::result::Result<AccessToken, oauth::Error> {
        let grant = RefreshGrant {
            client_id: grant.client_id.clone(),
            client_secret: grant.client_secret.clone(),
            refresh_token: grant.refresh_token.clone(),
            token_url: grant.token_url.clone(),
        };
        oauth::refresh(&grant, self.network()).await
    }

    /// The secret as it is kept.
    pub(crate) fn seal(&self, secret: &Secret) -> Result<Vec<u8>> {
        let internal = |error: &dyn std::fmt::Display| Error::Internal(format!("sealing a secret: {error}"));
        let plain = serde_json::to_vec(secret).map_err(|error| internal(&error))?;
        self.keys().seal(Purpose::Secrets, &plain).map_err(|error| internal(&error))
    }

    fn open_secret(&self, channel: &Channel) -> std::result::Result<Secret, ServerError> {
        self.open_sealed(channel.secret.as_deref().unwrap_or_default()).ok_or_else(unreadable)
    }

    /// A secret that was kept, if the keys of this server open it.
    pub(crate) fn open_sealed(&self, sealed: &[u8]) -> Option<Secret> {
        let plain = self.keys().open(Purpose::Secrets, sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

fn unreadable() -> ServerError {
    ServerError::Credentials {
        code: "secret_unreadable",
        detail: "the stored credentials cannot be opened with the keys of this server; enter them again".to_owned(),
    }
}

/// The server of a channel.
pub(super) fn server(channel: &Channel, credentials: Option<Credentials>) -> Server {
    let security = match channel.security {
        channel::Security::Tls => Security::Tls,
        channel::Security::StartTls => Security::StartTls,
        channel::Security::None => Security::None,
    };
    Server { host: channel.host.clone(), port: channel.port, security, credentials }
}

#[cfg(test)]
mod tests;
