use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Timestamp, incoming::Kind, time::DAY};
use mail::webhooks::{HeaderMap, Refused, sendgrid};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;

use super::{NOW, call, fixture, headers, told};

/// Plays `SendGrid`: a key pair, and the verification key as its page shows it.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &random).unwrap())
    }

    fn verification_key(&self) -> String {
        let head = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").unwrap();
        // The last byte of that head is the first of the point.
        STANDARD.encode([&head[..head.len() - 1], self.0.public_key().as_ref()].concat())
    }

    fn sign(&self, at: Timestamp, body: &[u8]) -> HeaderMap {
        let timestamp = (at.0 / 1_000_000).to_string();
        let signed = [timestamp.as_bytes(), body].concat();
        let signature = self.0.sign(&SystemRandom::new(), &signed).unwrap();
        headers(&[
            ("x-twilio-email-event-webhook-signature", STANDARD.encode(signature)),
            ("x-twilio-email-event-webhook-timestamp", timestamp),
        ])
    }
}

#[test]
fn a_signed_batch_is_told_event_by_event() {
    let (signer, body) = (Signer::new(), fixture("sendgrid.json"));
    let headers = signer.sign(NOW, &body);
    let events = sendgrid::read(call(&headers, &body), &signer.verification_key(), NOW).unwrap();
    let expected = [
        ("nobody", Kind::HardBounce),
        ("strict", Kind::Block),
        ("late", Kind::Delay),
        ("ana", Kind::Receipt),
        ("cross", Kind::Complaint),
        ("leaving", Kind::Unsubscribe),
        ("gone", Kind::HardBounce),
    ];
    assert_eq!(told(&events), expected);
    let first = &events[0];
    assert_eq!((first.id.as_str(), first.mark.as_deref()), ("sg-1", Some("0192aa.1")));
    assert_eq!((first.code, first.status.as_deref()), (Some(550), Some("5.1.1")));
    assert_eq!(
        (first.message_ids.as_slice(), first.at),
        (&["0192aa.1@sender.example".to_owned()][..], Timestamp(NOW.0 - 2_000_000))
    );
}

#[test]
fn what_was_dropped_for_no_fault_of_the_recipients_bounces_nobody() {
    let signer = Signer::new();
    let dropped = |reason: &str| {
        let event = json!([{ "event": "dropped", "email": "ana@recipient.example", "timestamp": 1_795_255_198,
            "sg_event_id": "sg-1", "reason": reason }]);
        let body = serde_json::to_vec(&event).unwrap();
        let headers = signer.sign(NOW, &body);
        sendgrid::read(call(&headers, &body), &signer.verification_key(), NOW).unwrap()[0].kind
    };
    let reasons = [
        ("Invalid SMTPAPI header", Kind::Block),
        ("Recipient List over Package Quota", Kind::Block),
        ("Spam Content", Kind::Block),
        ("Invalid", Kind::HardBounce),
        ("Bounced Address", Kind::HardBounce),
        ("Unsubscribed Address", Kind::Unsubscribe),
        ("Spam Reporting Address", Kind::Complaint),
    ];
    for (reason, kind) in reasons {
        assert_eq!(dropped(reason), kind, "{reason}");
    }
}

#[test]
fn whatever_is_changed_about_a_call_it_is_not_believed() {
    let (signer, other, body) = (Signer::new(), Signer::new(), fixture("sendgrid.json"));
    let key = signer.verification_key();
    let genuine = signer.sign(NOW, &body);
    let changed = String::from_utf8(body.clone()).unwrap().replace("nobody@", "boss@").into_bytes();
    assert!(matches!(sendgrid::read(call(&genuine, &changed), &key, NOW), Err(Refused::Forged(_))));
    assert!(matches!(sendgrid::read(call(&other.sign(NOW, &body), &body), &key, NOW), Err(Refused::Forged(_))));
    assert!(matches!(sendgrid::read(call(&HeaderMap::new(), &body), &key, NOW), Err(Refused::Forged(_))));
    let mut later = genuine.clone();
    later.insert("x-twilio-email-event-webhook-timestamp", "1795255201".parse().unwrap());
    assert!(matches!(sendgrid::read(call(&later, &body), &key, NOW), Err(Refused::Forged(_))));
}

#[test]
fn an_old_signature_is_stale_and_one_of_the_future_too() {
    let (signer, body) = (Signer::new(), fixture("sendgrid.json"));
    let key = signer.verification_key();
    for at in [NOW.plus(-2 * DAY), NOW.plus(DAY)] {
        let headers = signer.sign(at, &body);
        assert_eq!(sendgrid::read(call(&headers, &body), &key, NOW), Err(Refused::Stale));
    }
}

#[test]
fn a_verification_key_is_recognised() {
    assert!(sendgrid::is_key(&Signer::new().verification_key()));
    for bad in ["", "SG.abc", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "äöü"] {
        assert!(!sendgrid::is_key(bad), "{bad}");
    }
}

#[test]
fn signed_nonsense_is_malformed() {
    let signer = Signer::new();
    for body in ["", "{}", "null", "[", "\u{0}"] {
        let headers = signer.sign(NOW, body.as_bytes());
        let read = sendgrid::read(call(&headers, body.as_bytes()), &signer.verification_key(), NOW);
        assert_eq!(read, Err(Refused::Malformed), "{body}");
    }
}
