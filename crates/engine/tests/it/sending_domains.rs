//! Whether receivers believe a domain's mail, and the signatures by which they do.

use domain::{
    authorization::{Actor, Role},
    deliverability::{Algorithm, FindingCode, FindingVerdict as Verdict, RecordState},
};
use engine::{
    Error,
    feedback::FeedbackWish,
    sending_domains::{DomainCheck, KeyState, KeyView, PUBLISHED_AFTER},
};
use rstest::rstest;
use testbed::{
    dkim,
    dns::{DnsServer, Record},
};

use crate::{mailroom::Mailroom, support::Backend};

const DOMAIN: &str = "northlight.example";

/// A mailroom whose server asks a DNS that the test fills.
async fn open(backend: Backend) -> (Mailroom, DnsServer) {
    let dns = DnsServer::start();
    (Mailroom::asking(backend, dns.address()).await, dns)
}

async fn make(room: &Mailroom, algorithm: Algorithm) -> KeyView {
    room.engine.create_dkim_key(&room.actor, room.channel.channel.id, DOMAIN, algorithm).await.unwrap()
}

async fn make_and_sign(room: &Mailroom, dns: &DnsServer, algorithm: Algorithm) -> KeyView {
    let key = make(room, algorithm).await;
    dns.publish(&key.record.name, Record::Txt(key.record.value.clone()));
    room.engine.begin_dkim_signing(&room.actor, key.id, false).await.unwrap()
}

/// What a recipient got, judged by somebody else with the records of `keys`.
async fn signatures_of_a_new_email(room: &Mailroom, address: &str, keys: &[&KeyView]) -> Vec<String> {
    room.send(address).await;
    room.deliver().await;
    let received = room.world.inbox(address);
    let records: Vec<_> = keys.iter().map(|key| (key.record.name.clone(), key.record.value.clone())).collect();
    dkim::verify(&received.last().expect("an email").raw, &records)
}

#[rstest]
#[tokio::test]
async fn mail_is_signed_with_both_kinds_of_keys_and_somebody_else_finds_the_signatures_good(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, dns) = open(backend).await;
    assert_eq!(signatures_of_a_new_email(&room, "accept.a@a.example", &[]).await, Vec::<String>::new());
    let rsa = make_and_sign(&room, &dns, Algorithm::Rsa).await;
    let ed25519 = make_and_sign(&room, &dns, Algorithm::Ed25519).await;
    assert_eq!((rsa.state, ed25519.state), (KeyState::Signing, KeyState::Signing));
    let found = signatures_of_a_new_email(&room, "accept.b@b.example", &[&rsa, &ed25519]).await;
    assert_eq!(found, ["rsa-sha256 northlight.example True", "ed25519-sha256 northlight.example True"]);
}

#[tokio::test]
async fn a_key_does_not_sign_before_its_record_is_found_unless_somebody_insists() {
    let (room, dns) = open(Backend::Sqlite).await;
    let key = make(&room, Algorithm::Ed25519).await;
    let refused = room.engine.begin_dkim_signing(&room.actor, key.id, false).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    dns.publish(&key.record.name, Record::Txt("v=DKIM1; k=ed25519; p=AAAA".into()));
    assert!(room.engine.begin_dkim_signing(&room.actor, key.id, false).await.is_err());
    let shown = room.engine.sending_domains(&room.actor).await.unwrap();
    assert_eq!(shown[0].keys[0].record_state, Some(RecordState::Differs));
    assert_eq!(shown[0].keys[0].state, KeyState::Waiting);

    room.engine.begin_dkim_signing(&room.actor, key.id, true).await.unwrap();
    assert_eq!(signatures_of_a_new_email(&room, "accept.a@a.example", &[&key]).await.len(), 1);
}

#[tokio::test]
async fn a_new_key_takes_over_and_the_record_of_the_old_one_is_needed_for_some_days() {
    let (room, dns) = open(Backend::Sqlite).await;
    let old = make_and_sign(&room, &dns, Algorithm::Ed25519).await;
    let new = make_and_sign(&room, &dns, Algorithm::Ed25519).await;
    assert_ne!(old.record.name, new.record.name);
    let found = signatures_of_a_new_email(&room, "accept.a@a.example", &[&new]).await;
    assert_eq!(found, ["ed25519-sha256 northlight.example True"]);

    let states = async || {
        let shown = room.engine.sending_domains(&room.actor).await.unwrap();
        shown[0].keys.iter().map(|key| key.state).collect::<Vec<_>>()
    };
    assert_eq!(states().await, [KeyState::Replaced, KeyState::Signing]);
    room.clock.advance(PUBLISHED_AFTER);
    assert_eq!(states().await, [KeyState::Retired, KeyState::Signing]);

    assert!(matches!(room.engine.delete_dkim_key(&room.actor, new.id).await, Err(Error::Conflict(_))));
    room.engine.delete_dkim_key(&room.actor, old.id).await.unwrap();
    room.engine.end_dkim_signing(&room.actor, new.id).await.unwrap();
    assert_eq!(signatures_of_a_new_email(&room, "accept.b@b.example", &[&new]).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_check_says_what_is_missing_and_is_content_once_it_is_published() {
    let (room, dns) = open(Backend::Sqlite).await;
    let check = async || {
        let channel = room.channel.channel.id;
        room.engine.check_sending_domain(&room.actor, channel, "Northlight.Example.").await.unwrap().report
    };
    let missing = check().await;
    let codes: Vec<FindingCode> = missing.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&FindingCode::SpfMissing) && codes.contains(&FindingCode::MxMissing), "{codes:?}");
    assert_eq!(missing.refusals.len(), 3);

    for record in missing.findings.into_iter().filter_map(|finding| finding.publish) {
        dns.publish(&record.name, Record::Txt(record.value));
    }
    dns.publish(DOMAIN, Record::Mx(10, "mx.northlight.example".into()));
    make_and_sign(&room, &dns, Algorithm::Rsa).await;
    let content = check().await;
    let bad: Vec<_> = content.findings.iter().filter(|finding| finding.verdict != Verdict::Good).collect();
    assert!(bad.is_empty() && content.refusals.is_empty(), "{content:?}");
}

#[tokio::test]
async fn where_bounces_come_back_to_a_domain_of_the_channel_spf_is_looked_for_there() {
    let (room, dns) = open(Backend::Sqlite).await;
    let channel = room.channel.channel.id;
    let wish = FeedbackWish { return_domain: Some("Bounces.Northlight.example".into()), webhook: None };
    room.engine.set_feedback(&room.actor, channel, wish).await.unwrap();
    dns.publish(DOMAIN, Record::Txt("v=spf1 mx -all".into()));
    dns.publish(DOMAIN, Record::Mx(10, "mx.northlight.example".into()));
    let check = async || room.engine.check_sending_domain(&room.actor, channel, DOMAIN).await.unwrap();
    let first = check().await;
    assert_eq!(first.return_domain.as_deref(), Some("bounces.northlight.example"));
    let wanted: Vec<_> = first.report.findings.iter().filter_map(|it| it.publish.as_ref()).collect();
    assert!(wanted.iter().any(|it| it.name == "bounces.northlight.example"), "{wanted:?}");
    assert!(wanted.iter().all(|it| it.name != DOMAIN), "{wanted:?}");

    dns.publish("bounces.northlight.example", Record::Txt("v=spf1 mx -all".into()));
    dns.publish("bounces.northlight.example", Record::Mx(10, "in.northlight.example".into()));
    let aligned = |check: &DomainCheck| check.report.findings.iter().any(|it| it.code == FindingCode::AlignedBySpf);
    assert!(aligned(&check().await), "relaxed: the return address is below the domain");
    dns.publish("_dmarc.northlight.example", Record::Txt("v=DMARC1; p=reject; aspf=s".into()));
    assert!(!aligned(&check().await), "strict: it is not the domain itself");
}

#[tokio::test]
async fn where_nobody_answers_a_check_ends_and_claims_nothing() {
    let room = Mailroom::asking(Backend::Sqlite, "127.0.0.1:9".parse().unwrap()).await;
    let report = room.engine.check_sending_domain(&room.actor, room.channel.channel.id, DOMAIN).await.unwrap().report;
    assert!(report.findings.iter().all(|finding| finding.verdict == Verdict::Unknown), "{report:?}");
    assert_eq!(report.refusals, []);
}

#[tokio::test]
async fn only_an_administrator_looks_after_domains_and_a_domain_is_a_name() {
    let (room, _dns) = open(Backend::Sqlite).await;
    let member = Actor { role: Role::Member, ..room.actor.clone() };
    let channel = room.channel.channel.id;
    assert!(matches!(room.engine.sending_domains(&member).await, Err(Error::Denied(_))));
    let made = room.engine.create_dkim_key(&member, channel, DOMAIN, Algorithm::Ed25519).await;
    assert!(matches!(made, Err(Error::Denied(_))));
    for bad in ["", "x", "a b.example", "a\r\nb.example", "https://a.example"] {
        let made = room.engine.create_dkim_key(&room.actor, channel, bad, Algorithm::Ed25519).await;
        assert!(matches!(made, Err(Error::Invalid(_))), "{bad:?}");
    }
}
