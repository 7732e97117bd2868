//! A restored workspace sends nothing by itself: what its backup knows as waiting may have left since.

use domain::{
    EmailId, NodeId, Status,
    ledger::Outcome,
    reasons::PauseReason,
    time::{DAY, MINUTE, SECOND},
};
use engine::{Engine, Keys, Random, Settings, restore::hold_back};
use rstest::rstest;
use store::{Db, backup};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{mailroom::Mailroom, support::Backend};

/// A node claims what is due, says *attempting*, and is never heard of again.
async fn attempted_by_a_node_that_dies(room: &Mailroom) {
    let (now, node, workspace) = (room.engine.now(), NodeId(Uuid::from_u128(7)), room.actor.workspace);
    let mut tx = room.engine.db().begin().await.unwrap();
    store::nodes::beat(&mut tx, node, now, now).await.unwrap();
    let lanes = store::emails::lanes(&mut tx, workspace).await.unwrap();
    let mut moves = store::folder_counts::Moves::default();
    for email in store::emails::claim(&mut tx, workspace, &lanes[0], node, now, 10, &mut moves).await.unwrap() {
        for mut recipient in store::recipients::list(&mut tx, workspace, email.id).await.unwrap() {
            recipient.outcome = Outcome::Attempting;
            store::recipients::update(&mut tx, workspace, &recipient).await.unwrap();
        }
    }
    moves.save(&mut tx, workspace).await.unwrap();
    tx.commit().await.unwrap();
}

/// The room's workspace on another database, as `restore` leaves it.
async fn restored(room: &Mailroom, backend: Backend) -> Engine {
    let mut file = Vec::new();
    let taken_at = room.engine.now();
    // In memory there is one connection; `write` only reads on it.
    backup::write(room.engine.db(), "0.1.0", taken_at, &mut file, |_, _| ()).await.unwrap();
    let db = Db::untouched(&backend.fresh()).await.unwrap();
    let mut tx = backup::load(&db, &*file, |_, _| ()).await.unwrap();
    hold_back(&mut tx, taken_at, room.engine.now()).await.unwrap();
    tx.commit().await.unwrap();
    let random = Random::new([2; 32]);
    let keys = Keys::generate(&random);
    let settings = Settings {
        public_url: "http://127.0.0.1:4080".into(),
        tracking_url: "http://127.0.0.1:4080".into(),
        allow_private_hosts: true,
        domains: engine::DomainSettings::default(),
    };
    Engine::new(db, room.clock.clone(), random, keys, settings)
}

async fn status(engine: &Engine, room: &Mailroom, id: EmailId) -> (Status, bool) {
    let email = engine.email(&room.actor, id).await.unwrap().listed.email;
    (email.status, email.uncertain)
}

#[rstest]
#[tokio::test]
async fn what_a_dead_node_had_claimed_is_given_back_and_is_nothing_to_mend(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let claimed = room.send("accept.claimed@brisamar.example").await;
    let (now, workspace) = (room.engine.now(), room.actor.workspace);
    let mut tx = room.engine.db().begin().await.unwrap();
    let lanes = store::emails::lanes(&mut tx, workspace).await.unwrap();
    let mut moves = store::folder_counts::Moves::default();
    let dead = NodeId(Uuid::from_u128(8));
    let taken = store::emails::claim(&mut tx, workspace, &lanes[0], dead, now, 10, &mut moves).await.unwrap();
    assert_eq!(taken.iter().map(|email| email.id).collect::<Vec<_>>(), [claimed]);
    moves.save(&mut tx, workspace).await.unwrap();
    tx.commit().await.unwrap();

    room.clock.advance(2 * MINUTE);
    let rebuilt = room.engine.rebuild(false, |_| ()).await.unwrap();
    assert_eq!((rebuilt.given_back, rebuilt.mended), (1, 0));
    assert_eq!(status(&room.engine, &room, claimed).await, (Status::Scheduled, false));
    assert_eq!(room.engine.rebuild(false, |_| ()).await.unwrap().given_back, 0);
}

#[rstest]
#[tokio::test]
async fn nothing_leaves_until_somebody_resumes_the_channel_and_what_was_being_sent_is_uncertain(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let attempting = room.send("accept.attempting@brisamar.example").await;
    attempted_by_a_node_that_dies(&room).await;
    let waiting = room.send("accept.waiting@brisamar.example").await;
    let engine = restored(&room, backend).await;
    room.deliver().await;
    let received = |who: &str| room.world.inbox(&format!("accept.{who}@brisamar.example")).len();
    assert_eq!(received("waiting"), 1, "it left after the backup was taken");

    let paused = engine.channel(&room.actor, room.channel.channel.id).await.unwrap();
    let pause = paused.pause.unwrap();
    assert_eq!((pause.reason, pause.until), (PauseReason::Restored, None));
    assert_eq!((paused.waiting, paused.due), (1, 1));
    for _ in 0..3 {
        engine.deliver_due(&CancellationToken::new()).await.unwrap();
        assert_eq!(status(&engine, &room, attempting).await, (Status::InProgress, true));
        room.clock.advance(DAY);
    }
    assert_eq!(status(&engine, &room, waiting).await, (Status::Scheduled, false));
    assert_eq!((received("attempting"), received("waiting")), (0, 1));
    assert!(engine.actor_of_session(&room.session_token, None).await.unwrap().is_none(), "everybody signs in again");

    engine.resume_channel(&room.actor, room.channel.channel.id).await.unwrap();
    room.clock.advance(SECOND);
    engine.deliver_due(&CancellationToken::new()).await.unwrap();
    assert_eq!(status(&engine, &room, waiting).await, (Status::Delivered, false));
    assert_eq!((received("attempting"), received("waiting")), (0, 2), "resumed knowingly");
}
