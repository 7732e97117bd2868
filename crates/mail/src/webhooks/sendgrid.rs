//! `SendGrid`'s signed event webhook: a list of events, signed with ECDSA on P-256 over the timestamp and the body.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Timestamp, time::SECOND};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::Deserialize;

use super::{Call, Event, Refused, check_age, each, moment};
use domain::incoming::Kind;

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";

/// What stands before the point of a public key on P-256 (RFC 5480), in DER.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

#[derive(Deserialize)]
struct Told {
    event: String,
    email: String,
    timestamp: f64,
    sg_event_id: String,
    #[serde(rename = "smtp-id")]
    smtp_id: Option<String>,
    #[serde(rename = "type")]
    class: Option<String>,
    reason: Option<String>,
    response: Option<String>,
    status: Option<String>,
    quarterdeck: Option<String>,
}

/// Whether `key` is a verification key as `SendGrid` shows it: a public key on P-256, base64 of DER.
pub fn is_key(key: &str) -> bool {
    point(key).is_some()
}

fn point(key: &str) -> Option<Vec<u8>> {
    let der = STANDARD.decode(key.trim()).ok()?;
    der.strip_prefix(&P256).filter(|point| point.len() == 65).map(<[u8]>::to_vec)
}

/// The events of a call that was signed with `key`.
///
/// # Errors
/// [`Refused`].
pub fn read(call: Call<'_>, key: &str, now: Timestamp) -> Result<Vec<Event>, Refused> {
    let forged = |why| move || Refused::Forged(why);
    let timestamp = call.header(TIMESTAMP).ok_or_else(forged("it has no timestamp"))?;
    let signature = call.header(SIGNATURE).ok_or_else(forged("it has no signature"))?;
    let signature = STANDARD.decode(signature.trim()).map_err(|_| Refused::Forged("its signature is no base64"))?;
    let point = point(key).ok_or_else(forged("our key is none"))?;
    let signed = [timestamp.as_bytes(), call.body].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        .verify(&signed, &signature)
        .map_err(|_| Refused::Forged("its signature does not fit"))?;
    let seconds: i64 = timestamp.parse().map_err(|_| Refused::Malformed)?;
    check_age(Timestamp(seconds.saturating_mul(SECOND)), now)?;
    Ok(each::<Told>(call.body)?.into_iter().filter_map(|told| event(told, now)).collect())
}

fn event(told: Told, now: Timestamp) -> Option<Event> {
    let reason = told.reason.or(told.response).unwrap_or_default();
    let kind = match told.event.as_str() {
        "bounce" if told.class.as_deref() == Some("blocked") => Kind::Block,
        "bounce" => Kind::HardBounce,
        "dropped" => dropped(&reason),
        "deferred" => Kind::Delay,
        "delivered" => Kind::Receipt,
        "spamreport" => Kind::Complaint,
        "unsubscribe" | "group_unsubscribe" => Kind::Unsubscribe,
        _ => return None,
    };
    let event = Event::plain(told.sg_event_id, moment(told.timestamp, now), kind, told.email)
        .of_message(told.smtp_id, told.quarterdeck);
    let event = event.said(&reason, told.status.as_deref());
    // No server was asked: the words are SendGrid's, and its quota is not the recipient's.
    Some(if told.event == "dropped" { Event { kind, ..event } } else { event })
}

/// Why `SendGrid` did not even try.
fn dropped(reason: &str) -> Kind {
    let reason = reason.to_ascii_lowercase();
    if reason.contains("unsubscribe") {
        Kind::Unsubscribe
    } else if reason.contains("spam report") {
        Kind::Complaint
    } else if reason.contains("bounced") || reason.contains("invalid") && !reason.contains("header") {
        Kind::HardBounce
    } else {
        Kind::Block
    }
}
