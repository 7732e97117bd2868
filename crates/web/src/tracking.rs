//! The tracking endpoints: answered at once, whatever the store does; recorded a moment later.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::engagement::Announced;
use engine::tracking::{Token, Visit, VisitKind};

use crate::{
    app::App,
    caller::{client_ip, session_token, user_agent},
    security,
};

/// A transparent GIF of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;";

/// Headers by which clients announce that nobody looks.
const PREFETCH: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// What they say then.
const NOBODY_LOOKS: [&str; 3] = ["prefetch", "prerender", "preview"];

/// Nobody keeps an answer.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store, max-age=0");

/// The endpoints, in front of everything that only pages and the API need: there are far more pixels than pages.
pub(crate) fn in_front_of(rest: Router, app: App) -> Router {
    Router::new().route("/o/{token}", get(pixel)).route("/c/{token}", get(link)).with_state(app).fallback_service(rest)
}

/// The pixel is always the same; only a token of ours is recorded.
async fn pixel(State(app): State<App>, Path(name): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let token = app.engine.open_token(name.trim_end_matches(".gif"));
    if let Some(token) = token.filter(|token| matches!(token, Token::Pixel { .. })) {
        note(&app, &token, VisitKind::View, &parts);
    }
    let mut response = Response::new(Body::from(PIXEL));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    counted(&app, "view", response)
}

/// Goes where the sealed token says and nowhere else.
async fn link(State(app): State<App>, Path(token): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let response = match lead(&app, &token, &parts).await {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err((status, words)) => (status, words).into_response(),
    };
    counted(&app, "click", response)
}

/// Where a link leads; somebody followed it.
async fn lead(app: &App, token: &str, parts: &Parts) -> Result<HeaderValue, (StatusCode, &'static str)> {
    let not_ours = (StatusCode::NOT_FOUND, "This link is not one of ours.");
    let nowhere = (StatusCode::NOT_FOUND, "This link leads nowhere any more.");
    let token = app.engine.open_token(token).ok_or(not_ours)?;
    let url = app.engine.link_target(&token).await.map_err(|error| match error {
        engine::Error::NotFound => nowhere,
        error => {
            tracing::error!(%error, "a link could not be looked up");
            (StatusCode::SERVICE_UNAVAILABLE, "This link cannot be followed right now.")
        }
    })?;
    let location = HeaderValue::from_str(&url).map_err(|_| nowhere)?;
    if let Token::Link { number, .. } | Token::LongLink { number, .. } = token {
        note(app, &token, VisitKind::Click { link: number, url }, parts);
    }
    Ok(location)
}

fn counted(app: &App, what: &'static str, mut response: Response) -> Response {
    metrics::counter!("quarterdeck_tracking_requests_total", "what" => what).increment(1);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    security::be_strict(headers, app);
    response
}

fn note(app: &App, token: &Token, kind: VisitKind, parts: &Parts) {
    let (workspace, email) = token.email();
    app.engine.note_visit(Visit {
        workspace,
        email,
        kind,
        at: app.engine.now(),
        ip: client_ip(parts, app),
        user_agent: user_agent(parts),
        announced: announced(parts),
        session_token: session_token(&parts.headers, app),
    });
}

fn announced(parts: &Parts) -> Option<Announced> {
    if parts.method == Method::HEAD {
        Some(Announced::Head)
    } else {
        announces_prefetch(&parts.headers).then_some(Announced::Prefetch)
    }
}

fn announces_prefetch(headers: &HeaderMap) -> bool {
    PREFETCH.iter().filter_map(|name| headers.get(*name)?.to_str().ok()).any(|value| {
        let value = value.to_ascii_lowercase();
        NOBODY_LOOKS.iter().any(|word| value.contains(word))
    })
}
