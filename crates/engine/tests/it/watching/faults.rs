//! What goes wrong is shown on the mailbox, rests, and touches no email.

use std::{io::Write, net::TcpListener, time::Duration};

use domain::time::{HOUR, MINUTE, SECOND};
use engine::mailboxes::MailboxChange;
use rstest::rstest;
use tokio::time::sleep;

use super::{Lookout, MARTA, Watching};
use crate::support::Backend;

#[rstest]
#[tokio::test]
async fn a_wrong_password_is_shown_and_not_tried_again_until_somebody_changes_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Lookout::open(backend, |input| input.password = Some("wrong".into())).await;
    let watching = Watching::begin(&desk.room.engine);
    let refused = |view: &engine::mailboxes::MailboxView| {
        view.watch.as_ref().is_some_and(|watch| watch.problem.as_deref() == Some("credentials_refused"))
    };
    desk.until("refused", refused).await;
    let watch = desk.view().await.watch.unwrap();
    let rest = watch.rest_until.unwrap().since(desk.room.engine.now());
    assert!((11 * MINUTE..19 * MINUTE).contains(&rest) && watch.node_id.is_none(), "{watch:?}");
    assert!(!format!("{watch:?}").contains("wrong"));

    let change = MailboxChange { password: Some("open sesame 7".into()), ..MailboxChange::default() };
    desk.room.engine.change_mailbox(&desk.room.actor, desk.mailbox, 1, change).await.unwrap();
    desk.until_looked().await;
    assert_eq!(desk.view().await.watch.unwrap().problem, None);
    watching.end().await;
}

#[tokio::test]
async fn a_server_that_speaks_nonsense_is_shown_when_it_goes_on_and_touches_no_email() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.write_all(b"220 mx.example ESMTP\r\n");
        }
    });
    let desk = Lookout::open(Backend::Sqlite, |input| input.port = port.into()).await;
    let (id, _) = desk.delivered(MARTA).await;
    let before = desk.email(id).await;
    let watching = Watching::begin(&desk.room.engine);
    desk.until("one fault", |view| view.watch.as_ref().is_some_and(|watch| watch.faults == 1)).await;
    let first = desk.view().await.watch.unwrap();
    assert_eq!((first.problem, first.connected_at), (None, None), "a connection may break once");
    assert!(first.rest_until.unwrap().since(desk.room.engine.now()) < 10 * SECOND);
    desk.room.clock.advance(MINUTE);
    desk.until("two faults", |view| view.watch.as_ref().is_some_and(|watch| watch.faults == 2)).await;
    let second = desk.view().await.watch.unwrap();
    assert_eq!(second.problem.as_deref(), Some("not_imap"));
    desk.room.clock.advance(HOUR);
    desk.until("three faults", |view| view.watch.as_ref().is_some_and(|watch| watch.faults == 3)).await;
    watching.end().await;
    assert_eq!(desk.email(id).await, before);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_said() {
    let desk =
        Lookout::open(Backend::Sqlite, |input| input.read_folders = vec!["Nowhere".into(), "INBOX".into()]).await;
    let watching = Watching::begin(&desk.room.engine);
    desk.until("one fault", |view| view.watch.as_ref().is_some_and(|watch| watch.faults == 1)).await;
    desk.room.clock.advance(MINUTE);
    desk.until("refused", |view| {
        view.watch
            .as_ref()
            .is_some_and(|watch| watch.problem_text.as_ref().is_some_and(|text| text.contains("Nowhere")))
    })
    .await;
    watching.end().await;
}

#[tokio::test]
async fn a_mailbox_that_is_deleted_is_left_at_once() {
    let desk = Lookout::open(Backend::Sqlite, |_| {}).await;
    let watching = Watching::begin(&desk.room.engine);
    desk.until_looked().await;
    desk.room.engine.delete_mailbox(&desk.room.actor, desk.mailbox).await.unwrap();
    sleep(Duration::from_millis(300)).await;
    let mut tx = desk.room.engine.db().read().await.unwrap();
    let workspace = desk.room.actor.workspace;
    assert_eq!(store::mailbox_watches::find(&mut tx, workspace, desk.mailbox).await.unwrap(), None);
    assert_eq!(store::mailbox_folders::list(&mut tx, workspace, desk.mailbox).await.unwrap(), []);
    drop(tx);
    watching.end().await;
}
