//! What a user says of an email of uncertain fate, and taking that back.

use domain::{
    EmailId, EventId, NodeId, Status,
    authorization::Role,
    events::{EventKind, Evidence},
    ledger::Outcome,
    time::{HOUR, MINUTE, SECOND},
};
use engine::{
    Error, Result,
    emails::{ActionKind, ActionResult, Copy, DraftChange, Settlement, SkipReason, Skipped, UndoResult},
};
use rstest::rstest;
use store::{emails::Email, events::Event, recipients::Recipient};

use crate::{
    incoming::{Desk, reply},
    mailroom::Mailroom,
    support::{Backend, join},
};

pub(crate) const NOBODY: &str = "drop-answer.nobody@knows.example";

/// Sends an email whose fate nobody knows, a while ago.
pub(crate) async fn lose(room: &Mailroom) -> EmailId {
    let id = room.send(NOBODY).await;
    room.deliver().await;
    assert!(room.email(id).await.listed.email.uncertain);
    room.clock.advance(HOUR);
    id
}

/// The row and its ledger, but for what every save raises.
pub(crate) async fn standing(room: &Mailroom, id: EmailId) -> (Email, Vec<Recipient>) {
    let details = room.email(id).await;
    let email = details.listed.email;
    (Email { version: 0, updated_at: email.created_at, ..email }, details.recipients)
}

async fn settle(room: &Mailroom, id: EmailId, settlement: Settlement) -> ActionResult {
    room.engine.settle_uncertain(&room.actor, id, settlement).await.unwrap().1
}

async fn undo(room: &Mailroom, action: &ActionResult) -> Result<UndoResult> {
    room.engine.undo(&room.actor, action.id.unwrap()).await
}

fn received(room: &Mailroom) -> usize {
    room.world.inbox(NOBODY).len()
}

#[rstest]
#[tokio::test]
async fn an_email_sent_again_by_mistake_is_uncertain_as_before_and_stays_here(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = lose(&room).await;
    let before = standing(&room, id).await;
    let action = settle(&room, id, Settlement::SendAgain).await;
    let waiting = room.email(id).await.listed.email;
    assert_eq!((waiting.status, waiting.send_number), (Status::Scheduled, 2));
    assert_eq!((action.kind, action.undo_until), (ActionKind::SendAgain, waiting.due_at));

    room.clock.advance(2 * SECOND);
    assert_eq!(undo(&room, &action).await.unwrap(), UndoResult { restored: vec![id], skipped: vec![] });
    assert_eq!(standing(&room, id).await, before);
    assert_eq!(room.engine.count_emails(&room.actor).await.unwrap().uncertain, 1);
    room.clock.advance(HOUR);
    room.deliver().await;
    assert_eq!(received(&room), 1, "nothing left");
    assert!(matches!(undo(&room, &action).await, Err(Error::Conflict(_))), "once");

    settle(&room, id, Settlement::SendAgain).await;
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert_eq!((received(&room), room.email(id).await.listed.email.send_number), (2, 2));
}

#[rstest]
#[tokio::test]
async fn what_left_once_more_cannot_be_taken_back(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let id = lose(&room).await;
    let action = settle(&room, id, Settlement::SendAgain).await;
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    assert_eq!(undo(&room, &action).await.unwrap().skipped, [Skipped { id, reason: SkipReason::ChangedSince }]);
    let email = room.email(id).await.listed.email;
    assert_eq!((email.send_number, email.uncertain, received(&room)), (2, true, 2));

    let action = settle(&room, id, Settlement::SendAgain).await;
    room.clock.advance(11 * SECOND);
    assert!(matches!(undo(&room, &action).await, Err(Error::Conflict("too_late"))));
}

#[rstest]
#[tokio::test]
async fn an_email_that_arrived_only_by_mistake_is_uncertain_as_before(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = lose(&room).await;
    let before = standing(&room, id).await;
    let action = settle(&room, id, Settlement::Arrived).await;
    assert_eq!(action.kind, ActionKind::Arrived);
    room.clock.advance(MINUTE);
    undo(&room, &action).await.unwrap();
    assert_eq!(standing(&room, id).await, before);

    let action = settle(&room, id, Settlement::Arrived).await;
    room.engine.act(&room.actor, ActionKind::Archive, &[id], None).await.unwrap();
    assert_eq!(undo(&room, &action).await.unwrap().skipped, [Skipped { id, reason: SkipReason::ChangedSince }]);
    assert_eq!(room.email(id).await.listed.email.status, Status::Archived);
}

#[rstest]
#[tokio::test]
async fn a_failure_of_an_earlier_sending_comes_back_with_the_doubt(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(Settlement::Arrived, Settlement::SendAgain)] settlement: Settlement,
) {
    let desk = Desk::open(backend).await;
    let room = &desk.room;
    let id = room.send("full.suzuki@minato.example").await;
    room.deliver().await;
    room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    room.clock.advance(10 * SECOND);
    // As when the connection broke after the final dot this time.
    let mut tx = room.engine.db().begin().await.unwrap();
    let mut to = store::recipients::list(&mut tx, room.actor.workspace, id).await.unwrap().remove(0);
    let mut email = store::emails::find(&mut tx, room.actor.workspace, id).await.unwrap();
    (to.outcome, to.settled_at) = (Outcome::Uncertain, Some(room.engine.now()));
    store::recipients::update(&mut tx, room.actor.workspace, &to).await.unwrap();
    for (n, kind) in [EventKind::Attempted, EventKind::Uncertain].into_iter().enumerate() {
        let event = Event {
            id: EventId(uuid::Uuid::from_u128(n as u128)),
            email_id: id,
            at: room.engine.now(),
            kind,
            evidence: Evidence::default(),
        };
        store::events::insert(&mut tx, room.actor.workspace, &event).await.unwrap();
    }
    (email.status, email.uncertain, email.attempts) = (Status::InProgress, true, 1);
    (email.first_attempt_at, email.due_at, email.next_at, email.wait_reason) =
        (Some(room.engine.now()), None, None, None);
    store::emails::update(&mut tx, &mut email, Status::Scheduled).await.unwrap();
    tx.commit().await.unwrap();

    let before = standing(room, id).await;
    assert!(before.0.failure_text.is_some());
    let action = settle(room, id, settlement).await;
    room.clock.advance(SECOND);
    undo(room, &action).await.unwrap();
    assert_eq!(standing(room, id).await, before);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn copies_that_went_out_since_are_not_called_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(false, true)] gone: bool,
) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft(NOBODY).await.listed.email;
    let cc = Some(vec![Copy { name: "Ana".into(), address: "accept.ana@brisamar.example".into() }]);
    let change = DraftChange { cc, ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    room.clock.advance(MINUTE);
    room.deliver().await;
    let before = standing(&room, draft.id).await;
    assert!(before.0.uncertain);
    let action = settle(&room, draft.id, Settlement::Arrived).await;
    if gone {
        room.deliver().await;
    }
    let undone = undo(&room, &action).await.unwrap();
    if gone {
        assert_eq!(undone.skipped, [Skipped { id: draft.id, reason: SkipReason::ChangedSince }]);
        assert_eq!(room.email(draft.id).await.listed.email.status, Status::Delivered);
    } else {
        assert_eq!(standing(&room, draft.id).await, before);
        room.deliver().await;
    }
    assert_eq!(room.world.inbox("accept.ana@brisamar.example").len(), usize::from(gone));
}

#[rstest]
#[tokio::test]
async fn whoever_answered_meanwhile_has_it_whatever_is_taken_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(Settlement::Arrived, Settlement::SendAgain)] settlement: Settlement,
) {
    let desk = Desk::open(backend).await;
    let room = &desk.room;
    let id = lose(room).await;
    let action = settle(room, id, settlement).await;
    room.clock.advance(2 * SECOND);
    desk.receive(reply(NOBODY, &desk.message_id(id).await, "Yes, Tuesday.")).await;
    room.clock.advance(2 * SECOND);
    undo(room, &action).await.unwrap();
    let email = desk.email(id).await;
    assert_eq!((email.status, email.uncertain, email.replies, email.send_number), (Status::Delivered, false, 1, 1));
    assert_eq!(desk.details(id).await.recipients[0].outcome, Outcome::Accepted);
    room.clock.advance(HOUR);
    room.deliver().await;
    assert_eq!(received(room), 1);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn what_a_node_takes_in_the_same_moment_is_left_to_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = lose(&room).await;
    let action = settle(&room, id, Settlement::SendAgain).await;
    room.clock.advance(10 * SECOND);
    let mut tx = room.engine.db().begin().await.unwrap();
    let node = NodeId(uuid::Uuid::from_u128(9));
    assert_eq!(store::emails::claim_these(&mut tx, room.actor.workspace, node, &[id]).await.unwrap().len(), 1);
    let (engine, actor) = (room.engine.clone(), room.actor.clone());
    let undoing = tokio::spawn(async move { engine.undo(&actor, action.id.unwrap()).await });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    tx.commit().await.unwrap();
    let undone = undoing.await.unwrap().unwrap();
    assert_eq!(undone.skipped, [Skipped { id, reason: SkipReason::ChangedSince }]);
    let (email, recipients) = standing(&room, id).await;
    assert_eq!((email.status, email.uncertain, email.send_number), (Status::InProgress, false, 2));
    assert_eq!((recipients[0].outcome, recipients[0].send_number), (Outcome::Waiting, 2));
}

#[rstest]
#[tokio::test]
async fn only_who_may_settle_it_takes_it_back(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let id = lose(&room).await;
    let mia = join(&room.engine, &room.actor, "Mia Member", Role::Member).await;
    assert!(matches!(room.engine.settle_uncertain(&mia, id, Settlement::Arrived).await, Err(Error::NotFound)));
    let action = settle(&room, id, Settlement::Arrived).await;
    assert!(matches!(room.engine.undo(&mia, action.id.unwrap()).await, Err(Error::NotFound)));
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    for kind in [ActionKind::Arrived, ActionKind::SendAgain] {
        let asked = room.engine.act(&room.actor, kind, &[id], None).await;
        assert!(matches!(asked, Err(Error::Invalid(_))), "not one of those for many");
    }
}

#[rstest]
#[tokio::test]
async fn who_may_have_their_copy_gets_no_other_with_a_retry(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft("accept.marta@brisamar.example").await.listed.email;
    let cc = Some(vec![Copy { name: String::new(), address: NOBODY.into() }]);
    let change = DraftChange { cc, ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    let outcome = async || {
        let (email, recipients) = standing(&room, draft.id).await;
        (email.status, recipients.into_iter().find(|it| it.address == NOBODY).unwrap().outcome)
    };
    assert_eq!((outcome().await, received(&room)), ((Status::Delivered, Outcome::Uncertain), 1));

    room.engine.act(&room.actor, ActionKind::ReportSpam, &[draft.id], None).await.unwrap();
    room.resume_all().await;
    let retried = room.engine.act(&room.actor, ActionKind::Retry, &[draft.id], None).await.unwrap();
    assert_eq!(retried.changed, [draft.id]);
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert_eq!(room.world.inbox("accept.marta@brisamar.example").len(), 2);
    assert_eq!((outcome().await, received(&room)), ((Status::Delivered, Outcome::Uncertain), 1));
}
