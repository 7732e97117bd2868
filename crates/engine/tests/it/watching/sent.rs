//! What the Sent folder tells: under which ids our messages stand there.

use domain::{authorization::Role, incoming::Kind};
use engine::Engine;
use rstest::rstest;
use store::sent_ids::{self, Sending};
use tokio::time::{Duration, sleep, timeout};

use super::{Lookout, MARTA, PATIENCE, Watching};
use crate::{
    incoming::{dsn, header_of, reply, unknown},
    mailboxes::mailbox_on,
    support::{Backend, join},
};

/// Nobody we know: without the id, nothing says what an answer from here is about.
const COLLEAGUE: &str = "somebody.else@brisamar.example";

/// The message to `address` as a provider keeps it that gives messages ids of its own.
fn renamed(desk: &Lookout, address: &str, id: &str) -> Vec<u8> {
    let raw = String::from_utf8(desk.room.world.inbox(address)[0].raw.to_vec()).unwrap();
    raw.replace("Message-ID:", &format!("Message-ID: <{id}>\r\nX-Former-Message-ID:")).into_bytes()
}

async fn known(engine: &Engine, desk: &Lookout, id: &str) -> Option<Sending> {
    let mut tx = engine.db().read().await.unwrap();
    sent_ids::find(&mut tx, desk.room.actor.workspace, &[id]).await.unwrap().remove(id)
}

#[rstest]
#[tokio::test]
async fn an_answer_to_the_id_that_the_provider_gave_finds_its_email(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Lookout::open(backend, |_| {}).await;
    let (id, _) = desk.delivered(MARTA).await;
    let sent = desk.dovecot.folder("elena", "Sent");
    sent.deliver(&renamed(&desk, MARTA, "AM0PR1@outlook.example"));
    let watching = Watching::begin(&desk.room.engine);
    desk.until_looked().await;
    desk.inbox().deliver(reply(COLLEAGUE, "AM0PR1@outlook.example", "Gladly.").as_bytes());
    desk.until_read("INBOX", 1).await;
    assert_eq!(desk.email(id).await.replies, 1);

    // What is sent while it is watched is known before the answer to it is read.
    let (second, _) = desk.delivered("accept.ana@brisamar.example").await;
    sent.deliver(&renamed(&desk, "accept.ana@brisamar.example", "AM0PR2@outlook.example"));
    let bounce = dsn(1, &[unknown("accept.ana@brisamar.example")], &header_of("AM0PR2@outlook.example"));
    desk.inbox().deliver(bounce.as_bytes());
    desk.until_read("INBOX", 2).await;
    assert_eq!(desk.email(second).await.status, domain::Status::Bounced);
    watching.end().await;
    assert_eq!(sent.flags(), ["", ""], "nothing was changed by reading");
    let view = desk.view().await;
    let progress = view.folders.iter().find(|folder| folder.folder == "Sent").unwrap();
    assert_eq!((progress.last_uid, progress.messages), (2, 0), "it brings no mail");
    assert_eq!(
        view.found.iter().map(|it| (it.kind, it.messages)).collect::<Vec<_>>(),
        [(Kind::HardBounce, 1), (Kind::Reply, 1)]
    );
}

#[rstest]
#[tokio::test]
async fn a_folder_that_keeps_what_was_sent_beside_what_came_is_read_for_both(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Lookout::open(backend, |input| input.sent_folder = Some("INBOX".into())).await;
    let (id, _) = desk.delivered(MARTA).await;
    desk.inbox().deliver(&renamed(&desk, MARTA, "AM0PR1@outlook.example"));
    desk.inbox().deliver(reply(COLLEAGUE, "AM0PR1@outlook.example", "Gladly.").as_bytes());
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("INBOX", 2).await;
    watching.end().await;
    assert_eq!(desk.email(id).await.replies, 1);
}

#[rstest]
#[tokio::test]
async fn whoever_puts_something_into_their_sent_folder_learns_nothing_about_the_emails_of_others(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Lookout::open(backend, |input| input.reads = false).await;
    desk.delivered(MARTA).await;
    let mia = join(&desk.room.engine, &desk.room.actor, "Mia Member", Role::Member).await;
    let theirs = desk.room.engine.create_mailbox(&mia, mailbox_on(&desk.dovecot)).await.unwrap().mailbox;
    let sent = desk.dovecot.folder("elena", "Sent");
    sent.deliver(&renamed(&desk, MARTA, "claimed@outlook.example"));
    sent.deliver(b"X-Quarterdeck-Email: 00000000000070008000000000000001.1\nMessage-ID: <nobodys@x.example>\n\nHi\n");
    sent.deliver(b"X-Quarterdeck-Email: \nMessage-ID: <empty@x.example>\n\nHi\n");
    let watching = Watching::begin(&desk.room.engine);
    let is_read = async || {
        let read = desk.room.engine.mailbox(&mia, theirs.id).await.unwrap().folders;
        read.iter().any(|folder| folder.folder == "Sent" && folder.last_uid == 3)
    };
    let read = async {
        while !is_read().await {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, read).await.expect("it is read");
    watching.end().await;
    for id in ["claimed@outlook.example", "nobodys@x.example", "empty@x.example"] {
        assert_eq!(known(&desk.room.engine, &desk, id).await, None, "{id}");
    }
}

#[tokio::test]
async fn a_sent_folder_that_is_not_there_keeps_nobody_from_reading() {
    let desk = Lookout::open(Backend::Sqlite, |input| input.sent_folder = Some("Nowhere".into())).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    desk.inbox().deliver(reply(MARTA, &message_id, "Yes, gladly.").as_bytes());
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("INBOX", 1).await;
    watching.end().await;
    assert_eq!(desk.email(id).await.replies, 1);
}
