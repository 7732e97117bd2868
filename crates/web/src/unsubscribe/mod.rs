//! The unsubscribe link. Looking changes nothing, whoever looks; a POST acts, from a person's form or from their mail
//! program (RFC 8058): without cookie, without sign-in, and for a mail program without redirect.

mod form;
mod page;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::from_fn,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use engine::unsubscribe::Language;

use crate::{app::App, limits};
use form::Said;
use page::Moment;

/// The most that a form of ours, or a mail program, has to say.
const MAX_BODY: usize = 32 * 1024;

/// Nothing but our own style and our own form.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
];

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/u/style.css", get(style))
        .route("/u/{token}", get(look).post(act))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(limits::hurry))
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    (headers, include_str!("style.css")).into_response()
}

/// Shows the page, to a person, a scanner or a prefetch alike.
async fn look(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    shown(&app, &token, accepted(&headers), StatusCode::OK, Moment::Looking).await
}

async fn act(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap, request: Request) -> Response {
    let language = accepted(&headers);
    let (done, status, moment) = match form::read(request).await {
        // Loading the page again must not act again, when somebody has let mail go meanwhile.
        Said::Unsubscribe(wish) if !wish.one_click => {
            return match app.engine.unsubscribe(&token, wish).await {
                Ok(()) => (HEADERS, Redirect::to(&format!("/u/{token}"))).into_response(),
                Err(error) => failed(&error, language),
            };
        }
        Said::Unsubscribe(wish) => (app.engine.unsubscribe(&token, wish).await, StatusCode::OK, Moment::Looking),
        Said::TakeBack => {
            let taken_back = app.engine.take_back_unsubscribe(&token).await;
            let moment = if matches!(taken_back, Ok(true)) { Moment::TakenBack } else { Moment::Looking };
            (taken_back.map(drop), StatusCode::OK, moment)
        }
        Said::Nothing => (Ok(()), StatusCode::BAD_REQUEST, Moment::Unclear),
    };
    match done {
        Ok(()) => shown(&app, &token, language, status, moment).await,
        Err(error) => failed(&error, language),
    }
}

async fn shown(app: &App, token: &str, accepted: Option<&str>, status: StatusCode, moment: Moment) -> Response {
    match app.engine.landing(token, accepted).await {
        Ok(landing) => answer(status, page::landing(&landing, moment)),
        Err(error) => failed(&error, accepted),
    }
}

fn failed(error: &engine::Error, accepted: Option<&str>) -> Response {
    let language = Language::choose(accepted, None);
    if matches!(error, engine::Error::NotFound) {
        return answer(StatusCode::NOT_FOUND, page::notice(language, "lost-heading", "lost"));
    }
    tracing::error!(%error, "an unsubscribe link could not be served");
    answer(StatusCode::SERVICE_UNAVAILABLE, page::notice(language, "failed-heading", "failed"))
}

fn answer(status: StatusCode, html: String) -> Response {
    (status, HEADERS, Html(html)).into_response()
}

fn accepted(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
}
