//! The rules of the conversation, and what breaks them.

use crate::client::{Client, LETTER, options, world};
use proptest::prelude::*;
use simulator::{Error, Login, Options, World};

#[tokio::test]
async fn the_extensions_are_announced() {
    let world = world().await;
    let mut client = Client::connect(&world).await;
    client.answer().await;
    let answer = client.ask("EHLO test.example").await;
    for extension in ["PIPELINING", "SIZE 26214400", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN", "ENHANCEDSTATUSCODES"]
    {
        assert!(answer.contains(extension), "{extension}");
    }
}

#[tokio::test]
async fn commands_out_of_order_are_refused_and_forgiven() {
    let world = world().await;
    let mut client = Client::connect(&world).await;
    client.answer().await;
    for (line, answer) in [
        ("MAIL FROM:<a@x.example>", "503 "),
        ("HELO test.example", "250 "),
        ("RCPT TO:<accept@x.example>", "503 "),
        ("DATA", "503 "),
        ("MAIL FROM:<a@x.example>", "250 "),
        ("DATA", "503 "),
        ("MAIL FROM:<a@x.example>", "503 "),
        ("AUTH PLAIN AGEAYg==", "503 "),
        ("RSET", "250 "),
        ("NOOP", "250 "),
        ("VRFY ana", "252 "),
        ("FROBNICATE", "500 "),
        ("RCPT TO:ana", "501 "),
        ("MAIL FROM:<a@x.example> SIZE=26214401", "552 5.3.4"),
        ("MAIL FROM:<é@x.example>", "553 5.6.7"),
        ("MAIL FROM:<é@x.example> SMTPUTF8", "250 "),
        ("RCPT TO:<accept.ü@x.example>", "250 "),
    ] {
        let given = client.ask(line).await;
        assert!(given.starts_with(answer), "{line}: {given}");
    }
    assert!(client.ask(&"x".repeat(5000)).await.starts_with("500 5.5.2"));
    assert!(client.ask(&"x".repeat(500_000)).await.starts_with("500 5.5.2"));
    assert!(client.ask("NOOP").await.starts_with("250 "));
}

#[tokio::test]
async fn a_message_that_breaks_the_standard_is_refused_and_the_next_is_taken() {
    let world = World::start(Options { max_size: 5000, ..options() }).await.unwrap();
    let mut client = Client::greeted(&world).await;
    for (message, eight_bit, answer) in [
        ("Subject: x\r\n\r\nbare\nfeed\r\n".to_owned(), false, "554 5.6.0"),
        (format!("Subject: x\r\n\r\n{}\r\n", "x".repeat(999)), false, "554 5.6.0"),
        ("Subject: x\r\n\r\nGrüße\r\n".to_owned(), false, "554 5.6.3"),
        ("Subject: Grüße\r\n\r\nx\r\n".to_owned(), true, "554 5.6.7"),
        (format!("Subject: x\r\n\r\n{}", "x\r\n".repeat(2000)), false, "552 5.3.4"),
        ("Subject: x\r\n\r\nGrüße\r\n".to_owned(), true, "250 2.0.0"),
    ] {
        let body = if eight_bit { " BODY=8BITMIME" } else { "" };
        client.ask(&format!("MAIL FROM:<a@x.example>{body}")).await;
        client.ask("RCPT TO:<accept@x.example>").await;
        client.ask("DATA").await;
        let given = client.text(&message).await;
        assert!(given.starts_with(answer), "{message:.30}: {given}");
    }
}

#[tokio::test]
async fn a_configured_login_is_needed_and_checked() {
    let login = Some(Login { user: "anna".into(), password: "secret".into() });
    let world = World::start(Options { login, ..options() }).await.unwrap();
    let mut client = Client::greeted(&world).await;
    for (line, answer) in [
        ("MAIL FROM:<a@x.example>", "530 5.7.0"),
        ("AUTH PLAIN AGFubmEAd3Jvbmc=", "535 5.7.8"),
        ("AUTH CRAM-MD5", "504 5.5.4"),
        ("AUTH PLAIN ???", "501 5.5.2"),
        ("AUTH PLAIN", "334"),
        ("*", "501 5.5.2"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6"),
        ("YW5uYQ==", "334 UGFzc3dvcmQ6"),
        ("d3Jvbmc=", "535 5.7.8"),
        ("AUTH LOGIN YW5uYQ==", "334 UGFzc3dvcmQ6"),
        ("c2VjcmV0", "235 2.7.0"),
        ("AUTH PLAIN AGFubmEAc2VjcmV0", "503 5.5.1"),
        ("MAIL FROM:<a@x.example>", "250 2.1.0"),
    ] {
        let given = client.ask(line).await;
        assert!(given.starts_with(answer), "{line}: {given}");
    }
    let mut client = Client::greeted(&world).await;
    let given = client.ask("AUTH PLAIN AGFubmEAc2VjcmV0").await;
    assert!(given.starts_with("235 2.7.0"), "{given}");
}

#[tokio::test]
async fn a_world_off_the_loopback_interface_is_refused() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let refused = World::start(Options { listen, ..options() }).await;
    assert!(matches!(refused, Err(Error::NotLoopback(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_server_outlives_garbage(garbage in proptest::collection::vec(prop_oneof![
        any::<[u8; 24]>().prop_map(|bytes| bytes.to_vec()),
        "(EHLO x|MAIL FROM:<a@b>|RCPT TO:<accept@b>|DATA|AUTH LOGIN|\\.|RSET)\r\n".prop_map(String::into_bytes),
        Just(vec![b'x'; 6000]),
        Just(b"\r\n".to_vec()),
    ], 0..20)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let world = world().await;
            let mut client = Client::connect(&world).await;
            client.send(garbage.concat()).await;
            drop(client);
            let mut client = Client::greeted(&world).await;
            let answer = client.deliver("accept.after@x.example", LETTER).await;
            assert!(answer.starts_with("250 2.0.0"), "{answer}");
        });
    }
}
