//! What comes before its email has settled takes effect when it has.

use domain::{EmailId, Status, events::EventKind, limits::Limits, reasons::FailureReason, time::SECOND};
use engine::{
    DomainSettings,
    emails::{ActionKind, ActionResult, DraftChange, Settlement, SkipReason, UndoResult},
    incoming::Fate,
};
use rstest::rstest;
use store::{Location, bodies::Copy};
use testbed::postgres;

use super::{Desk, Refusal, dsn, header_of, reply, unknown};
use crate::{
    mailroom::Mailroom,
    support::Backend,
    uncertain::{NOBODY, lose},
};

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
    desk.room.clock.advance(10 * SECOND);
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

fn full(to: &str) -> Refusal<'_> {
    Refusal { to, action: "failed", status: "4.2.2", said: "452 4.2.2 mailbox full" }
}

/// An uncertain email that was sent again a moment ago, and a notice about its first sending, which comes now.
async fn sent_again(desk: &Desk, refusal: Refusal<'_>) -> (EmailId, ActionResult, Fate) {
    let email = lose(&desk.room).await;
    let header = header_of(&desk.message_id(email).await);
    let (engine, actor) = (desk.engine(), &desk.room.actor);
    let (_, action) = engine.settle_uncertain(actor, email, Settlement::SendAgain).await.unwrap();
    desk.room.clock.advance(2 * SECOND);
    let fate = desk.receive(dsn(1, &[refusal], &header)).await.fate;
    engine.act_on_waiting().await.unwrap();
    (email, action, fate)
}

async fn undo(desk: &Desk, action: &ActionResult) -> UndoResult {
    desk.engine().undo(&desk.room.actor, action.id.unwrap()).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn what_a_server_says_of_the_first_sending_is_kept_while_the_second_can_be_taken_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let (email, action, fate) = sent_again(&desk, full(NOBODY)).await;
    assert_eq!((fate, desk.email(email).await.status), (Fate::Waits, Status::Scheduled));
    undo(&desk, &action).await;
    assert!(desk.email(email).await.uncertain);
    desk.engine().act_on_waiting().await.unwrap();
    let bounced = desk.email(email).await;
    assert_eq!((bounced.status, bounced.uncertain, bounced.send_number), (Status::Bounced, false, 1));
    assert_eq!(bounced.failure_reason, Some(FailureReason::MailboxFull));
    assert_eq!(bounced.failure_text.as_deref(), Some("mailbox full"));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn what_a_server_says_of_the_first_sending_changes_nothing_once_the_second_has_left(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let (email, _, fate) = sent_again(&desk, full(NOBODY)).await;
    assert_eq!(fate, Fate::Waits);
    desk.room.clock.advance(10 * SECOND);
    desk.room.deliver().await;
    desk.engine().act_on_waiting().await.unwrap();
    let after = desk.email(email).await;
    assert_eq!((after.uncertain, after.send_number), (true, 2));
    assert!(!desk.received(email).await[0].waits, "it was looked at, and is about another sending");
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn an_address_that_is_gone_stops_the_second_sending_at_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let (email, action, fate) = sent_again(&desk, unknown(NOBODY)).await;
    assert_eq!(fate, Fate::Recorded);
    let failed = desk.email(email).await;
    assert_eq!((failed.status, failed.failure_reason), (Status::Failed, Some(FailureReason::AddressBounced)));
    assert_eq!(undo(&desk, &action).await.skipped[0].reason, SkipReason::ChangedSince);
    desk.room.clock.advance(10 * SECOND);
    desk.room.deliver().await;
    assert_eq!(desk.room.world.inbox(NOBODY).len(), 1, "the first");
}

#[rstest]
#[tokio::test]
async fn an_answer_to_a_bounced_email_counts_though_it_came_while_a_retry_could_be_taken_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(true, false)] answered_meanwhile: bool,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await.id;
    let id = desk.message_id(email).await;
    desk.receive(reply(MARTA, &id, "An answer from before.")).await;
    desk.receive(dsn(1, &[full(MARTA)], &header_of(&id))).await;
    assert_eq!(desk.email(email).await.status, Status::Bounced);
    let retried = desk.engine().act(&desk.room.actor, ActionKind::Retry, &[email], None).await.unwrap();
    desk.room.clock.advance(2 * SECOND);
    if answered_meanwhile {
        desk.receive(reply(MARTA, &id, "I have got it.")).await;
    }
    undo(&desk, &retried).await;
    let expected = if answered_meanwhile { Status::Delivered } else { Status::Bounced };
    assert_eq!(desk.email(email).await.status, expected);
    assert_eq!(desk.kinds(email).await.contains(&EventKind::BounceWithdrawn), answered_meanwhile);
    desk.rebuilds_the_same().await;
}
