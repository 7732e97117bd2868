//! TLS from the first byte and after STARTTLS, against a server with its own certificate.

use std::sync::Arc;

use domain::smtp::Stage;
use mail::{
    net::{AddressPolicy, Network},
    smtp::{Cause, Client, Connection, Envelope, OpenError, Outcome, Security, Server},
};
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use crate::{
    client::{clear_text, client, password},
    script::{Act, Script, ehlo, hear, say, welcome},
};

/// A certificate for `name`, and a server that shows it.
fn certificate(name: &str) -> (CertificateDer<'static>, Arc<ServerConfig>) {
    certificate_until(name, 4096)
}

/// A certificate for `name` until the beginning of `year`, and a server that shows it.
fn certificate_until(name: &str, year: i32) -> (CertificateDer<'static>, Arc<ServerConfig>) {
    let key = KeyPair::generate().unwrap();
    let mut wanted = CertificateParams::new([name.to_owned()]).unwrap();
    wanted.not_after = rcgen::date_time_ymd(year, 1, 1);
    let made = wanted.self_signed(&key).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.der().clone()], key)
        .unwrap();
    (made.der().clone(), Arc::new(config))
}

fn trusting(root: CertificateDer<'static>) -> Client {
    Client { network: Network::new(AddressPolicy::ANY, [root]), ..client() }
}

async fn open(play: Vec<Act>, security: Security, client: &Client) -> (Result<Connection, OpenError>, Vec<String>) {
    let script = Script::play(play).await;
    let server =
        Server { host: "localhost".into(), security, credentials: Some(password()), ..clear_text(script.address) };
    let mut opened = Connection::open(&server, client).await;
    if let Ok(connection) = &mut opened {
        let envelope = Envelope { from: "a@b.test", to: "c@d.test", smtputf8: false, eight_bit: false, reports: None };
        let ended = connection.transact(&envelope, b"x\r\n").await;
        assert!(matches!(ended.outcome, Outcome::Accepted { .. }), "{ended:?}");
    }
    (opened, script.heard().await)
}

/// A server that lets us in and takes one message.
fn session() -> Vec<Act> {
    let mut play = vec![hear("EHLO"), ehlo(&["AUTH PLAIN", "PIPELINING"]), hear("AUTH PLAIN"), say("235 in")];
    play.extend(["MAIL", "RCPT", "DATA"].map(hear));
    play.extend(["250 ok", "250 ok", "354 go on"].map(say));
    play.extend([Act::HearContent, say("250 queued")]);
    play
}

fn lost(error: &OpenError) -> (Stage, &'static str) {
    let Cause::Lost(fault) = &error.cause else { panic!("{error:?}") };
    (error.stage, fault.code())
}

#[tokio::test]
async fn tls_from_the_first_byte_works() {
    let (root, config) = certificate("localhost");
    let play = [vec![Act::Tls(config), say("220 mx.test")], session()].concat();
    let (opened, heard) = open(play, Security::Tls, &trusting(root)).await;
    assert!(opened.is_ok());
    assert_eq!(heard.last().unwrap(), "x");
}

#[tokio::test]
async fn starttls_works_and_nothing_said_before_it_counts() {
    let (root, config) = certificate("localhost");
    // In clear text the server claims mechanisms it does not have.
    let before =
        [welcome(&["STARTTLS", "AUTH LOGIN"]), vec![hear("STARTTLS"), say("220 go"), Act::Tls(config)]].concat();
    let (opened, heard) = open([before, session()].concat(), Security::StartTls, &trusting(root)).await;
    assert!(opened.is_ok());
    assert_eq!(heard[..3], ["EHLO desk.test", "STARTTLS", "EHLO desk.test"]);
    assert!(heard[3].starts_with("AUTH PLAIN"));
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused_before_anything_is_said() {
    for security in [Security::Tls, Security::StartTls] {
        let (root, config) = certificate("other.test");
        let play = match security {
            Security::StartTls => {
                [welcome(&["STARTTLS"]), vec![hear("STARTTLS"), say("220 go"), Act::Tls(config)]].concat()
            }
            _ => vec![Act::Tls(config), say("220 mx.test")],
        };
        let (opened, heard) = open([play, session()].concat(), security, &trusting(root)).await;
        assert_eq!(lost(&opened.err().unwrap()), (Stage::Tls, "certificate_wrong_name"));
        assert!(!heard.iter().any(|line| line.starts_with("AUTH")), "{heard:?}");
    }
}

#[tokio::test]
async fn an_expired_certificate_is_refused_before_anything_is_said() {
    let (root, config) = certificate_until("localhost", 2020);
    let play = [vec![Act::Tls(config), say("220 mx.test")], session()].concat();
    let (opened, heard) = open(play, Security::Tls, &trusting(root)).await;
    let error = opened.err().unwrap();
    assert_eq!(lost(&error), (Stage::Tls, "certificate_expired"));
    assert!(error.to_string().contains("has expired"), "{error}");
    assert!(heard.is_empty(), "{heard:?}");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_issuer_is_refused() {
    let (_, config) = certificate("localhost");
    let (other_root, _) = certificate("localhost");
    let (opened, _) = open(vec![Act::Tls(config)], Security::Tls, &trusting(other_root)).await;
    let (stage, code) = lost(&opened.err().unwrap());
    assert_eq!(stage, Stage::Tls);
    assert!(code.starts_with("certificate_"), "{code}");
}

#[tokio::test]
async fn a_server_without_tls_at_a_port_for_tls_is_an_error() {
    let (root, _) = certificate("localhost");
    let (opened, heard) = open(welcome(&["AUTH PLAIN"]), Security::Tls, &trusting(root)).await;
    let error = opened.err().unwrap();
    assert_eq!(lost(&error), (Stage::Tls, "tls"));
    assert!(error.to_string().contains("the server does not speak TLS at this port"), "{error}");
    assert!(heard.is_empty() || !heard[0].contains("AUTH"), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_refuses_starttls_gets_no_password() {
    let (root, _) = certificate("localhost");
    let play = [welcome(&["STARTTLS", "AUTH PLAIN"]), vec![hear("STARTTLS"), say("454 4.7.0 not available")]].concat();
    let (opened, heard) = open(play, Security::StartTls, &trusting(root)).await;
    let error = opened.err().unwrap();
    assert!(matches!(&error.cause, Cause::Refused(reply) if reply.code == 454));
    assert_eq!((error.stage, heard.len()), (Stage::StartTls, 2));
}
