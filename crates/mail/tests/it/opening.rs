//! Opening a connection, and everything that can go wrong before mail is sent.

use std::time::Duration;

use domain::smtp::Stage;
use mail::{
    net::{self, AddressPolicy, Network},
    smtp::{Cause, Client, Connection, Credentials, Fault, OpenError, Server},
};

use crate::{
    client::{clear_text, client, hasty_at, password, text_of},
    script::{Act, Script, ehlo, hear, say, welcome},
};

/// How opening fails against a server that plays `script`.
async fn failure(script: Vec<Act>, credentials: Option<Credentials>) -> OpenError {
    failure_of(script, credentials, &client()).await
}

async fn failure_of(script: Vec<Act>, credentials: Option<Credentials>, client: &Client) -> OpenError {
    let script = Script::play(script).await;
    let server = Server { credentials, ..clear_text(script.address) };
    Connection::open(&server, client).await.err().unwrap()
}

fn lost(error: &OpenError) -> (Stage, &'static str) {
    match &error.cause {
        Cause::Lost(fault) => (error.stage, fault.code()),
        Cause::Refused(reply) => panic!("refused: {reply}"),
    }
}

fn refused(error: &OpenError) -> (Stage, u16) {
    match &error.cause {
        Cause::Refused(reply) => (error.stage, reply.code),
        Cause::Lost(fault) => panic!("lost: {fault}"),
    }
}

#[tokio::test]
async fn a_server_that_refuses_is_quoted() {
    let error = failure(vec![say("554-5.7.1 No mail"), say("554 5.7.1 from you")], None).await;
    assert_eq!(refused(&error), (Stage::Greeting, 554));
    assert_eq!(error.cause.to_string(), "the server answered 554 5.7.1 No mail\nfrom you");
    let error = failure(vec![say("220 hi"), hear("EHLO desk.test"), say("502 no")], None).await;
    assert_eq!(refused(&error), (Stage::Ehlo, 502));
    assert_eq!(text_of(&error.transcript), "< 220 hi\n> EHLO desk.test\n< 502 no\n");
}

#[tokio::test]
async fn a_server_that_speaks_something_else_is_told_apart() {
    for garbage in
        ["HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.2", "\u{15}\u{3}\u{1}", "354 go on", "220-a\r\n250 b"]
    {
        let error = failure(vec![say(garbage)], None).await;
        assert_eq!(lost(&error), (Stage::Greeting, "not_smtp"), "{garbage:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_or_says_nothing_is_named_with_its_stage() {
    let slow = Duration::from_secs(5);
    let table = [
        (vec![], Stage::Greeting, "closed"),
        (vec![Act::Pause(slow)], Stage::Greeting, "timed_out"),
        (vec![say("220 hi"), hear("EHLO")], Stage::Ehlo, "closed"),
        (vec![say("220 hi"), Act::Pause(slow)], Stage::Ehlo, "timed_out"),
        (vec![say("220 hi"), hear("EHLO"), Act::Say(b"250-half".to_vec())], Stage::Ehlo, "closed"),
    ];
    for (script, stage, code) in table {
        let client = if code == "timed_out" { hasty_at(stage) } else { client() };
        assert_eq!(lost(&failure_of(script, None, &client).await), (stage, code));
    }
}

#[tokio::test]
async fn a_server_that_never_ends_is_left() {
    let endless_line = vec![Act::Say(vec![b'2'; 100_000])];
    assert_eq!(lost(&failure(endless_line, None).await), (Stage::Greeting, "answer_too_long"));
    let megabyte = vec![Act::Say([b"220 ".as_slice(), &[b'x'; 1_000_000]].concat())];
    assert_eq!(lost(&failure(megabyte, None).await), (Stage::Greeting, "answer_too_long"));
    let endless_answer = vec![Act::Say("220-more\r\n".repeat(10_000).into_bytes())];
    assert_eq!(lost(&failure(endless_answer, None).await), (Stage::Greeting, "answer_too_long"));
    let trickle =
        vec![Act::Drip("220-never ending, one byte at a time, for a very long time", Duration::from_millis(20))];
    assert_eq!(lost(&failure_of(trickle, None, &hasty_at(Stage::Greeting)).await), (Stage::Greeting, "timed_out"));
}

#[tokio::test]
async fn a_server_that_speaks_byte_by_byte_is_understood() {
    let drip = |text| Act::Drip(text, Duration::ZERO);
    let script =
        Script::play([drip("220-slow\r\n220 but sure\r\n"), hear("EHLO"), drip("250-mx.test\r\n250 SIZE 1000\r\n")])
            .await;
    let connection = Connection::open(&clear_text(script.address), &client()).await.unwrap();
    assert_eq!(connection.size_limit(), Some(1_000));
}

#[tokio::test]
async fn bare_line_feeds_are_tolerated() {
    let script =
        Script::play([Act::Say(b"220 hi\n".to_vec()), hear("EHLO"), Act::Say(b"250-mx\n250 SIZE 7\n".to_vec())]).await;
    let connection = Connection::open(&clear_text(script.address), &client()).await.unwrap();
    assert_eq!(connection.size_limit(), Some(7));
}

#[tokio::test]
async fn starttls_is_required_where_it_is_required() {
    let script = Script::play(welcome(&["AUTH PLAIN"])).await;
    let server = Server {
        security: mail::smtp::Security::StartTls,
        credentials: Some(password()),
        ..clear_text(script.address)
    };
    let error = Connection::open(&server, &client()).await.err().unwrap();
    assert_eq!(lost(&error), (Stage::StartTls, "no_starttls"));
    assert_eq!(script.heard().await, ["EHLO desk.test"]);
}

#[tokio::test]
async fn what_is_said_before_tls_is_not_believed_after_it() {
    let mut script = welcome(&["STARTTLS"]);
    script.extend([hear("STARTTLS"), Act::Say(b"220 go\r\n250 injected\r\n".to_vec())]);
    let script = Script::play(script).await;
    let server = Server { security: mail::smtp::Security::StartTls, ..clear_text(script.address) };
    let error = Connection::open(&server, &client()).await.err().unwrap();
    assert_eq!(lost(&error), (Stage::Tls, "data_before_tls"));
}

#[tokio::test]
async fn without_tls_only_this_machine_is_spoken_to() {
    let server = Server {
        host: "192.168.255.254".into(),
        port: 25,
        security: mail::smtp::Security::None,
        credentials: Some(password()),
    };
    let error = Connection::open(&server, &client()).await.err().unwrap();
    assert_eq!(lost(&error), (Stage::Connect, "clear_text"));
}

#[tokio::test]
async fn hosts_that_cannot_be_reached_say_why() {
    let script = Script::play([]).await;
    let public = Client { network: Network::new(AddressPolicy::PUBLIC_ONLY, []), ..client() };
    let error = Connection::open(&clear_text(script.address), &public).await.err().unwrap();
    assert_eq!(error.cause, Cause::Lost(Fault::Network(net::Error::ForbiddenAddress(script.address.ip()))));

    let closed = testbed::free_address().unwrap();
    let error = Connection::open(&clear_text(closed), &client()).await.err().unwrap();
    assert_eq!(lost(&error), (Stage::Connect, "connection_refused"));

    let server = Server { host: "not a host".into(), ..clear_text(closed) };
    let error = Connection::open(&server, &client()).await.err().unwrap();
    assert_eq!(lost(&error), (Stage::Resolve, "invalid_host"));
}

async fn sign_in(
    offers: &str,
    credentials: Credentials,
    answers: Vec<Act>,
) -> (Result<Connection, OpenError>, Vec<String>) {
    let mut play = welcome(&[offers]);
    play.extend(answers);
    let script = Script::play(play).await;
    let server = Server { credentials: Some(credentials), ..clear_text(script.address) };
    // A connection that is open lets the server finish its play all the same.
    (Connection::open(&server, &client()).await, script.heard().await)
}

fn token(length: usize) -> Credentials {
    Credentials::AccessToken { username: "ada@desk.test".into(), token: "t".repeat(length) }
}

#[tokio::test]
async fn plain_is_preferred_and_login_is_spoken() {
    let (opened, heard) = sign_in("AUTH LOGIN PLAIN", password(), vec![hear("AUTH PLAIN"), say("235 welcome")]).await;
    assert!(opened.is_ok());
    assert_eq!(heard[1], "AUTH PLAIN AGFkYUBkZXNrLnRlc3QAczNjcmV0LVfDtnJk");

    let dialogue =
        [hear("AUTH LOGIN"), say("334 VXNlcm5hbWU6"), hear(""), say("334 UGFzc3dvcmQ6"), hear(""), say("235 welcome")];
    let (opened, heard) = sign_in("AUTH LOGIN", password(), dialogue.to_vec()).await;
    assert!(opened.is_ok());
    assert_eq!(heard[1..], ["AUTH LOGIN", "YWRhQGRlc2sudGVzdA==", "czNjcmV0LVfDtnJk"]);
}

#[tokio::test]
async fn an_access_token_is_shown_at_once_if_short_and_when_asked_if_long() {
    let (opened, heard) = sign_in("AUTH XOAUTH2", token(3), vec![hear("AUTH XOAUTH2"), say("235 welcome")]).await;
    assert!(opened.is_ok());
    assert_eq!(heard[1], "AUTH XOAUTH2 dXNlcj1hZGFAZGVzay50ZXN0AWF1dGg9QmVhcmVyIHR0dAEB");

    let dialogue = [hear("AUTH XOAUTH2"), say("334 "), hear(""), say("235 welcome")];
    let (opened, heard) = sign_in("AUTH XOAUTH2", token(2_000), dialogue.to_vec()).await;
    assert!(opened.is_ok());
    assert_eq!(heard[1], "AUTH XOAUTH2");
    assert!(heard[2].len() > 2_000);
}

#[tokio::test]
async fn a_refused_token_is_explained_in_clear() {
    // {"status":"401","schemes":"bearer"}
    let dialogue = [
        hear("AUTH XOAUTH2"),
        say("334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIn0="),
        hear(""),
        say("535 5.7.8 Username and Password not accepted"),
    ];
    let (opened, heard) = sign_in("AUTH XOAUTH2", token(3), dialogue.to_vec()).await;
    let error = opened.err().unwrap();
    assert_eq!(refused(&error), (Stage::Auth, 535));
    assert!(text_of(&error.transcript).contains("< {\"status\":\"401\",\"schemes\":\"bearer\"}"));
    assert_eq!(heard[2], "");
}

#[tokio::test]
async fn a_wrong_password_is_a_refusal_and_no_secret_is_in_the_transcript() {
    let echo = "535 5.7.8 AGFkYUBkZXNrLnRlc3QAczNjcmV0LVfDtnJk s3cret-Wörd is wrong";
    let (opened, _) = sign_in("AUTH PLAIN", password(), vec![hear("AUTH PLAIN"), say(echo)]).await;
    let error = opened.err().unwrap();
    assert_eq!(refused(&error), (Stage::Auth, 535));
    let text = format!("{} {} {:?}", text_of(&error.transcript), error, password());
    assert!(text.contains("> AUTH PLAIN ***\n< 535 5.7.8 *** *** is wrong"), "{text}");
    for secret in ["s3cret", "AGFkYUBkZXNrLnRlc3QAczNjcmV0LVfDtnJk"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_password_is_not_shown_to_a_server_that_does_not_ask_for_it() {
    for offers in ["HELP", "AUTH XOAUTH2", "AUTH CRAM-MD5"] {
        let (opened, heard) = sign_in(offers, password(), vec![]).await;
        assert_eq!(lost(&opened.err().unwrap()), (Stage::Auth, "no_auth_mechanism"), "{offers}");
        assert_eq!(heard.len(), 1);
    }
    let broken = Credentials::Password { username: "ada\0root".into(), password: "x".into() };
    let (opened, _) = sign_in("AUTH PLAIN", broken, vec![]).await;
    assert_eq!(lost(&opened.err().unwrap()), (Stage::Auth, "unusable_credentials"));
}

#[tokio::test]
async fn a_server_that_leaves_during_auth_is_lost_there() {
    let (opened, _) = sign_in("AUTH PLAIN", password(), vec![hear("AUTH PLAIN")]).await;
    assert_eq!(lost(&opened.err().unwrap()), (Stage::Auth, "closed"));
    let (opened, _) = sign_in("AUTH LOGIN", password(), vec![hear("AUTH LOGIN"), say("334 "), hear("")]).await;
    assert_eq!(lost(&opened.err().unwrap()), (Stage::Auth, "closed"));
}

#[tokio::test]
async fn a_client_without_a_name_gives_its_address() {
    let script = Script::play([say("220 hi"), hear("EHLO [127.0.0.1]"), ehlo(&[])]).await;
    let nameless = Client { name: None, ..client() };
    assert!(Connection::open(&clear_text(script.address), &nameless).await.is_ok());
}
