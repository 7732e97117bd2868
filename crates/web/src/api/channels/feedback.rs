//! What a channel learns from, beside the answers of its server.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    ChannelId, Timestamp,
    feedback::{News, WebhookProvider},
};
use engine::feedback::{FeedbackView, FeedbackWish, RefusedCall, WebhookWish};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, caller::Caller, problem::Result, text::Text};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_channel_feedback, set_channel_feedback))
}

type WebhookProviderText = Text<WebhookProvider>;
pub(super) type NewsText = Text<News>;

/// What a channel learns from. Passwords and signing keys that the provider's calls prove themselves with are never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelFeedback {
    /// Bounces come to signed addresses at this domain; null: to the sender.
    #[schema(required)]
    return_domain: Option<String>,
    /// Where complaints can be sent (RFC 5965); null without a return domain.
    #[schema(required)]
    feedback_address: Option<String>,
    /// Whether this server has its SMTP port open.
    port_open: bool,
    /// The provider that calls; null when none does.
    #[schema(required)]
    webhook: Option<ChannelWebhook>,
    /// Whether a mailbox of somebody who sends through the channel is connected.
    mailbox: bool,
}

/// A provider that calls when something happened to a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelWebhook {
    provider: WebhookProviderText,
    /// Where it is to call; null for those who may not change the channel.
    #[schema(required)]
    url: Option<String>,
    /// SES: the ARN of the topic. `SendGrid`: the verification key, which is a public one. Null for the others, whose calls
    /// prove themselves with a secret, and for those who may not change the channel.
    #[schema(required)]
    public_key: Option<String>,
    /// When its last call came that proved itself.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    called_at: Option<Timestamp>,
    /// The last call that proved nothing or could not be read, since this server was started or the webhook was set up; null
    /// for those who may not change the channel.
    #[schema(required)]
    refused: Option<RefusedWebhookCall>,
}

/// A call that did nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedWebhookCall {
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// A stable name of the reason: `forged`, `wrong_password`, `stale`, `other_topic`, `too_large` or `malformed`.
    why: &'static str,
}

/// What a channel is to learn from. What is absent is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelFeedbackInput {
    /// The domain of signed return addresses; its mail must come to our port.
    return_domain: Option<String>,
    webhook: Option<ChannelWebhookInput>,
}

/// A provider that is to call.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelWebhookInput {
    provider: WebhookProviderText,
    /// SES: the ARN of the topic. `SendGrid`: the verification key. Mailgun: the HTTP webhook signing key. Postmark and
    /// `SparkPost`: a password of 16 characters or more for basic authentication. Absent: the one that is kept.
    secret: Option<String>,
}

impl From<FeedbackView> for ChannelFeedback {
    fn from(view: FeedbackView) -> Self {
        let FeedbackView {
            return_domain,
            feedback_address,
            port_open,
            provider,
            webhook_url,
            public_key,
            called_at,
            refused,
            ways,
        } = view;
        let refused = refused.map(|RefusedCall { at, why }| RefusedWebhookCall { at, why: why.code() });
        let webhook =
            |provider| ChannelWebhook { provider: Text(provider), url: webhook_url, public_key, called_at, refused };
        Self { return_domain, feedback_address, port_open, webhook: provider.map(webhook), mailbox: ways.mailbox }
    }
}

impl From<ChannelFeedbackInput> for FeedbackWish {
    fn from(said: ChannelFeedbackInput) -> Self {
        let webhook = said.webhook.map(|it| WebhookWish { provider: it.provider.0, secret: it.secret });
        Self { return_domain: said.return_domain, webhook }
    }
}

/// Get what a channel learns from
#[utoipa::path(
    get, path = "/channels/{id}/feedback", operation_id = "get_channel_feedback", tag = "channels",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = ChannelFeedback))
)]
async fn get_channel_feedback(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
) -> Result<Json<ChannelFeedback>> {
    Ok(Json(app.engine.feedback(&caller.actor, id).await?.into()))
}

/// Set what a channel learns from
#[utoipa::path(
    put, path = "/channels/{id}/feedback", operation_id = "set_channel_feedback", tag = "channels",
    params(("id" = uuid::Uuid, Path)), request_body = ChannelFeedbackInput,
    responses((status = 200, body = ChannelFeedback))
)]
async fn set_channel_feedback(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
    Json(said): Json<ChannelFeedbackInput>,
) -> Result<Json<ChannelFeedback>> {
    Ok(Json(app.engine.set_feedback(&caller.actor, id, said.into()).await?.into()))
}
