//! Refuses requests that change something and were made by another site's page.
//!
//! A browser sends our cookie along (SameSite=Lax helps, but not within one registrable domain, nor in every browser), so
//! the request itself must say that it comes from our own pages. A bearer token is sent by nobody on somebody's behalf.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    caller::{bearer, session_token},
    problem::Problem,
};

/// Lets through what only reads, what carries a bearer token, and what comes from our own pages.
pub(crate) async fn refuse_foreign(State(app): State<App>, request: Request, next: Next) -> Response {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    let allowed = only_reads
        || bearer(headers).is_some()
        || is_own(headers, request.uri(), &app.engine.settings().public_url)
            .unwrap_or_else(|| session_token(headers, &app).is_none());
    if allowed { next.run(request).await } else { Problem::foreign_origin().into_response() }
}

/// Whether the request says that it comes from our own pages; `None` when it says nothing, as programs do.
fn is_own(headers: &HeaderMap, target: &Uri, public_url: &str) -> Option<bool> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("opaque"));
    if let Some("same-origin" | "none") = text("sec-fetch-site") {
        return Some(true);
    }
    let Some(origin) = text("origin") else { return text("sec-fetch-site").map(|_| false) };
    let host = target.authority().map(Authority::as_str).or_else(|| text(header::HOST.as_str()));
    Some(Some(origin) == origin_of(public_url).as_deref() || is_origin_of(origin, host))
}

/// `https://sales.example/x` → `https://sales.example`.
fn origin_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// Whether a page with this origin came from the host the request came to, whichever way TLS was taken off.
fn is_origin_of(origin: &str, host: Option<&str>) -> bool {
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some() && authority.map(str::to_ascii_lowercase) == host.map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &'static str)]) -> Option<bool> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        is_own(&headers, &Uri::from_static("/api/v1/me"), "https://sales.example/")
    }

    #[test]
    fn our_own_pages_are_known_by_what_the_browser_says() {
        assert_eq!(own(&[("sec-fetch-site", "same-origin")]), Some(true));
        assert_eq!(own(&[("sec-fetch-site", "none")]), Some(true));
        assert_eq!(own(&[("origin", "https://sales.example"), ("host", "10.0.0.1:8080")]), Some(true));
        assert_eq!(own(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]), Some(true));
        assert_eq!(own(&[("origin", "https://sales.example"), ("sec-fetch-site", "same-site")]), Some(true));
    }

    #[test]
    fn every_other_page_is_foreign() {
        assert_eq!(own(&[("sec-fetch-site", "cross-site")]), Some(false));
        assert_eq!(own(&[("sec-fetch-site", "same-site"), ("origin", "https://x.sales.example")]), Some(false));
        assert_eq!(own(&[("origin", "https://evil.example"), ("host", "sales.example")]), Some(false));
        assert_eq!(own(&[("origin", "null"), ("host", "sales.example")]), Some(false));
        assert_eq!(own(&[("origin", "http://sales.example"), ("host", "other.example")]), Some(false));
    }

    #[test]
    fn a_program_says_nothing() {
        assert_eq!(own(&[("host", "sales.example")]), None);
    }
}
