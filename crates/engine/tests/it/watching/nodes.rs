//! Of several nodes on one database, one watches a mailbox.

use std::time::Duration;

use domain::{NodeId, Timestamp, time::MINUTE};
use engine::{Engine, Keys, MovedClock, Random};
use tokio::time::sleep;

use super::{Lookout, MARTA, Watching};
use crate::{incoming::reply, support::Backend};

/// Another node on the same database, with the same keys and the same clock.
fn another(desk: &Lookout, clock: &std::sync::Arc<MovedClock>) -> Engine {
    let keys = Keys::generate(&Random::new([1; 32]));
    Engine::new(
        desk.room.engine.db().clone(),
        clock.clone(),
        Random::new([2; 32]),
        keys,
        desk.room.engine.settings().clone(),
    )
}

async fn beat(engine: &Engine, now: Timestamp) {
    let mut tx = engine.db().begin().await.unwrap();
    store::nodes::beat(&mut tx, engine.node(), now, now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn watched_by(desk: &Lookout, node: NodeId) {
    desk.until("watched", |view| {
        view.watch.as_ref().is_some_and(|watch| watch.node_id == Some(node) && watch.connected_at.is_some())
    })
    .await;
}

#[tokio::test]
async fn one_node_watches_and_another_takes_over_when_it_ends_or_dies() {
    let desk = Lookout::open(Backend::Postgres, |_| {}).await;
    let (first, second) = (desk.room.engine.clone(), another(&desk, &desk.room.clock));
    for engine in [&first, &second] {
        beat(engine, engine.now()).await;
    }
    let watching = Watching::begin(&first);
    watched_by(&desk, first.node()).await;
    let also = Watching::begin(&second);
    sleep(Duration::from_secs(1)).await;
    watched_by(&desk, first.node()).await;

    watching.end().await;
    watched_by(&desk, second.node()).await;

    // It dies without a word. Its heartbeat tells.
    also.kill().await;
    let watching = Watching::begin(&first);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(desk.view().await.watch.unwrap().node_id, Some(second.node()));
    desk.room.clock.advance(2 * MINUTE);
    beat(&first, first.now()).await;
    watched_by(&desk, first.node()).await;
    let (id, message_id) = desk.delivered(MARTA).await;
    desk.inbox().deliver(reply(MARTA, &message_id, "Yes, gladly.").as_bytes());
    desk.until_read("INBOX", 1).await;
    assert_eq!(desk.email(id).await.replies, 1);
    watching.end().await;
}
