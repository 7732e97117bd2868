//! What providers tell by calling us: whose channel it is, whether the provider said it, and what becomes of it.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::BASE32_NOPAD;
use domain::{ChannelId, TextEnum as _, Timestamp, WorkspaceId, feedback::WebhookProvider, time::MINUTE};
use mail::webhooks::{Call, Event, Refused, mailgun, postmark, sendgrid, ses, sns, sparkpost};
use store::feedback::Feedback;
use url::Url;
use uuid::Uuid;

pub use mail::webhooks::HeaderMap;

use super::addresses::{is_signed, tag};
use crate::{
    Engine, Error, Keys, Result,
    channels::Secret,
    incoming::{Fate, Report},
};

/// How many of Amazon's certificates are kept. There is one a region, replaced once a year.
const MOST_CERTIFICATES: usize = 16;
/// How many tokens are remembered that may be used once.
const MOST_TOKENS: usize = 10_000;
/// Of how many channels a refused call is remembered.
const MOST_REFUSALS: usize = 1_000;
/// How exactly it is known when a provider last called.
const BETWEEN_NOTES: i64 = MINUTE;

/// Why a call did nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// There is no such webhook.
    #[error("there is no such webhook")]
    Unknown,
    /// The call is not believed, or cannot be read.
    #[error("the call was refused: {0}")]
    Refused(#[from] Refused),
    /// We cannot take it now, through no fault of the call; the provider calls again.
    #[error("the call cannot be taken now")]
    Unavailable,
}

/// A call that was not believed, or could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedCall {
    /// When it came.
    pub at: Timestamp,
    /// Why it did nothing.
    pub why: Refused,
}

/// What is remembered between calls, by this node and until it ends.
#[derive(Default)]
pub(crate) struct Calls {
    certificates: Mutex<HashMap<String, Arc<Vec<u8>>>>,
    used: Mutex<Used>,
    /// The last refused call to each channel, for whoever sets its webhook up.
    refused: Mutex<HashMap<ChannelId, RefusedCall>>,
}

impl Calls {
    fn note_refused(&self, channel: ChannelId, call: RefusedCall) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MOST_REFUSALS {
            refused.clear();
        }
        refused.insert(channel, call);
    }

    /// The last call to a channel that was refused.
    pub(super) fn last_refused(&self, channel: ChannelId) -> Option<RefusedCall> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(&channel).copied()
    }

    /// What was refused says nothing any more: calls prove themselves otherwise now.
    pub(super) fn forget_refused(&self, channel: ChannelId) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).remove(&channel);
    }
}

/// Tokens that were used, the newest last.
#[derive(Default)]
struct Used {
    known: HashSet<(ChannelId, String)>,
    order: VecDeque<(ChannelId, String)>,
}

impl Used {
    fn add(&mut self, token: (ChannelId, String)) {
        if self.known.insert(token.clone()) {
            self.order.push_back(token);
        }
        while self.order.len() > MOST_TOKENS {
            self.order.pop_front().map(|oldest| self.known.remove(&oldest));
        }
    }
}

/// What a call came to.
struct Told {
    events: Vec<Event>,
    /// Must not come again.
    token: Option<String>,
}

impl Engine {
    /// Whether we gave somebody a webhook with this `token`.
    pub fn is_webhook(&self, token: &str) -> bool {
        channel_of(self.keys(), token).is_some()
    }

    /// Takes a call to the webhook with this `token`, and records what it tells.
    ///
    /// # Errors
    /// [`CallError`]: then nothing changed, or the same call again changes only what is left.
    pub async fn take_call(
        &self,
        provider: WebhookProvider,
        token: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> std::result::Result<(), CallError> {
        let done = self.record_call(provider, token, headers, body).await;
        if matches!(done, Err(CallError::Unavailable)) {
            metrics::counter!("quarterdeck_webhook_calls_put_off_total", "provider" => provider.as_str()).increment(1);
        }
        done
    }

    async fn record_call(
        &self,
        provider: WebhookProvider,
        token: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> std::result::Result<(), CallError> {
        let (workspace, channel, set_up) = self.hook(provider, token).await?;
        let secret = self.webhook_secret(&set_up).ok_or(CallError::Unknown)?;
        let told = match self.understand_call(provider, &secret, Call { headers, body }, channel).await {
            Ok(told) => told,
            Err(error) => {
                if let CallError::Refused(why) = error {
                    self.note_refused_call(provider, workspace, channel, why);
                }
                return Err(error);
            }
        };
        for event in told.events {
            let received = self.report(report(workspace, channel, event)).await.map_err(|error| unavailable(&error))?;
            let (kind, fate) = (received.kind, received.fate);
            if fate == Fate::Known {
                tracing::info!(%workspace, %channel, %kind, "a provider told again what is known; nothing changes");
            } else {
                tracing::debug!(%workspace, %channel, %kind, ?fate, "a provider told");
            }
        }
        if let Some(token) = told.token {
            self.used_tokens().add((channel, token));
        }
        self.note_call(workspace, channel).await.map_err(|error| unavailable(&error))
    }

    /// Notes a call to the webhook with this `token` that was too large to be read.
    ///
    /// # Errors
    /// [`CallError::Unknown`] and [`CallError::Unavailable`].
    pub async fn refuse_large_call(
        &self,
        provider: WebhookProvider,
        token: &str,
    ) -> std::result::Result<(), CallError> {
        let (workspace, channel, _) = self.hook(provider, token).await?;
        self.note_refused_call(provider, workspace, channel, Refused::TooLarge);
        Ok(())
    }

    /// The channel of a webhook, and what is set up for it.
    async fn hook(
        &self,
        provider: WebhookProvider,
        token: &str,
    ) -> std::result::Result<(WorkspaceId, ChannelId, Feedback), CallError> {
        let (workspace, channel) = channel_of(self.keys(), token).ok_or(CallError::Unknown)?;
        let set_up = self.set_up_for(workspace, channel).await.map_err(|error| unavailable(&error))?;
        let set_up = set_up.filter(|it| it.provider == Some(provider)).ok_or(CallError::Unknown)?;
        Ok((workspace, channel, set_up))
    }

    /// Counts, logs and remembers for the channel's page that a call was at fault itself.
    fn note_refused_call(&self, provider: WebhookProvider, workspace: WorkspaceId, channel: ChannelId, why: Refused) {
        metrics::counter!("quarterdeck_webhook_calls_refused_total", "provider" => provider.as_str()).increment(1);
        self.shared.calls.note_refused(channel, RefusedCall { at: self.now(), why });
        tracing::warn!(%workspace, %channel, %provider, error = %why, "a call of a provider was refused");
    }

    /// What is set up for a channel that is there.
    async fn set_up_for(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<Option<Feedback>> {
        let mut tx = self.db().read().await?;
        match store::channels::find(&mut tx, workspace, channel).await {
            Ok(found) if found.deleted_at.is_none() => {
                Ok(Some(store::feedback::find(&mut tx, workspace, channel).await?))
            }
            Ok(_) | Err(store::Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn webhook_secret(&self, set_up: &Feedback) -> Option<String> {
        match self.open_sealed(set_up.secret.as_deref()?)? {
            Secret::Password(secret) => Some(secret),
            Secret::Oauth(_) | Secret::Consent(_) => None,
        }
    }

    async fn understand_call(
        &self,
        provider: WebhookProvider,
        secret: &str,
        call: Call<'_>,
        channel: ChannelId,
    ) -> std::result::Result<Told, CallError> {
        let now = self.now();
        let events = match provider {
            WebhookProvider::Ses => self.notification(secret, call.body, now).await?,
            WebhookProvider::Sendgrid => sendgrid::read(call, secret, now)?,
            WebhookProvider::Postmark => postmark::read(call, secret, now)?.into_iter().collect(),
            WebhookProvider::Sparkpost => sparkpost::read(call, secret, now)?,
            WebhookProvider::Mailgun => {
                let mailgun::Signed { token, event } = mailgun::read(call, secret, now)?;
                let is_used = self.used_tokens().known.contains(&(channel, token.clone()));
                if is_used {
                    tracing::info!(%channel, "a call came again; nothing changes");
                }
                return Ok(Told { events: event.into_iter().filter(|_| !is_used).collect(), token: Some(token) });
            }
        };
        Ok(Told { events, token: None })
    }

    /// What SNS brings from the topic that the channel knows.
    async fn notification(
        &self,
        topic: &str,
        body: &[u8],
        now: Timestamp,
    ) -> std::result::Result<Vec<Event>, CallError> {
        let envelope = sns::Envelope::read(body)?;
        let certificate = self.certificate(&envelope.certificate_url()?).await?;
        envelope.verify(&certificate, topic, now)?;
        match envelope.content()? {
            sns::Content::Notification(text) => Ok(ses::read(&text, now)?),
            sns::Content::Confirmation(url) => {
                self.network().get(&url).await.map_err(|error| unavailable(&error))?;
                tracing::info!(topic, "the subscription to a topic is confirmed");
                Ok(Vec::new())
            }
            sns::Content::Farewell => {
                tracing::warn!(topic, "the subscription to a topic was ended; nothing more will be told");
                Ok(Vec::new())
            }
        }
    }

    /// The certificate at `url`, which is Amazon's.
    async fn certificate(&self, url: &Url) -> std::result::Result<Arc<Vec<u8>>, CallError> {
        let kept = || self.shared.calls.certificates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(certificate) = kept().get(url.as_str()) {
            return Ok(Arc::clone(certificate));
        }
        let certificate = Arc::new(self.network().get(url).await.map_err(|error| unavailable(&error))?);
        let mut kept = kept();
        if kept.len() >= MOST_CERTIFICATES {
            kept.clear();
        }
        kept.insert(url.to_string(), Arc::clone(&certificate));
        Ok(certificate)
    }

    fn used_tokens(&self) -> std::sync::MutexGuard<'_, Used> {
        self.shared.calls.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn note_call(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let now = self.now();
        store::feedback::note_call(&mut tx, workspace, channel, now, now.plus(-BETWEEN_NOTES)).await?;
        Ok(tx.commit().await?)
    }

    /// Where the provider of a channel is to call.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no key.
    pub(super) fn webhook_url(
        &self,
        provider: WebhookProvider,
        workspace: WorkspaceId,
        channel: ChannelId,
    ) -> Result<String> {
        let tag = tag(self.keys(), &signed_text(workspace, channel));
        let tag = tag.map_err(|error| Error::Internal(error.to_string()))?;
        let token = [workspace.0.as_bytes().as_slice(), channel.0.as_bytes(), &tag].concat();
        let token = BASE32_NOPAD.encode(&token).to_ascii_lowercase();
        Ok(format!("{}/hooks/{provider}/{token}", self.settings().public_url))
    }
}

/// The channel that a token of ours names.
pub(super) fn channel_of(keys: &Keys, token: &str) -> Option<(WorkspaceId, ChannelId)> {
    let bytes = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
    let (workspace, rest) = bytes.split_at_checked(16)?;
    let (channel, tag) = rest.split_at_checked(16)?;
    let workspace = WorkspaceId(Uuid::from_slice(workspace).ok()?);
    let channel = ChannelId(Uuid::from_slice(channel).ok()?);
    is_signed(keys, &signed_text(workspace, channel), tag).then_some((workspace, channel))
}

fn signed_text(workspace: WorkspaceId, channel: ChannelId) -> Vec<u8> {
    [b"hook".as_slice(), workspace.0.as_bytes(), channel.0.as_bytes()].concat()
}

fn report(workspace: WorkspaceId, channel: ChannelId, event: Event) -> Report {
    Report {
        workspace,
        channel,
        provider_event_id: event.id,
        at: event.at,
        kind: event.kind,
        message_ids: event.message_ids,
        our_mark: event.mark,
        recipient: event.recipient,
        status: event.status,
        code: event.code,
        reason: event.reason,
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> CallError {
    tracing::error!(%error, "a call of a provider cannot be taken now");
    CallError::Unavailable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DomainSettings, MovedClock, Random, Settings};
    use store::{Db, Location};

    const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:ses-events";
    /// When the messages of the fixtures were signed: 21 November 2026, 10:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_255_200_000_000);
    const CERTIFICATE: &[u8] = include_bytes!("../../../mail/tests/webhooks/sns-certificate.pem");
    const BOUNCE: &str = include_str!("../../../mail/tests/webhooks/sns-notification-v2.json");

    async fn engine() -> Engine {
        let random = Random::new([7; 32]);
        let keys = Keys::generate(&random);
        let settings = Settings {
            public_url: "https://deck.example".into(),
            tracking_url: String::new(),
            allow_private_hosts: false,
            domains: DomainSettings::default(),
        };
        let db = Db::open(&Location::SqliteMemory).await.unwrap();
        Engine::new(db, Arc::new(MovedClock::new(NOW)), random, keys, settings)
    }

    #[tokio::test]
    async fn a_bounce_from_the_known_topic_is_believed_and_any_other_message_is_not() {
        let engine = engine().await;
        let url = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0001.pem";
        let kept = Arc::new(CERTIFICATE.to_vec());
        engine.shared.calls.certificates.lock().unwrap().insert(url.to_owned(), kept);
        let events = engine.notification(TOPIC, BOUNCE.as_bytes(), NOW).await.unwrap();
        assert_eq!(events[0].recipient, "nobody@recipient.example");
        let changed = BOUNCE.replace("nobody@", "boss@");
        let refused = engine.notification(TOPIC, changed.as_bytes(), NOW).await;
        assert!(matches!(refused, Err(CallError::Refused(Refused::Forged(_)))));
        let refused = engine.notification("arn:aws:sns:eu-west-1:1:other", BOUNCE.as_bytes(), NOW).await;
        assert!(matches!(refused, Err(CallError::Refused(Refused::OtherTopic))), "{refused:?}");
    }

    #[tokio::test]
    async fn the_address_of_a_webhook_names_its_channel_and_nobody_else_can_make_one() {
        let engine = engine().await;
        let (workspace, channel) = (WorkspaceId(Uuid::from_u128(1)), ChannelId(Uuid::from_u128(2)));
        let url = engine.webhook_url(WebhookProvider::Ses, workspace, channel).unwrap();
        let token = url.strip_prefix("https://deck.example/hooks/ses/").unwrap();
        assert_eq!(channel_of(engine.keys(), token), Some((workspace, channel)));
        assert!(engine.is_webhook(token) && engine.is_webhook(&token.to_uppercase()));
        for position in 0..token.len() {
            let mut changed = token.as_bytes().to_vec();
            changed[position] = if changed[position] == b'a' { b'b' } else { b'a' };
            assert!(!engine.is_webhook(&String::from_utf8(changed).unwrap()), "{position}");
        }
    }

    #[test]
    fn no_more_tokens_are_remembered_than_there_is_room_for() {
        let mut used = Used::default();
        for n in 0..2 * MOST_TOKENS {
            used.add((ChannelId(Uuid::nil()), n.to_string()));
        }
        assert_eq!((used.known.len(), used.order.len()), (MOST_TOKENS, MOST_TOKENS));
    }
}
