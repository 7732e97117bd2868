//! Headers that tell a browser what our pages may do, and the host that serves tracking only.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::app::App;

/// Styles stand in the page because the component library sets sizes and colours there; scripts never do. Images of other
/// hosts are part of the mail people write. A message is shown in a frame without scripts (`srcdoc`), which inherits this.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob: https: http:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ),
];

/// Adds the headers that every answer has, unless the handler set its own.
pub(crate) async fn harden(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    be_strict(headers, &app);
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// The headers themselves.
pub(crate) fn be_strict(headers: &mut HeaderMap, app: &App) {
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if app.is_https() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}

/// Under a tracking host, the operator's when it has a name of its own or a workspace's, nothing else is served: a link that recipients see leads to no
/// sign-in page.
pub(crate) async fn separate_tracking(State(app): State<App>, request: Request, next: Next) -> Response {
    let settings = app.engine.settings();
    let tracking = host_of(&settings.tracking_url);
    let asked = requested_host(&request);
    let is_default = tracking != host_of(&settings.public_url) && asked == tracking;
    let is_own = asked.is_some_and(|host| app.engine.is_tracking_host(&host));
    if (is_default || is_own) && !is_tracking_path(request.uri().path()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}

fn is_tracking_path(path: &str) -> bool {
    path.starts_with("/.well-known/quarterdeck/")
        || path.starts_with("/o/")
        || path.starts_with("/c/")
        || path.starts_with("/u/")
        || path == "/healthz"
}

fn host_of(url: &str) -> Option<String> {
    url.parse::<Uri>().ok()?.host().map(str::to_ascii_lowercase)
}

/// The host asked for, without its port: from the target of the request (HTTP/2) or the Host header.
pub(crate) fn requested_host(request: &Request) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    request.uri().host().map(str::to_ascii_lowercase).or_else(|| host_of(&format!("http://{}", named?)))
}
