//! Servers that lie, babble or say nothing.

use std::time::Duration;

use mail::imap::{Cause, Session};
use tokio::time::Instant;

use super::{clear_text, patient};
use crate::script::{Act, Script, hear, say};

const PATIENCE: Duration = Duration::from_secs(2);

/// Longer than all that waits for `PATIENCE`, on a machine that is busy, and shorter than the server's silence.
const GIVE_UP: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_mins(1);

/// What a signed-in client makes of a server's answer to `EXAMINE`, and how long that took.
async fn answered(answer: Vec<Act>) -> (Result<(), Cause>, Duration) {
    let mut play = vec![say("* OK ready"), hear("q1 CAPABILITY"), say("* CAPABILITY IMAP4rev1"), say("q1 OK done")];
    play.extend([hear("q2 LOGIN"), say("q2 OK in"), hear("q3 CAPABILITY"), say("q3 OK done"), hear("q4 EXAMINE")]);
    play.extend(answer);
    play.push(Act::Pause(SILENCE));
    let script = Script::play(play).await;
    let mut session = Session::open(&clear_text(script.address), &patient(PATIENCE)).await.unwrap();
    let begun = Instant::now();
    (session.examine("Sent").await.map(drop), begun.elapsed())
}

fn code(result: &Result<(), Cause>) -> &'static str {
    match result {
        Err(Cause::Lost(fault)) => fault.code(),
        Err(Cause::Refused(_)) => "refused",
        Ok(()) => "ok",
    }
}

#[tokio::test]
async fn garbage_ends_the_conversation() {
    let (result, _) = answered(vec![Act::Say(vec![0xff; 5_000]), say("")]).await;
    assert_eq!(code(&result), "not_imap");
}

#[tokio::test]
async fn a_huge_literal_is_neither_waited_for_nor_kept() {
    let (result, took) = answered(vec![say("* 1 FETCH (BODY[] {4000000000}"), Act::Say(vec![b'x'; 3_000_000])]).await;
    assert_eq!(code(&result), "answer_too_long");
    assert!(took < GIVE_UP);
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let line = b"* LIST () \"/\" \"folder\"\r\n".repeat(100_000);
    assert_eq!(code(&answered(vec![Act::Say(line)]).await.0), "answer_too_long");
}

#[tokio::test]
async fn nesting_without_end_does_not_reach_the_parser() {
    let bomb = [b"* 1 FETCH (BODYSTRUCTURE ".as_slice(), &b"(".repeat(500_000)].concat();
    assert_eq!(code(&answered(vec![Act::Say(bomb)]).await.0), "not_imap");
}

#[tokio::test]
async fn a_server_that_says_nothing_or_a_byte_at_a_time_is_left_in_time() {
    for answer in [Vec::new(), vec![Act::Drip("* 1 EXISTS and so on and so forth", PATIENCE / 4)]] {
        let (result, took) = answered(answer).await;
        assert_eq!(code(&result), "timed_out");
        assert!(took < GIVE_UP, "{took:?}");
    }
}

#[tokio::test]
async fn an_answer_to_another_command_ends_the_conversation() {
    assert_eq!(code(&answered(vec![say("q9 OK done")]).await.0), "not_imap");
    assert_eq!(code(&answered(vec![say("+ go on")]).await.0), "not_imap");
    assert_eq!(code(&answered(vec![say("* BYE shutting down")]).await.0), "refused");
}

#[tokio::test]
async fn news_that_nobody_knows_are_passed_over() {
    assert_eq!(
        code(&answered(vec![say("* WEATHER (fine)"), say("* OK [WEATHER] fine"), say("q4 OK done")]).await.0),
        "ok"
    );
}

#[tokio::test]
async fn a_search_that_finds_everything_proves_nothing() {
    let mut play = vec![say("* OK ready"), hear("q1 CAPABILITY"), say("* CAPABILITY IMAP4rev1"), say("q1 OK done")];
    play.extend([hear("q2 LOGIN"), say("q2 OK in"), hear("q3 CAPABILITY"), say("q3 OK done")]);
    let searches = [
        ("q4", "q4 UID SEARCH HEADER X-Quarterdeck-Email \"1\"", "q5", "q5 UID FETCH 9,8,7 (UID BODY.PEEK["),
        ("q6", "q6 UID SEARCH HEADER Message-ID \"1@x\"", "q7", "q7 UID FETCH 9,8,7 (UID BODY.PEEK["),
    ];
    let header = "Message-ID: <2@x>\r\nX-Quarterdeck-Email: 2\r\n\r\n";
    for (first, search, second, fetch) in searches {
        play.extend([hear(search), say("* SEARCH 7 8 9"), say(&format!("{first} OK done")), hear(fetch)]);
        let fields = "BODY[HEADER.FIELDS (MESSAGE-ID X-QUARTERDECK-EMAIL)]<0>";
        play.push(say(&format!("* 1 FETCH (UID 7 {fields} {{{}}}\r\n{header})", header.len())));
        play.push(say(&format!("{second} OK done")));
    }
    let script = Script::play(play).await;
    let mut session = Session::open(&clear_text(script.address), &patient(PATIENCE)).await.unwrap();
    assert_eq!(session.find("1", "1@x").await, Ok(None));
}
