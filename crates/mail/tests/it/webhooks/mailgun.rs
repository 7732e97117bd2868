use domain::{Timestamp, incoming::Kind, time::DAY};
use mail::webhooks::{Event, HeaderMap, Refused, mailgun};
use ring::hmac;
use serde_json::{Value, json};

use super::{NOW, call, fixture, told};

const KEY: &str = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0";

/// Plays Mailgun: the event in its signed envelope.
fn signed(key: &str, at: Timestamp, token: &str, event: &Value) -> Vec<u8> {
    let timestamp = (at.0 / 1_000_000).to_string();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), format!("{timestamp}{token}").as_bytes());
    let signature = data_encoding::HEXLOWER.encode(tag.as_ref());
    let signature = json!({ "timestamp": timestamp, "token": token, "signature": signature });
    serde_json::to_vec(&json!({ "signature": signature, "event-data": event })).unwrap()
}

fn read(body: &[u8]) -> Result<mailgun::Signed, Refused> {
    mailgun::read(call(&HeaderMap::new(), body), KEY, NOW)
}

fn event(of: &Value) -> Option<Event> {
    read(&signed(KEY, NOW, "token", of)).unwrap().event
}

#[test]
fn a_failure_is_told_with_the_words_of_the_server() {
    let failed: Value = serde_json::from_slice(&fixture("mailgun-failed.json")).unwrap();
    let signed = read(&signed(KEY, NOW, "token-1", &failed)).unwrap();
    assert_eq!(signed.token, "token-1");
    let event = signed.event.unwrap();
    assert_eq!((event.kind, event.code, event.status.as_deref()), (Kind::HardBounce, Some(550), Some("5.1.1")));
    assert_eq!(event.message_ids, ["0192aa.1@sender.example"]);
    assert_eq!((event.id.as_str(), event.at), ("mg-1", Timestamp(NOW.0 - 1_750_000)));
}

#[test]
fn every_other_event_is_what_it_is_and_openings_are_not_listened_to() {
    let others: Vec<Value> = serde_json::from_slice(&fixture("mailgun-others.json")).unwrap();
    let events: Vec<Event> = others.iter().filter_map(event).collect();
    let kinds: Vec<Kind> = told(&events).into_iter().map(|(_, kind)| kind).collect();
    let expected = [Kind::Delay, Kind::Receipt, Kind::Complaint, Kind::Unsubscribe, Kind::Unsubscribe, Kind::Block];
    assert_eq!(kinds, expected);
}

#[test]
fn what_mailgun_gave_up_on_is_no_address_that_never_works() {
    let mut old: Value = serde_json::from_slice(&fixture("mailgun-failed.json")).unwrap();
    old["reason"] = "old".into();
    old["delivery-status"] = json!({ "code": 602, "message": "Too old", "description": "", "attempt-no": 14 });
    assert_eq!(event(&old).unwrap().kind, Kind::SoftBounce);
    old["delivery-status"]["message"] = "Connection timed out".into();
    assert_eq!(event(&old).unwrap().kind, Kind::SoftBounce);
    let mut again: Value = serde_json::from_slice(&fixture("mailgun-failed.json")).unwrap();
    again["reason"] = "suppress-bounce".into();
    again["delivery-status"] =
        json!({ "code": 605, "message": "", "description": "Not delivering to previously bounced address" });
    assert_eq!(event(&again).unwrap().kind, Kind::HardBounce);
}

#[test]
fn our_mark_comes_back_as_a_variable() {
    let mut failed: Value = serde_json::from_slice(&fixture("mailgun-failed.json")).unwrap();
    failed["user-variables"] = json!({ "quarterdeck": "0192aa.1" });
    assert_eq!(event(&failed).unwrap().mark.as_deref(), Some("0192aa.1"));
}

#[test]
fn another_key_a_changed_token_and_an_old_time_are_refused() {
    let failed: Value = serde_json::from_slice(&fixture("mailgun-failed.json")).unwrap();
    assert!(matches!(read(&signed("another key", NOW, "token", &failed)), Err(Refused::Forged(_))));
    let mut changed: Value = serde_json::from_slice(&signed(KEY, NOW, "token", &failed)).unwrap();
    changed["signature"]["token"] = "other".into();
    assert!(matches!(read(&serde_json::to_vec(&changed).unwrap()), Err(Refused::Forged(_))));
    changed["signature"]["signature"] = "zz".into();
    assert!(matches!(read(&serde_json::to_vec(&changed).unwrap()), Err(Refused::Forged(_))));
    assert_eq!(read(&signed(KEY, NOW.plus(-2 * DAY), "token", &failed)), Err(Refused::Stale));
    assert_eq!(read(b"{}"), Err(Refused::Malformed));
}
