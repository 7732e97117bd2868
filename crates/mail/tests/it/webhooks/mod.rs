//! What providers tell, by payloads written after their documentation.

mod amazon;
mod fetching;
mod mailgun;
mod postmark;
mod sendgrid;
mod sparkpost;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Timestamp, incoming::Kind};
use mail::webhooks::{Call, Event, HeaderMap};

/// 2026-11-21T10:00:00Z, two seconds after what the fixtures tell.
const NOW: Timestamp = Timestamp(1_795_255_200_000_000);

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/webhooks/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn headers(of: &[(&'static str, String)]) -> HeaderMap {
    of.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

fn with_password(password: &str) -> HeaderMap {
    headers(&[("authorization", format!("Basic {}", STANDARD.encode(format!("quarterdeck:{password}"))))])
}

fn call<'a>(headers: &'a HeaderMap, body: &'a [u8]) -> Call<'a> {
    Call { headers, body }
}

/// Whom each event is about, and what happened.
fn told(events: &[Event]) -> Vec<(&str, Kind)> {
    events.iter().map(|event| (event.recipient.split('@').next().unwrap_or_default(), event.kind)).collect()
}
