//! Mailboxes that are watched: a real Dovecot, real time, and what comes back finds its email.

mod broken_message;
mod consent;
mod faults;
mod nodes;
mod poison;
mod sent;
mod turns;

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use domain::{EmailId, MailboxId, Status, incoming::Kind, time::DAY};
use engine::{
    Engine,
    mailboxes::{MailboxChange, MailboxInput, MailboxView},
};
use rstest::rstest;
use store::emails::Email;
use testbed::dovecot::{Dovecot, Folder};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    incoming::{dsn, header_of, reply, unknown},
    mailboxes::mailbox_on,
    mailroom::Mailroom,
    support::Backend,
};

const MARTA: &str = "accept.marta@brisamar.example";

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// A mailroom whose owner has a mailbox on a Dovecot.
pub(crate) struct Lookout {
    pub(crate) room: Mailroom,
    pub(crate) dovecot: Dovecot,
    pub(crate) mailbox: MailboxId,
}

/// A running worker.
pub(crate) struct Watching {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Watching {
    pub(crate) fn begin(engine: &Engine) -> Self {
        let stop = CancellationToken::new();
        Self { task: tokio::spawn(engine.clone().watch_mailboxes_until(stop.clone())), stop }
    }

    pub(crate) async fn end(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task).await.expect("it ends when told").unwrap();
    }

    /// As when the process is killed.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

impl Lookout {
    pub(crate) async fn open(backend: Backend, change: impl FnOnce(&mut MailboxInput)) -> Self {
        let (room, dovecot) = (Mailroom::open(backend).await, Dovecot::start());
        let mut input = mailbox_on(&dovecot);
        change(&mut input);
        let mailbox = room.engine.create_mailbox(&room.actor, input).await.unwrap().mailbox.id;
        Self { room, dovecot, mailbox }
    }

    pub(crate) fn inbox(&self) -> Folder {
        self.dovecot.folder("elena", "INBOX")
    }

    pub(crate) async fn view(&self) -> MailboxView {
        self.room.engine.mailbox(&self.room.actor, self.mailbox).await.unwrap()
    }

    pub(crate) async fn delivered(&self, address: &str) -> (EmailId, String) {
        let id = self.room.send(address).await;
        self.room.deliver().await;
        let mut tx = self.room.engine.db().read().await.unwrap();
        let sent = store::bodies::last_sent(&mut tx, self.room.actor.workspace, id).await.unwrap();
        (id, sent.message_id)
    }

    pub(crate) async fn email(&self, id: EmailId) -> Email {
        self.room.email(id).await.listed.email
    }

    /// Waits until the mailbox is as `fits` says; how long that took.
    pub(crate) async fn until(&self, what: &str, fits: impl Fn(&MailboxView) -> bool) -> Duration {
        let begun = Instant::now();
        loop {
            let view = self.view().await;
            if fits(&view) {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < PATIENCE, "never {what}: {view:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn until_looked(&self) {
        self.until("looked", |view| view.watch.as_ref().is_some_and(|watch| watch.looked_at.is_some())).await;
    }

    /// Waits until so many messages were read in a folder.
    pub(crate) async fn until_read(&self, folder: &str, messages: u64) -> Duration {
        let read = |view: &MailboxView| view.folders.iter().any(|at| at.folder == folder && at.messages >= messages);
        self.until(&format!("{messages} in {folder}"), read).await
    }
}

#[rstest]
#[tokio::test]
async fn a_reply_is_seen_at_once_and_no_flag_changes(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Lookout::open(backend, |_| {}).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    let watching = Watching::begin(&desk.room.engine);
    desk.until_looked().await;
    sleep(Duration::from_millis(500)).await;
    desk.inbox().deliver(reply(MARTA, &message_id, "Yes, gladly.").as_bytes());
    let took = desk.until_read("INBOX", 1).await;
    // Told by IDLE: whoever only looks now and then finds it after half a minute. (On a machine that does nothing else it takes a
    // tenth of a second.)
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert_eq!(desk.email(id).await.replies, 1);
    assert_eq!(desk.inbox().flags(), [""], "nothing was changed by reading");
    let view = desk.view().await;
    assert_eq!(view.found.iter().map(|found| (found.kind, found.messages)).collect::<Vec<_>>(), [(Kind::Reply, 1)]);
    assert!(view.watch.is_some_and(|watch| watch.connected_at.is_some() && watch.problem.is_none()));
    watching.end().await;
    assert!(desk.view().await.watch.is_some_and(|watch| watch.connected_at.is_none() && watch.node_id.is_none()));
}

#[rstest]
#[tokio::test]
async fn a_bounce_that_was_taken_for_junk_is_found(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Lookout::open(backend, |_| {}).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    desk.dovecot.folder("elena", "Junk").deliver(dsn(1, &[unknown(MARTA)], &header_of(&message_id)).as_bytes());
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("Junk", 1).await;
    assert_eq!(desk.email(id).await.status, Status::Bounced);
    watching.end().await;
}

#[tokio::test]
async fn at_first_it_is_read_as_far_back_as_three_days_and_no_further() {
    let desk = Lookout::open(Backend::Sqlite, |_| {}).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    let days_ago = |days: i64| {
        let moment = desk.room.engine.now().plus(-days * DAY);
        SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(moment.0).unwrap())
    };
    desk.inbox().deliver_at(reply(MARTA, &message_id, "Long ago.").as_bytes(), days_ago(30));
    desk.inbox().deliver_at(reply(MARTA, &message_id, "The day before yesterday.").as_bytes(), days_ago(2));
    let watching = Watching::begin(&desk.room.engine);
    desk.until_looked().await;
    watching.end().await;
    assert_eq!(desk.email(id).await.replies, 1);
    assert_eq!(desk.view().await.folders.iter().map(|folder| folder.messages).sum::<u64>(), 1);
}

#[rstest]
#[tokio::test]
async fn a_folder_that_is_numbered_anew_is_read_on_and_nothing_counts_twice(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Lookout::open(backend, |input| input.read_folders = vec!["Leads".into()]).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    let folder = desk.dovecot.folder("elena", "Leads");
    let known = reply(MARTA, &message_id, "Yes, gladly.");
    folder.deliver(b"From: somebody@else.example\r\n\r\nSpring sale\r\n");
    folder.deliver(known.as_bytes());
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("Leads", 2).await;
    let before = desk.view().await.folders.remove(0);
    assert_eq!((before.last_uid, desk.email(id).await.replies), (2, 1));

    // Nobody has it open, and the second has passed that Dovecot takes the new UIDVALIDITY from.
    watching.end().await;
    sleep(Duration::from_millis(1100)).await;
    folder.recreate();
    folder.deliver(known.as_bytes());
    folder.deliver(reply(MARTA, &message_id, "And on Monday?").as_bytes());
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("Leads", 4).await;
    let after = desk.view().await.folders.remove(0);
    assert_ne!(after.uid_validity, before.uid_validity);
    assert_eq!((after.last_uid, desk.email(id).await.replies), (2, 2));
    watching.end().await;
}

#[rstest]
#[tokio::test]
async fn killed_at_any_moment_it_loses_nothing_and_counts_nothing_twice(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    const REPLIES: u32 = 40;
    let desk = Lookout::open(backend, |_| {}).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    for n in 0..REPLIES {
        let text = "x".repeat(usize::try_from(n).unwrap() + 1);
        desk.inbox().deliver(reply(MARTA, &message_id, &text).as_bytes());
    }
    // After the fetch, in the middle of recording, between recording and noting how far it came.
    for moment in [60, 90, 120, 150, 200, 250, 300] {
        let watching = Watching::begin(&desk.room.engine);
        sleep(Duration::from_millis(moment)).await;
        watching.kill().await;
    }
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("INBOX", 1).await;
    desk.until("all", |view| view.folders.iter().any(|at| at.folder == "INBOX" && at.last_uid == REPLIES)).await;
    watching.end().await;
    assert_eq!(desk.email(id).await.replies, REPLIES);
    // As if the last note of how far it came had been lost, too.
    let mut tx = desk.room.engine.db().begin().await.unwrap();
    store::mailbox_folders::forget(&mut tx, desk.room.actor.workspace, desk.mailbox).await.unwrap();
    tx.commit().await.unwrap();
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("INBOX", REPLIES.into()).await;
    watching.end().await;
    assert_eq!(desk.email(id).await.replies, REPLIES);
    assert!(desk.inbox().flags().iter().all(String::is_empty));
}

#[tokio::test]
async fn a_mailbox_that_is_not_to_be_read_is_left_alone() {
    let desk = Lookout::open(Backend::Sqlite, |input| input.reads = false).await;
    let watching = Watching::begin(&desk.room.engine);
    sleep(Duration::from_millis(500)).await;
    assert!(desk.view().await.watch.is_none());
    let change = MailboxChange { reads: Some(true), ..MailboxChange::default() };
    desk.room.engine.change_mailbox(&desk.room.actor, desk.mailbox, 1, change).await.unwrap();
    desk.until_looked().await;
    let change = MailboxChange { reads: Some(false), ..MailboxChange::default() };
    desk.room.engine.change_mailbox(&desk.room.actor, desk.mailbox, 2, change).await.unwrap();
    desk.until("left", |view| view.watch.as_ref().is_some_and(|watch| watch.node_id.is_none())).await;
    watching.end().await;
}

#[tokio::test]
async fn hostile_messages_are_read_like_others_and_block_nothing() {
    let desk = Lookout::open(Backend::Postgres, |_| {}).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    let large =
        [b"From: a@b.example\nSubject: large\n\n".as_slice(), &b"0123456789abcdef\n".repeat(3_000_000)].concat();
    let mut nested = String::from("From: a@b.example\n");
    for n in 0..10_000 {
        let _ = write!(nested, "Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n");
    }
    desk.inbox().deliver(&large);
    desk.inbox().deliver(nested.as_bytes());
    desk.inbox().deliver(b"From: \x00\xff <a\x00@b.example>\nSubject: \x00\xfe=?utf-8?q?=00?=\nContent-Type: text/plain; charset=klingon\n\n\x00\xff\n");
    desk.inbox().deliver(reply(MARTA, &message_id, "Yes, gladly.").as_bytes());
    let watching = Watching::begin(&desk.room.engine);
    desk.until_read("INBOX", 4).await;
    watching.end().await;
    assert_eq!(desk.email(id).await.replies, 1);
    let view = desk.view().await;
    assert_eq!(view.folders.iter().map(|folder| folder.stepped_over).sum::<u64>(), 0, "{view:?}");
}
