//! What the server answers about each kind of recipient.

use crate::client::{BEGINNING, Client, Hands, LETTER, SECOND, options, world};
use simulator::{Options, World};
use tokio::time::Instant;

#[tokio::test]
async fn an_accepted_letter_is_kept_as_it_was_sent() {
    let world = world().await;
    let mut client = Client::greeted(&world).await;
    let message = LETTER.replace("Hello", "..twice\r\nGrüße");
    let answer = client.deliver("accept.Ana@x.example", &message).await;
    assert!(answer.starts_with("250 2.0.0"), "{answer}");
    assert!(client.ask("QUIT").await.starts_with("221 "));
    assert!(client.is_closed().await);

    let letters = world.received();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].recipient, "accept.Ana@x.example");
    assert_eq!(letters[0].mail_from, "elena@northlight.example");
    assert_eq!(letters[0].message_id.as_deref(), Some("1@northlight.example"));
    assert_eq!(letters[0].received_at, BEGINNING);
    assert_eq!(*letters[0].raw, *message.replace("..twice", ".twice").as_bytes());
    assert_eq!(world.inbox("accept.ana@X.example"), letters);
    assert_eq!(world.inbox("accept.eva@x.example"), []);
}

#[tokio::test]
async fn each_refusing_keyword_has_its_answer() {
    let world = world().await;
    for (recipient, answer) in [
        ("nobody@x.example", "550 5.1.1 "),
        ("nobody.at.all@x.example", "550 5.1.1 "),
        ("nodomain@x.example", "550 5.1.2 "),
        ("full.box@x.example", "552 5.2.2 "),
        ("quota+1@x.example", "452 4.2.2 "),
        ("grey@x.example", "450 4.7.1 "),
        ("busy@x.example", "421 4.3.2 "),
        ("spamfilter@x.example", "554 5.7.1 "),
    ] {
        let mut client = Client::greeted(&world).await;
        let given = client.deliver(recipient, LETTER).await;
        assert!(given.starts_with(answer), "{recipient}: {given}");
        let stays = recipient != "busy@x.example";
        assert_eq!(client.is_answered().await, stays, "{recipient}");
    }
    assert_eq!(world.received(), []);
    let counters = world.counters();
    assert_eq!((counters.refused, counters.deferred), (5, 3));
}

#[tokio::test]
async fn a_greylisted_recipient_is_accepted_some_minutes_later() {
    let hands = Hands::new();
    let world = World::start(Options::new(7, hands.clock())).await.unwrap();
    let mut client = Client::greeted(&world).await;
    for (seconds, answer) in [(0, "450 4.7.1"), (299, "450 4.7.1"), (300, "250 2.0.0"), (301, "250 2.0.0")] {
        hands.set(BEGINNING + seconds * SECOND);
        let given = client.deliver("grey@x.example", LETTER).await;
        assert!(given.starts_with(answer), "after {seconds} s: {given}");
        client.ask("RSET").await;
    }
    let given = client.address("grey.other@x.example").await;
    assert!(given.starts_with("450"), "each recipient waits on their own: {given}");
}

#[tokio::test]
async fn a_slow_recipient_takes_their_time_and_accepts() {
    let world = world().await;
    let mut client = Client::greeted(&world).await;
    let begin = Instant::now();
    let answer = client.deliver("slow@x.example", LETTER).await;
    assert!(answer.starts_with("250 2.0.0"), "{answer}");
    assert!(begin.elapsed() >= options().slow * 2);
}

#[tokio::test]
async fn one_message_reaches_the_recipients_who_were_taken() {
    let world = world().await;
    let mut client = Client::greeted(&world).await;
    client
        .send(
            "MAIL FROM:<>\r\nRCPT TO:<accept.a@x.example>\r\nRCPT TO:<nobody@x.example>\r\n\
             RCPT TO:<accept.b@x.example>\r\nDATA\r\n",
        )
        .await;
    for answer in ["250 2.1.0", "250 2.1.5", "550 5.1.1", "250 2.1.5", "354"] {
        let given = client.answer().await;
        assert!(given.starts_with(answer), "{given}");
    }
    assert!(client.text(LETTER).await.starts_with("250 2.0.0"));
    let recipients: Vec<_> = world.received().into_iter().map(|letter| letter.recipient).collect();
    assert_eq!(recipients, ["accept.a@x.example", "accept.b@x.example"]);
    assert_eq!(world.counters().accepted, 2);
}

#[tokio::test]
async fn a_hundred_connections_with_pipelined_letters_are_served() {
    let world = world().await;
    let mut clients = Vec::new();
    for _ in 0..100 {
        clients.push(Client::greeted(&world).await);
    }
    let letter = format!("MAIL FROM:<elena@northlight.example>\r\nRCPT TO:<accept@x.example>\r\nDATA\r\n{LETTER}.\r\n");
    for client in &mut clients {
        client.send(letter.repeat(10)).await;
    }
    for client in &mut clients {
        for answer in ["250 2.1.0", "250 2.1.5", "354", "250 2.0.0"].repeat(10) {
            let given = client.answer().await;
            assert!(given.starts_with(answer), "{given}");
        }
    }
    let counters = world.counters();
    assert_eq!((counters.connections, counters.accepted), (100, 1000));
    assert_eq!(counters.commands, 100 + 3 * 1000);
}

#[tokio::test]
async fn only_as_many_letters_are_kept_as_asked() {
    let world = World::start(Options { keep: 3, ..options() }).await.unwrap();
    let mut client = Client::greeted(&world).await;
    for n in 0..5 {
        client.deliver(&format!("accept.{n}@x.example"), LETTER).await;
    }
    let recipients: Vec<_> = world.received().into_iter().map(|letter| letter.recipient).collect();
    assert_eq!(recipients, ["accept.2@x.example", "accept.3@x.example", "accept.4@x.example"]);
    assert_eq!(world.counters().accepted, 5);
}
