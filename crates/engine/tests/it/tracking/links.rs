//! Sealed links and pixels lead where they were made to lead.

use domain::time::SECOND;
use engine::{Keys, Random, emails::ActionKind, tracking::Token};
use rstest::rstest;

use super::{click, delivered, token_of, tracked_urls, visit, visit_to};
use crate::{mailroom::Mailroom, support::Backend};

#[rstest]
#[tokio::test]
async fn a_delivered_email_carries_a_pixel_and_its_links(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (_, link, pixel) = delivered(&room, "accept.marta@brisamar.example").await;
    assert!(matches!(&link, Token::Link { url, number: 0, .. } if url == "https://northlight.example/plan"));
    assert!(matches!(pixel, Token::Pixel { .. }));
}

#[rstest]
#[tokio::test]
async fn an_archived_email_records_nothing_and_its_links_still_work(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, link, _) = delivered(&room, "accept.marta@brisamar.example").await;
    room.engine.act(&room.actor, ActionKind::Archive, &[id], None).await.unwrap();
    visit(&room, visit_to(&room, id, click(0), "198.51.100.7")).await;
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
