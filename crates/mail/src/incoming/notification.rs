//! Notifications that Amazon SES sends as JSON, by mail or through SNS.

use serde::Deserialize;

use super::{
    Incoming, Kind, Recipient, addresses,
    letter::Letter,
    refusal::{Action, Refusal},
    sender, verdict,
};

/// The envelope in which SNS puts a notification.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(rename = "notificationType", alias = "eventType")]
    what: String,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    delivery: Option<Delivery>,
    mail: Option<Mail>,
}

/// The mail that it is about.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    /// The id that Amazon gave it.
    message_id: Option<String>,
    common_headers: Option<CommonHeaders>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommonHeaders {
    /// The id that we gave it.
    message_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    #[serde(default)]
    bounced_recipients: Vec<Bounced>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounced {
    email_address: String,
    status: Option<String>,
    action: Option<String>,
    diagnostic_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complaint_feedback_type: Option<String>,
    #[serde(default)]
    complained_recipients: Vec<Complained>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complained {
    email_address: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    #[serde(default)]
    recipients: Vec<String>,
    smtp_response: Option<String>,
}

/// What the notification says, if the letter is one.
pub(super) fn event(letter: &Letter) -> Option<Incoming> {
    let notification = read(&letter.text).filter(|_| !sender::is_passed_on(letter))?;
    let evidence = format!("a notification of the type {}", notification.what);
    if let Some(bounce) = notification.bounce {
        return Some(bounced(&bounce, evidence));
    }
    if let Some(complaint) = notification.complaint {
        let kind = match complaint.complaint_feedback_type.as_deref() {
            Some("auth-failure" | "not-spam") => Kind::Other,
            _ => Kind::Complaint,
        };
        let about =
            complaint.complained_recipients.into_iter().map(|who| plain(&who.email_address, kind, None)).collect();
        return Some(Incoming::new(kind, evidence).about(about));
    }
    let delivery = notification.delivery?;
    let said = delivery.smtp_response;
    let about = delivery.recipients.into_iter().map(|who| plain(&who, Kind::Receipt, said.as_deref())).collect();
    Some(Incoming::new(Kind::Receipt, evidence).about(about))
}

/// The ids of the mail that the notification is about.
pub(super) fn ids(letter: &Letter) -> Vec<String> {
    let Some(mail) = read(&letter.text).and_then(|notification| notification.mail) else { return Vec::new() };
    let ours = mail.common_headers.and_then(|headers| headers.message_id);
    let named = ours.into_iter().chain(mail.message_id);
    named.map(|id| id.trim_matches(['<', '>', ' ']).to_owned()).collect()
}

fn bounced(bounce: &Bounce, evidence: String) -> Incoming {
    let mut evidence = vec![evidence];
    let judge = |who: &Bounced, evidence: &mut Vec<String>| {
        let said = who.diagnostic_code.as_deref().unwrap_or_default();
        let mut refusal =
            Refusal::of(bare(&who.email_address), said.split_once(';').map_or(said, |(_, words)| words.trim()));
        refusal.action = (who.action.as_deref() == Some("delayed")).then_some(Action::Delayed);
        refusal.status =
            refusal.status.or_else(|| super::codes::Status::at_start(who.status.as_deref().unwrap_or_default()));
        verdict::judge(&refusal, evidence)
    };
    let recipients: Vec<_> = bounce.bounced_recipients.iter().map(|who| judge(who, &mut evidence)).collect();
    Incoming::of_recipients(recipients, evidence)
}

/// The address without the name and the brackets around it.
fn bare(written: &str) -> &str {
    addresses::in_text(written).next().unwrap_or(written)
}

fn plain(address: &str, kind: Kind, said: Option<&str>) -> Recipient {
    let status = said.and_then(super::codes::Status::find).map(|status| status.to_string());
    let code = said.and_then(|said| said.get(..3)?.parse().ok());
    Recipient { status, code, reason: said.map(str::to_owned), ..Recipient::who(bare(address), kind) }
}

/// The notification in `text`, alone or in its envelope.
fn read(text: &str) -> Option<Notification> {
    let text = text.trim_start();
    if !text.starts_with('{') || !(text.contains("notificationType") || text.contains("eventType")) {
        return None;
    }
    // Relays break lines longer than 998 bytes (RFC 5322 §2.1.1), also within a word.
    let whole = text.replace("!\n ", "").replace("\n ", "").replace('\n', "");
    first::<Envelope>(&whole)
        .and_then(|envelope| first::<Notification>(&envelope.message))
        .or_else(|| first::<Notification>(&whole))
}

/// The first value in `text`, whatever follows it.
fn first<T: for<'a> Deserialize<'a>>(text: &str) -> Option<T> {
    serde_json::Deserializer::from_str(text).into_iter::<T>().next()?.ok()
}
