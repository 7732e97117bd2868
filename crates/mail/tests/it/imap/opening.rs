//! What is said before a mailbox is open, to servers that play by a script.

use mail::imap::{Credentials, MailboxStep, OpenError, Security, Server, Session};

use super::{clear_text, client, password};
use crate::script::{Act, Script, hear, say};

/// A server that greets and offers.
fn welcome(offers: &str) -> Vec<Act> {
    vec![say("* OK ready"), hear("q1 CAPABILITY"), say(&format!("* CAPABILITY IMAP4rev1 {offers}")), say("q1 OK done")]
}

async fn refused(play: Vec<Act>, change: impl FnOnce(&mut Server)) -> (OpenError, Vec<String>) {
    let script = Script::play(play).await;
    let mut server = clear_text(script.address);
    change(&mut server);
    let error = Session::open(&server, &client()).await.err().unwrap();
    (error, script.heard().await)
}

#[tokio::test]
async fn an_old_server_is_signed_in_to_with_login() {
    let mut play = welcome("");
    play.extend([hear(r#"q2 LOGIN "elena" "open sesame 7""#), say("q2 OK in")]);
    play.extend([hear("q3 CAPABILITY"), say("* CAPABILITY IMAP4rev1"), say("q3 OK done")]);
    let script = Script::play(play).await;
    assert!(Session::open(&clear_text(script.address), &client()).await.is_ok());
}

#[tokio::test]
async fn a_server_that_repeats_the_password_is_not_quoted() {
    let mut play = welcome("AUTH=PLAIN");
    play.extend([hear("q2 AUTHENTICATE PLAIN"), say("+ "), hear("AGVsZW5hAG9wZW4gc2VzYW1lIDc=")]);
    play.push(say("q2 NO open sesame 7 is not the password"));
    let (error, _) = refused(play, |_| {}).await;
    assert_eq!((error.step, error.code()), (MailboxStep::Login, "credentials_refused"));
    assert_eq!(error.cause.to_string(), "the server answered NO *** is not the password");
    assert!(!format!("{error:?}").contains("sesame"));
}

#[tokio::test]
async fn a_server_that_signs_nobody_in_for_a_while_says_nothing_about_the_password() {
    let mut play = welcome("AUTH=PLAIN");
    play.extend([hear("q2 AUTHENTICATE PLAIN"), say("+ "), hear("AGVsZW5hAG9wZW4gc2VzYW1lIDc=")]);
    play.push(say("q2 NO [UNAVAILABLE] Temporary authentication failure."));
    let (error, _) = refused(play, |_| {}).await;
    assert_eq!((error.step, error.code()), (MailboxStep::Login, "unavailable"));
    assert_eq!(error.cause.to_string(), "the server answered NO [UNAVAILABLE] Temporary authentication failure.");
}

#[tokio::test]
async fn a_server_that_takes_no_password_gets_none() {
    let (error, heard) = refused(welcome("LOGINDISABLED"), |_| {}).await;
    assert_eq!((error.step, error.code()), (MailboxStep::Login, "no_auth_mechanism"));
    assert_eq!(heard, ["q1 CAPABILITY"]);
}

#[tokio::test]
async fn starttls_is_required_where_it_was_asked_for() {
    let (error, _) = refused(welcome("AUTH=PLAIN"), |server| server.security = Security::StartTls).await;
    assert_eq!((error.step, error.code()), (MailboxStep::StartTls, "no_starttls"));
    let mut play = welcome("STARTTLS AUTH=PLAIN");
    play.extend([hear("q2 STARTTLS"), say("q2 OK go\r\n* CAPABILITY AUTH=PLAIN")]);
    let (error, _) = refused(play, |server| server.security = Security::StartTls).await;
    assert_eq!((error.step, error.code()), (MailboxStep::Tls, "data_before_tls"));
}

#[tokio::test]
async fn a_server_that_is_busy_is_heard() {
    let (error, _) = refused(vec![say("* BYE come back later")], |_| {}).await;
    assert_eq!(
        (error.step, error.cause.to_string().as_str()),
        (MailboxStep::Greeting, "the server answered BYE come back later")
    );
}

#[tokio::test]
async fn a_mail_server_at_the_port_is_no_mailbox() {
    let (error, _) = refused(vec![say("220 mx.example ESMTP")], |_| {}).await;
    assert_eq!((error.step, error.code()), (MailboxStep::Greeting, "not_imap"));
}

#[tokio::test]
async fn a_password_that_would_end_its_line_is_never_sent() {
    let (error, heard) = refused(welcome(""), |server| server.credentials = password("a\r\nb")).await;
    assert_eq!((error.step, error.code(), heard.len()), (MailboxStep::Login, "unusable_credentials", 1));
}

fn token() -> Credentials {
    Credentials::AccessToken { username: "elena@desk.example".into(), token: "acc3ss".into() }
}

/// `user=elena@desk.example^Aauth=Bearer acc3ss^A^A`
const PROOF: &str = "dXNlcj1lbGVuYUBkZXNrLmV4YW1wbGUBYXV0aD1CZWFyZXIgYWNjM3NzAQE=";

#[tokio::test]
async fn a_token_is_shown_with_xoauth2() {
    let mut play = welcome("AUTH=PLAIN AUTH=XOAUTH2");
    play.extend([hear("q2 AUTHENTICATE XOAUTH2"), say("+ "), hear(PROOF), say("q2 OK Zoë is in")]);
    play.extend([hear("q3 CAPABILITY"), say("* CAPABILITY IMAP4rev1 IDLE"), say("q3 OK done")]);
    let script = Script::play(play).await;
    let server = Server { credentials: token(), ..clear_text(script.address) };
    let session = Session::open(&server, &client()).await.unwrap();
    assert!(session.can_idle());
}

#[tokio::test]
async fn a_refused_token_is_explained_acknowledged_and_not_repeated() {
    let mut play = welcome("AUTH=XOAUTH2");
    play.extend([hear("q2 AUTHENTICATE XOAUTH2"), say("+ "), hear(PROOF)]);
    // {"status":"400"}, which wants an empty line before the refusal comes.
    play.extend([say("+ eyJzdGF0dXMiOiI0MDAifQ=="), hear(""), say("q2 NO [AUTHENTICATIONFAILED] acc3ss is no more")]);
    let (error, heard) = refused(play, |server| server.credentials = token()).await;
    assert_eq!((error.step, error.code()), (MailboxStep::Login, "credentials_refused"));
    assert_eq!(heard.last().map(String::as_str), Some(""));
    assert!(!format!("{error:?}").contains("acc3ss"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_takes_no_token_is_not_shown_one() {
    let (error, heard) = refused(welcome("AUTH=PLAIN"), |server| server.credentials = token()).await;
    assert_eq!((error.code(), heard.len()), ("no_auth_mechanism", 1));
}
