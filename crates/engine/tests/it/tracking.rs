//! Views and clicks: sealed, recorded, judged.

use std::net::IpAddr;

use domain::{EmailId, Status, events::EventKind, time::SECOND};
use engine::{
    Keys, Random,
    emails::ActionKind,
    tracking::{Token, Visit, VisitKind},
};
use rstest::rstest;

use crate::{mailroom::Mailroom, support::Backend};

const BROWSER: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";

/// The URLs of the received message that point at us: the links first, the pixel last.
fn tracked_urls(room: &Mailroom, address: &str) -> Vec<String> {
    let inbox = room.world.inbox(address);
    let raw = String::from_utf8_lossy(&inbox.last().unwrap().raw).replace("=\r\n", "");
    let mut urls: Vec<String> = raw
        .split("\"http://127.0.0.1:4080/")
        .flat_map(|part| part.split("=3D\"http://127.0.0.1:4080/"))
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect();
    urls.sort();
    urls
}

fn token_of(url: &str) -> &str {
    url.split_once('/').unwrap().1.trim_end_matches(".gif")
}

async fn visit(room: &Mailroom, token: &Token, user_agent: Option<&str>, ip: &str) {
    let (workspace, email) = token.email();
    let kind = match token {
        Token::Pixel { .. } => VisitKind::View,
        _ => VisitKind::Click { url: room.engine.link_target(token).await.unwrap() },
    };
    room.engine.note_visit(Visit {
        workspace,
        email,
        kind,
        at: room.engine.now(),
        ip: Some(ip.parse::<IpAddr>().unwrap()),
        user_agent: user_agent.map(str::to_owned),
        prefetch: false,
        session_token: None,
    });
    room.engine.record_visits().await;
}

async fn delivered(room: &Mailroom, address: &str) -> (EmailId, Token, Token) {
    let id = room.send(address).await;
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    let urls = tracked_urls(room, address);
    let link = room.engine.open_token(token_of(&urls[0])).unwrap();
    let pixel = room.engine.open_token(token_of(urls.last().unwrap())).unwrap();
    (id, link, pixel)
}

#[rstest]
#[tokio::test]
async fn a_person_who_opens_and_clicks_is_counted_and_shown(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, link, pixel) = delivered(&room, "accept.marta@brisamar.example").await;
    assert!(matches!(&link, Token::Link { url, number: 0, .. } if url == "https://northlight.example/plan"));
    assert!(matches!(pixel, Token::Pixel { .. }));
    room.clock.advance(60 * SECOND);
    visit(&room, &pixel, Some(BROWSER), "198.51.100.7").await;
    visit(&room, &link, Some(BROWSER), "198.51.100.7").await;
    let details = room.email(id).await;
    let email = &details.listed.email;
    assert_eq!((email.views, email.clicks, email.unseen), (1, 1, true));
    assert_eq!(email.last_activity_at, room.engine.now());
    assert_eq!(details.events[0].kind, EventKind::Clicked);
    assert_eq!(details.events[0].evidence.url.as_deref(), Some("https://northlight.example/plan"));
    room.engine.act(&room.actor, ActionKind::Seen, &[id], None).await.unwrap();
    assert!(!room.email(id).await.listed.email.unseen);
}

#[rstest]
#[tokio::test]
async fn machines_are_recorded_and_not_counted(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let (id, _, pixel) = delivered(&room, "accept.marta@brisamar.example").await;
    visit(&room, &pixel, Some("Mozilla/5.0"), "17.58.101.14").await;
    visit(&room, &pixel, None, "198.51.100.7").await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.views, email.views_automatic, email.unseen), (0, 2, false));
}

#[rstest]
#[tokio::test]
async fn the_senders_own_view_is_recorded_as_such(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let (id, _, pixel) = delivered(&room, "accept.marta@brisamar.example").await;
    let (workspace, email) = pixel.email();
    room.engine.note_visit(Visit {
        workspace,
        email,
        kind: VisitKind::View,
        at: room.engine.now(),
        ip: None,
        user_agent: Some(BROWSER.to_owned()),
        prefetch: false,
        session_token: Some(room.session_token.clone()),
    });
    room.engine.record_visits().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.views, email.views_self, email.unseen), (0, 1, false));
}

#[rstest]
#[tokio::test]
async fn an_archived_email_records_nothing_and_its_links_still_work(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, link, _) = delivered(&room, "accept.marta@brisamar.example").await;
    room.engine.act(&room.actor, ActionKind::Archive, &[id], None).await.unwrap();
    visit(&room, &link, Some(BROWSER), "198.51.100.7").await;
    assert_eq!(room.engine.link_target(&link).await.unwrap(), "https://northlight.example/plan");
    let email = room.email(id).await.listed.email;
    assert_eq!((email.clicks, email.clicks_automatic), (0, 0));
}

#[rstest]
#[tokio::test]
async fn a_very_long_link_is_looked_up(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft("accept.marta@brisamar.example").await;
    let email = &draft.listed.email;
    let long = format!("https://northlight.example/?q={}", "x".repeat(2000));
    let change = engine::emails::DraftChange {
        body_html: Some(format!("<p><a href=\"{long}\">x</a></p>")),
        ..engine::emails::DraftChange::default()
    };
    let draft = room.engine.edit_draft(&room.actor, email.id, email.version, change).await.unwrap();
    let email = &draft.listed.email;
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    let urls = tracked_urls(&room, "accept.marta@brisamar.example");
    let token = room.engine.open_token(token_of(&urls[0])).unwrap();
    assert!(matches!(token, Token::LongLink { .. }));
    assert_eq!(room.engine.link_target(&token).await.unwrap(), long);
}

#[rstest]
#[tokio::test]
async fn a_token_of_another_installation_means_nothing_here(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let other = Keys::generate(&Random::new([9; 32]));
    let sealed = other.seal(engine::Purpose::Tracking, &[0; 33]).unwrap();
    let text = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, sealed);
    assert_eq!(room.engine.open_token(&text), None);
}
