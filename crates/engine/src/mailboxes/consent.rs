//! Connecting a mailbox by a consent given at its provider: the authorization code flow with PKCE (RFC 6749, 7636), its
//! state sealed and bound to the session of whoever began it (RFC 9700 §2.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    MailboxId, Timestamp, UserId,
    authorization::{Action, Actor},
    provider::MailboxProvider,
    time::MINUTE,
};
use mail::oauth::{self, CodeGrant, Consent, Question};
use serde::{Deserialize, Serialize};
use store::mailboxes::Mailbox;

use super::{MailboxView, input::Checked, visible};
use crate::{
    Engine, Error, Purpose, Result,
    channels::Secret,
    providers::{Application, Published},
};

/// How long somebody has to answer at the provider's, in microseconds.
const ANSWER_WITHIN: i64 = 15 * MINUTE;

/// What somebody brings back from the provider unchanged: sealed, so that it says nothing to anybody else.
#[derive(Serialize, Deserialize)]
struct State {
    user: UserId,
    /// The hash of the session it began in.
    session: Vec<u8>,
    provider: MailboxProvider,
    /// The mailbox that is connected again.
    mailbox: Option<MailboxId>,
    /// What the challenge was made of (RFC 7636).
    verifier: String,
    until: Timestamp,
}

impl Engine {
    /// Where to send somebody who wants to connect a mailbox, or to connect the one with the id `mailbox` again.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the workspace is not registered at the provider; [`Error::NotFound`].
    pub async fn ask_consent(
        &self,
        actor: &Actor,
        session: &[u8],
        provider: MailboxProvider,
        mailbox: Option<MailboxId>,
    ) -> Result<String> {
        self.allow(actor, Action::Change { owner: actor.user })?;
        let mut tx = self.db().read().await?;
        let mailbox = match mailbox {
            Some(id) => Some(visible(self, &mut tx, actor, id).await?),
            None => None,
        };
        let application = self.application(&mut tx, actor.workspace, provider).await?.ok_or(NOT_REGISTERED)?;
        drop(tx);
        let verifier = self.random().secret();
        let state = State {
            user: actor.user,
            session: session.to_vec(),
            provider,
            mailbox: mailbox.as_ref().map(|mailbox| mailbox.id),
            verifier: verifier.shown,
            until: self.now().plus(ANSWER_WITHIN),
        };
        let question = Question {
            authorization_url: &application.authorization_url,
            client_id: &application.client_id,
            redirect_uri: &self.redirect_uri(),
            scopes: &application.scopes,
            state: &self.seal_state(&state)?,
            challenge: &verifier.hash,
            login_hint: mailbox.as_ref().map(|mailbox| mailbox.username.as_str()),
            extras: Published::of(provider).extras,
        };
        question.url().map_err(|error| Error::Internal(format!("the authorization endpoint: {error}")))
    }

    /// Connects the mailbox of somebody who came back from the provider with `code`: the one it began with, the one they have
    /// for that account, or a new one.
    ///
    /// # Errors
    /// [`Error::Expired`] when it began elsewhere or long ago; [`Error::Conflict`] when the provider takes the code back,
    /// does not know the registration or cannot be reached, or when they consented for another account.
    pub async fn take_consent(&self, actor: &Actor, session: &[u8], state: &str, code: &str) -> Result<MailboxView> {
        self.allow(actor, Action::Change { owner: actor.user })?;
        let state = self.open_state(state).ok_or(Error::Expired)?;
        if state.user != actor.user || state.session != session || state.until < self.now() {
            return Err(Error::Expired);
        }
        let mut tx = self.db().read().await?;
        let application = self.application(&mut tx, actor.workspace, state.provider).await?.ok_or(NOT_REGISTERED)?;
        let mine = store::mailboxes::list(&mut tx, actor.workspace, actor.user).await?;
        drop(tx);
        let consent = self.exchange(&application, code, state.verifier).await?;
        let refresh_token = consent.access.refresh_token.clone().ok_or(Error::Conflict("no_lasting_consent"))?;
        let secret = Some(self.seal(&Secret::Consent(refresh_token))?);
        let again = mine.into_iter().find(|mailbox| match (state.mailbox, &consent.address) {
            (Some(id), _) => mailbox.id == id,
            (None, Some(address)) => is_account(mailbox, state.provider, address),
            (None, None) => false,
        });
        match again {
            Some(before) => {
                if consent.address.as_ref().is_some_and(|address| !before.username.eq_ignore_ascii_case(address)) {
                    return Err(Error::Conflict("another_account"));
                }
                // What opens the account is shown to its provider's server only.
                let Application { host, port, security, .. } = application;
                let after = Mailbox { secret, provider: Some(state.provider), host, port, security, ..before.clone() };
                self.keep_changed_mailbox(actor, &before, &after).await
            }
            None if state.mailbox.is_some() => Err(Error::NotFound),
            None => {
                let address = consent.address.ok_or(Error::Conflict("no_address"))?;
                let fresh = self.new_mailbox(actor, described_by(application, address));
                self.add_mailbox(actor, Mailbox { secret, provider: Some(state.provider), ..fresh }).await
            }
        }
    }

    async fn exchange(&self, application: &Application, code: &str, verifier: String) -> Result<Consent> {
        let grant = CodeGrant {
            client_id: application.client_id.clone(),
            client_secret: application.client_secret.clone(),
            code: code.to_owned(),
            verifier,
            redirect_uri: self.redirect_uri(),
            token_url: application.token_url.clone(),
        };
        oauth::exchange(&grant, self.network()).await.map_err(|error| {
            tracing::warn!(%error, code = error.code(), "a consent was not exchanged");
            Error::Conflict(match error {
                error if error.is_temporary() => "provider_unreachable",
                error if error.is_unknown_application() => "registration_refused",
                _ => "consent_refused",
            })
        })
    }

    fn seal_state(&self, state: &State) -> Result<String> {
        let internal = |error: &dyn std::fmt::Display| Error::Internal(format!("sealing a state: {error}"));
        let plain = serde_json::to_vec(state).map_err(|error| internal(&error))?;
        let sealed = self.keys().seal(Purpose::Secrets, &plain).map_err(|error| internal(&error))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open_state(&self, state: &str) -> Option<State> {
        let plain = self.keys().open(Purpose::Secrets, &URL_SAFE_NO_PAD.decode(state).ok()?).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

const NOT_REGISTERED: Error = Error::Conflict("provider_not_registered");

fn is_account(mailbox: &Mailbox, provider: MailboxProvider, address: &str) -> bool {
    mailbox.provider == Some(provider) && mailbox.username.eq_ignore_ascii_case(address)
}

/// The mailbox of an account at a provider, which keeps copies of what is sent itself.
fn described_by(application: Application, address: String) -> Checked {
    Checked {
        name: address.clone(),
        host: application.host,
        port: application.port,
        security: application.security,
        username: address,
        password: None,
        sent_folder: None,
        append_sent: false,
        reads: true,
        read_folders: None,
    }
}
