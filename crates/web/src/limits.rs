//! How long a request may take, and what a caller hears who was refused before any handler: a problem document like any
//! other.

use std::time::Duration;

use axum::{
    body::to_bytes,
    extract::{MatchedPath, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

/// The most bytes a request may have that uploads nothing.
pub(crate) const MAX_BODY: usize = 2 * 1024 * 1024;

/// Longer than the slowest thing an endpoint does, which is trying out a channel.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);
/// A large file over a slow line.
const UPLOAD_PATIENCE: Duration = Duration::from_mins(15);

/// More than any sentence a refusal is explained with.
const MAX_EXPLANATION: usize = 4096;

/// Ends what takes too long.
pub(crate) async fn hurry(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let patience = if route.ends_with("/attachments") { UPLOAD_PATIENCE } else { PATIENCE };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "That took too long.").into_response(),
    }
}

/// Turns refusals of the framework (a body that is no JSON, an id that is none, a method that does not exist) into
/// problem documents.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_failure = response.status().is_client_error() || response.status().is_server_error();
    if !is_failure || !is_plain(&response) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let problem = match parts.status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(MAX_BODY as u64),
        status => {
            let text = to_bytes(body, MAX_EXPLANATION).await.unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let problem = unknown_field(&text).map_or_else(
                || {
                    let (slug, title) = known_refusal(status);
                    Problem::new(status, slug, title)
                },
                Problem::unknown_field,
            );
            problem.with_detail(&text)
        }
    };
    let mut answer = problem.into_response();
    if let Some(allowed) = parts.headers.get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    answer
}

fn is_plain(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_none_or(|kind| kind.starts_with(b"text/plain"))
}

/// The field that is at fault when there is none of its name: in a body or a query.
fn unknown_field(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("unknown field `")?;
    rest.split_once('`').map(|(field, _)| field)
}

fn known_refusal(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => ("method-not-allowed", "There is no such method here."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported-media-type", "Send JSON, as application/json."),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ("malformed", "The request cannot be understood as it is written.")
        }
        _ => ("refused", "The request was refused."),
    }
}
