//! The tracking endpoints, asked as a mail program asks them.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, Response, header},
};
use domain::{EmailId, LongLinkId, WorkspaceId};
use engine::{Engine, Keys, Random, Settings, SystemClock, tracking::Token};
use store::{Db, Location};
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::router;

const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
const EMAIL: EmailId = EmailId(Uuid::from_u128(2));

/// An engine on an empty store, and the keys it seals with.
async fn engine() -> (Engine, Keys) {
    let random = Random::new([3; 32]);
    let keys = Keys::generate(&random);
    let url = "http://127.0.0.1:4080".to_owned();
    let settings = Settings {
        public_url: url.clone(),
        tracking_url: url,
        allow_private_hosts: false,
        domains: engine::DomainSettings::default(),
    };
    let db = Db::open(&Location::SqliteMemory).await.unwrap();
    (Engine::new(db, Arc::new(SystemClock), random, keys.clone(), settings), keys)
}

async fn ask(router: &Router, method: Method, path: &str) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo("198.51.100.7:4711".parse::<SocketAddr>().unwrap()));
    router.clone().oneshot(request).await.unwrap()
}

fn link(url: &str) -> Token {
    Token::Link { workspace: WORKSPACE, email: EMAIL, number: 0, url: url.to_owned() }
}

#[tokio::test]
async fn a_link_is_followed_and_a_pixel_shown_even_when_the_store_is_down() {
    let (engine, keys) = engine().await;
    let router = router(&engine);
    engine.db().close().await;
    let path = format!("/c/{}", link("https://northlight.example/plan?a=1&b=%20x").seal(&keys).unwrap());
    let answer = ask(&router, Method::GET, &path).await;
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()[header::LOCATION], "https://northlight.example/plan?a=1&b=%20x");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store, max-age=0");
    let pixel = Token::Pixel { workspace: WORKSPACE, email: EMAIL }.seal(&keys).unwrap();
    let answer = ask(&router, Method::GET, &format!("/o/{pixel}.gif")).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()[header::CONTENT_TYPE].to_str().unwrap()),
        (200, "image/gif")
    );
}

#[tokio::test]
async fn a_link_too_long_to_carry_its_address_says_that_it_cannot_be_followed_now() {
    let (engine, keys) = engine().await;
    let router = router(&engine);
    engine.db().close().await;
    let token = Token::LongLink { workspace: WORKSPACE, email: EMAIL, number: 0, id: LongLinkId(Uuid::from_u128(9)) };
    let answer = ask(&router, Method::GET, &format!("/c/{}", token.seal(&keys).unwrap())).await;
    assert_eq!(answer.status(), 503);
}

#[tokio::test]
async fn nobody_can_make_us_redirect_elsewhere() {
    let (engine, _) = engine().await;
    let router = router(&engine);
    let foreign = Keys::generate(&Random::new([4; 32]));
    let forged = link("https://evil.example").seal(&foreign).unwrap();
    for path in [format!("/c/{forged}"), "/c/https:%2F%2Fevil.example".to_owned(), "/c/AAAA".to_owned()] {
        let answer = ask(&router, Method::GET, &path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(!answer.headers().contains_key(header::LOCATION));
    }
    let answer = ask(&router, Method::GET, "/o/nonsense.gif").await;
    assert_eq!(answer.status(), 200, "a pixel never says whether its token is known");
}

#[tokio::test]
async fn asking_for_the_head_is_answered_like_the_rest() {
    let (engine, keys) = engine().await;
    let path = format!("/c/{}", link("https://northlight.example/").seal(&keys).unwrap());
    assert_eq!(ask(&router(&engine), Method::HEAD, &path).await.status(), 302);
}
