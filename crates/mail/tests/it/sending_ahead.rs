//! The next transaction begins in the packet in which a message ends.

use std::time::Duration;

use domain::smtp::Stage;
use mail::smtp::{Envelope, Outcome, Transaction};

use crate::{
    client::{open, text_of},
    script::{Act, Script, hear, say, welcome},
};

const FIRST: &[u8] = b"Subject: first\r\n\r\nx\r\n";
const SECOND: &[u8] = b"Subject: second\r\n\r\nx\r\n";

fn envelope(to: &str) -> Envelope<'_> {
    Envelope { from: "ada@desk.test", to, smtputf8: false, eight_bit: false, reports: None }
}

/// A server that hears the whole of one message and the commands of the next, and then says `answers`.
fn play(answers: &[&str], rest: Vec<Act>) -> Vec<Act> {
    let commands = || ["MAIL", "RCPT", "DATA"].map(hear).to_vec();
    let agrees = ["250 ok", "250 ok", "354 go on"].map(say).to_vec();
    let answers = answers.iter().map(|answer| say(answer)).collect();
    [welcome(&["PIPELINING"]), commands(), agrees, vec![Act::HearContent], commands(), answers, rest].concat()
}

/// Sends both messages; `then` is to whom the second really goes.
async fn send_both(play: Vec<Act>, then: &str) -> (Transaction, Transaction, Vec<String>) {
    let script = Script::play(play).await;
    let mut connection = open(script.address).await;
    let next = || Some((envelope("second@there.test"), SECOND.len() as u64));
    let first = connection.transact_before(&envelope("first@there.test"), FIRST, next).await;
    let second = connection.transact(&envelope(then), SECOND).await;
    drop(connection);
    (first, second, script.heard().await)
}

#[tokio::test]
async fn each_message_gets_the_answer_that_is_its_own() {
    for (verdict, is_taken) in [("250 2.0.0 queued as 1", true), ("554 5.7.1 spam", false)] {
        let rest = vec![Act::HearContent, say("250 2.0.0 queued as 2")];
        let play = play(&[verdict, "250 ok", "250 ok", "354 go on"], rest);
        let (first, second, heard) = send_both(play, "second@there.test").await;
        match first.outcome {
            Outcome::Accepted { reply } => assert!(is_taken && reply.text == "queued as 1"),
            Outcome::Refused { stage, reply } => assert!(!is_taken && (stage, reply.code) == (Stage::FinalDot, 554)),
            other => panic!("{other:?}"),
        }
        let Outcome::Accepted { reply } = second.outcome else { panic!("{second:?}") };
        assert_eq!(reply.text, "queued as 2");
        assert_eq!(heard[6], "RCPT TO:<second@there.test>");
        let transcript = text_of(&second.transcript);
        assert!(transcript.starts_with("> MAIL FROM:<ada@desk.test>\n"), "{transcript}");
        assert!(!text_of(&first.transcript).contains("second@"), "{:?}", first.transcript);
    }
}

#[tokio::test]
async fn a_refusal_of_the_next_recipient_is_the_next_ones() {
    let rest = vec![hear("."), say("554 no valid recipients"), Act::Pause(Duration::from_secs(1))];
    let play = play(&["250 queued", "250 ok", "550 5.1.1 nobody", "354 go on"], rest);
    let (first, second, _) = send_both(play, "second@there.test").await;
    assert!(matches!(first.outcome, Outcome::Accepted { .. }), "{first:?}");
    assert!(matches!(second.outcome, Outcome::Refused { stage: Stage::RcptTo, .. }), "{second:?}");
}

#[tokio::test]
async fn only_the_message_whose_end_left_is_in_doubt_when_the_connection_breaks() {
    let (first, second, _) = send_both(play(&[], vec![]), "second@there.test").await;
    assert!(matches!(first.outcome, Outcome::Lost { after_final_dot: true, .. }), "{first:?}");
    assert!(matches!(second.outcome, Outcome::Lost { after_final_dot: false, .. }), "{second:?}");

    let leaves = play(&["250 queued", "250 ok", "250 ok", "354 go on\r\n421 too late"], vec![]);
    let (first, second, heard) = send_both(leaves, "second@there.test").await;
    assert!(matches!(first.outcome, Outcome::Accepted { .. }), "{first:?}");
    assert!(matches!(second.outcome, Outcome::Lost { after_final_dot: false, .. }), "{second:?}");
    assert_eq!(heard.last().map(String::as_str), Some("DATA"));
}

#[tokio::test]
async fn what_was_offered_to_one_recipient_goes_to_no_other() {
    let rest = vec![Act::Pause(Duration::from_millis(100)), Act::HearContent];
    let play = play(&["250 queued", "250 ok", "250 ok", "354 go on"], rest);
    let (_, second, heard) = send_both(play, "somebody.else@there.test").await;
    assert!(matches!(second.outcome, Outcome::Lost { after_final_dot: false, .. }), "{second:?}");
    assert_eq!(heard.last().map(String::as_str), Some("DATA"));
}

#[tokio::test]
async fn a_server_without_pipelining_hears_one_after_the_other() {
    let one = [hear("MAIL"), say("250 ok"), hear("RCPT"), say("250 ok"), hear("DATA"), say("354 go on")];
    let play = [welcome(&[]), one.to_vec(), vec![Act::HearContent, say("250 queued")]].concat();
    let script = Script::play(play).await;
    let mut connection = open(script.address).await;
    let ended = connection.transact_before(&envelope("first@there.test"), FIRST, || panic!("asked")).await;
    assert!(matches!(ended.outcome, Outcome::Accepted { .. }), "{ended:?}");
}
