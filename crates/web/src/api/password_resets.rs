//! Choosing a new password by a link.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Visitor,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(request_password_reset)).routes(routes!(accept_password_reset))
}

/// Whose password was forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordResetRequest {
    email: String,
}

/// Ask for a link to choose a new password
///
/// Answers the same whether there is such an account or not.
#[utoipa::path(
    post, path = "/password-resets", operation_id = "request_password_reset", tag = "password-resets", security(()),
    request_body = PasswordResetRequest, responses((status = 202), (status = "4XX", body = Problem))
)]
async fn request_password_reset(
    State(app): State<App>,
    Visitor(client): Visitor,
    Json(said): Json<PasswordResetRequest>,
) -> StatusCode {
    // Not waited for: how long it takes would tell what the answer does not.
    tokio::spawn(async move {
        if let Err(error) = app.engine.request_password_reset(&said.email, &client).await {
            tracing::info!(%error, "no link to choose a new password was mailed");
        }
    });
    StatusCode::ACCEPTED
}

/// The link's token and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    token: String,
    password: String,
}

/// Choose a new password by a link
///
/// All sessions end.
#[utoipa::path(
    post, path = "/password-resets/accept", operation_id = "accept_password_reset", tag = "password-resets",
    security(()), request_body = NewPassword, responses((status = 204), (status = "4XX", body = Problem))
)]
async fn accept_password_reset(
    State(app): State<App>,
    Visitor(client): Visitor,
    Json(said): Json<NewPassword>,
) -> Result<StatusCode> {
    app.engine.accept_password_reset(&said.token, &said.password, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
