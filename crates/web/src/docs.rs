//! The API to read and to look up: one page of our own that shows `/api/openapi.json` and loads nothing from elsewhere.

use axum::{
    Router,
    http::{HeaderName, header},
    routing::get,
};

use crate::app::App;

/// A text of this crate and what it is.
type Page = ([(HeaderName, &'static str); 1], &'static str);

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/api/docs", get(async || page("text/html; charset=utf-8", include_str!("docs/index.html"))))
        .route("/api/docs/docs.css", get(async || page("text/css; charset=utf-8", include_str!("docs/docs.css"))))
        .route("/api/docs/docs.js", get(async || page("text/javascript; charset=utf-8", include_str!("docs/docs.js"))))
}

fn page(kind: &'static str, text: &'static str) -> Page {
    ([(header::CONTENT_TYPE, kind)], text)
}
