//! What is told of stops: of an email that could only fail again, and to whom what the recipient wrote is shown.

use domain::{
    EmailId, PersonId,
    authorization::{Actor, Role},
    incoming::Kind,
    reasons::FailureReason,
    stops::Cause,
    time::SECOND,
};
use engine::{
    emails::{ActionKind, DraftChange, Listed},
    people::NewPerson,
};
use rstest::rstest;
use store::bodies::Copy;

use crate::{
    incoming::{Desk, reply},
    mailroom::Mailroom,
    support::{Backend, join},
};

const MARTA: &str = "accept.marta@b.example";
const TOM: &str = "accept.tom@b.example";

/// An email that the recipient's server refused by a rule.
const REFUSED: &str = "spamfilter.rahman@delta.example";

async fn row(room: &Mailroom, id: EmailId) -> Listed {
    room.engine.email_row(&room.actor, id).await.unwrap()
}

/// Why these emails could not be sent again.
async fn held(room: &Mailroom, ids: &[EmailId]) -> Vec<Option<FailureReason>> {
    let mut rows = Vec::new();
    for &id in ids {
        rows.push(row(room, id).await);
    }
    room.engine.held(&rows).await.unwrap()
}

async fn draft(room: &Mailroom, person: PersonId, non_commercial: bool) -> EmailId {
    let change = DraftChange {
        person_id: Some(Some(person)),
        subject: Some("Hello".into()),
        body_html: Some("<p>Hello</p>".into()),
        non_commercial: Some(non_commercial),
        ..DraftChange::default()
    };
    let email = room.engine.create_draft(&room.actor, None, change).await.unwrap().listed.email;
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    email.id
}

#[rstest]
#[tokio::test]
async fn what_could_only_fail_again_says_why_whatever_it_failed_for(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let person = room.person(REFUSED).await;
    let commercial = draft(&room, person, false).await;
    let invoice = draft(&room, person, true).await;
    let (delivered, elsewhere) = (room.send(MARTA).await, room.send("full.suzuki@minato.example").await);
    room.deliver().await;
    let ids = [commercial, delivered, invoice, elsewhere];
    let failed = row(&room, commercial).await.email.failure_reason;
    assert_eq!(failed, Some(FailureReason::RefusedAsSpam));
    assert_eq!(held(&room, &ids).await, [None; 4]);

    let action = room.engine.unsubscribe_by_hand(&room.actor, person, None, "").await.unwrap();
    let unsubscribed = Some(FailureReason::Unsubscribed);
    assert_eq!(held(&room, &ids).await, [unsubscribed, None, None, None], "an invoice reaches who unsubscribed");
    let retried = room.engine.act(&room.actor, ActionKind::Retry, &[commercial, invoice], None).await.unwrap();
    assert_eq!((retried.changed, retried.skipped.len()), (vec![invoice], 1), "what is told is what happens");
    room.engine.undo(&room.actor, retried.id.unwrap()).await.unwrap();

    room.engine.block_domain(&room.actor, "minato.example").await.unwrap();
    let blocked = Some(FailureReason::BlockedDomain);
    assert_eq!(held(&room, &ids).await, [unsubscribed, None, None, blocked]);
    room.engine.unblock_domain(&room.actor, "minato.example").await.unwrap();
    room.engine.undo(&room.actor, action.id.unwrap()).await.unwrap();
    assert_eq!(held(&room, &ids).await, [None; 4]);
}

#[rstest]
#[tokio::test]
async fn what_failed_because_somebody_unsubscribed_can_be_sent_again_when_mail_goes_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let person = room.person(MARTA).await;
    let id = draft(&room, person, false).await;
    let action = room.engine.unsubscribe_by_hand(&room.actor, person, None, "").await.unwrap();
    assert_eq!(held(&room, &[id]).await, [Some(FailureReason::Unsubscribed)]);
    room.clock.advance(SECOND);
    room.resume_all().await;
    assert!(action.id.is_some());
    assert_eq!(held(&room, &[id]).await, [None]);
}

/// Tom is Mia's, and has a copy of an email of Elena's.
async fn copied_to_tom(desk: &Desk, mia: &Actor) -> (EmailId, PersonId) {
    let engine = desk.engine();
    let tom = NewPerson { address: TOM.into(), ..NewPerson::default() };
    let tom = engine.create_person(mia, tom).await.unwrap().person.id;
    let email = desk.room.draft(MARTA).await.listed.email;
    let cc = Some(vec![Copy { name: String::new(), address: TOM.into() }]);
    let change = DraftChange { cc, ..DraftChange::default() };
    let email = engine.edit_draft(&desk.room.actor, email.id, email.version, change).await.unwrap().listed.email;
    engine.send(&desk.room.actor, email.id, email.version, None).await.unwrap();
    desk.room.clock.advance(10 * SECOND);
    desk.room.deliver().await;
    (email.id, tom)
}

#[rstest]
#[tokio::test]
async fn what_a_recipient_wrote_to_a_colleague_is_no_note_for_others(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let engine = desk.engine();
    let mia = join(engine, &desk.room.actor, "Mia Member", Role::Member).await;
    let (email, tom) = copied_to_tom(&desk, &mia).await;
    let id = desk.message_id(email).await;
    let received = desk.receive(reply(TOM, &id, "Please remove me from your list.")).await;
    assert_eq!((received.kind, received.email), (Kind::Unsubscribe, Some(email)));

    let told = engine.stops_of_person(&mia, tom).await.unwrap();
    let stop = &told.holding[0];
    assert_eq!((stop.stop.cause, &stop.stop.note, &stop.subject), (Cause::Unsubscribed, &None, &None));
    let change = &told.history[0];
    assert_eq!((change.change.cause, &change.change.note, &change.subject), (Cause::Unsubscribed, &None, &None));
    assert_eq!(engine.stops(&mia, None, None, 10).await.unwrap()[0].stop.note, None);

    let administrator = &engine.stops(&desk.room.actor, None, None, 10).await.unwrap()[0].stop;
    assert_eq!(administrator.note.as_deref(), Some("Please remove me from your list."));
    // Whoever looks as Mia does sees what she sees.
    let looking = Actor { view_as: Some(mia.user), ..desk.room.actor.clone() };
    assert_eq!(engine.stops_of_person(&looking, tom).await.unwrap().holding[0].stop.note, None);
}

#[rstest]
#[tokio::test]
async fn what_a_server_or_a_user_said_of_a_stop_is_for_everybody_who_sees_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let engine = desk.engine();
    let mia = join(engine, &desk.room.actor, "Mia Member", Role::Member).await;
    let (email, tom) = copied_to_tom(&desk, &mia).await;
    let header = crate::incoming::header_of(&desk.message_id(email).await);
    desk.receive(crate::incoming::dsn(1, &[crate::incoming::unknown(TOM)], &header)).await;
    engine.unsubscribe_by_hand(&mia, tom, None, "asked on the phone").await.unwrap();
    let notes: Vec<_> =
        engine.stops_of_person(&mia, tom).await.unwrap().holding.into_iter().map(|it| it.stop.note).collect();
    assert_eq!(notes, [Some("asked on the phone".to_owned()), Some("User unknown".to_owned())]);
}
