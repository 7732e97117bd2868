//! Webhooks: providers call here when something happened to a message. Not a part of the API: each provider has its own
//! form, and proves itself in its own way.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    middleware::from_fn,
    routing::post,
};
use domain::feedback::WebhookProvider;
use engine::{
    Engine,
    feedback::{CallError, Refused},
};

use crate::{app::App, limits};

/// The largest call: providers gather events.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// The webhooks, by provider and channel.
pub(crate) fn router() -> Router<App> {
    Router::new().route("/hooks/{provider}/{token}", post(take_call)).layer(from_fn(limits::hurry))
}

async fn take_call(
    State(engine): State<Engine>,
    Path((provider, token)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let Ok(provider) = provider.parse::<WebhookProvider>() else { return StatusCode::NOT_FOUND };
    // Nothing is read from whoever does not know an address.
    if !engine.is_webhook(&token) {
        return StatusCode::NOT_FOUND;
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return match engine.refuse_large_call(provider, &token).await {
            Ok(()) => StatusCode::PAYLOAD_TOO_LARGE,
            Err(error) => status_of(&error),
        };
    };
    // Goes on when the provider hangs up: what it tells is worth having.
    let work = tokio::spawn(async move { engine.take_call(provider, &token, &headers, &body).await });
    match work.await {
        Ok(Ok(())) => StatusCode::OK,
        Ok(Err(error)) => status_of(&error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn status_of(error: &CallError) -> StatusCode {
    match error {
        CallError::Unknown => StatusCode::NOT_FOUND,
        CallError::Refused(Refused::Malformed) => StatusCode::BAD_REQUEST,
        CallError::Refused(Refused::WrongPassword) => StatusCode::UNAUTHORIZED,
        CallError::Refused(Refused::Forged(_) | Refused::OtherTopic | Refused::Stale) => StatusCode::FORBIDDEN,
        CallError::Refused(Refused::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        CallError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}
