//! `STARTTLS` at the port.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mail::{
    inbound::{Limits, Tls},
    net::{AddressPolicy, Network},
    smtp::{Client, Connection, Envelope, Outcome, Security, Server},
};
use rcgen::generate_simple_self_signed;

use super::visitor::{BOUNCE, Office};
use crate::client::client;

fn pem(kind: &str, der: &[u8]) -> Vec<u8> {
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der)).into_bytes()
}

#[tokio::test]
async fn mail_comes_in_tls_with_the_operators_certificate() {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = pem("CERTIFICATE", made.cert.der());
    let tls = Tls::from_pem(&certificate, &pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
    let office = Office::open_with(Limits::default(), Some(tls)).await;
    let server = Server {
        host: "localhost".into(),
        port: office.address.port(),
        security: Security::StartTls,
        credentials: None,
    };
    let network = Network::new(AddressPolicy::ANY, [made.cert.der().clone()]);
    let mut connection = Connection::open(&server, &Client { network, ..client() }).await.ok().unwrap();
    let envelope = Envelope { from: "", to: "r+ours@bounces.test", smtputf8: false, eight_bit: false, reports: None };
    let sent = connection.transact(&envelope, BOUNCE.as_bytes()).await;
    // Our own client never sends from nobody; with a sender it does.
    assert!(matches!(sent.outcome, Outcome::Unsendable(_)));
    let envelope = Envelope { from: "mailer-daemon@mx.test", ..envelope };
    let sent = connection.transact(&envelope, BOUNCE.as_bytes()).await;
    assert!(matches!(sent.outcome, Outcome::Accepted { .. }), "{sent:?}");
    assert_eq!(office.letters().len(), 1);
}

#[tokio::test]
async fn what_was_said_in_clear_text_is_not_taken_for_something_said_in_tls() {
    let office = Office::open_with(Limits::default(), Some(Tls::self_made("port.test").unwrap())).await;
    let mut visitor = office.visit().await;
    visitor.expect("220").await;
    assert!(visitor.ask("EHLO mx.test").await.contains("STARTTLS"));
    visitor.send("STARTTLS\r\nMAIL FROM:<evil@x.test>\r\n").await;
    visitor.expect("501").await;
    assert!(visitor.is_closed().await);
}

#[test]
fn a_certificate_without_its_key_is_refused_with_a_reason() {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = pem("CERTIFICATE", made.cert.der());
    assert!(Tls::from_pem(b"", b"").is_err());
    assert!(Tls::from_pem(&certificate, b"nothing").is_err());
    let wrong = Tls::from_pem(&certificate, &pem("PRIVATE KEY", &other.signing_key.serialize_der()));
    assert!(wrong.is_err_and(|error| error.to_string().contains("cannot be used")));
}
