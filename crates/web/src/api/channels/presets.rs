//! What a channel begins with at the providers that are known.

use axum::Json;
use domain::{
    channel::{Auth, Security},
    channel_presets::{Provider, channel_presets},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::limits::ChannelLimits;
use crate::{app::App, caller::Caller, text::Text};

type AuthText = Text<Auth>;
type ProviderText = Text<Provider>;
type SecurityText = Text<Security>;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_channel_presets))
}

/// What a channel begins with at a provider. All of it can be changed.
#[derive(Serialize, ToSchema)]
struct ChannelPreset {
    provider: ProviderText,
    /// Empty where everybody has another.
    host: &'static str,
    port: u16,
    security: SecurityText,
    auth: AuthText,
    /// The user name, where all accounts have the same; else empty.
    username: &'static str,
    /// Only what the provider publishes; it may change without notice.
    limits: ChannelLimits,
    /// Where the provider says so; empty for a server of one's own.
    source: &'static str,
}

/// The presets, in the order in which they are offered.
#[derive(Serialize, ToSchema)]
struct ChannelPresetList {
    items: Vec<ChannelPreset>,
}

/// List what is known of providers
///
/// Servers, and the limits that the providers publish.
#[utoipa::path(
    get, path = "/channels/presets", operation_id = "list_channel_presets", tag = "channels",
    responses((status = 200, body = ChannelPresetList))
)]
async fn list_channel_presets(_caller: Caller) -> Json<ChannelPresetList> {
    let items = channel_presets().into_iter().map(|preset| ChannelPreset {
        provider: Text(preset.provider),
        host: preset.host,
        port: preset.port,
        security: Text(preset.security),
        auth: Text(preset.auth),
        username: preset.username,
        limits: preset.limits.into(),
        source: preset.source,
    });
    Json(ChannelPresetList { items: items.collect() })
}
