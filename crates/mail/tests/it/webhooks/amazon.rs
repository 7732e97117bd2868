use domain::{incoming::Kind, time::DAY};
use mail::webhooks::{
    Refused, ses,
    sns::{Content, Envelope},
};
use serde_json::Value;

use super::{NOW, fixture, told};

const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:ses-events";

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

fn changed(name: &str, field: &str, value: &str) -> Envelope {
    let mut message: Value = serde_json::from_slice(&fixture(name)).unwrap();
    message[field] = value.into();
    Envelope::read(&serde_json::to_vec(&message).unwrap()).unwrap()
}

#[test]
fn both_versions_of_the_signature_are_believed() {
    let certificate = fixture("sns-certificate.pem");
    for name in ["sns-notification-v1.json", "sns-notification-v2.json"] {
        let envelope = Envelope::read(&fixture(name)).unwrap();
        assert_eq!(envelope.certificate_url().unwrap().host_str(), Some("sns.eu-west-1.amazonaws.com"));
        assert_eq!(envelope.verify(&certificate, TOPIC, NOW), Ok(()), "{name}");
        let Ok(Content::Notification(text)) = envelope.content() else { panic!("{name}") };
        assert_eq!(told(&ses::read(&text, NOW).unwrap()), [("nobody", Kind::HardBounce)]);
    }
}

#[test]
fn a_subscription_is_confirmed_at_amazons_address() {
    let envelope = Envelope::read(&fixture("sns-confirmation.json")).unwrap();
    assert_eq!(envelope.verify(&fixture("sns-certificate.pem"), TOPIC, NOW), Ok(()));
    let Ok(Content::Confirmation(url)) = envelope.content() else { panic!() };
    assert!(url.as_str().starts_with("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"));
    let elsewhere =
        changed("sns-confirmation.json", "SubscribeURL", "https://evil.example/?Action=ConfirmSubscription");
    assert!(matches!(elsewhere.content(), Err(Refused::Forged(_))));
}

#[test]
fn whatever_is_changed_about_a_message_it_is_not_believed() {
    let certificate = fixture("sns-certificate.pem");
    for (field, value) in [
        ("Message", "{}"),
        ("MessageId", "another"),
        ("Subject", "another"),
        ("Timestamp", "2026-11-21T10:00:01.000Z"),
        ("Type", "SubscriptionConfirmation"),
        ("Signature", "AAAA"),
        ("Signature", "no base64!"),
        ("SignatureVersion", "1"),
        ("SignatureVersion", "3"),
    ] {
        let envelope = changed("sns-notification-v2.json", field, value);
        assert!(matches!(envelope.verify(&certificate, TOPIC, NOW), Err(Refused::Forged(_))), "{field}");
    }
    let genuine = Envelope::read(&fixture("sns-notification-v2.json")).unwrap();
    assert_eq!(genuine.verify(&certificate, "another topic", NOW), Err(Refused::OtherTopic));
    let other = changed("sns-notification-v2.json", "TopicArn", "arn:aws:sns:eu-west-1:999999999999:other");
    assert_eq!(other.verify(&certificate, TOPIC, NOW), Err(Refused::OtherTopic));
    assert!(matches!(genuine.verify(b"no certificate", TOPIC, NOW), Err(Refused::Forged(_))));
    assert_eq!(genuine.verify(&certificate, TOPIC, NOW.plus(2 * DAY)), Err(Refused::Stale));
    let elsewhere = changed("sns-notification-v2.json", "SigningCertURL", "https://evil.example/x.pem");
    assert!(matches!(elsewhere.certificate_url(), Err(Refused::Forged(_))));
    for nonsense in ["", "[]", "{}", "null"] {
        assert!(matches!(Envelope::read(nonsense.as_bytes()), Err(Refused::Malformed)));
    }
}

#[test]
fn a_bounce_is_known_by_our_own_id_and_mark_and_by_the_id_that_ses_gave_it() {
    let event = ses::read(&text("ses-bounce.json"), NOW).unwrap().remove(0);
    assert_eq!(event.mark.as_deref(), Some("0192aa.1"));
    assert_eq!(event.message_ids[0], "0192aa.1@sender.example");
    assert!(event.message_ids.contains(&"0102018f-aaaa-bbbb-cccc-000000000001-000000@email.amazonses.com".to_owned()));
    assert_eq!((event.code, event.status.as_deref()), (Some(550), Some("5.1.1")));
    assert_eq!(event.reason.as_deref(), Some("550 5.1.1 <nobody@recipient.example>: no such user here"));
}

#[test]
fn complaints_deliveries_delays_and_automatic_answers_are_told_apart() {
    let of = |name: &str| {
        let events = ses::read(&text(name), NOW).unwrap();
        told(&events).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>()
    };
    assert_eq!(of("ses-complaint.json"), [Kind::Complaint]);
    assert_eq!(of("ses-delivery.json"), [Kind::Receipt]);
    assert_eq!(of("ses-delay.json"), [Kind::Delay]);
    assert_eq!(of("ses-away.json"), [Kind::AutoReply]);
    assert_eq!(ses::read("Successfully validated SNS topic for Amazon SES event publishing.", NOW), Ok(Vec::new()));
    assert_eq!(ses::read("{\"notificationType\":\"Bounce\"}", NOW), Err(Refused::Malformed));
}

#[test]
fn a_topic_that_is_tried_out_tells_nothing() {
    let sentence = "Successfully validated SNS topic for Amazon Simple Email Service event publishing.";
    let notice =
        r#"{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"You have successfully subscribed."}"#;
    for text in [sentence, notice] {
        assert_eq!(told(&ses::read(text, NOW).unwrap()), [], "{text}");
    }
    assert!(matches!(ses::read(r#"{"notificationType":"Bounce"}"#, NOW), Err(Refused::Malformed)));
}
