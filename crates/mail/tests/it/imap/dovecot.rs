//! A real Dovecot: what is found is there, and nothing is changed by looking.

use domain::Timestamp;
use mail::{
    imap::{Cause, Copy, MailboxStep, Security, Server, Session, Told, probe},
    net::{AddressPolicy, Network},
};
use testbed::dovecot::{Dovecot, Options};

use super::{Client, clear_text, client, password};

const MESSAGE: &[u8] =
    b"From: a@b.example\r\nMessage-ID: <0198.1@desk.example>\r\nX-Quarterdeck-Email: 0198.1\r\n\r\nHello\r\n";

async fn open(dovecot: &Dovecot) -> Session {
    Session::open(&clear_text(dovecot.addr()), &client()).await.unwrap()
}

#[tokio::test]
async fn a_message_in_sent_is_found_by_its_headers_and_stays_unseen() {
    let dovecot = Dovecot::start();
    dovecot.folder("elena", "Sent").deliver(MESSAGE);
    dovecot.folder("elena", "Sent").deliver(b"Subject: Message-ID: x\r\n\r\nMessage-ID: <x@y>\r\n");
    let mut session = open(&dovecot).await;
    let sent = session.sent_folder().await.unwrap().unwrap();
    assert_eq!(sent, "Sent");
    session.examine(&sent).await.unwrap();
    let ours = Told { uid: 1, message_id: Some("0198.1@desk.example".into()), mark: Some("0198.1".into()) };
    assert_eq!(session.find("none", "0198.1@desk.example").await, Ok(Some(ours.clone())));
    assert_eq!(session.find("0198.1", "none").await, Ok(Some(ours.clone())));
    assert_eq!(session.find("0198", "0198.1@desk").await, Ok(None), "a part of a value is not the value");
    assert_eq!(session.find("0199.1", "0199.1@desk.example").await, Ok(None));
    let nothing = Told { uid: 2, ..Told::default() };
    assert_eq!(session.ask(&[1, 2, 9]).await, Ok((vec![ours, nothing], 3)));
    session.close().await;
    assert_eq!(dovecot.folder("elena", "Sent").flags(), ["", ""]);
}

#[tokio::test]
async fn a_copy_is_kept_as_it_is_and_as_read() {
    let dovecot = Dovecot::start();
    let mut session = open(&dovecot).await;
    let long = [MESSAGE, "Grüße\r\n".repeat(20_000).as_bytes()].concat();
    let copy = Copy { message: &long, sent_at: Timestamp(1_760_000_000_000_000) };
    session.append("Sent", &copy).await.unwrap();
    session.examine("Sent").await.unwrap();
    assert!(session.find("0198.1", "none").await.unwrap().is_some());
    let sent = dovecot.folder("elena", "Sent");
    // On disk Dovecot ends lines as Unix does.
    let kept = String::from_utf8(sent.messages().remove(0)).unwrap();
    assert!(kept == String::from_utf8(long).unwrap().replace("\r\n", "\n"));
    assert_eq!(sent.flags(), ["S"]);
}

#[tokio::test]
async fn sent_is_found_by_its_name_where_the_server_marks_nothing() {
    let options = Options { sent_folder: "Éléments envoyés".into(), marks_sent: false, ..Options::default() };
    let dovecot = Dovecot::start_with(&options);
    let mut session = open(&dovecot).await;
    let sent = session.sent_folder().await.unwrap();
    assert_eq!(sent.as_deref(), Some("Éléments envoyés"), "{:?}", session.folders().await);
    session.examine("Éléments envoyés").await.unwrap();
    assert!(matches!(session.examine("Nowhere").await, Err(Cause::Refused(words)) if words.starts_with("NO ")));
}

#[tokio::test]
async fn tls_works_from_the_first_byte_and_after_starttls() {
    let dovecot = Dovecot::start();
    let network = Network::new(AddressPolicy::ANY, [dovecot.certificate().into()]);
    let client = Client { network, ..client() };
    for (security, address) in [(Security::Tls, dovecot.tls_addr()), (Security::StartTls, dovecot.addr())] {
        let server = Server { host: "localhost".into(), security, ..clear_text(address) };
        let opened = Session::open(&server, &client).await;
        assert!(opened.is_ok(), "{security:?} {:?}", opened.err());
    }
    let server = Server { host: "127.0.0.1".into(), security: Security::Tls, ..clear_text(dovecot.tls_addr()) };
    let error = Session::open(&server, &client).await.err().unwrap();
    assert_eq!((error.step, error.code()), (MailboxStep::Tls, "certificate_wrong_name"));
}

#[tokio::test]
async fn a_wrong_password_is_told_at_its_step_and_not_repeated() {
    let dovecot = Dovecot::start();
    let server = Server { credentials: password("open sesame 8"), ..clear_text(dovecot.addr()) };
    let error = Session::open(&server, &client()).await.err().unwrap();
    assert_eq!((error.step, error.code()), (MailboxStep::Login, "credentials_refused"));
    assert!(!format!("{error:?}").contains("sesame"), "{error:?}");
}

#[tokio::test]
async fn a_test_shows_every_step_and_the_folder_it_found() {
    let dovecot = Dovecot::start();
    let shown = probe(&clear_text(dovecot.addr()), &client(), None).await;
    assert!(shown.is_ok(), "{shown:?}");
    assert_eq!(shown.sent_folder.as_deref(), Some("Sent"));
    let steps: Vec<MailboxStep> = shown.steps.iter().map(|step| step.step).collect();
    assert_eq!(
        steps,
        [
            MailboxStep::Resolve,
            MailboxStep::Connect,
            MailboxStep::Greeting,
            MailboxStep::Login,
            MailboxStep::Select,
            MailboxStep::SignOff
        ]
    );
    assert!(!format!("{shown:?}").contains("sesame"));
    let shown = probe(&clear_text(dovecot.addr()), &client(), Some("Nowhere")).await;
    let last = shown.steps.last().unwrap();
    assert_eq!((last.step, last.problem.as_ref().unwrap().code), (MailboxStep::Select, "refused"));
}
