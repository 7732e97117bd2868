//! Mailgun's webhooks: one event a call, signed with an HMAC over a time and a token that is used once.

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::{Timestamp, time::SECOND};
use ring::hmac;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Event, MARK, Refused, check_age, moment, one};
use domain::incoming::Kind;

#[derive(Deserialize)]
struct Envelope {
    signature: Signature,
    #[serde(rename = "event-data")]
    event: Value,
}

#[derive(Deserialize)]
struct Signature {
    timestamp: Value,
    token: String,
    #[serde(rename = "signature")]
    tag: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Told {
    id: String,
    event: String,
    timestamp: f64,
    recipient: String,
    severity: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    delivery_status: Status,
    #[serde(default)]
    message: Message,
    /// An object; an empty list when there is nothing.
    #[serde(default)]
    user_variables: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Status {
    code: Option<i64>,
    enhanced_code: Option<String>,
    message: Option<String>,
    description: Option<String>,
    bounce_type: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    headers: Headers,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Headers {
    message_id: Option<String>,
}

/// What a call says, and the token that must not come again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Used once by Mailgun for each call.
    pub token: String,
    /// What happened; nothing we listen to, maybe.
    pub event: Option<Event>,
}

/// The event of a call that was signed with `key`, the HTTP webhook signing key.
///
/// # Errors
/// [`Refused`].
pub fn read(call: Call<'_>, key: &str, now: Timestamp) -> Result<Signed, Refused> {
    let envelope: Envelope = one(call.body)?;
    let Signature { timestamp, token, tag } = envelope.signature;
    let timestamp = timestamp.as_str().map_or_else(|| timestamp.to_string(), str::to_owned);
    let tag = HEXLOWER_PERMISSIVE.decode(tag.as_bytes()).map_err(|_| Refused::Forged("its signature is no hex"))?;
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), format!("{timestamp}{token}").as_bytes(), &tag)
        .map_err(|_| Refused::Forged("its signature does not fit"))?;
    let seconds: i64 = timestamp.parse().map_err(|_| Refused::Malformed)?;
    check_age(Timestamp(seconds.saturating_mul(SECOND)), now)?;
    let told = serde_json::from_value::<Told>(envelope.event).ok();
    Ok(Signed { token, event: told.and_then(|told| event(told, now)) })
}

fn event(told: Told, now: Timestamp) -> Option<Event> {
    let status = told.delivery_status;
    let kind = match (told.event.as_str(), told.severity.as_deref()) {
        ("failed", Some("temporary")) => Kind::Delay,
        ("failed", _) => failed(told.reason.as_deref(), status.bounce_type.as_deref()),
        ("rejected", _) => Kind::Block,
        ("delivered", _) => Kind::Receipt,
        ("complained", _) => Kind::Complaint,
        ("unsubscribed", _) => Kind::Unsubscribe,
        _ => return None,
    };
    // Codes from 600 are Mailgun's own: it did not ask the recipient's server again.
    let code = status.code.filter(|code| (200..600).contains(code));
    let said = [status.message, status.description, told.reason].into_iter().flatten().find(|text| !text.is_empty());
    let said = said.unwrap_or_default();
    let mark = told.user_variables.get(MARK).and_then(Value::as_str).map(str::to_owned);
    let event = Event::plain(told.id, moment(told.timestamp, now), kind, told.recipient)
        .of_message(told.message.headers.message_id, mark);
    let mut event = event.said(&said, status.enhanced_code.as_deref());
    event.code = event.code.or_else(|| code.and_then(|code| u16::try_from(code).ok()));
    Some(event)
}

fn failed(reason: Option<&str>, bounce_type: Option<&str>) -> Kind {
    match (reason, bounce_type) {
        (Some("suppress-unsubscribe"), _) => Kind::Unsubscribe,
        (Some("suppress-complaint"), _) => Kind::Complaint,
        (Some("espblock"), _) => Kind::Block,
        // What is too old was tried for hours, and no server said anything for good.
        (Some("old"), _) | (_, Some("soft")) => Kind::SoftBounce,
        _ => Kind::HardBounce,
    }
}
