//! What providers tell by calling us: proved to come from them, and put into one form.
//!
//! | room | provider | how a call proves itself |
//! |---|---|---|
//! | [`sns`], [`ses`] | Amazon SES | an RSA signature by a certificate of Amazon's, over a topic that we know |
//! | [`sendgrid`] | `SendGrid` | an ECDSA signature over time and body |
//! | [`mailgun`] | Mailgun | an HMAC over a time and a token that is used once |
//! | [`postmark`], [`sparkpost`] | Postmark, `SparkPost` | a password, for they sign nothing |
//!
//! Everything here is pure: no store, no clock. Opens and clicks are not listened to, for we see them ourselves.

pub mod mailgun;
pub mod postmark;
pub mod sendgrid;
pub mod ses;
pub mod sns;
pub mod sparkpost;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Timestamp, feedback::WebhookProvider, time::SECOND};
use hyper::header::AUTHORIZATION;
use ring::digest;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use hyper::HeaderMap;

use domain::incoming::Kind;

use crate::incoming;

/// How old a signed call may be. Providers try again for many hours when we are away, and some with the first signature;
/// what was taken is known again by its id.
const OLDEST: i64 = 24 * 60 * 60 * SECOND;
/// How far ahead of ours a provider's clock may be.
const AHEAD: i64 = 5 * 60 * SECOND;
/// How many events of one call are read.
const MOST_EVENTS: usize = 10_000;
/// The name under which our mark travels as the provider's metadata.
const MARK: &str = "quarterdeck";

/// A call, as it came over HTTP.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body.
    pub body: &'a [u8],
}

impl Call<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Why a call is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not prove where it comes from.
    #[error("it is not signed by the provider: {0}")]
    Forged(&'static str),
    /// It does not know the password.
    #[error("the password is wrong or missing")]
    WrongPassword,
    /// Its signature is too old, or of the future.
    #[error("its signature is not of today")]
    Stale,
    /// It is of another topic than the channel's.
    #[error("it is of another topic")]
    OtherTopic,
    /// It is larger than any call of a provider.
    #[error("it is too large")]
    TooLarge,
    /// It is not what the provider's documentation describes.
    #[error("it cannot be understood")]
    Malformed,
}

impl Refused {
    /// A stable name of the case, for the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Forged(_) => "forged",
            Self::WrongPassword => "wrong_password",
            Self::Stale => "stale",
            Self::OtherTopic => "other_topic",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
        }
    }
}

/// Something that happened to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The provider's id of it: the same event told twice has the same.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// The Message-IDs that the message may be known by, without angle brackets.
    pub message_ids: Vec<String>,
    /// Our mark, if it travelled with the message.
    pub mark: Option<String>,
    /// To whom the message was sent.
    pub recipient: String,
    /// The enhanced status (RFC 3463).
    pub status: Option<String>,
    /// The SMTP code.
    pub code: Option<u16>,
    /// The words of the recipient's server, or of the provider.
    pub reason: Option<String>,
}

impl Event {
    /// Something of which no server said anything.
    fn plain(id: impl Into<String>, at: Timestamp, kind: Kind, recipient: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            at,
            kind,
            message_ids: Vec::new(),
            mark: None,
            recipient: recipient.into(),
            status: None,
            code: None,
            reason: None,
        }
    }

    /// With the words of a server. A refusal is judged by them; `kind` is what the provider makes of it.
    fn said(mut self, words: &str, status: Option<&str>) -> Self {
        let words = without_type(words);
        let is_refusal = matches!(self.kind, Kind::HardBounce | Kind::SoftBounce | Kind::Block);
        let judged = incoming::judge_passed_on(&self.recipient, words, status, self.kind);
        if is_refusal && matches!(judged.kind, Kind::HardBounce | Kind::SoftBounce | Kind::Block) {
            self.kind = judged.kind;
        }
        (self.status, self.code, self.reason) = (judged.status, judged.code, judged.reason);
        self
    }

    fn of_message(mut self, ids: impl IntoIterator<Item = String>, mark: Option<String>) -> Self {
        self.message_ids = ids.into_iter().map(|id| bare(&id).to_owned()).filter(|id| !id.is_empty()).collect();
        self.mark = mark;
        self
    }
}

/// The words after the type that a `Diagnostic-Code` begins with (RFC 3464 §2.3.6): some providers pass on the whole field.
fn without_type(words: &str) -> &str {
    match words.split_once(';') {
        Some((kind, rest)) if kind.trim().eq_ignore_ascii_case("smtp") => rest.trim_start(),
        _ => words,
    }
}

/// The header by which a message carries our mark to where the provider's events show it, if it needs one: others show the
/// Message-ID that we gave it.
pub fn mark_header(provider: WebhookProvider, mark: &str) -> Option<(&'static str, String)> {
    let json = |name: &str| format!("{{\"{name}\":{{\"{MARK}\":\"{mark}\"}}}}");
    match provider {
        // Both show the Message-ID, or our own header.
        WebhookProvider::Ses | WebhookProvider::Mailgun => None,
        WebhookProvider::Sendgrid => Some(("X-SMTPAPI", json("unique_args"))),
        WebhookProvider::Postmark => Some(("X-PM-Metadata-quarterdeck", mark.to_owned())),
        WebhookProvider::Sparkpost => Some(("X-MSYS-API", json("metadata"))),
    }
}

/// Lets a call pass that knows the password, as any user (RFC 7617).
fn check_password(call: Call<'_>, password: &str) -> Result<(), Refused> {
    let forged = Refused::WrongPassword;
    let said = call.header(AUTHORIZATION.as_str()).ok_or(forged)?;
    let (scheme, encoded) = said.split_once(' ').ok_or(forged)?;
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| forged)?;
    let colon = decoded.iter().position(|byte| *byte == b':').ok_or(forged)?;
    // Digests are compared, so that the time it takes says nothing about the password.
    let digest = |text: &[u8]| digest::digest(&digest::SHA256, text);
    let same = digest(&decoded[colon + 1..]).as_ref() == digest(password.as_bytes()).as_ref();
    if scheme.eq_ignore_ascii_case("basic") && same && !password.is_empty() { Ok(()) } else { Err(forged) }
}

/// Lets a signature pass that was made lately.
fn check_age(signed: Timestamp, now: Timestamp) -> Result<(), Refused> {
    if (-AHEAD..=OLDEST).contains(&now.since(signed)) { Ok(()) } else { Err(Refused::Stale) }
}

/// The elements of a list, as far as they are what we know.
fn each<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, Refused> {
    let list: Vec<Value> = serde_json::from_slice(body).map_err(|_| Refused::Malformed)?;
    Ok(list.into_iter().take(MOST_EVENTS).filter_map(|value| serde_json::from_value(value).ok()).collect())
}

fn one<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::Malformed)
}

/// A moment in seconds since 1970, with or without a fraction; the time of the call when it cannot be, or has not come.
fn moment(seconds: f64, now: Timestamp) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within the years that a clock shows")]
    let micros = if (0.0..4e9).contains(&seconds) { (seconds * 1e6) as i64 } else { now.0 };
    Timestamp(micros).min(now)
}

/// A moment in ISO 8601; the time of the call when it cannot be, or has not come.
fn iso_moment(text: Option<&str>, now: Timestamp) -> Timestamp {
    text.and_then(|text| text.parse::<Timestamp>().ok()).unwrap_or(now).min(now)
}

/// A Message-ID without its angle brackets.
fn bare(id: &str) -> &str {
    id.trim().trim_start_matches('<').trim_end_matches('>').trim()
}
