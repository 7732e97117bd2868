//! What holds for every request, whatever it asks for.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, Response, header},
};
use rstest::rstest;
use std::net::SocketAddr;
use tower::ServiceExt;

use crate::support::{
    Site, router,
    world::{self, Backend},
};

async fn empty() -> Router {
    router(&world::empty(Backend::Sqlite).await.0)
}

async fn send(router: &Router, request: axum::http::request::Builder, body: impl Into<Body>) -> Response<Body> {
    let mut request = request.body(body.into()).unwrap();
    request.extensions_mut().insert(ConnectInfo::<SocketAddr>("192.0.2.99:4711".parse().unwrap()));
    router.clone().oneshot(request).await.unwrap()
}

async fn get(router: &Router, path: &str) -> Response<Body> {
    send(router, Request::get(path), Body::empty()).await
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

fn header(response: &Response<Body>, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn every_answer_tells_the_browser_to_be_strict() {
    let router = empty().await;
    for path in ["/", "/api/v1/session", "/api/docs", "/api/nothing", "/o/x.gif", "/healthz"] {
        let response = get(&router, path).await;
        let policy = header(&response, "content-security-policy");
        assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{path}");
        assert!(header(&response, "strict-transport-security").starts_with("max-age="), "{path}");
        // Pixels leave no line in the log, so nothing is to be found by a number.
        assert_eq!(header(&response, "x-request-id").len(), if path.starts_with("/o/") { 0 } else { 16 }, "{path}");
    }
}

#[tokio::test]
async fn what_does_not_exist_under_api_is_a_problem_and_elsewhere_the_interface() {
    let router = empty().await;
    for path in ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/emails"] {
        let response = get(&router, path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(header(&response, "content-type"), "application/problem+json", "{path}");
    }
    let page = get(&router, "/emails/delivered").await;
    assert_eq!(page.status(), 200);
    assert_eq!(header(&page, "cache-control"), "no-cache");
    assert!(header(&page, "content-type").starts_with("text/html"));
    assert_eq!(get(&router, "/assets/nothing.js").await.status(), 404);
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let router = empty().await;
    let tag = header(&get(&router, "/").await, "etag");
    let again = send(&router, Request::get("/").header(header::IF_NONE_MATCH, &tag), Body::empty()).await;
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn what_cannot_be_understood_is_a_problem_too() {
    let site = Site::new(Backend::Sqlite).await;
    let ada = site.signed_in("ada@north.example").await;
    let not_an_id = ada.get("/emails/not-an-id").await;
    assert_eq!(not_an_id.status, 400);
    assert_eq!(not_an_id.problem(), "malformed");

    for path in ["/emails?folder=draft&folders=sent", "/people?query=kim", "/stops?until=x", "/audit?page=2"] {
        let unknown = ada.get(path).await;
        assert_eq!((unknown.status, unknown.problem()), (422, "unknown-field"), "{path}");
    }

    let router = router(&site.world.engine);
    let json = |path| Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let broken = send(&router, json("/api/v1/session"), "{").await;
    assert_eq!((broken.status().as_u16(), header(&broken, "content-type")), (400, "application/problem+json".into()));
    let no_json = send(&router, Request::post("/api/v1/session"), "hello").await;
    assert_eq!((no_json.status().as_u16(), header(&no_json, "content-type")), (415, "application/problem+json".into()));
    let no_method = send(&router, Request::delete("/api/v1/setup"), Body::empty()).await;
    assert_eq!(no_method.status(), 405);
    assert!(header(&no_method, "allow").contains("POST"));
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_with_the_limit() {
    let router = empty().await;
    let body = vec![b'x'; 100 * 1024 * 1024];
    let request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
    let response = send(&router, request, body).await;
    assert_eq!(response.status(), 413);
    assert!(text(response).await.contains("\"/problems/too-large\""));
}

#[tokio::test]
async fn the_tracking_host_serves_nothing_else() {
    let router = empty().await;
    let at = |host: &'static str, path: &'static str| {
        let router = router.clone();
        async move { send(&router, Request::get(path).header(header::HOST, host), Body::empty()).await.status().as_u16() }
    };
    for path in ["/", "/api/v1/session", "/api/docs", "/metrics", "/readyz"] {
        assert_eq!(at("links.sales.example", path).await, 404, "{path}");
        assert_eq!(at("LINKS.sales.example:443", path).await, 404, "{path}");
        assert_ne!(at("sales.example", path).await, 404, "{path}");
    }
    assert_eq!(at("links.sales.example", "/o/unknown.gif").await, 200);
    assert_eq!(at("links.sales.example", "/healthz").await, 200);
}

#[tokio::test]
async fn figures_are_for_this_machine_and_for_administrators() {
    let site = Site::new(Backend::Sqlite).await;
    let router = router(&site.world.engine);
    assert_eq!(get(&router, "/metrics").await.status(), 401);
    for (email, expected) in [("mia@north.example", 403), ("ada@north.example", 404)] {
        let credentials = serde_json::json!({ "email": email, "password": world::PASSWORD });
        let cookie = site.anonymous().post("/session", credentials).await.cookie();
        let status =
            send(&router, Request::get("/metrics").header(header::COOKIE, cookie), Body::empty()).await.status();
        // This router was given nowhere to collect figures: whoever may see them learns that there are none.
        assert_eq!(status, expected, "{email}");
    }
}

#[tokio::test]
async fn the_store_is_asked_before_we_say_that_we_are_ready() {
    let (engine, _) = world::empty(Backend::Sqlite).await;
    let router = router(&engine);
    assert_eq!(get(&router, "/readyz").await.status(), 200);
    engine.db().close().await;
    assert_eq!(get(&router, "/readyz").await.status(), 503);
    assert_eq!(get(&router, "/healthz").await.status(), 200);
}

#[rstest]
#[tokio::test]
async fn without_its_store_the_api_asks_to_come_back_later(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let ada = site.signed_in("ada@north.example").await;
    site.world.engine.db().close().await;
    for path in ["/session", "/channels", "/emails?folder=draft"] {
        let answer = ada.get(path).await;
        assert_eq!((answer.status, answer.problem()), (503, "unavailable"), "{path}");
    }
    let response = get(&router(&site.world.engine), "/api/v1/setup").await;
    assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (503, "5".into()));
}

#[tokio::test]
async fn the_description_of_the_api_is_shown_without_asking_another_host() {
    let router = empty().await;
    let page = text(get(&router, "/api/docs").await).await;
    let loaded: Vec<_> = page.split(['"']).filter(|part| part.starts_with('/') || part.contains("//")).collect();
    assert_eq!(loaded, ["/api/docs/docs.css", "/api/docs/docs.js"]);
    for path in loaded {
        assert_eq!(get(&router, path).await.status(), 200, "{path}");
    }
    assert!(text(get(&router, "/api/openapi.json").await).await.contains("\"openapi\":\"3.1.0\""));
}
