//! What is asked of a host to see whose it is, under `/.well-known/`.

use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{app::App, security::requested_host};

pub(crate) fn router() -> Router<App> {
    Router::new().route("/.well-known/quarterdeck/{token}", get(answer))
}

/// Answers what only we can: by this a tracking host is checked before it is used.
async fn answer(State(app): State<App>, Path(token): Path<String>, request: Request) -> Response {
    match requested_host(&request).and_then(|host| app.engine.answer_challenge(&host, &token)) {
        Some(answer) => ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], answer).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
