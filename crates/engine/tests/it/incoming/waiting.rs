//! What comes before its email has settled takes effect when it has.

use domain::{EmailId, Status, events::EventKind, limits::Limits};
use engine::{DomainSettings, emails::DraftChange, incoming::Fate};
use rstest::rstest;
use store::{Location, bodies::Copy};
use testbed::postgres;

use super::{Desk, dsn, header_of, unknown};
use crate::{mailroom::Mailroom, support::Backend};

const MARTA: &str = "accept.marta@b.example";

/// Tampers with the database while our own connections end what they are about.
async fn tamper(url: &str, statements: String) {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || postgres::tamper(&url, &statements)).await.unwrap();
}

/// An email whose To has it, and whose copy is still to go.
async fn half_sent(desk: &Desk, address: &str) -> EmailId {
    let draft = desk.room.draft(address).await.listed.email;
    let cc = vec![Copy { name: String::new(), address: "busy.first@b.example".into() }];
    let change = DraftChange { cc: Some(cc), ..DraftChange::default() };
    let draft = desk.engine().edit_draft(&desk.room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    desk.engine().send(&desk.room.actor, draft.id, draft.version, None).await.unwrap();
    desk.room.clock.advance(10 * domain::time::SECOND);
    desk.room.deliver().await;
    draft.id
}

#[rstest]
#[tokio::test]
async fn a_bounce_waits_until_the_copies_have_gone(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = half_sent(&desk, MARTA).await;
    let waits = desk.email(email).await;
    assert_eq!(waits.status, Status::Scheduled, "the copy is still to go");
    let id = desk.message_id(email).await;
    let received = desk.receive(dsn(1, &[unknown(MARTA)], &header_of(&id))).await;
    assert_eq!(received.fate, Fate::Waits);
    desk.engine().act_on_waiting().await.unwrap();
    assert_eq!(desk.email(email).await.status, Status::Scheduled);
    assert!(!desk.kinds(email).await.contains(&EventKind::Bounced));

    // The copy is given up at last.
    desk.room.clock.advance(60 * domain::time::DAY);
    desk.room.deliver().await;
    assert_eq!(desk.email(email).await.status, Status::Delivered);
    desk.engine().act_on_waiting().await.unwrap();
    assert_eq!(desk.email(email).await.status, Status::Bounced);
    desk.engine().act_on_waiting().await.unwrap();
    let bounces = desk.kinds(email).await.into_iter().filter(|kind| *kind == EventKind::Bounced).count();
    assert_eq!(bounces, 1);
    desk.rebuilds_the_same().await;
}

#[tokio::test]
async fn what_cannot_take_effect_keeps_nothing_else_waiting() {
    let url = postgres::fresh_database();
    let room = Mailroom::on(&Location::Postgres(url.clone()), Limits::default(), DomainSettings::default()).await;
    let desk = Desk::in_room(room).await;
    let [first, second] = [half_sent(&desk, MARTA).await, half_sent(&desk, "accept.ana@b.example").await];
    // More than are looked at at once.
    let about = (1..=60).map(|number| (number, first, MARTA)).chain([(61, second, "accept.ana@b.example")]);
    for (number, email, address) in about {
        let id = desk.message_id(email).await;
        assert_eq!(desk.receive(dsn(number, &[unknown(address)], &header_of(&id))).await.fate, Fate::Waits);
    }
    desk.room.clock.advance(60 * domain::time::DAY);
    desk.room.deliver().await;
    let refuse = format!(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.status = 'bounced' AND NEW.id = '{}' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON emails FOR EACH ROW EXECUTE FUNCTION refuse()",
        first.0
    );
    tamper(&url, refuse).await;
    desk.engine().act_on_waiting().await.unwrap();
    assert_eq!((desk.email(first).await.status, desk.email(second).await.status), (Status::Delivered, Status::Bounced));
    tamper(&url, "DROP TRIGGER refuse ON emails".to_owned()).await;
    desk.engine().act_on_waiting().await.unwrap();
    assert_eq!(desk.email(first).await.status, Status::Bounced);
}
