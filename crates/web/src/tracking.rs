//! The tracking endpoints: answered at once, whatever the store does; recorded a moment later.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use engine::tracking::{Token, Visit, VisitKind};

use crate::{
    app::App,
    caller::{Visitor, session_token},
};

/// A transparent GIF of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;";

/// Headers by which clients announce that nobody looks.
const PREFETCH: [&str; 3] = ["sec-purpose", "purpose", "x-moz"];

pub(crate) fn router() -> Router<App> {
    Router::new().route("/o/{token}", get(pixel)).route("/c/{token}", get(link))
}

/// The pixel is always the same; only a token of ours is recorded.
async fn pixel(
    State(app): State<App>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
    visitor: Visitor,
) -> Response {
    let token = app.engine.open_token(name.trim_end_matches(".gif"));
    if let Some(token) = token.filter(|token| matches!(token, Token::Pixel { .. })) {
        note(&app, &token, VisitKind::View, &method, &headers, visitor);
    }
    let caching = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/gif")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, max-age=0")),
    ];
    (caching, PIXEL).into_response()
}

/// Goes where the sealed token says and nowhere else.
async fn link(
    State(app): State<App>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
    visitor: Visitor,
) -> Response {
    let Some(token) = app.engine.open_token(&token) else {
        return (StatusCode::NOT_FOUND, "This link is not one of ours.").into_response();
    };
    let target = match app.engine.link_target(&token).await {
        Ok(url) => url,
        Err(engine::Error::NotFound) => {
            return (StatusCode::NOT_FOUND, "This link leads nowhere any more.").into_response();
        }
        Err(error) => {
            tracing::error!(%error, "a link could not be looked up");
            return (StatusCode::SERVICE_UNAVAILABLE, "This link cannot be followed right now.").into_response();
        }
    };
    note(&app, &token, VisitKind::Click { url: target.clone() }, &method, &headers, visitor);
    match HeaderValue::from_str(&target) {
        Ok(location) => {
            let caching = HeaderValue::from_static("no-store, max-age=0");
            (StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, caching)]).into_response()
        }
        Err(_) => (StatusCode::NOT_FOUND, "This link leads nowhere any more.").into_response(),
    }
}

fn note(app: &App, token: &Token, kind: VisitKind, method: &Method, headers: &HeaderMap, visitor: Visitor) {
    let (workspace, email) = token.email();
    app.engine.note_visit(Visit {
        workspace,
        email,
        kind,
        at: app.engine.now(),
        ip: visitor.0.ip,
        user_agent: visitor.0.user_agent,
        prefetch: method == Method::HEAD || announces_prefetch(headers),
        session_token: session_token(headers, app),
    });
}

fn announces_prefetch(headers: &HeaderMap) -> bool {
    PREFETCH
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .any(|value| value.contains("prefetch") || value.contains("preview"))
}
