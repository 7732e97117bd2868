//! What was deleted and cannot come back: it goes, and nothing that is still there misses it.

use domain::{
    EmailId, Status,
    incoming::Kind,
    time::{DAY, HOUR, SECOND},
};
use engine::{
    Error,
    conversation::Part,
    emails::{ActionKind, ActionResult, Beginning, DraftChange, Upload},
    unsubscribe::Wish,
};
use rstest::rstest;

use crate::{
    incoming::{Desk, dsn, header_of, reply, unknown},
    support::Backend,
};

const MARTA: &str = "accept.marta@b.example";
const TOM: &str = "accept.tom@b.example";

async fn act(desk: &Desk, kind: ActionKind, id: EmailId) -> ActionResult {
    let done = desk.engine().act(&desk.room.actor, kind, &[id], None).await.unwrap();
    assert_eq!(done.changed, [id], "{kind:?}");
    done
}

/// How many rows of a table belong to an email or a content.
async fn rows(desk: &Desk, table: &str) -> i64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    let written = store::backup::write(desk.engine().db(), "0", desk.engine().now(), file, |_, _| ()).await.unwrap();
    written.get(table).copied().unwrap_or(0).try_into().unwrap()
}

async fn draft_with_a_file(desk: &Desk, address: &str) -> EmailId {
    let draft = desk.room.draft(address).await.listed.email;
    let upload = Upload {
        name: "offer.pdf".into(),
        content_type: "application/pdf".into(),
        content: b"%PDF-1.7".to_vec(),
        inline: false,
    };
    desk.engine().attach(&desk.room.actor, draft.id, upload).await.unwrap();
    draft.id
}

#[rstest]
#[tokio::test]
async fn a_draft_that_was_deleted_can_come_back_for_thirty_days_and_is_then_gone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let engine = desk.engine();
    let [kept, gone] = [draft_with_a_file(&desk, MARTA).await, draft_with_a_file(&desk, TOM).await];
    let done = act(&desk, ActionKind::Delete, gone).await;
    desk.room.clock.advance(30 * DAY);
    assert_eq!(engine.erase_deleted().await.unwrap(), 0);
    engine.undo(&desk.room.actor, done.id.unwrap()).await.unwrap();
    assert_eq!(desk.email(gone).await.status, Status::Draft);

    let done = act(&desk, ActionKind::Delete, gone).await;
    desk.room.clock.advance(30 * DAY + SECOND);
    let bodies = rows(&desk, "email_bodies").await;
    assert_eq!((engine.erase_deleted().await.unwrap(), engine.erase_deleted().await.unwrap()), (1, 0));
    assert_eq!(rows(&desk, "email_bodies").await, bodies - 1);
    assert_eq!(
        (rows(&desk, "attachments").await, rows(&desk, "blobs").await),
        (1, 1),
        "the other one has the same file"
    );
    assert!(matches!(engine.email(&desk.room.actor, gone).await, Err(Error::NotFound)));
    assert!(matches!(engine.undo(&desk.room.actor, done.id.unwrap()).await, Err(Error::Conflict("too_late"))));
    assert_eq!(desk.email(kept).await.attachment_count, 1);
    desk.rebuilds_the_same().await;

    act(&desk, ActionKind::Delete, kept).await;
    desk.room.clock.advance(31 * DAY);
    assert_eq!(engine.erase_deleted().await.unwrap(), 1);
    for table in ["attachments", "blobs", "email_bodies", "emails", "events", "recipients"] {
        assert_eq!(rows(&desk, table).await, 0, "{table}");
    }
}

#[rstest]
#[tokio::test]
async fn of_an_email_that_left_the_words_go_and_its_recipient_misses_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let engine = desk.engine();
    let actor = &desk.room.actor;
    let email = desk.delivered(MARTA).await;
    let message_id = desk.message_id(email.id).await;
    let answer = desk.receive(reply(MARTA, &message_id, "Thursday works.")).await.id.unwrap();
    act(&desk, ActionKind::Archive, email.id).await;
    act(&desk, ActionKind::Delete, email.id).await;
    let link = engine.unsubscribe_link(actor.workspace, email.id);
    let token = link.rsplit_once('/').unwrap().1;
    desk.room.clock.advance(30 * DAY + HOUR);
    assert_eq!((engine.erase_deleted().await.unwrap(), engine.erase_deleted().await.unwrap()), (1, 0));
    assert_eq!(rows(&desk, "email_bodies").await, 0);
    assert!(matches!(engine.email(actor, email.id).await, Err(Error::NotFound)), "nothing is shown of it");
    assert_eq!(engine.message_as_sent(actor, email.id).await.unwrap().text, "");
    let mut tx = engine.db().read().await.unwrap();
    let sent = store::bodies::last_sent(&mut tx, actor.workspace, email.id).await.unwrap();
    assert_eq!((sent.subject.as_str(), sent.html.as_str(), sent.message_id), ("", "", message_id.clone()));
    drop(tx);
    desk.rebuilds_the_same().await;

    let page = engine.conversation(actor, email.person_id.unwrap(), 10, None).await.unwrap();
    assert!(matches!(&page.parts[..], [Part::CameBack(it)] if it.received.kind == Kind::Reply), "{:?}", page.parts);
    let beginning = Beginning::Reply(answer);
    let draft = engine.begin_draft(actor, beginning, DraftChange::default()).await.unwrap();
    assert!(draft.body.references.contains(&message_id), "{}", draft.body.references);

    let bounced = desk.receive(dsn(1, &[unknown(MARTA)], &header_of(&message_id))).await;
    assert!(bounced.id.is_some(), "it is still known as ours: {bounced:?}");
    engine.landing(token, None).await.unwrap();
    engine.unsubscribe(token, Wish::default()).await.unwrap();
    assert!(!engine.stops(actor, None, None, 10).await.unwrap().is_empty());
}
