//! Keys that sign a domain's mail.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    ChannelId, DkimKeyId, Timestamp,
    deliverability::{Algorithm, RecordState},
};
use engine::sending_domains::{KeyState, KeyView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::DnsRecord;
use crate::{app::App, caller::Caller, problem::Result, text::Text};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_dkim_key))
        .routes(routes!(begin_dkim_signing, end_dkim_signing))
        .routes(routes!(delete_dkim_key))
}

type AlgorithmText = Text<Algorithm>;
type KeyStateText = Text<KeyState>;
type RecordStateText = Text<RecordState>;

/// A key that signs a domain's mail. The private half is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DkimKey {
    #[schema(value_type = uuid::Uuid)]
    id: DkimKeyId,
    algorithm: AlgorithmText,
    state: KeyStateText,
    /// The record to publish, and to keep published until `needed_until`.
    record: DnsRecord,
    /// What was published when it was last looked for.
    #[schema(required)]
    record_state: Option<RecordStateText>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    signs_since: Option<Timestamp>,
    /// Until when the record of a replaced key has to stay published.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    needed_until: Option<Timestamp>,
}

/// What is to be signed, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DkimKeyInput {
    #[schema(value_type = uuid::Uuid)]
    channel_id: ChannelId,
    domain: String,
    algorithm: AlgorithmText,
}

/// Whether to look first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DkimSigningInput {
    /// Sign although the record is not found: receivers will take the signatures for broken.
    #[serde(default)]
    unchecked: bool,
}

impl From<KeyView> for DkimKey {
    fn from(key: KeyView) -> Self {
        Self {
            id: key.id,
            algorithm: Text(key.algorithm),
            state: Text(key.state),
            record: key.record.into(),
            record_state: key.record_state.map(Text),
            checked_at: key.checked_at,
            created_at: key.created_at,
            signs_since: key.signs_since,
            needed_until: key.needed_until,
        }
    }
}

/// Make a DKIM key
///
/// It signs nothing until it is switched on; then it takes over from the key of its kind, which is how keys are rotated.
#[utoipa::path(
    post, path = "/dkim-keys", operation_id = "create_dkim_key", tag = "sending-domains",
    request_body = DkimKeyInput,
    responses((status = 201, body = DkimKey), (status = 409, description = "One of its kind waits already."))
)]
async fn create_dkim_key(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<DkimKeyInput>,
) -> Result<(StatusCode, Json<DkimKey>)> {
    let made = app.engine.create_dkim_key(&caller.actor, said.channel_id, &said.domain, said.algorithm.0).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Sign with a DKIM key
///
/// Looks for its record first, and refuses when it is not there.
#[utoipa::path(
    put, path = "/dkim-keys/{id}/signing", operation_id = "begin_dkim_signing", tag = "sending-domains",
    params(("id" = uuid::Uuid, Path)), request_body = DkimSigningInput,
    responses((status = 200, body = DkimKey), (status = 409, description = "Its record is not published."))
)]
async fn begin_dkim_signing(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<DkimKeyId>,
    Json(said): Json<DkimSigningInput>,
) -> Result<Json<DkimKey>> {
    Ok(Json(app.engine.begin_dkim_signing(&caller.actor, id, said.unchecked).await?.into()))
}

/// Stop signing with a DKIM key
///
/// Its private half is forgotten. Its record has to stay published for some days: mail on its way bears its signature.
#[utoipa::path(
    delete, path = "/dkim-keys/{id}/signing", operation_id = "end_dkim_signing", tag = "sending-domains",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = DkimKey))
)]
async fn end_dkim_signing(State(app): State<App>, caller: Caller, Path(id): Path<DkimKeyId>) -> Result<Json<DkimKey>> {
    Ok(Json(app.engine.end_dkim_signing(&caller.actor, id).await?.into()))
}

/// Delete a DKIM key that does not sign
#[utoipa::path(
    delete, path = "/dkim-keys/{id}", operation_id = "delete_dkim_key", tag = "sending-domains",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 409, description = "Mail is signed with it."))
)]
async fn delete_dkim_key(State(app): State<App>, caller: Caller, Path(id): Path<DkimKeyId>) -> Result<StatusCode> {
    app.engine.delete_dkim_key(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
