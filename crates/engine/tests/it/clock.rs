//! The machine's clock is set while mail waits.

use std::time::Duration;

use domain::{EmailId, Status, time::HOUR};
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use crate::{mailroom::Mailroom, support::Backend};

/// Whether it is delivered within two seconds, which is longer than the worker sleeps.
async fn is_delivered(room: &Mailroom, id: EmailId) -> bool {
    for _ in 0..100 {
        if room.email(id).await.listed.email.status == Status::Delivered {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[rstest]
#[case(-HOUR)]
#[case(HOUR)]
#[tokio::test]
async fn after_the_clock_was_set_mail_waits_for_an_administrator_and_nothing_is_lost_or_repeated(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] jump: i64,
) {
    let room = Mailroom::open(backend).await;
    let stop = CancellationToken::new();
    let workers = room.engine.start_workers(&stop);
    let before = room.send("accept.before@brisamar.example").await;
    assert!(is_delivered(&room, before).await);

    room.clock.advance(jump);
    let after = room.send("accept.after@brisamar.example").await;
    assert!(!is_delivered(&room, after).await);
    assert_eq!(room.email(after).await.listed.email.status, Status::Scheduled);
    assert!(room.engine.clock_jumped());
    let warnings = format!("{:?}", room.engine.profile(&room.actor).await.unwrap());
    assert!(warnings.contains("ClockJumped"), "every screen says so: {warnings}");

    room.engine.confirm_clock(&room.actor).await.unwrap();
    assert!(is_delivered(&room, after).await);
    stop.cancel();
    workers.stopped().await;
    for who in ["before", "after"] {
        assert_eq!(room.world.inbox(&format!("accept.{who}@brisamar.example")).len(), 1);
    }
}
