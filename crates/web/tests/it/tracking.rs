//! The tracking endpoints, asked as a mail program asks them.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, Response, header},
};
use domain::{EmailId, LongLinkId, Status, Timestamp, UserId, WorkspaceId, authorization::Role};
use engine::{Engine, Keys, Random, Settings, SystemClock, tracking::Token};
use store::{Db, Location, emails::Email, members::Member, users::User, visits::Visit, workspaces::Workspace};
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

/// Puts the email into the store, as it was delivered or became since.
async fn keep_email(engine: &Engine, status: Status) {
    let mut tx = engine.db().begin().await.unwrap();
    let at = engine.now().plus(-domain::time::DAY);
    let workspace = Workspace {
        id: WORKSPACE,
        version: 1,
        name: "Northlight".into(),
        tracking: true,
        give_up_after_h: 48,
        system_channel_id: None,
        traces_days: 90,
        created_at: at,
    };
    store::workspaces::insert(&mut tx, &workspace).await.unwrap();
    let owner = UserId(Uuid::from_u128(3));
    let user = User {
        id: owner,
        email: "elena@northlight.example".into(),
        name: "Elena".into(),
        password_hash: None,
        time_zone: "UTC".into(),
        language: "en".into(),
        undo_window_s: 10,
        created_at: at,
    };
    store::users::insert(&mut tx, &user).await.unwrap();
    let member = Member {
        workspace_id: WORKSPACE,
        user_id: owner,
        role: Role::Member,
        created_at: at,
        last_seen_at: None,
        deactivated_at: None,
    };
    store::members::insert(&mut tx, &member).await.unwrap();
    let mut email = Email::draft(WORKSPACE, EMAIL, owner, at);
    store::emails::insert(&mut tx, &email).await.unwrap();
    email.status = status;
    email.sent_at = Some(at);
    store::emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    tx.commit().await.unwrap();
}

async fn visits(engine: &Engine) -> Vec<Visit> {
    engine.record_visits().await;
    let mut tx = engine.db().read().await.unwrap();
    store::visits::since(&mut tx, WORKSPACE, &[EMAIL], Timestamp(0)).await.unwrap()
}

async fn ask_as(router: &Router, path: &str, ip: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(format!("{ip}:4711").parse::<SocketAddr>().unwrap()));
    router.clone().oneshot(request).await.unwrap()
}

const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0");

#[tokio::test]
async fn a_pixel_asked_for_without_end_is_one_look_of_each_client() {
    let (engine, keys) = engine().await;
    keep_email(&engine, Status::Delivered).await;
    let router = router(&engine);
    let path = format!("/o/{}.gif", Token::Pixel { workspace: WORKSPACE, email: EMAIL }.seal(&keys).unwrap());
    for n in 0..5000 {
        let ip = if n % 2 == 0 { "198.51.100.7" } else { "198.51.100.8" };
        assert_eq!(ask_as(&router, &path, ip, &[BROWSER]).await.status(), 200);
    }
    let looks: Vec<u64> = visits(&engine).await.iter().map(|visit| visit.requests).collect();
    assert_eq!(looks, [2500, 2500]);
}

#[tokio::test]
async fn a_token_of_a_deleted_email_or_of_none_and_one_in_the_wrong_place_record_nothing() {
    let (engine, keys) = engine().await;
    keep_email(&engine, Status::Deleted).await;
    let router = router(&engine);
    let pixel = Token::Pixel { workspace: WORKSPACE, email: EMAIL }.seal(&keys).unwrap();
    let link = link("https://northlight.example/").seal(&keys).unwrap();
    let nowhere = Token::Pixel { workspace: WORKSPACE, email: EmailId(Uuid::from_u128(99)) }.seal(&keys).unwrap();
    let long = "A".repeat(20_000);
    for (path, status) in [
        (format!("/o/{pixel}.gif"), 200),
        (format!("/c/{link}"), 302),
        (format!("/o/{nowhere}.gif"), 200),
        (format!("/o/{link}.gif"), 200),
        (format!("/c/{pixel}"), 404),
        (format!("/c/{link}x"), 404),
        (format!("/c/{}", &link[..link.len() - 1]), 404),
        (format!("/c/{long}"), 404),
        (format!("/o/{long}"), 200),
        ("/c/%00%FF".to_owned(), 400),
    ] {
        let answer = ask_as(&router, &path, "198.51.100.7", &[BROWSER]).await;
        assert_eq!(answer.status(), status, "{path}");
    }
    assert_eq!(visits(&engine).await, []);
}

#[tokio::test]
async fn what_is_fetched_before_anybody_looks_says_so_in_many_ways() {
    let (engine, keys) = engine().await;
    keep_email(&engine, Status::Delivered).await;
    let router = router(&engine);
    let path = format!("/o/{}.gif", Token::Pixel { workspace: WORKSPACE, email: EMAIL }.seal(&keys).unwrap());
    let said = [
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-purpose", "Preview"),
        ("x-moz", "prefetch"),
        ("purpose", "prerender"),
    ];
    for (n, header) in said.into_iter().enumerate() {
        ask_as(&router, &path, &format!("198.51.100.{n}"), &[BROWSER, header]).await;
    }
    ask_as(&router, &path, "198.51.100.77", &[BROWSER, ("x-purpose", "reading")]).await;
    let mut whys: Vec<String> = visits(&engine).await.iter().map(|visit| visit.why.to_string()).collect();
    whys.sort();
    assert_eq!(whys, ["nothing", "prefetch", "prefetch", "prefetch", "prefetch", "prefetch"]);
}
