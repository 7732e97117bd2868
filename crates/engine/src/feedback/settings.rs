//! What is set up for a channel, and what it can learn from that.

use domain::{
    ChannelId, TextEnum as _, Timestamp,
    authorization::{Action, Actor},
    channel,
    feedback::{News, Ways, WebhookProvider, learns},
    input::{Code, Invalid},
};
use mail::webhooks::{sendgrid, sns};
use serde_json::{Value, json};
use store::{Tx, channels::Channel, feedback::Feedback};

use super::{addresses::feedback_address, calls::RefusedCall};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
    channels::{MAX_SECRET, Secret, change_of, usable},
    faults::Faults,
};

/// The shortest password that stands for a signature.
const MIN_PASSWORD: usize = 16;

/// What is set up for a channel, as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackView {
    /// The domain of its signed return addresses.
    pub return_domain: Option<String>,
    /// Where complaints can be sent, once there is a return domain.
    pub feedback_address: Option<String>,
    /// Whether this server has its port open.
    pub port_open: bool,
    /// The provider that calls us.
    pub provider: Option<WebhookProvider>,
    /// Where it is to call; only for those who may change the channel.
    pub webhook_url: Option<String>,
    /// What its calls prove themselves with, where that is no secret: the topic of SES, the public key of `SendGrid`; only for
    /// those who may change the channel.
    pub public_key: Option<String>,
    /// When its last call came that proved itself.
    pub called_at: Option<Timestamp>,
    /// The last call that did not, as far as this node remembers; only for those who may change the channel.
    pub refused: Option<RefusedCall>,
    /// What the channel learns from.
    pub ways: Ways,
}

/// What somebody wants to be set up; what is absent is taken away.
#[derive(Clone, Default)]
pub struct FeedbackWish {
    /// The domain of signed return addresses.
    pub return_domain: Option<String>,
    /// The provider that is to call.
    pub webhook: Option<WebhookWish>,
}

/// A provider that is to call.
#[derive(Clone)]
pub struct WebhookWish {
    /// Which.
    pub provider: WebhookProvider,
    /// What its calls prove themselves with; without, the one that was given for the same provider before.
    pub secret: Option<String>,
}

impl Engine {
    /// What is set up for a channel.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn feedback(&self, actor: &Actor, id: ChannelId) -> Result<FeedbackView> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        let channel = usable(&mut tx, actor, id).await?;
        self.view_feedback(&mut tx, actor, &channel).await
    }

    /// Sets up what a channel learns from.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`].
    pub async fn set_feedback(&self, actor: &Actor, id: ChannelId, wish: FeedbackWish) -> Result<FeedbackView> {
        let mut tx = self.db().begin().await?;
        let channel = usable(&mut tx, actor, id).await?;
        self.allow(actor, change_of(channel.owner_id))?;
        let before = store::feedback::find(&mut tx, actor.workspace, id).await?;
        let after = self.check_feedback(wish, &before)?;
        store::feedback::save(&mut tx, &after).await?;
        self.shared.calls.forget_refused(id);
        let (old, new) = (Some(described(&before)), Some(described(&after)));
        self.record(&mut tx, actor, AuditAction::ChannelChanged, Target::Channel(id), old, new).await?;
        let view = self.view_feedback(&mut tx, actor, &channel).await?;
        tx.commit().await?;
        self.tell_channel(&channel);
        Ok(view)
    }

    /// What a channel hears of.
    pub(crate) async fn news_of(&self, tx: &mut Tx, channel: &Channel) -> Result<Vec<News>> {
        let set_up = store::feedback::find(tx, channel.workspace_id, channel.id).await?;
        let ways = self.ways(tx, &set_up).await?;
        Ok(News::ALL.iter().copied().filter(|news| learns(ways, *news)).collect())
    }

    async fn ways(&self, tx: &mut Tx, set_up: &Feedback) -> Result<Ways> {
        Ok(Ways {
            port: set_up.return_domain.is_some(),
            webhook: set_up.provider.is_some(),
            mailbox: store::feedback::has_mailbox(tx, set_up.workspace_id, set_up.channel_id).await?,
        })
    }

    async fn view_feedback(&self, tx: &mut Tx, actor: &Actor, channel: &Channel) -> Result<FeedbackView> {
        let set_up = store::feedback::find(tx, channel.workspace_id, channel.id).await?;
        let may_change = self.allow(actor, change_of(channel.owner_id)).is_ok();
        let feedback_address = match &set_up.return_domain {
            Some(domain) => Some(
                feedback_address(self.keys(), domain, channel.workspace_id)
                    .map_err(|error| Error::Internal(error.to_string()))?,
            ),
            None => None,
        };
        let webhook_url = match set_up.provider.filter(|_| may_change) {
            Some(provider) => Some(self.webhook_url(provider, channel.workspace_id, channel.id)?),
            None => None,
        };
        let is_public = matches!(set_up.provider, Some(WebhookProvider::Ses | WebhookProvider::Sendgrid));
        Ok(FeedbackView {
            feedback_address,
            webhook_url,
            public_key: if may_change && is_public { self.webhook_secret(&set_up) } else { None },
            port_open: self.shared.port.is_open(),
            ways: self.ways(tx, &set_up).await?,
            return_domain: set_up.return_domain,
            provider: set_up.provider,
            called_at: set_up.called_at,
            refused: self.shared.calls.last_refused(channel.id).filter(|_| may_change),
        })
    }

    fn check_feedback(&self, wish: FeedbackWish, before: &Feedback) -> Result<Feedback> {
        let mut faults = Faults::default();
        let return_domain = wish
            .return_domain
            .filter(|domain| !domain.trim().is_empty())
            .map(|domain| faults.check(return_domain(&domain)));
        let kept = |provider| before.secret.clone().filter(|_| before.provider == Some(provider));
        let secret = match &wish.webhook {
            Some(WebhookWish { provider, secret: Some(secret) }) => {
                let secret = faults.check(webhook_secret(*provider, secret));
                Some(self.seal(&Secret::Password(secret))?)
            }
            Some(WebhookWish { provider, secret: None }) => {
                let kept = kept(*provider);
                if kept.is_none() {
                    faults.add(Invalid::new("secret", Code::Required));
                }
                kept
            }
            None => None,
        };
        faults.refuse()?;
        let provider = wish.webhook.map(|webhook| webhook.provider);
        Ok(Feedback { return_domain, provider, secret, ..before.clone() })
    }
}

/// A domain that mail can be sent to: in ASCII, as it stands in addresses.
fn return_domain(text: &str) -> std::result::Result<String, Invalid> {
    let domain = channel::host("return_domain", text.trim().trim_start_matches('@'))?;
    let domain = mail::address::with_ascii_domain(&format!("r@{domain}")).trim_start_matches("r@").to_owned();
    if domain.is_ascii() { Ok(domain) } else { Err(Invalid::new("return_domain", Code::NotAHost)) }
}

/// What a provider's calls prove themselves with.
fn webhook_secret(provider: WebhookProvider, text: &str) -> std::result::Result<String, Invalid> {
    let secret = text.trim();
    let wrong = |code| Err(Invalid::new("secret", code));
    match provider {
        _ if secret.is_empty() => wrong(Code::Required),
        _ if secret.len() > MAX_SECRET => wrong(Code::TooLong { max: MAX_SECRET }),
        WebhookProvider::Ses if !sns::is_topic(secret) => wrong(Code::Wrong),
        WebhookProvider::Sendgrid if !sendgrid::is_key(secret) => wrong(Code::Wrong),
        WebhookProvider::Postmark | WebhookProvider::Sparkpost if secret.len() < MIN_PASSWORD => {
            wrong(Code::TooShort { min: MIN_PASSWORD })
        }
        _ => Ok(secret.to_owned()),
    }
}

/// As the audit record shows it.
fn described(set_up: &Feedback) -> Value {
    json!({
        "return_domain": set_up.return_domain,
        "webhook": set_up.provider,
        "webhook_secret": set_up.secret.is_some(),
    })
}
