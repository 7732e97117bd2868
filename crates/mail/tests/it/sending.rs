//! Sending a message, and everything that can go wrong at each stage of it.

use std::time::Duration;

use domain::smtp::Stage;
use mail::smtp::{Connection, Envelope, Outcome, Transaction, Unsendable};

use crate::{
    client::{clear_text, client, hasty_at, open, text_of},
    script::{Act, Script, hear, say, welcome},
};

const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.hidden\r\nline\r\n";
const ENVELOPE: Envelope<'static> =
    Envelope { from: "ada@desk.test", to: "marta@example.test", smtputf8: false, eight_bit: false, reports: None };

/// Both ways to say the same: one by one, and in one packet.
const BOTH: [&[&str]; 2] = [&["8BITMIME"], &["8BITMIME", "PIPELINING"]];

/// The play of one transaction with these answers to `MAIL`, `RCPT` and `DATA`; missing ones hang up.
fn transaction(offers: &[&str], answers: &[&str]) -> Vec<Act> {
    let commands = ["MAIL FROM:", "RCPT TO:", "DATA"];
    if offers.contains(&"PIPELINING") {
        let heard = commands.iter().map(|command| hear(command));
        return heard.chain(answers.iter().map(|answer| say(answer))).collect();
    }
    let mut play = Vec::new();
    for (command, answer) in commands.iter().zip(answers) {
        play.extend([hear(command), say(answer)]);
    }
    if let Some(unanswered) = commands.get(answers.len()) {
        play.push(hear(unanswered));
    }
    play
}

async fn send(offers: &[&str], play: Vec<Act>) -> (Transaction, bool) {
    let script = Script::play([welcome(offers), play].concat()).await;
    let mut connection = open(script.address).await;
    let ended = connection.transact(&ENVELOPE, MESSAGE).await;
    (ended, connection.is_usable().await)
}

#[tokio::test]
async fn a_message_is_accepted_with_the_servers_words_as_evidence() {
    for offers in BOTH {
        let mut play = transaction(offers, &["250 2.1.0 Ok", "250 2.1.5 Ok", "354 go on"]);
        play.extend([Act::HearContent, say("250 2.0.0 Ok: queued as 4F2"), Act::Pause(Duration::from_secs(1))]);
        let script = Script::play([welcome(offers), play].concat()).await;
        let mut connection = open(script.address).await;
        let ended = connection.transact(&ENVELOPE, MESSAGE).await;
        let Outcome::Accepted { reply } = &ended.outcome else { panic!("{ended:?}") };
        assert_eq!(reply.text, "Ok: queued as 4F2");
        assert!(connection.is_usable().await);
        let transcript = text_of(&ended.transcript);
        assert!(transcript.contains("> MAIL FROM:<ada@desk.test>\n"), "{transcript}");
        assert!(
            transcript.ends_with("< 354 go on\n> (29 bytes)\n> .\n< 250 2.0.0 Ok: queued as 4F2\n"),
            "{transcript}"
        );
        let heard = script.heard().await;
        assert_eq!(
            heard[1..],
            ["MAIL FROM:<ada@desk.test>", "RCPT TO:<marta@example.test>", "DATA", "Subject: x\r\n\r\n..hidden\r\nline"]
        );
    }
}

#[tokio::test]
async fn a_refusal_is_told_with_its_stage_and_the_connection_lives_on() {
    let pause = || Act::Pause(Duration::from_secs(1));
    for offers in BOTH {
        let pipelined = offers.contains(&"PIPELINING");
        let rest: &[&str] = if pipelined { &["503 no sender", "503 no recipient"] } else { &[] };
        let table = [
            (vec!["553 5.1.8 not you"], rest, Stage::MailFrom, 553),
            (vec!["250 ok", "550 5.1.1 nobody"], if pipelined { &rest[1..] } else { rest }, Stage::RcptTo, 550),
            (vec!["250 ok", "450 4.7.1 greylisted"], if pipelined { &rest[1..] } else { rest }, Stage::RcptTo, 450),
            (vec!["250 ok", "250 ok", "451 not now"], &[][..], Stage::Data, 451),
        ];
        for (answers, rest, expected, code) in table {
            let answers = [answers.as_slice(), rest].concat();
            let mut play = transaction(offers, &answers);
            // One by one nothing follows a refusal.
            if !pipelined {
                play.truncate(answers.len() * 2);
            }
            play.push(pause());
            let (ended, usable) = send(offers, play).await;
            let Outcome::Refused { stage, reply } = ended.outcome else { panic!("{ended:?}") };
            assert_eq!((stage, reply.code, usable), (expected, code, true), "{offers:?}");
        }
        let mut play = transaction(offers, &["250 ok", "250 ok", "354 go on"]);
        play.extend([Act::HearContent, say("554 5.7.1 spam"), pause()]);
        let (ended, usable) = send(offers, play).await;
        let Outcome::Refused { stage, reply } = ended.outcome else { panic!("{ended:?}") };
        assert_eq!((stage, reply.enhanced, usable), (Stage::FinalDot, Some((5, 7, 1)), true));
    }
}

#[tokio::test]
async fn a_connection_lost_before_the_final_dot_is_no_doubt() {
    for offers in BOTH {
        let all = ["250 ok", "250 ok"];
        for (answered, expected) in [(0, Stage::MailFrom), (1, Stage::RcptTo), (2, Stage::Data)] {
            let (ended, usable) = send(offers, transaction(offers, &all[..answered])).await;
            let Outcome::Lost { stage, fault, after_final_dot } = ended.outcome else { panic!("{ended:?}") };
            assert_eq!(
                (stage, fault.code(), after_final_dot, usable),
                (expected, "closed", false, false),
                "{offers:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_final_dot_is_a_doubt() {
    let endings = [
        (vec![], "closed"),
        (vec![Act::Pause(Duration::from_secs(5))], "timed_out"),
        (vec![say("garbage")], "not_smtp"),
        (vec![say("354 again")], "not_smtp"),
        (vec![Act::Say(b"250 half an answ".to_vec())], "closed"),
    ];
    for offers in BOTH {
        for (ending, code) in endings.clone() {
            let mut play = [welcome(offers), transaction(offers, &["250 ok", "250 ok", "354 go on"])].concat();
            play.push(Act::HearContent);
            play.extend(ending);
            let script = Script::play(play).await;
            let client = if code == "timed_out" { hasty_at(Stage::FinalDot) } else { client() };
            let mut connection = Connection::open(&clear_text(script.address), &client).await.unwrap();
            let ended = connection.transact(&ENVELOPE, MESSAGE).await;
            let Outcome::Lost { stage, fault, after_final_dot } = ended.outcome else { panic!("{ended:?}") };
            assert_eq!((stage, fault.code(), after_final_dot), (Stage::FinalDot, code, true));
            let again = connection.transact(&ENVELOPE, MESSAGE).await;
            assert!(matches!(again.outcome, Outcome::Lost { after_final_dot: false, .. }), "{again:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_makes_no_sense_is_lost_not_believed() {
    for (answers, expected) in [
        (&["354 what"][..], Stage::MailFrom),
        (&["250 ok", "nonsense"], Stage::RcptTo),
        (&["250 ok", "250 ok", "250 taken already"], Stage::Data),
    ] {
        for offers in BOTH {
            let (ended, usable) = send(offers, transaction(offers, answers)).await;
            let Outcome::Lost { stage, fault, after_final_dot } = ended.outcome else { panic!("{ended:?}") };
            assert_eq!(
                (stage, fault.code(), after_final_dot, usable),
                (expected, "not_smtp", false, false),
                "{answers:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_refusal_counts_even_if_the_server_hangs_up_with_it() {
    for (answers, expected) in
        [(&["421 4.3.2 closing"][..], Stage::MailFrom), (&["250 ok", "550 nobody"], Stage::RcptTo)]
    {
        let (ended, usable) = send(BOTH[1], transaction(BOTH[1], answers)).await;
        let Outcome::Refused { stage, .. } = ended.outcome else { panic!("{ended:?}") };
        assert_eq!((stage, usable), (expected, false));
    }
    let (ended, usable) = send(BOTH[0], vec![hear("MAIL"), say("421 busy")]).await;
    assert!(matches!(ended.outcome, Outcome::Refused { stage: Stage::MailFrom, .. }) && !usable);
}

#[tokio::test]
async fn a_content_without_recipient_is_withheld() {
    let mut play = transaction(BOTH[1], &["250 ok", "550 5.1.1 nobody", "354 go on"]);
    play.extend([hear("."), say("554 no valid recipients"), Act::Pause(Duration::from_secs(1))]);
    let (ended, usable) = send(BOTH[1], play).await;
    let Outcome::Refused { stage, reply } = ended.outcome else { panic!("{ended:?}") };
    assert_eq!((stage, reply.code, usable), (Stage::RcptTo, 550, true));

    let play = transaction(BOTH[1], &["550 not you", "250 ok", "354 go on"]);
    let (ended, usable) = send(BOTH[1], play).await;
    assert!(matches!(ended.outcome, Outcome::Refused { stage: Stage::MailFrom, .. }) && !usable);
}

#[tokio::test]
async fn one_connection_carries_many_messages_and_forgets_refused_ones() {
    for offers in BOTH {
        let accepted = || {
            [transaction(offers, &["250 ok", "250 ok", "354 go on"]), vec![Act::HearContent, say("250 queued")]]
                .concat()
        };
        let refused = if offers.contains(&"PIPELINING") {
            transaction(offers, &["250 ok", "550 nobody", "503 no"])
        } else {
            vec![hear("MAIL"), say("250 ok"), hear("RCPT"), say("550 nobody")]
        };
        let after_refusal = if offers.contains(&"PIPELINING") {
            let mut play = vec![hear("RSET"), hear("MAIL"), hear("RCPT"), hear("DATA")];
            play.extend(["250 reset", "250 ok", "250 ok", "354 go on"].map(say));
            [play, vec![Act::HearContent, say("250 queued")]].concat()
        } else {
            [vec![hear("RSET"), say("250 reset")], accepted()].concat()
        };
        let farewell = vec![hear("QUIT"), say("221 bye")];
        let script =
            Script::play([welcome(offers), accepted(), accepted(), refused, after_refusal, farewell].concat()).await;
        let mut connection = open(script.address).await;
        let mut outcomes = Vec::new();
        for _ in 0..4 {
            outcomes.push(matches!(connection.transact(&ENVELOPE, MESSAGE).await.outcome, Outcome::Accepted { .. }));
        }
        connection.quit().await;
        assert_eq!(outcomes, [true, true, false, true]);
        assert_eq!(script.heard().await.last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn a_kept_connection_that_has_ended_is_noticed() {
    for ending in [vec![], vec![say("421 idle too long")]] {
        let script = Script::play([welcome(&[]), ending].concat()).await;
        let mut connection = open(script.address).await;
        script.heard().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!connection.is_usable().await);
    }
}

#[tokio::test]
async fn a_transaction_that_nobody_waited_for_ends_the_connection() {
    let script =
        Script::play([welcome(&["PIPELINING"]), vec![hear("MAIL"), Act::Pause(Duration::from_secs(5))]].concat()).await;
    let mut connection = open(script.address).await;
    let abandoned = tokio::time::timeout(Duration::from_millis(50), connection.transact(&ENVELOPE, MESSAGE)).await;
    assert!(abandoned.is_err());
    assert!(!connection.is_usable().await);
}

async fn offered(offers: &[&str], envelope: &Envelope<'_>) -> Result<Vec<String>, Unsendable> {
    let play = [welcome(offers), vec![hear("MAIL"), say("250 ok"), hear("RCPT"), say("550 no")]].concat();
    let script = Script::play(play).await;
    let mut connection = open(script.address).await;
    match connection.transact(envelope, MESSAGE).await.outcome {
        Outcome::Unsendable(unsendable) => Err(unsendable),
        _ => Ok(script.heard().await.split_off(1)),
    }
}

#[tokio::test]
async fn parameters_are_said_to_servers_that_understand_them() {
    let plain = offered(&[], &ENVELOPE).await.unwrap();
    assert_eq!(plain, ["MAIL FROM:<ada@desk.test>", "RCPT TO:<marta@example.test>"]);
    let sized = offered(&["SIZE 1000", "8BITMIME", "SMTPUTF8"], &ENVELOPE).await.unwrap();
    assert_eq!(sized[0], "MAIL FROM:<ada@desk.test> SIZE=29");
    let eight_bit = Envelope { eight_bit: true, ..ENVELOPE };
    assert_eq!(offered(&["8BITMIME"], &eight_bit).await.unwrap()[0], "MAIL FROM:<ada@desk.test> BODY=8BITMIME");
}

#[tokio::test]
async fn smtputf8_is_asked_for_only_where_it_is_needed() {
    let foreign_domain = Envelope { to: "info@bücher.example", ..ENVELOPE };
    assert_eq!(offered(&[], &foreign_domain).await.unwrap()[1], "RCPT TO:<info@xn--bcher-kva.example>");
    let foreign_name = Envelope { to: "élodie@vercors.example", ..ENVELOPE };
    assert_eq!(offered(&[], &foreign_name).await, Err(Unsendable::NeedsSmtpUtf8));
    let said = offered(&["SMTPUTF8", "8BITMIME"], &foreign_name).await.unwrap();
    assert_eq!(said, ["MAIL FROM:<ada@desk.test> BODY=8BITMIME SMTPUTF8", "RCPT TO:<élodie@vercors.example>"]);
}

#[tokio::test]
async fn what_a_server_cannot_take_is_not_offered_to_it() {
    assert_eq!(offered(&["SIZE 28"], &ENVELOPE).await, Err(Unsendable::TooLarge { size: 29, limit: 28 }));
    let eight_bit = Envelope { eight_bit: true, ..ENVELOPE };
    assert_eq!(offered(&[], &eight_bit).await, Err(Unsendable::NeedsEightBit));
    for evil in ["a@b.test>\r\nRCPT TO:<c@d.test", "a@b.test> NOTIFY=NEVER", "", "a b@c.test", "a@b.test\n"] {
        let envelope = Envelope { to: evil, ..ENVELOPE };
        assert_eq!(offered(&[], &envelope).await, Err(Unsendable::BadAddress(evil.into())), "{evil:?}");
    }
}

#[tokio::test]
async fn a_large_message_arrives_whole() {
    let line = [b"..".as_slice(), &[b'x'; 70], b"\r\n"].concat();
    let message = line.repeat(20_000);
    let play =
        [transaction(BOTH[1], &["250 ok", "250 ok", "354 go on"]), vec![Act::HearContent, say("250 queued")]].concat();
    let script = Script::play([welcome(BOTH[1]), play].concat()).await;
    let mut connection = open(script.address).await;
    let ended = connection.transact(&ENVELOPE, &message).await;
    assert!(matches!(ended.outcome, Outcome::Accepted { .. }));
    let heard = script.heard().await.pop().unwrap();
    assert_eq!(heard.replace("\r\n..", "\r\n.").len() - 1 + 2, message.len());
}

#[tokio::test]
async fn a_server_that_stops_reading_is_left() {
    let play =
        [transaction(BOTH[1], &["250 ok", "250 ok", "354 go on"]), vec![Act::Pause(Duration::from_secs(5))]].concat();
    let script = Script::play([welcome(BOTH[1]), play].concat()).await;
    let mut connection = Connection::open(&clear_text(script.address), &hasty_at(Stage::Data)).await.unwrap();
    let ended = connection.transact(&ENVELOPE, &vec![b'x'; 30_000_000]).await;
    let Outcome::Lost { stage, fault, after_final_dot } = ended.outcome else { panic!("{ended:?}") };
    assert_eq!((stage, fault.code(), after_final_dot), (Stage::Data, "timed_out", false));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever a server says, there is an end, and no claim that a message was taken before it was offered.
    #[test]
    fn no_server_makes_us_panic_or_believe_too_much(
        lines in proptest::collection::vec("(220|250|354|421|550)[ -]([245][.][0-9][.][0-9] )?[ -~]{0,20}|[^\r\n]{0,20}", 0..12),
        pipelining in proptest::bool::ANY,
    ) {
        let offers: &[&str] = if pipelining { &["PIPELINING", "SIZE 9999"] } else { &[] };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ended = runtime.block_on(async {
            let script = Script::play(welcome(offers).into_iter().chain(lines.iter().map(|line| say(line)))).await;
            let mut connection = open(script.address).await;
            connection.transact(&ENVELOPE, MESSAGE).await
        });
        let takes = |line: &&String| line.starts_with("354");
        proptest::prop_assert!(
            !matches!(ended.outcome, Outcome::Accepted { .. }) || lines.iter().any(|line| takes(&line)),
            "{:?}", ended
        );
    }
}
