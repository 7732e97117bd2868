//! A message that the server cannot give to anybody: it is asked for again, and then no other waits for it.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

use domain::time::HOUR;
use rstest::rstest;
use tokio::time::{Duration, sleep};

use super::{Lookout, MARTA, Watching};
use crate::{incoming::reply, support::Backend};

/// A server with an inbox of two messages, of which it cannot give the first. Answers where it listens.
fn serve(second: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let second = second.clone();
            std::thread::spawn(move || converse(stream, &second));
        }
    });
    port
}

fn converse(mut stream: TcpStream, second: &str) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"* OK ready\r\n")?;
    for line in lines {
        let line = line?;
        let (tag, command) = line.split_once(' ').unwrap_or_default();
        let (told, done) = answer(command, second);
        stream.write_all(format!("{told}{tag} {done}\r\n").as_bytes())?;
    }
    Ok(())
}

/// What it tells, and how it ends the command.
fn answer(command: &str, second: &str) -> (String, &'static str) {
    let told = |text: String| (text, "OK done");
    match command.split(' ').collect::<Vec<_>>()[..] {
        ["CAPABILITY", ..] => told("* CAPABILITY IMAP4rev1\r\n".into()),
        ["LIST", ..] => told("* LIST () \"/\" INBOX\r\n".into()),
        ["EXAMINE", ..] => told("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\n".into()),
        ["UID", "SEARCH", ..] => told("* SEARCH 1 2\r\n".into()),
        ["UID", "FETCH", uids, ..] if command.contains("BODY") && uids.contains('1') => {
            (String::new(), "NO Command Error. 10")
        }
        ["UID", "FETCH", ..] if command.contains("BODY") => {
            told(format!("* 2 FETCH (UID 2 BODY[]<0> {{{}}}\r\n{second})\r\n", second.len()))
        }
        ["UID", "FETCH", uids, ..] => {
            let sizes = uids.split(',').map(|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 500)\r\n"));
            told(sizes.collect())
        }
        _ => told(String::new()),
    }
}

#[rstest]
#[tokio::test]
async fn a_message_that_its_server_cannot_give_is_stepped_over_and_said(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Lookout::open(backend, |input| input.reads = false).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    let port = serve(reply(MARTA, &message_id, "Yes, gladly.").replace("\r\n", "\n").replace('\n', "\r\n"));
    let change = engine::mailboxes::MailboxChange {
        port: Some(port.into()),
        reads: Some(true),
        password: Some("open sesame 7".into()),
        ..Default::default()
    };
    desk.room.engine.change_mailbox(&desk.room.actor, desk.mailbox, 1, change).await.unwrap();
    let watching = Watching::begin(&desk.room.engine);
    for tries in 1..=3 {
        let tried = |view: &engine::mailboxes::MailboxView| {
            view.folders.iter().any(|at| at.tries == tries)
                && view.watch.as_ref().is_some_and(|watch| watch.rest_until.is_some())
        };
        desk.until(&format!("tried {tries} times"), tried).await;
        sleep(Duration::from_millis(200)).await;
        desk.room.clock.advance(HOUR);
    }
    desk.until_read("INBOX", 1).await;
    watching.end().await;
    let inbox = desk.view().await.folders.remove(0);
    assert_eq!((inbox.last_uid, inbox.stepped_over, inbox.tries), (2, 1, 0));
    assert_eq!(desk.email(id).await.replies, 1, "the one behind it was read");
}
