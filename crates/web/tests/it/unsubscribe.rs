//! The unsubscribe link, asked as people, scanners and mail programs ask it (RFC 8058).

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use domain::PersonId;
use engine::{emails::DraftChange, people::NewPerson};

use crate::support::{Site, router, world::Backend};

const FORM: &str = "application/x-www-form-urlencoded";
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// A site, and an email to Kim with its link.
struct Post {
    site: Site,
    router: Router,
    person: PersonId,
    path: String,
}

struct Page {
    status: u16,
    headers: HeaderMap,
    html: String,
}

impl Post {
    async fn new() -> Self {
        let site = Site::new(Backend::Sqlite).await;
        let (engine, mia) = (&site.world.engine, &site.world.member);
        let kim = NewPerson {
            address: "kim@far.example".into(),
            first_name: Some("Kim <b>".into()),
            last_name: None,
            company: None,
        };
        let person = engine.create_person(mia, kim).await.unwrap().person.id;
        let draft = DraftChange { person_id: Some(Some(person)), ..DraftChange::default() };
        let email = engine.create_draft(mia, None, draft).await.unwrap().listed.email;
        let link = engine.unsubscribe_link(mia.workspace, email.id);
        let path = link.strip_prefix("https://links.sales.example").unwrap().to_owned();
        Self { router: router(engine), person, path, site }
    }

    async fn ask(&self, method: Method, headers: &[(&str, &str)], body: &str) -> Page {
        ask(&self.router, method, &self.path, headers, body).await
    }

    async fn get(&self) -> String {
        self.ask(Method::GET, &[], "").await.html
    }

    async fn stops(&self) -> usize {
        let world = &self.site.world;
        world.engine.stops_of_person(&world.member, self.person).await.unwrap().holding.len()
    }
}

async fn ask(router: &Router, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
    let mut request = Request::builder().method(method).uri(path).header("host", "links.sales.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    request.extensions_mut().insert(ConnectInfo("198.51.100.7:4711".parse::<SocketAddr>().unwrap()));
    let response = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Page { status, headers, html: String::from_utf8(bytes.to_vec()).unwrap() }
}

#[tokio::test]
async fn looking_changes_nothing_whoever_looks() {
    let post = Post::new().await;
    for headers in [[("user-agent", "Mozilla/5.0")], [("sec-purpose", "prefetch")], [("purpose", "prefetch")]] {
        let page = post.ask(Method::GET, &headers, "").await;
        assert_eq!(page.status, 200);
        assert!(page.html.contains("Stop email from Northlight?") && page.html.contains("<form method=\"post\">"));
    }
    let head = post.ask(Method::HEAD, &[], "").await;
    assert_eq!((head.status, head.html.as_str()), (200, ""));
    // Some scanners send a body with a GET.
    assert_eq!(post.ask(Method::GET, &[("content-type", FORM)], ONE_CLICK).await.status, 200);
    assert_eq!(post.stops().await, 0);
}

#[tokio::test]
async fn one_click_needs_neither_cookie_nor_origin_and_leads_nowhere() {
    let post = Post::new().await;
    let page = post.ask(Method::POST, &[("content-type", FORM), ("origin", "https://mail.example")], ONE_CLICK).await;
    assert_eq!(page.status, 200);
    assert!(!page.headers.contains_key(header::LOCATION) && !page.headers.contains_key(header::SET_COOKIE));
    assert!(page.html.contains("You are unsubscribed"));
    assert_eq!(post.stops().await, 1);
    // Played again it changes nothing.
    assert_eq!(post.ask(Method::POST, &[("content-type", FORM)], ONE_CLICK).await.status, 200);
    assert_eq!(post.stops().await, 1);
}

#[tokio::test]
async fn one_click_may_come_as_multipart() {
    let post = Post::new().await;
    let body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let page = post.ask(Method::POST, &[("content-type", "multipart/form-data; boundary=x")], body).await;
    assert_eq!((page.status, post.stops().await), (200, 1));
}

#[tokio::test]
async fn a_post_that_says_nothing_we_know_does_nothing() {
    let post = Post::new().await;
    let large = format!("{ONE_CLICK}&x={}", "x".repeat(100_000));
    let bodies = [("", ""), (FORM, ""), (FORM, "List-Unsubscribe=Two"), ("text/plain", ONE_CLICK), (FORM, &large)];
    for (kind, body) in bodies {
        let page = post.ask(Method::POST, &[("content-type", kind)], body).await;
        assert_eq!(page.status, 400, "{kind} {}", body.len());
        assert!(page.html.contains("Nothing was changed."));
    }
    for broken in ["multipart/form-data", "multipart/form-data; boundary=x"] {
        assert_eq!(post.ask(Method::POST, &[("content-type", broken)], "--x\r\n").await.status, 400);
    }
    assert_eq!(post.stops().await, 0);
}

#[tokio::test]
async fn the_form_says_what_and_why_and_takes_it_back() {
    let post = Post::new().await;
    let form = [("content-type", FORM)];
    let said = "act=unsubscribe&what=sender&why=too_many&note=Zu+viele%21";
    let page = post.ask(Method::POST, &form, said).await;
    assert_eq!(
        (page.status, page.headers[header::LOCATION].to_str().unwrap()),
        (303, post.path.as_str()),
        "to be looked at"
    );
    let page = post.ask(Method::GET, &[], "").await;
    assert!(page.html.contains("Mia Member does not write to kim@far.example any more"), "{}", page.html);
    let world = &post.site.world;
    let stop = world.engine.stops_of_person(&world.member, post.person).await.unwrap().holding.remove(0).stop;
    assert_eq!((stop.scope.sender(), stop.note.as_deref()), (Some(world.member.user), Some("Zu viele!")));
    assert_eq!(stop.motive.unwrap().to_string(), "too_many");
    assert!(post.get().await.contains("Was that a mistake?"));
    let page = post.ask(Method::POST, &form, "act=undo").await;
    assert!(page.html.contains("Undone.") && page.html.contains("Stop email from Northlight?"));
    assert_eq!(post.stops().await, 0);
}

#[tokio::test]
async fn a_forged_or_unknown_token_is_not_found_and_says_nothing() {
    let post = Post::new().await;
    let mut forged = post.path.clone();
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.pop();
    forged.push(last);
    let mut changed = post.path.clone().into_bytes();
    changed[20] = if changed[20] == b'A' { b'B' } else { b'A' };
    for path in [forged, String::from_utf8(changed).unwrap(), "/u/preview".into(), "/u/%00".into()] {
        let page = ask(&post.router, Method::GET, &path, &[], "").await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.html.contains("kim@far.example") && !page.html.contains("Northlight"));
        let acted = ask(&post.router, Method::POST, &path, &[("content-type", FORM)], ONE_CLICK).await;
        assert_eq!(acted.status, 404, "{path}");
    }
    assert_eq!(post.stops().await, 0);
}

#[tokio::test]
async fn the_page_is_in_the_recipients_language_and_holds_nothing_but_itself() {
    let post = Post::new().await;
    let page = post.ask(Method::GET, &[("accept-language", "ko-KR,ko;q=0.9,en;q=0.1")], "").await;
    assert!(page.html.contains("<html lang=\"ko\">") && page.html.contains("수신 거부"), "{}", page.html);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script") && !policy.contains("unsafe"));
    assert!(!page.html.contains("<script") && !page.html.contains("style=\""));
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
    let style = ask(&post.router, Method::GET, "/u/style.css", &[], "").await;
    assert_eq!((style.status, style.headers[header::CONTENT_TYPE].to_str().unwrap()), (200, "text/css; charset=utf-8"));
}
