//! What providers tell, read by each of the five as if it had signed it.

#![no_main]

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Timestamp;
use mail::webhooks::{Call, Event, HeaderMap, mailgun, postmark, sendgrid, ses, sns, sparkpost};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};

/// 2026-11-21T10:00:00Z, and the same in seconds.
const NOW: Timestamp = Timestamp(1_795_255_200_000_000);
const SECONDS: &str = "1795255200";
const PASSWORD: &str = "password";
const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:ses-events";
const CERTIFICATE: &[u8] = include_bytes!("../../crates/mail/tests/webhooks/sns-certificate.pem");

static ECDSA: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &random).expect("a pair")
});

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    amazon(body);
    let basic = headers(&[("authorization", &format!("Basic {}", STANDARD.encode(format!("us:{PASSWORD}"))))]);
    check(postmark::read(Call { headers: &basic, body }, PASSWORD, NOW).ok().flatten());
    check(sparkpost::read(Call { headers: &basic, body }, PASSWORD, NOW).into_iter().flatten());
    check(by_sendgrid(body));
    check(by_mailgun(body));
});

fn amazon(body: &[u8]) {
    if let Ok(envelope) = sns::Envelope::read(body) {
        let _ = envelope.certificate_url();
        let _ = envelope.verify(CERTIFICATE, TOPIC, NOW);
        if let Ok(sns::Content::Notification(text)) = envelope.content() {
            check(ses::read(&text, NOW).into_iter().flatten());
        }
    }
    check(ses::read(&String::from_utf8_lossy(body), NOW).into_iter().flatten());
}

fn by_sendgrid(body: &[u8]) -> Vec<Event> {
    let signed = [SECONDS.as_bytes(), body].concat();
    let Ok(signature) = ECDSA.sign(&SystemRandom::new(), &signed) else { return Vec::new() };
    let headers = headers(&[
        ("x-twilio-email-event-webhook-timestamp", SECONDS),
        ("x-twilio-email-event-webhook-signature", &STANDARD.encode(signature)),
    ]);
    // The head of a public key on P-256 (RFC 5480), before its point.
    let head = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=").expect("base64");
    let key = STANDARD.encode([&head, ECDSA.public_key().as_ref()].concat());
    let read = sendgrid::read(Call { headers: &headers, body }, &key, NOW);
    assert!(!matches!(read, Err(mail::webhooks::Refused::Forged(_))), "we signed it");
    read.unwrap_or_default()
}

/// `body` is a whole call, or the event of one.
fn by_mailgun(body: &[u8]) -> Option<Event> {
    let headers = HeaderMap::new();
    let _ = mailgun::read(Call { headers: &headers, body }, PASSWORD, NOW);
    let told: serde_json::Value = serde_json::from_slice(body).ok()?;
    let event = told.get("event-data").unwrap_or(&told);
    let key = hmac::Key::new(hmac::HMAC_SHA256, PASSWORD.as_bytes());
    let tag: String =
        hmac::sign(&key, format!("{SECONDS}t").as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = serde_json::json!({"timestamp": SECONDS, "token": "t", "signature": tag});
    let body = serde_json::json!({"signature": signature, "event-data": event}).to_string();
    mailgun::read(Call { headers: &headers, body: body.as_bytes() }, PASSWORD, NOW).expect("we signed it").event
}

fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
    of.iter().filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?))).collect()
}

/// Nothing has happened that has not yet happened, and no code is none of SMTP's.
fn check(events: impl IntoIterator<Item = Event>) {
    for event in events {
        assert!(event.at <= NOW, "{event:?}");
        assert!(event.code.is_none_or(|code| (200..600).contains(&code)), "{event:?}");
    }
}
