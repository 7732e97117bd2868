//! Reading what is new: from a real Dovecot, and from servers that lie.

use std::time::Duration;

use domain::Timestamp;
use mail::imap::{Cause, Fetched, MAX_MESSAGE, Message, Opened, Session};
use testbed::dovecot::Dovecot;
use tokio::time::{Instant, timeout};

use super::{clear_text, client, patient};
use crate::script::{Act, Script, hear, say};

const PATIENCE: Duration = Duration::from_secs(2);

/// Longer than all that waits for `PATIENCE`, on a machine that is busy, and shorter than the server's silence.
const GIVE_UP: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_mins(1);

const LONG_AGO: Timestamp = Timestamp(0);
const NUMBERED: Opened = Opened { uid_validity: Some(1), uid_next: None, messages: None };

fn message(subject: &str) -> Vec<u8> {
    format!("From: Marta <marta@brisamar.example>\r\nSubject: {subject}\r\n\r\nHello\r\n").into_bytes()
}

async fn inbox(dovecot: &Dovecot) -> (Session, Opened) {
    let mut session = Session::open(&clear_text(dovecot.addr()), &client()).await.unwrap();
    let opened = session.examine("INBOX").await.unwrap();
    (session, opened)
}

/// Everything after `last`, as a watcher reads it.
async fn read(session: &mut Session, opened: Opened, last: u32) -> Vec<Message> {
    let mut uids = session.new_uids(opened, last, LONG_AGO).await.unwrap();
    let mut read = Vec::new();
    while !uids.is_empty() {
        let Fetched { mut messages, settled, .. } = session.fetch(&uids).await.unwrap();
        read.append(&mut messages);
        uids.drain(..settled);
    }
    read
}

#[tokio::test]
async fn what_is_new_is_read_whole_and_stays_unseen() {
    let dovecot = Dovecot::start();
    let folder = dovecot.folder("elena", "INBOX");
    folder.deliver(&message("one"));
    folder.deliver(&message("two"));
    let (mut session, opened) = inbox(&dovecot).await;
    assert!(opened.uid_validity.is_some() && opened.uid_next == Some(3), "{opened:?}");
    let found = read(&mut session, opened, 0).await;
    let text = |message: &Message| String::from_utf8(message.raw.clone()).unwrap();
    assert_eq!(found.iter().map(|message| message.uid).collect::<Vec<_>>(), [1, 2]);
    let mut subjects: Vec<String> = found.iter().map(text).collect();
    subjects.sort();
    assert_eq!(subjects, [String::from_utf8(message("one")).unwrap(), String::from_utf8(message("two")).unwrap()]);
    assert!(found.iter().all(|message| message.received_at.is_some() && !message.is_truncated()), "{found:?}");
    folder.deliver(&message("three"));
    let opened = session.examine("INBOX").await.unwrap();
    let found = read(&mut session, opened, 2).await;
    assert_eq!(found.iter().map(|message| message.uid).collect::<Vec<_>>(), [3]);
    assert_eq!(read(&mut session, opened, 3).await, []);
    session.close().await;
    assert_eq!(folder.flags(), ["", "", ""]);
}

#[tokio::test]
async fn of_a_message_of_50_mb_the_beginning_is_read() {
    let dovecot = Dovecot::start();
    let folder = dovecot.folder("elena", "INBOX");
    folder.deliver(&[message("large"), b"0123456789abcdef\r\n".repeat(2_900_000)].concat());
    folder.deliver(&message("small"));
    let (mut session, opened) = inbox(&dovecot).await;
    let found = read(&mut session, opened, 0).await;
    let (large, small): (Vec<&Message>, Vec<&Message>) = found.iter().partition(|message| message.is_truncated());
    assert_eq!((large.len(), small.len()), (1, 1));
    assert!(large[0].size > 50_000_000 && large[0].raw.len() == MAX_MESSAGE as usize, "{}", large[0].size);
    assert!(large[0].raw.starts_with(b"From: Marta"));
}

#[tokio::test]
async fn ten_thousand_nested_parts_are_bytes_like_others() {
    let dovecot = Dovecot::start();
    let nested: Vec<u8> = (0..10_000)
        .flat_map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n").into_bytes())
        .collect();
    dovecot.folder("elena", "INBOX").deliver(&[b"From: a@b.example\n".as_slice(), &nested].concat());
    let (mut session, opened) = inbox(&dovecot).await;
    let found = read(&mut session, opened, 0).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].raw.len() > nested.len());
}

#[tokio::test]
async fn new_mail_ends_the_waiting_at_once() {
    let dovecot = Dovecot::start();
    let (mut session, opened) = inbox(&dovecot).await;
    assert!(session.can_idle());
    assert_eq!(session.new_uids(opened, 0, LONG_AGO).await.unwrap(), [] as [u32; 0]);
    let folder = dovecot.folder("elena", "INBOX");
    let (waited, ()) = tokio::join!(timeout(Duration::from_secs(20), session.idle(Duration::from_mins(1))), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        folder.deliver(&message("now"));
    });
    waited.expect("it is told").unwrap();
    assert!(session.has_news());
    assert_eq!(read(&mut session, opened, 0).await.len(), 1);
    assert!(!session.has_news());
    let begun = Instant::now();
    session.idle(Duration::from_millis(300)).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(300) && !session.has_news());
    assert_eq!(folder.flags(), [""]);
}

/// A session that `play` has the other side of, from the fourth command on.
async fn with(play: Vec<Act>) -> Session {
    let mut whole = vec![say("* OK ready"), hear("q1 CAPABILITY"), say("* CAPABILITY IMAP4rev1"), say("q1 OK done")];
    whole.extend([
        hear("q2 LOGIN"),
        say("q2 OK in"),
        hear("q3 CAPABILITY"),
        say("* CAPABILITY IDLE"),
        say("q3 OK done"),
    ]);
    whole.extend(play);
    whole.push(Act::Pause(SILENCE));
    let script = Script::play(whole).await;
    Session::open(&clear_text(script.address), &patient(PATIENCE)).await.unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Cause>) -> &'static str {
    match result {
        Err(Cause::Lost(fault)) => fault.code(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn uids_that_were_not_asked_for_are_nobodys() {
    let answer = [hear("q4 UID SEARCH UID 8:* SINCE"), say("* SEARCH 9 3 7 9 8 0"), say("q4 OK done")];
    let mut session = with(answer.to_vec()).await;
    assert_eq!(session.new_uids(NUMBERED, 7, LONG_AGO).await.unwrap(), [8, 9]);
}

#[tokio::test]
async fn what_is_gone_or_somebody_elses_is_not_a_message() {
    let date = "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\"";
    let play = [
        hear("q4 UID FETCH 5,6,7 (UID RFC822.SIZE INTERNALDATE)"),
        say(&format!(
            "* 1 FETCH (UID 5 RFC822.SIZE 5 {date})\r\n* 2 FETCH (UID 99 RFC822.SIZE 1 {date})\r\nq4 OK done"
        )),
        hear("q5 UID FETCH 5 (UID BODY.PEEK[]<0.2097152>)"),
        say("* 1 FETCH (UID 99 BODY[]<0> {2}\r\nno)\r\n* 1 FETCH (UID 5 BODY[]<0> {5}\r\nhello)\r\nq5 OK done"),
    ];
    let Fetched { messages, settled, .. } = with(play.to_vec()).await.fetch(&[5, 6, 7]).await.unwrap();
    let read: Vec<(u32, &[u8])> = messages.iter().map(|message| (message.uid, message.raw.as_slice())).collect();
    assert_eq!((read, settled), (vec![(5, b"hello".as_slice())], 3));
}

#[tokio::test]
async fn a_server_that_sends_more_than_it_announced_is_cut_off() {
    let mut play =
        vec![hear("q4 UID FETCH"), say("* 1 FETCH (UID 5 RFC822.SIZE 5)\r\nq4 OK done"), hear("q5 UID FETCH")];
    play.extend([say("* 1 FETCH (UID 5 BODY[]<0> {60000000}"), Act::Say(vec![b'x'; 3_000_000])]);
    assert_eq!(code(with(play).await.fetch(&[5]).await), "answer_too_long");
}

#[tokio::test]
async fn a_server_that_guesses_sizes_is_read_all_the_same() {
    // As Exchange does: a file in a message counts without the third that its encoding adds.
    let content = "x".repeat(1_400_000);
    let play = vec![
        hear("q4 UID FETCH 5,6 (UID RFC822.SIZE"),
        say("* 1 FETCH (UID 5 RFC822.SIZE 1000000)\r\n* 2 FETCH (UID 6 RFC822.SIZE 1000000)\r\nq4 OK done"),
        hear("q5 UID FETCH 5,6 (UID BODY.PEEK[]"),
        say(&format!("* 1 FETCH (UID 5 BODY[]<0> {{{}}}\r\n{content})", content.len())),
        say(&format!("* 2 FETCH (UID 6 BODY[]<0> {{{}}}\r\n{content})\r\nq5 OK done", content.len())),
    ];
    let fetched = with(play).await.fetch(&[5, 6]).await.unwrap();
    assert_eq!(fetched.messages.iter().map(|message| message.raw.len()).collect::<Vec<_>>(), [1_400_000; 2]);
}

/// The answers to whoever asks for message 7 from tag `n` on.
fn gives_seven(n: u32) -> Vec<Act> {
    vec![
        say(&format!("* 3 FETCH (UID 7 RFC822.SIZE 5)\r\nq{n} OK done")),
        Act::Hear("q"),
        say(&format!("* 3 FETCH (UID 7 BODY[]<0> {{5}}\r\nhello)\r\nq{} OK done", n + 1)),
    ]
}

#[tokio::test]
async fn one_message_that_a_server_cannot_give_holds_up_no_other() {
    let mut play = vec![hear("q4 UID FETCH 5,6,7 (UID RFC822"), say("q4 NO Command Error. 10")];
    play.extend([hear("q5 UID FETCH 5 "), say("q5 NO Command Error. 10"), hear("q6 UID FETCH 6 "), say("q6 OK gone")]);
    play.push(hear("q7 UID FETCH 7 "));
    play.extend(gives_seven(7));
    let Fetched { messages, settled, refused } = with(play).await.fetch(&[5, 6, 7]).await.unwrap();
    assert_eq!((messages.len(), messages[0].uid, settled), (1, 7, 3));
    assert_eq!(refused, [(5, Cause::Refused("NO Command Error. 10".into()))]);
}

#[tokio::test]
async fn a_server_that_gives_no_message_says_nothing_about_any() {
    let no = |n: u32| say(&format!("q{n} NO [UNAVAILABLE] Backend"));
    let play = vec![hear("q4 UID FETCH 5,6 "), no(4), hear("q5 UID FETCH 5 "), no(5), hear("q6 UID FETCH 6 "), no(6)];
    let refused = with(play).await.fetch(&[5, 6]).await;
    assert_eq!(refused, Err(Cause::Refused("NO [UNAVAILABLE] Backend".into())));
    // Nor does one that hangs up.
    let bye = with(vec![hear("q4 UID FETCH"), say("* BYE too long")]).await.fetch(&[5, 6]).await;
    assert_eq!(bye, Err(Cause::Refused("BYE too long".into())));
}

#[tokio::test]
async fn uids_far_apart_are_found_in_one_question() {
    let play = [hear("q4 UID SEARCH UID 8:* SINCE"), say("* SEARCH 1790000001"), say("q4 OK done")];
    let sparse = Opened { uid_next: Some(1_790_000_002), messages: Some(3), ..NUMBERED };
    assert_eq!(with(play.to_vec()).await.new_uids(sparse, 7, LONG_AGO).await.unwrap(), [1_790_000_001]);
}

#[tokio::test]
async fn a_server_that_stalls_is_left_in_time() {
    let begun = Instant::now();
    assert_eq!(code(with(vec![hear("q4 UID FETCH"), say("* 1 FETCH (UID 5")]).await.fetch(&[5]).await), "timed_out");
    // It promised to tell, and does not even hear that we have waited enough.
    let mut session = with(vec![hear("q4 IDLE"), say("+ idling"), hear("DONE")]).await;
    assert_eq!(code(session.idle(Duration::from_millis(200)).await), "timed_out");
    assert!(begun.elapsed() < GIVE_UP);
}

#[tokio::test]
async fn a_server_that_babbles_while_we_wait_is_cut_off() {
    let noise = b"* OK still here\r\n".repeat(100_000);
    let mut session = with(vec![hear("q4 IDLE"), say("+ idling"), Act::Say(noise)]).await;
    assert_eq!(code(session.idle(Duration::from_mins(1)).await), "answer_too_long");
}

#[tokio::test]
async fn news_that_come_before_the_invitation_are_heard() {
    let play = [hear("q4 IDLE"), say("* 5 EXISTS\r\n+ idling"), hear("DONE"), say("q4 OK done")];
    let mut session = with(play.to_vec()).await;
    session.idle(Duration::from_mins(1)).await.unwrap();
    assert!(session.has_news());
}
