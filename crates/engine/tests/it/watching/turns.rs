//! Where there are more mailboxes than places, every one has its turn, whichever workspace it belongs to.

use std::time::Duration;

use domain::{MailboxId, Timestamp, authorization::Actor, time::MINUTE};
use engine::Engine;
use rstest::rstest;
use testbed::dovecot::Dovecot;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    mailboxes::mailbox_on,
    support::{Backend, World},
};

async fn looked_at(engine: &Engine, actor: &Actor, id: MailboxId) -> Option<Timestamp> {
    engine.mailbox(actor, id).await.unwrap().watch.and_then(|watch| watch.looked_at)
}

#[rstest]
#[tokio::test]
async fn everybody_is_looked_at_and_nobody_twice_within_a_minute(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, dovecot) = (World::new(backend).await, Dovecot::start());
    let engine = &world.engine;
    let mut mailboxes = Vec::new();
    for actor in [&world.member, &world.admin, &world.stranger] {
        let made = engine.create_mailbox(actor, mailbox_on(&dovecot)).await.unwrap();
        mailboxes.push((actor, made.mailbox.id));
    }
    let stop = CancellationToken::new();
    let task = tokio::spawn(engine.clone().watch_in_turns_until(1, stop.clone()));
    let first = engine.now();
    until_all(engine, &mailboxes, first).await;
    sleep(Duration::from_secs(6)).await;
    let begun = Instant::now();
    world.clock.advance(MINUTE);
    until_all(engine, &mailboxes, engine.now()).await;
    assert!(begun.elapsed() < Duration::from_secs(40));
    stop.cancel();
    task.await.unwrap();
    // One connection for each turn: two of each.
    assert_eq!(dovecot.log().matches("Login: user=<elena>").count(), 6);
}

/// Waits until all were looked at at `now`.
async fn until_all(engine: &Engine, mailboxes: &[(&Actor, MailboxId)], now: Timestamp) {
    let begun = Instant::now();
    for (actor, id) in mailboxes {
        while looked_at(engine, actor, *id).await != Some(now) {
            assert!(begun.elapsed() < super::PATIENCE, "somebody has no turn");
            sleep(Duration::from_millis(100)).await;
        }
    }
}
