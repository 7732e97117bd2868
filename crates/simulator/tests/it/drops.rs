//! Connections dropped at each stage.

use crate::client::{Client, LETTER, options, world};
use simulator::{Login, Options, Stage, World};
use std::time::Duration;
use tokio::time::Instant;

const ENVELOPE: &str = "MAIL FROM:<elena@northlight.example>\r\nRCPT TO:<who@x.example>\r\nDATA\r\n";

/// Pipelines an envelope for this recipient and gives the answers until the connection is closed or the text is wanted.
async fn answers_before_the_end(world: &World, recipient: &str) -> Vec<String> {
    let mut client = Client::greeted(world).await;
    client.send(ENVELOPE.replace("who", recipient)).await;
    let mut answers = Vec::new();
    loop {
        let answer = client.answer().await;
        if answer.is_empty() {
            return answers;
        }
        let wants_text = answer.starts_with("354");
        answers.push(answer[..3].to_owned());
        if wants_text {
            client.send(format!("{LETTER}.\r\n")).await;
        }
    }
}

#[tokio::test]
async fn a_recipient_drops_the_connection_at_their_stage() {
    let world = world().await;
    for (recipient, answers, kept) in [
        ("drop-mail", &[][..], 0),
        ("drop-rcpt", &["250"][..], 0),
        ("drop-data", &["250", "250"][..], 0),
        ("drop-body", &["250", "250", "354"][..], 0),
        ("drop-dot", &["250", "250", "354"][..], 0),
        ("drop-answer", &["250", "250", "354"][..], 1),
    ] {
        assert_eq!(answers_before_the_end(&world, recipient).await, answers, "{recipient}");
        assert_eq!(world.received().len(), kept, "{recipient}");
    }
    assert_eq!(world.counters().dropped, 6);
    assert_eq!(world.inbox("drop-answer@x.example").len(), 1);
}

#[tokio::test]
async fn a_sender_can_ask_for_the_drop_at_mail() {
    let world = world().await;
    let mut client = Client::greeted(&world).await;
    assert_eq!(client.ask("MAIL FROM:<drop-mail@x.example>").await, "");
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn without_pipelining_the_drop_at_mail_comes_at_rcpt() {
    let world = world().await;
    let mut client = Client::greeted(&world).await;
    assert_eq!(client.address("drop-mail@x.example").await, "");
}

#[tokio::test]
async fn the_owner_drops_the_next_connection_at_any_stage_and_only_that() {
    let world = world().await;
    for stage in [
        Stage::Greeting,
        Stage::Ehlo,
        Stage::Auth,
        Stage::Mail,
        Stage::Rcpt,
        Stage::Data,
        Stage::Body,
        Stage::Dot,
        Stage::Answer,
    ] {
        world.drop_next(stage);
        assert!(!goes_through(&world).await, "{stage:?}");
        assert!(goes_through(&world).await, "{stage:?} drops once");
    }
    assert_eq!(world.counters().dropped, 9);
    // Each second letter was accepted, and the one whose answer was lost.
    assert_eq!(world.received().len(), 10);
}

#[tokio::test]
async fn the_owner_stalls_the_next_connection_at_a_stage_and_the_letter_still_arrives() {
    let world = world().await;
    let pause = Duration::from_millis(80);
    for stage in [Stage::Greeting, Stage::Mail, Stage::Dot, Stage::Answer] {
        world.stall_next(stage, pause);
        let began = Instant::now();
        assert!(goes_through(&world).await, "{stage:?}");
        assert!(began.elapsed() >= pause, "{stage:?}");
    }
    assert_eq!(world.received().len(), 4);
}

#[tokio::test]
async fn calm_takes_back_what_nobody_met() {
    let world = world().await;
    world.drop_next(Stage::Rcpt);
    world.stall_next(Stage::Dot, Duration::from_hours(1));
    assert_eq!(world.mishaps(), 2);
    world.calm();
    assert_eq!(world.mishaps(), 0);
    assert!(goes_through(&world).await);
}

async fn goes_through(world: &World) -> bool {
    let mut client = Client::connect(world).await;
    if client.answer().await.is_empty() {
        return false;
    }
    for line in [
        "EHLO test.example",
        "AUTH PLAIN AGEAYg==",
        "MAIL FROM:<elena@northlight.example>",
        "RCPT TO:<accept@x.example>",
        "DATA",
    ] {
        if client.ask(line).await.is_empty() {
            return false;
        }
    }
    client.text(LETTER).await.starts_with("250")
}

#[tokio::test]
async fn a_world_that_ends_closes_its_connections() {
    let login = Some(Login { user: "a".into(), password: "b".into() });
    let world = World::start(Options { login, ..options() }).await.unwrap();
    let address = world.address();
    let mut client = Client::greeted(&world).await;
    drop(world);
    assert!(client.is_closed().await);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
