use domain::incoming::Kind;
use mail::webhooks::{HeaderMap, Refused, sparkpost};

use super::{NOW, call, fixture, told, with_password};

const PASSWORD: &str = "sixteen letters!";

#[test]
fn every_event_of_a_batch_is_what_it_is() {
    let headers = with_password(PASSWORD);
    let events = sparkpost::read(call(&headers, &fixture("sparkpost.json")), PASSWORD, NOW).unwrap();
    let expected = [
        ("Nobody", Kind::HardBounce),
        ("strict", Kind::Block),
        ("full", Kind::SoftBounce),
        ("late", Kind::Delay),
        ("ana", Kind::Receipt),
        ("cross", Kind::Complaint),
        ("leaving", Kind::Unsubscribe),
        ("strict", Kind::Block),
    ];
    assert_eq!(told(&events), expected);
    assert_eq!((events[0].id.as_str(), events[0].mark.as_deref()), ("sp-1", Some("0192aa.1")));
    assert_eq!((events[0].code, events[0].status.as_deref()), (Some(550), Some("5.1.1")));
}

#[test]
fn what_came_back_and_is_no_bounce_is_none() {
    let class = |class: &str| {
        let body = format!(
            r#"[{{"msys":{{"message_event":{{"type":"out_of_band","event_id":"1","timestamp":"1795255198",
            "rcpt_to":"ana@recipient.example","bounce_class":"{class}","raw_reason":"smtp; 550"}}}}}}]"#
        );
        let events = sparkpost::read(call(&with_password(PASSWORD), body.as_bytes()), PASSWORD, NOW).unwrap();
        events.first().map(|event| event.kind)
    };
    // Somebody subscribes; a challenge to answer.
    assert_eq!((class("80"), class("100")), (None, None));
    assert_eq!(class("60"), Some(Kind::AutoReply));
    assert_eq!(class("70"), Some(Kind::SoftBounce));
}

#[test]
fn without_the_password_nothing_is_believed_and_the_test_of_the_webhook_tells_nothing() {
    let body = fixture("sparkpost.json");
    assert_eq!(sparkpost::read(call(&HeaderMap::new(), &body), PASSWORD, NOW), Err(Refused::WrongPassword));
    assert_eq!(sparkpost::read(call(&with_password(PASSWORD), b"[{\"msys\":{}}]"), PASSWORD, NOW), Ok(Vec::new()));
}
