//! Tokens by which programs act for a user.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{ApiTokenId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_api_tokens, create_api_token)).routes(routes!(revoke_api_token))
}

/// A token; what it reads is shown once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiToken {
    #[schema(value_type = uuid::Uuid)]
    id: ApiTokenId,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

/// One's own tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiTokenList {
    items: Vec<ApiToken>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewApiToken {
    #[serde(flatten)]
    kept: ApiToken,
    /// Shown this once.
    token: String,
}

impl From<engine::accounts::ApiToken> for ApiToken {
    fn from(token: engine::accounts::ApiToken) -> Self {
        Self { id: token.id, name: token.name, created_at: token.created_at, last_used_at: token.last_used_at }
    }
}

/// List one's API tokens
#[utoipa::path(
    get, path = "/api-tokens", operation_id = "list_api_tokens", tag = "api-tokens",
    responses((status = 200, body = ApiTokenList), (status = "4XX", body = Problem))
)]
async fn list_api_tokens(State(app): State<App>, caller: Caller) -> Result<Json<ApiTokenList>> {
    let tokens = app.engine.api_tokens(&caller.actor).await?;
    Ok(Json(ApiTokenList { items: tokens.into_iter().map(ApiToken::from).collect() }))
}

/// What the token is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApiTokenInput {
    name: String,
}

/// Create an API token
///
/// A token makes no tokens: this takes a session.
#[utoipa::path(
    post, path = "/api-tokens", operation_id = "create_api_token", tag = "api-tokens", security(("session" = [])),
    request_body = ApiTokenInput, responses((status = 201, body = NewApiToken), (status = "4XX", body = Problem))
)]
async fn create_api_token(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<ApiTokenInput>,
) -> Result<(StatusCode, Json<NewApiToken>)> {
    caller.session()?;
    let made = app.engine.create_api_token(&caller.actor, &said.name).await?;
    Ok((StatusCode::CREATED, Json(NewApiToken { kept: made.token.into(), token: made.shown })))
}

/// Revoke one of one's API tokens
#[utoipa::path(
    delete, path = "/api-tokens/{id}", operation_id = "revoke_api_token", tag = "api-tokens", security(("session" = [])),
    params(("id" = uuid::Uuid, Path)), responses((status = 204), (status = "4XX", body = Problem))
)]
async fn revoke_api_token(State(app): State<App>, caller: Caller, Path(id): Path<ApiTokenId>) -> Result<StatusCode> {
    caller.session()?;
    app.engine.revoke_api_token(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
