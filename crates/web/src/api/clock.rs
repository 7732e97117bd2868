//! The machine's clock, when it jumped and delivery waits for somebody to look at it.

use axum::{extract::State, http::StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(confirm_clock))
}

/// Let delivery go on after the machine's clock jumped.
///
/// Wall and monotonic clock parted by over a minute, so nothing is sent until an administrator says the time is right.
#[utoipa::path(post, path = "/clock-confirmation", operation_id = "confirm_clock", tag = "workspace",
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn confirm_clock(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    app.engine.confirm_clock(&caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
