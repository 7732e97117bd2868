//! Taking back what sends an email: it is what it was before, in its row and in its ledger.

use domain::{
    EmailId, Status,
    authorization::Role,
    ledger::Outcome,
    limits::Limits,
    time::{HOUR, MINUTE, SECOND},
};
use engine::{
    Error,
    emails::{ActionKind, Copy, DraftChange, Settlement, UndoResult},
    identities::IdentityChange,
};
use rstest::rstest;
use store::emails::Email;

use crate::{
    incoming::{Desk, Refusal, dsn, header_of},
    mailroom::{Mailroom, channel_to},
    support::{Backend, join},
    uncertain::{lose, standing},
};

const MARTA: &str = "accept.marta@brisamar.example";
const FULL: &str = "full.suzuki@minato.example";
const GONE: &str = "nobody.here@brisamar.example";

/// An email that its To took and sent back, with one copy that was taken and one that was refused.
async fn sent_back(desk: &Desk) -> EmailId {
    let room = &desk.room;
    let draft = room.draft(MARTA).await.listed.email;
    let copy = |address: &str| Copy { name: String::new(), address: address.into() };
    let cc = Some(vec![copy("accept.ana@brisamar.example"), copy(GONE)]);
    let change = DraftChange { cc, ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    room.clock.advance(HOUR);
    let full = Refusal { to: MARTA, action: "failed", status: "4.2.2", said: "452 4.2.2 mailbox full" };
    desk.receive(dsn(1, &[full], &header_of(&desk.message_id(draft.id).await))).await;
    room.clock.advance(HOUR);
    draft.id
}

/// Gives the identity of `email` another channel.
async fn move_to_another_channel(room: &Mailroom, email: &Email) {
    let another = room.engine.create_channel(&room.actor, channel_to(&room.world, Limits::default())).await.unwrap();
    let identity = room.engine.identities(&room.actor).await.unwrap().remove(0).identity;
    assert_ne!(email.channel_id, Some(another.channel.id));
    let change = IdentityChange { channel_id: Some(Some(another.channel.id)), ..IdentityChange::default() };
    room.engine.change_identity(&room.actor, identity.id, identity.version, change).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_retry_taken_back_leaves_row_and_ledger_as_they_were(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let room = &desk.room;
    let id = sent_back(&desk).await;
    let before = standing(room, id).await;
    let outcomes: Vec<Outcome> = before.1.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Accepted, Outcome::Accepted, Outcome::Refused]);
    assert_eq!((before.0.status, before.0.attempts), (Status::Bounced, 1));
    move_to_another_channel(room, &before.0).await;

    let retried = room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    let (row, ledger) = standing(room, id).await;
    assert_eq!((row.send_number, row.attempts, ledger[0].outcome), (2, 0, Outcome::Waiting));
    assert_ne!(row.channel_id, before.0.channel_id);
    room.clock.advance(2 * SECOND);
    let undone = room.engine.undo(&room.actor, retried.id.unwrap()).await.unwrap();
    assert_eq!(undone, UndoResult { restored: vec![id], skipped: vec![] });
    assert_eq!(standing(room, id).await, before);
    room.clock.advance(HOUR);
    room.deliver().await;
    assert_eq!(room.world.inbox(MARTA).len(), 1, "nothing left");
    desk.rebuilds_the_same().await;

    room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert_eq!((room.world.inbox(MARTA).len(), room.email(id).await.listed.email.send_number), (2, 2));
}

#[rstest]
#[tokio::test]
async fn an_email_of_a_retry_of_many_is_taken_back_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let room = &desk.room;
    let ids = [room.send(FULL).await, room.send("full.mori@minato.example").await];
    room.deliver().await;
    let before = standing(room, ids[0]).await;
    let retried = room.engine.act(&room.actor, ActionKind::Retry, &ids, None).await.unwrap();
    let back = room.engine.unsend(&room.actor, ids[0]).await.unwrap();
    assert_eq!(back.email.status, Status::Bounced);
    assert_eq!(standing(room, ids[0]).await, before);
    assert_eq!(room.email(ids[1]).await.listed.email.status, Status::Scheduled);
    let undone = room.engine.undo(&room.actor, retried.id.unwrap()).await.unwrap();
    assert_eq!((undone.restored, undone.skipped.len()), (vec![ids[1]], 1));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn what_put_an_email_into_the_queue_last_is_what_is_taken_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let (room, engine, actor) = (&desk.room, desk.engine(), &desk.room.actor);
    let lost = lose(room).await;
    let uncertain = standing(room, lost).await;
    engine.settle_uncertain(actor, lost, Settlement::SendAgain).await.unwrap();
    engine.unsend(actor, lost).await.unwrap();
    assert_eq!(standing(room, lost).await, uncertain);

    let draft = room.draft(MARTA).await.listed.email;
    let tomorrow = room.engine.now().plus(24 * HOUR);
    engine.send(actor, draft.id, draft.version, Some(tomorrow)).await.unwrap();
    engine.act(actor, ActionKind::SendNow, &[draft.id], None).await.unwrap();
    let back = engine.unsend(actor, draft.id).await.unwrap().email;
    assert_eq!((back.status, back.due_at), (Status::Scheduled, Some(tomorrow)), "it was to go tomorrow");
    let back = engine.unsend(actor, draft.id).await.unwrap().email;
    assert_eq!(back.status, Status::Draft);
    assert!(matches!(engine.unsend(actor, draft.id).await, Err(Error::Conflict("too_late"))));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn what_nothing_is_known_of_becomes_a_draft_and_what_has_left_stays(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (engine, actor) = (&room.engine, &room.actor);
    let draft = room.draft(MARTA).await.listed.email;
    engine.send(actor, draft.id, draft.version, None).await.unwrap();
    let edited = engine.act(actor, ActionKind::Edit, &[draft.id], None).await.unwrap();
    room.clock.advance(MINUTE);
    // Taking Edit back queues it anew, and that is no action of its own.
    engine.undo(actor, edited.id.unwrap()).await.unwrap();
    assert_eq!(room.email(draft.id).await.listed.email.status, Status::Scheduled);
    let mia = join(engine, actor, "Mia Member", Role::Member).await;
    assert!(matches!(engine.unsend(&mia, draft.id).await, Err(Error::NotFound)));
    assert_eq!(engine.unsend(actor, draft.id).await.unwrap().email.status, Status::Draft);

    let version = room.email(draft.id).await.listed.email.version;
    engine.send(actor, draft.id, version, None).await.unwrap();
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert!(matches!(engine.unsend(actor, draft.id).await, Err(Error::Conflict("too_late"))));
    assert_eq!(room.email(draft.id).await.listed.email.status, Status::Delivered);
}
