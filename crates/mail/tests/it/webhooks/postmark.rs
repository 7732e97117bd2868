use domain::incoming::Kind;
use mail::webhooks::{Event, HeaderMap, Refused, postmark};
use serde_json::Value;

use super::{NOW, call, fixture, told, with_password};

const PASSWORD: &str = "sixteen letters!";

#[test]
fn every_record_is_what_it_is() {
    let records: Vec<Value> = serde_json::from_slice(&fixture("postmark.json")).unwrap();
    let headers = with_password(PASSWORD);
    let read =
        |record: &Value| postmark::read(call(&headers, &serde_json::to_vec(record).unwrap()), PASSWORD, NOW).unwrap();
    let events: Vec<Event> = records.iter().filter_map(read).collect();
    let expected = [
        ("nobody", Kind::HardBounce),
        ("full", Kind::SoftBounce),
        ("strict", Kind::Block),
        ("away", Kind::AutoReply),
        ("late", Kind::Delay),
        ("cross", Kind::Complaint),
        ("ana", Kind::Receipt),
        ("leaving", Kind::Unsubscribe),
    ];
    assert_eq!(told(&events), expected);
    assert_eq!(events[0].mark.as_deref(), Some("0192aa.1"));
    assert_eq!(events[0].message_ids, ["883953f4-6105-42a2-a16a-77a8eac79483@mtasv.net"]);
    assert_eq!((events[0].code, events[0].status.as_deref()), (Some(550), Some("5.1.1")));
    let mut ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), events.len());
}

#[test]
fn the_servers_words_begin_after_the_type_of_its_diagnostic_code() {
    let mut record: Value = serde_json::from_slice::<Vec<Value>>(&fixture("postmark.json")).unwrap().remove(0);
    record["Details"] = "smtp;550 5.1.1 The account does not exist; see the help".into();
    let headers = with_password(PASSWORD);
    let event = postmark::read(call(&headers, &serde_json::to_vec(&record).unwrap()), PASSWORD, NOW).unwrap().unwrap();
    assert_eq!(event.reason.as_deref(), Some("550 5.1.1 The account does not exist; see the help"));
    assert_eq!((event.code, event.status.as_deref()), (Some(550), Some("5.1.1")));
}

#[test]
fn without_the_password_nothing_is_believed() {
    let records: Vec<Value> = serde_json::from_slice(&fixture("postmark.json")).unwrap();
    let body = serde_json::to_vec(&records[0]).unwrap();
    for headers in [HeaderMap::new(), with_password("wrong"), with_password("")] {
        assert_eq!(postmark::read(call(&headers, &body), PASSWORD, NOW), Err(Refused::WrongPassword));
    }
    assert_eq!(postmark::read(call(&with_password(""), &body), "", NOW), Err(Refused::WrongPassword));
    assert_eq!(postmark::read(call(&with_password(PASSWORD), b"{}"), PASSWORD, NOW), Err(Refused::Malformed));
}
