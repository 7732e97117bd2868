//! What is known of each request: its id, one line in the log, and its share of the figures.
//!
//! The log names the route, never the path: paths of tracking links and queries hold what nobody else should read.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;
use tracing::{Instrument, debug, info_span};

use crate::{app::App, interface::hex};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Follows a request from its arrival to its answer.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = hex(&app.engine.random().bytes::<8>());
    let method = request.method().to_string();
    let route = route_of(&request);
    let span = info_span!("request", id, method, route);
    let started = Instant::now();
    let mut response = async {
        let response = next.run(request).await;
        debug!(status = response.status().as_u16(), ms = started.elapsed().as_millis(), "answered");
        response
    }
    .instrument(span)
    .await;

    let labels = [("method", method), ("route", route), ("status", response.status().as_u16().to_string())];
    metrics::counter!("quarterdeck_http_requests_total", &labels).increment(1);
    metrics::histogram!("quarterdeck_http_request_duration_seconds", &labels).record(started.elapsed().as_secs_f64());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The route's pattern; pages of the interface and paths that do not exist are one route.
fn route_of(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or("interface", MatchedPath::as_str).to_owned()
}
