//! The machine's clock is set while mail waits.

use std::time::Duration;

use domain::{EmailId, Status, time::HOUR};
use rstest::rstest;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{mailroom::Mailroom, support::Backend};

/// How long a delivery may take that is to come, on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long one is waited for that must not come: longer than the worker sleeps.
const A_WHILE: Duration = Duration::from_secs(2);

async fn is_delivered(room: &Mailroom, id: EmailId, within: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < within {
        if room.email(id).await.listed.email.status == Status::Delivered {
            return true;
        }
        sleep(Duration::from_millis(20)).await;
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
    assert!(is_delivered(&room, before, PATIENCE).await);

    room.clock.advance(jump);
    let after = room.send("accept.after@brisamar.example").await;
    assert!(!is_delivered(&room, after, A_WHILE).await);
    assert_eq!(room.email(after).await.listed.email.status, Status::Scheduled);
    assert!(room.engine.clock_jumped());
    let warnings = format!("{:?}", room.engine.profile(&room.actor).await.unwrap());
    assert!(warnings.contains("ClockJumped"), "every screen says so: {warnings}");

    room.engine.confirm_clock(&room.actor).await.unwrap();
    assert!(is_delivered(&room, after, PATIENCE).await);
    stop.cancel();
    workers.stopped().await;
    for who in ["before", "after"] {
        assert_eq!(room.world.inbox(&format!("accept.{who}@brisamar.example")).len(), 1);
    }
}
