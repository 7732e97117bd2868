//! The one router: what answers where, and what every request passes on its way.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::DefaultBodyLimit,
    http::Response,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{any, get},
};
use engine::Engine;
use tokio::net::TcpListener;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    app::{App, Options},
    challenges,
    connections::{Connections, accept},
    docs, health, hooks, interface, limits, metrics, observe, openapi, origin,
    problem::Problem,
    security, tracking, unsubscribe,
};

/// Serves everything over HTTP until [`Options::stopping`] is cancelled and the requests that run are answered.
pub async fn serve(listener: TcpListener, engine: Engine, options: Options) {
    let stopping = options.stopping.clone();
    let connections = connections(engine, options);
    while let Some((stream, peer)) = stopping.run_until_cancelled(accept(&listener)).await {
        connections.serve(stream, peer);
    }
    drop(listener);
    connections.ended().await;
}

/// Connections to everything.
pub(crate) fn connections(engine: Engine, options: Options) -> Connections {
    let (patience, stopping) = (options.patience, options.stopping.clone());
    Connections::new(router(engine, options), patience, stopping)
}

/// Everything over HTTP.
pub fn router(engine: Engine, options: Options) -> Router {
    let app = App { engine, options: Arc::new(options) };
    // From the inside out: the last layer sees a request first.
    let rest = api(&app)
        .merge(pages())
        .merge(hooks::router())
        .merge(unsubscribe::router())
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), security::separate_tracking))
        .layer(from_fn_with_state(app.clone(), security::harden))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .with_state(app.clone());
    tracking::in_front_of(rest, app)
}

fn api(app: &App) -> Router<App> {
    openapi::router()
        .merge(docs::router())
        .route("/api", any(async || Problem::not_found()))
        .route("/api/", any(async || Problem::not_found()))
        .route("/api/{*rest}", any(async || Problem::not_found()))
        .layer(from_fn_with_state(app.clone(), origin::refuse_foreign))
        .layer(DefaultBodyLimit::max(limits::MAX_BODY))
        .layer(from_fn(limits::hurry))
        .layer(from_fn(limits::explain))
        .layer(CatchPanicLayer::custom(apologize))
}

fn pages() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::figures))
        .merge(challenges::router())
        .fallback(interface::serve)
        .layer(CatchPanicLayer::custom(apologize))
}

/// A fault of ours ends one request, not the process.
#[expect(clippy::needless_pass_by_value, reason = "how the layer hands a panic over")]
fn apologize(panic: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::from(engine::Error::Internal(format!("panic: {}", said.unwrap_or_default()))).into_response()
}
