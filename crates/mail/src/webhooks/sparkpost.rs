//! `SparkPost`'s webhooks: a list of events, not signed. The password of the webhook's basic authentication stands for the
//! signature.

use domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Event, MARK, Refused, check_password, each, iso_moment, moment};
use domain::incoming::Kind;

#[derive(Deserialize)]
struct Item {
    msys: Msys,
}

/// One of many; the name says what the event is about.
#[derive(Deserialize)]
struct Msys {
    #[serde(alias = "unsubscribe_event")]
    message_event: Option<Told>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    what: String,
    event_id: String,
    /// Seconds since 1970 as text, or ISO 8601.
    timestamp: Value,
    rcpt_to: String,
    raw_rcpt_to: Option<String>,
    bounce_class: Option<Value>,
    error_code: Option<Value>,
    raw_reason: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    rcpt_meta: Value,
}

/// The events of a call that knows `password`.
///
/// # Errors
/// [`Refused`].
pub fn read(call: Call<'_>, password: &str, now: Timestamp) -> Result<Vec<Event>, Refused> {
    check_password(call, password)?;
    let items = each::<Item>(call.body)?;
    Ok(items.into_iter().filter_map(|item| item.msys.message_event).filter_map(|told| event(told, now)).collect())
}

fn event(told: Told, now: Timestamp) -> Option<Event> {
    let kind = match told.what.as_str() {
        "bounce" | "out_of_band" => bounced(told.bounce_class.as_ref().and_then(number))?,
        "policy_rejection" => Kind::Block,
        "delay" => Kind::Delay,
        "delivery" => Kind::Receipt,
        "spam_complaint" => Kind::Complaint,
        "list_unsubscribe" | "link_unsubscribe" => Kind::Unsubscribe,
        _ => return None,
    };
    let at = match &told.timestamp {
        Value::String(text) => text.parse::<f64>().map_or_else(|_| iso_moment(Some(text), now), |it| moment(it, now)),
        other => moment(other.as_f64().unwrap_or_default(), now),
    };
    let said = told.raw_reason.filter(|text| !text.is_empty()).or(told.reason).unwrap_or_default();
    let mark = told.rcpt_meta.get(MARK).and_then(Value::as_str).map(str::to_owned);
    let recipient = told.raw_rcpt_to.unwrap_or(told.rcpt_to);
    let mut event = Event::plain(told.event_id, at, kind, recipient).of_message(None, mark).said(&said, None);
    let code = told.error_code.as_ref().and_then(number).filter(|code| (200..600).contains(code));
    event.code = event.code.or_else(|| code.and_then(|code| u16::try_from(code).ok()));
    Some(event)
}

/// What `SparkPost`'s bounce classification codes mean. Some are no bounces.
fn bounced(class: Option<i64>) -> Option<Kind> {
    Some(match class {
        Some(10 | 30) => Kind::HardBounce,
        Some(50..=54 | 25) => Kind::Block,
        Some(60) => Kind::AutoReply,
        Some(90) => Kind::Unsubscribe,
        // Somebody subscribes, or wants a question answered first.
        Some(80 | 100) => return None,
        _ => Kind::SoftBounce,
    })
}

/// A number that may be written as text.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
