//! Postmark's webhooks: one record a call, not signed. A password in the address of the webhook stands for the signature.

use domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Event, MARK, Refused, check_password, iso_moment, one};
use domain::incoming::Kind;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    record_type: String,
    #[serde(rename = "ID")]
    id: Option<i64>,
    #[serde(rename = "MessageID", default)]
    message: String,
    #[serde(rename = "Type")]
    class: Option<String>,
    #[serde(alias = "Recipient")]
    email: String,
    #[serde(alias = "DeliveredAt", alias = "ChangedAt")]
    bounced_at: Option<String>,
    description: Option<String>,
    details: Option<String>,
    #[serde(default)]
    suppress_sending: bool,
    suppression_reason: Option<String>,
    #[serde(default)]
    metadata: Value,
}

/// The event of a call that knows `password`; `None` when it is nothing we listen to.
///
/// # Errors
/// [`Refused`].
pub fn read(call: Call<'_>, password: &str, now: Timestamp) -> Result<Option<Event>, Refused> {
    check_password(call, password)?;
    let kind: Value = one(call.body)?;
    let is_ours = kind.get("RecordType").is_some();
    match serde_json::from_value::<Told>(kind) {
        Ok(told) => Ok(event(told, now)),
        // An open or a click has other fields.
        Err(_) if is_ours => Ok(None),
        Err(_) => Err(Refused::Malformed),
    }
}

fn event(told: Told, now: Timestamp) -> Option<Event> {
    let kind = match told.record_type.as_str() {
        "Bounce" => bounced(told.class.as_deref().unwrap_or_default())?,
        "SpamComplaint" => Kind::Complaint,
        "Delivery" => Kind::Receipt,
        // A bounce and a complaint also suppress; they are told on their own.
        "SubscriptionChange"
            if told.suppress_sending && told.suppression_reason.as_deref() == Some("ManualSuppression") =>
        {
            Kind::Unsubscribe
        }
        _ => return None,
    };
    let at = iso_moment(told.bounced_at.as_deref(), now);
    let id = match told.id {
        Some(id) => format!("{}:{id}", told.record_type),
        None => format!("{}:{}:{}:{}", told.record_type, told.message, told.email, at.0),
    };
    let said = told.details.filter(|text| !text.is_empty()).or(told.description).unwrap_or_default();
    let mark = told.metadata.get(MARK).and_then(Value::as_str).map(str::to_owned);
    // Postmark gives messages an id of its own and appends its domain.
    let ids = (!told.message.is_empty()).then(|| format!("{}@mtasv.net", told.message));
    Some(Event::plain(id, at, kind, told.email).of_message(ids, mark).said(&said, None))
}

/// Postmark's types of bounces. Some are not about the address, and some are no bounces.
fn bounced(class: &str) -> Option<Kind> {
    Some(match class {
        "HardBounce" | "BadEmailAddress" => Kind::HardBounce,
        "SoftBounce" | "DnsError" | "Undeliverable" => Kind::SoftBounce,
        "Transient" => Kind::Delay,
        "SpamComplaint" => Kind::Complaint,
        "Unsubscribe" => Kind::Unsubscribe,
        "AutoResponder" => Kind::AutoReply,
        "AddressChange" | "ChallengeVerification" | "Subscribe" | "Unconfirmed" => return None,
        _ => Kind::Block,
    })
}
