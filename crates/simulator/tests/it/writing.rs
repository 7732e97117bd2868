//! What is written back about a letter, over real SMTP.

use crate::client::{Client, LETTER, options};
use simulator::{Act, Error, PostOffice, Reaction, World};

/// A world whose answers go to another world, and what it plans about a letter to `recipient`.
async fn written(recipient: &str) -> (World, World, Vec<Reaction>) {
    let world = World::start(options()).await.unwrap();
    let office = World::start(options()).await.unwrap();
    let complaints = Some("accept.complaints@office.example".to_owned());
    world.mail_goes_to(PostOffice { server: office.address(), complaints });
    let mut client = Client::greeted(&world).await;
    assert!(client.ask("MAIL FROM:<accept.return@office.example>").await.starts_with("250"));
    assert!(client.ask(&format!("RCPT TO:<{recipient}>")).await.starts_with("250"));
    assert!(client.ask("DATA").await.starts_with("354"));
    assert!(client.ask(&format!("{LETTER}.")).await.starts_with("250"));
    let reactions = world.due(i64::MAX).into_iter().filter(|it| matches!(it.act, Act::Write(_))).collect();
    (world, office, reactions)
}

#[tokio::test]
async fn keywords_say_who_writes_back_and_it_really_arrives() {
    for (recipient, to, says) in [
        ("reply.ana@x.example", "accept.return@office.example", "In-Reply-To: <1@northlight.example>"),
        ("ooo.ana@x.example", "accept.return@office.example", "Auto-Submitted: auto-replied"),
        ("bounce-later.ana@x.example", "accept.return@office.example", "message/delivery-status"),
        ("complain.ana@x.example", "accept.complaints@office.example", "Feedback-Type: abuse"),
        ("unsubscribe.ana@x.example", "accept.return@office.example", "Re: x"),
    ] {
        let (world, office, reactions) = written(recipient).await;
        assert_eq!(reactions.len(), 1, "{recipient}");
        assert_eq!(world.perform(&reactions[0]).await.unwrap(), 250, "{recipient}");
        let letter = office.inbox(to).remove(0);
        assert!(String::from_utf8_lossy(&letter.raw).contains(says), "{recipient}");
    }
}

#[tokio::test]
async fn nobody_writes_when_nobody_said_where_to() {
    let world = World::start(options()).await.unwrap();
    let mut client = Client::greeted(&world).await;
    client.deliver("reply.ana@x.example", LETTER).await;
    assert!(world.due(i64::MAX).is_empty());
    let (_, _, reactions) = written("reply.ana@x.example").await;
    assert!(matches!(world.perform(&reactions[0]).await, Err(Error::NoPostOffice)));
}
