//! Whether the process lives, and whether it can work.

use std::time::Duration;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engine::Engine;

/// How long the store may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// 200 while the process lives.
pub(crate) async fn healthz() -> &'static str {
    "alive\n"
}

/// 200 when the store answers, 503 otherwise.
pub(crate) async fn readyz(State(engine): State<Engine>) -> Response {
    match tokio::time::timeout(PATIENCE, engine.db().read()).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "the store does not answer");
            unavailable()
        }
        Err(_) => {
            tracing::error!("the store does not answer in time");
            unavailable()
        }
    }
}

fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
}
