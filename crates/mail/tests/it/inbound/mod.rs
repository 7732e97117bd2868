//! The SMTP port against clients of every kind.

mod crowd;
mod tls;
mod visitor;

use std::time::Duration;

use mail::inbound::Limits;
use visitor::{BOUNCE, Office, Visitor};

#[tokio::test]
async fn a_bounce_to_our_own_address_is_recorded_before_it_is_answered() {
    let office = Office::open(Limits::default()).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    assert_eq!(visitor.deliver("", "r+ours@bounces.test", BOUNCE).await, "250");
    let (to, letter) = office.letters().remove(0);
    assert_eq!((to, letter.sender.as_str()), (1, ""));
    assert_eq!(letter.raw, format!("Return-Path: <>\r\n{BOUNCE}").into_bytes());
}

#[tokio::test]
async fn what_is_offered_is_what_bouncing_servers_use() {
    let office = Office::open(Limits::default()).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    let offers = visitor.ask("EHLO mx.test").await;
    for offer in ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 10485760"] {
        assert!(offers.contains(offer), "{offer}: {offers}");
    }
    for not_offered in ["AUTH", "CHUNKING", "DSN", "STARTTLS"] {
        assert!(!offers.contains(not_offered), "{not_offered}");
    }
}

#[tokio::test]
async fn nothing_is_relayed_to_anybody() {
    let office = Office::open(Limits { mistakes: 100, ..Limits::default() }).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.ask("EHLO mx.test").await;
    visitor.ask("MAIL FROM:<spammer@evil.test>").await;
    for to in [
        "victim@other.test",
        "victim%other.test@bounces.test",
        "\"victim@other.test\"@bounces.test",
        "other.test!victim",
        "r+forged@bounces.test",
        "postmaster",
        "@bounces.test:victim@other.test",
    ] {
        assert!(visitor.ask(&format!("RCPT TO:<{to}>")).await.starts_with("550 5.1.1"), "{to}");
    }
    assert!(visitor.ask("DATA").await.starts_with("503"));
    assert!(office.letters().is_empty());
}

#[tokio::test]
async fn while_the_store_fails_the_client_is_asked_to_come_again() {
    let office = Office::open(Limits::default()).await;
    office.fail();
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.ask("EHLO mx.test").await;
    visitor.ask("MAIL FROM:<>").await;
    assert!(visitor.ask("RCPT TO:<r+ours@bounces.test>").await.starts_with("451"));
    office.recover();
    assert!(visitor.ask("RCPT TO:<r+ours@bounces.test>").await.starts_with("250"));
    office.fail();
    visitor.ask("DATA").await;
    assert!(visitor.ask(&format!("{BOUNCE}.")).await.starts_with("451"));
    office.recover();
    assert_eq!(visitor.deliver("", "r+ours@bounces.test", BOUNCE).await, "250");
    assert_eq!(office.letters().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_nobodys_any_more_is_refused_after_the_message() {
    let office = Office::open(Limits::default()).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    assert_eq!(visitor.deliver("ana@x.test", "r+gone@bounces.test", BOUNCE).await, "550");
}

#[tokio::test]
async fn commands_may_come_in_one_packet() {
    let office = Office::open(Limits::default()).await;
    let mut visitor = office.visit().await;
    visitor
        .send(&format!(
            "EHLO mx.test\r\nMAIL FROM:<>\r\nRCPT TO:<r+ours@bounces.test>\r\nDATA\r\n{BOUNCE}.\r\nQUIT\r\n"
        ))
        .await;
    for code in ["220", "250", "250", "250", "354", "250", "221"] {
        visitor.expect(code).await;
    }
    assert_eq!(office.letters().len(), 1);
}

#[tokio::test]
async fn a_second_message_cannot_be_smuggled_in_a_first() {
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n"] {
        let office = Office::open(Limits::default()).await;
        let mut visitor = office.visit().await;
        visitor.expect("220").await;
        let smuggled = format!(
            "Subject: one\r\n\r\nfirst{end}MAIL FROM:<>\r\nRCPT TO:<r+ours@bounces.test>\r\nDATA\r\nSubject: two\r\n"
        );
        assert_eq!(visitor.deliver("", "r+ours@bounces.test", &smuggled).await, "250", "{end:?}");
        assert_eq!(office.letters().len(), 1, "{end:?}");
    }
}

#[tokio::test]
async fn a_line_that_ends_with_a_bare_line_feed_is_no_command() {
    let office = Office::open(Limits::default()).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.send("EHLO mx.test\n").await;
    visitor.expect("500").await;
}

#[tokio::test]
async fn a_message_of_fifty_megabytes_is_refused_before_it_comes_if_it_says_so_and_after_it_if_not() {
    let office = Office::open(Limits::default()).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.ask("EHLO mx.test").await;
    assert!(visitor.ask("MAIL FROM:<> SIZE=52428800").await.starts_with("552 5.3.4"));
    visitor.ask("MAIL FROM:<>").await;
    visitor.ask("RCPT TO:<r+ours@bounces.test>").await;
    visitor.ask("DATA").await;
    let before = visitor::resident();
    let block = "x".repeat(998) + "\r\n";
    let block = block.repeat(1024);
    for _ in 0..50 {
        visitor.send(&block).await;
    }
    assert!(visitor.ask(".").await.starts_with("552 5.3.4"));
    let grown = visitor::resident().saturating_sub(before);
    assert!(grown < 40 * 1024 * 1024, "{grown} bytes");
    assert_eq!(visitor.deliver("", "r+ours@bounces.test", BOUNCE).await, "250");
}

#[tokio::test]
async fn all_messages_together_have_no_more_memory_than_there_is() {
    let office = Office::open(Limits { memory: 1024 * 1024, ..Limits::default() }).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    let large = format!("Subject: large\r\n\r\n{}", ("x".repeat(998) + "\r\n").repeat(2000));
    assert_eq!(visitor.deliver("", "r+ours@bounces.test", &large).await, "452");
    assert_eq!(visitor.deliver("", "r+ours@bounces.test", BOUNCE).await, "250");
}

#[tokio::test]
async fn whoever_makes_too_many_mistakes_has_to_go() {
    let office = Office::open(Limits { mistakes: 3, ..Limits::default() }).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    for _ in 0..3 {
        visitor.ask("GET / HTTP/1.1").await;
    }
    visitor.expect("421").await;
    assert!(visitor.is_closed().await);
}

#[tokio::test]
async fn commands_recipients_and_lines_have_a_limit() {
    let office = Office::open(Limits { commands: 5, recipients: 2, ..Limits::default() }).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.ask("EHLO mx.test").await;
    visitor.ask("MAIL FROM:<>").await;
    for code in ["250", "250", "452"] {
        assert!(visitor.ask("RCPT TO:<r+ours@bounces.test>").await.starts_with(code));
    }
    assert!(visitor.ask("NOOP").await.starts_with("421"));
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.send(&"x".repeat(10_000)).await;
    visitor.expect("500").await;
    assert!(visitor.is_closed().await);
}

#[tokio::test]
async fn whoever_says_nothing_or_a_byte_at_a_time_is_not_waited_for() {
    let office = Office::open(Limits { idle: Duration::from_millis(300), ..Limits::default() }).await;
    let mut silent = office.visit().await;
    silent.expect("220").await;
    silent.expect("421").await;
    let mut slow = office.visit().await;
    slow.expect("220").await;
    for letter in ["E", "H", "L", "O", " ", "m"] {
        // Cut off while it writes, maybe.
        let _ = slow.try_send(letter).await;
        tokio::time::sleep(Duration::from_millis(80)).await;
    }
    assert!(slow.is_closed().await);
}

#[tokio::test]
async fn a_connection_ends_however_busy_it_is() {
    let office = Office::open(Limits { session: Duration::from_secs(2), ..Limits::default() }).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    visitor.ask("EHLO mx.test").await;
    visitor.ask("MAIL FROM:<>").await;
    visitor.ask("RCPT TO:<r+ours@bounces.test>").await;
    visitor.ask("DATA").await;
    // Whether it can still be written to depends on the system; nothing is recorded in any case.
    for _ in 0..100 {
        if visitor.try_send("a line that never ends the message\r\n").await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(visitor.is_closed().await && office.letters().is_empty());
}

#[tokio::test]
async fn a_message_under_way_is_finished_when_the_server_stops() {
    let office = Office::open(Limits::default()).await;
    let mut idle = office.visit().await;
    idle.expect("220").await;
    let mut busy = office.visit().await;
    busy.expect("220").await;
    busy.ask("EHLO mx.test").await;
    busy.ask("MAIL FROM:<>").await;
    busy.ask("RCPT TO:<r+ours@bounces.test>").await;
    busy.ask("DATA").await;
    busy.send("Subject: half\r\n").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stopped = office.stop();
    idle.expect("421").await;
    assert!(busy.ask("\r\nthe rest\r\n.").await.starts_with("250"));
    busy.expect("421").await;
    stopped.await.unwrap();
    assert_eq!(office.letters().len(), 1);
}

#[tokio::test]
async fn a_network_has_a_number_of_connections_and_no_more() {
    let office = Office::open(Limits { connections_of_network: 2, ..Limits::default() }).await;
    let mut first = office.visit().await;
    let mut second = office.visit().await;
    first.expect("220").await;
    second.expect("220").await;
    let mut turned_away = office.visit().await;
    let heard = turned_away.answer().await;
    assert_eq!(heard, "421 4.7.0 port.test Too many connections from your network at once, come again later\r\n");
    assert!(turned_away.is_closed().await);
    assert!(first.ask("QUIT").await.starts_with("221"));
    assert!(first.is_closed().await);
    let mut third = Visitor::again(&office).await;
    third.expect("220").await;
}

#[tokio::test]
async fn whoever_is_turned_away_and_does_not_listen_is_not_waited_for() {
    let office = Office::open(Limits { connections: 1, ..Limits::default() }).await;
    let mut only = office.visit().await;
    only.expect("220").await;
    let mut deaf = Vec::new();
    for _ in 0..300 {
        deaf.push(office.visit().await);
    }
    assert_eq!(only.deliver("", "r+ours@bounces.test", BOUNCE).await, "250");
    for mut visitor in deaf {
        visitor.expect("421 4.3.2 port.test").await;
        assert!(visitor.is_closed().await);
    }
}
