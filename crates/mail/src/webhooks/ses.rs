//! Amazon SES's notifications and published events, as SNS brings them.
//!
//! SES gives each message an id of its own. The id that we gave, and our mark, stand in the original headers, which SES
//! adds to a notification where it is told to.

use domain::Timestamp;
use serde::Deserialize;

use super::{Event, Refused, iso_moment, one};
use crate::message::MARK_HEADER;
use domain::incoming::Kind;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(rename = "notificationType", alias = "eventType")]
    what: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    delivery: Option<Delivery>,
    delivery_delay: Option<Delay>,
    reject: Option<Reject>,
}

/// What a topic is tried out with when it is chosen for the notifications of an identity.
#[derive(Deserialize)]
struct Trial {
    #[serde(rename = "notificationType")]
    what: String,
}

const TRIAL: &str = "AmazonSnsSubscriptionSucceeded";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    timestamp: Option<String>,
    #[serde(default)]
    destination: Vec<String>,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    common_headers: CommonHeaders,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct CommonHeaders {
    message_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    #[serde(rename = "bounceType")]
    class: String,
    #[serde(default)]
    feedback_id: String,
    timestamp: Option<String>,
    #[serde(default)]
    bounced_recipients: Vec<Refusal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    email_address: String,
    status: Option<String>,
    diagnostic_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    #[serde(default)]
    feedback_id: String,
    timestamp: Option<String>,
    #[serde(rename = "complaintFeedbackType")]
    class: Option<String>,
    #[serde(default)]
    complained_recipients: Vec<Refusal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    timestamp: Option<String>,
    #[serde(default)]
    recipients: Vec<String>,
    smtp_response: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delay {
    timestamp: Option<String>,
    #[serde(default)]
    delayed_recipients: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Reject {
    reason: Option<String>,
}

/// The events in the text of a notification.
///
/// # Errors
/// [`Refused::Malformed`].
pub fn read(text: &str, now: Timestamp) -> Result<Vec<Event>, Refused> {
    // What SNS says when it tries a topic out is a sentence, or says that it is a trial.
    if !text.trim_start().starts_with('{') || one::<Trial>(text.as_bytes()).is_ok_and(|it| it.what == TRIAL) {
        return Ok(Vec::new());
    }
    let told: Told = one(text.as_bytes())?;
    let mut events = events(&told, now);
    for event in &mut events {
        *event = event.clone().of_message(message_ids(&told.mail), mark(&told.mail));
    }
    Ok(events)
}

fn events(told: &Told, now: Timestamp) -> Vec<Event> {
    let id = |feedback: &str, who: &str| {
        let id = if feedback.is_empty() { &told.mail.message_id } else { feedback };
        format!("{}:{id}:{who}", told.what)
    };
    let refused = |feedback: &str, at: Option<&str>, kind: Kind, who: &Refusal| {
        let said = who.diagnostic_code.as_deref().unwrap_or_default();
        let said = said.split_once(';').map_or(said, |(_, words)| words.trim());
        Event::plain(id(feedback, &who.email_address), iso_moment(at, now), kind, &who.email_address)
            .said(said, who.status.as_deref())
    };
    if let Some(bounce) = &told.bounce {
        let at = bounce.timestamp.as_deref();
        let recipients = bounce.bounced_recipients.iter();
        recipients.map(|who| refused(&bounce.feedback_id, at, bounced(bounce, who), who)).collect()
    } else if let Some(complaint) = &told.complaint {
        if complaint.class.as_deref() == Some("not-spam") {
            return Vec::new();
        }
        let at = complaint.timestamp.as_deref();
        let recipients = complaint.complained_recipients.iter();
        recipients.map(|who| refused(&complaint.feedback_id, at, Kind::Complaint, who)).collect()
    } else if let Some(delay) = &told.delivery_delay {
        let at = delay.timestamp.as_deref();
        // A message may be late more than once.
        let feedback = format!("{}:{}", told.mail.message_id, at.unwrap_or_default());
        delay.delayed_recipients.iter().map(|who| refused(&feedback, at, Kind::Delay, who)).collect()
    } else if let Some(delivery) = &told.delivery {
        let at = iso_moment(delivery.timestamp.as_deref(), now);
        let said = delivery.smtp_response.as_deref().unwrap_or_default();
        let event = |who: &String| Event::plain(id("", who), at, Kind::Receipt, who).said(said, None);
        delivery.recipients.iter().map(event).collect()
    } else if let Some(reject) = &told.reject {
        let at = iso_moment(told.mail.timestamp.as_deref(), now);
        let said = reject.reason.as_deref().unwrap_or_default();
        let event = |who: &String| Event::plain(id("", who), at, Kind::Block, who).said(said, None);
        told.mail.destination.iter().map(event).collect()
    } else {
        Vec::new()
    }
}

fn bounced(bounce: &Bounce, who: &Refusal) -> Kind {
    let silent = who.status.is_none() && who.diagnostic_code.is_none();
    match bounce.class.as_str() {
        "Permanent" => Kind::HardBounce,
        // What no server refused is how SES tells of an automatic answer.
        "Transient" if silent => Kind::AutoReply,
        _ => Kind::SoftBounce,
    }
}

/// Every id that the message may be known by: ours first.
fn message_ids(mail: &Mail) -> Vec<String> {
    let ours = mail.common_headers.message_id.clone().or_else(|| header(mail, "message-id"));
    let [theirs, bare] = [format!("{}@email.amazonses.com", mail.message_id), mail.message_id.clone()];
    ours.into_iter().chain([theirs, bare]).collect()
}

fn mark(mail: &Mail) -> Option<String> {
    header(mail, MARK_HEADER).map(|mark| mark.trim().to_owned())
}

fn header(mail: &Mail, name: &str) -> Option<String> {
    mail.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.clone())
}
