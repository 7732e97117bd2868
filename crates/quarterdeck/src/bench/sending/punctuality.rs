//! How late mail leaves, when much of it is due in the same minute.

use std::time::Duration;

use domain::{
    Timestamp,
    time::{MINUTE, SECOND},
};
use engine::{Clock as _, SystemClock};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{
    ours::{self, Queue, at_rest},
    sink,
};
use crate::{
    bench::{
        failed,
        figures::{Figures, Goal, percentile},
    },
    error::Result,
};

const SEED: u64 = 13;
/// Filling takes no longer than this for each email.
const FILLING: i64 = 3_000;
/// From the end of that to the minute in which everything is due.
const AHEAD: i64 = 10 * SECOND;

/// Measures with so many emails, due at any moment of one minute, on a channel without limits.
pub(in crate::bench) async fn measure(figures: &mut Figures, emails: u32) -> Result<()> {
    let Some(mut sink) = sink()? else { return Ok(()) };
    let minute = SystemClock.now().plus(AHEAD + FILLING * i64::from(emails));
    let mut dice = StdRng::seed_from_u64(SEED);
    let queue = Queue::fill(None, sink.port, emails, |_| minute.plus(dice.random_range(0..MINUTE))).await?;
    let before = sink.count()?;
    let serving = queue.serve().await?;
    let left = minute.since(SystemClock.now());
    let left = u64::try_from(left).map_err(|_| failed("filling the store took longer than thought"))?;
    tokio::time::sleep(Duration::from_micros(left)).await;
    sink.until(before + u64::from(emails)).await?;
    at_rest(|| Ok(queue.used(&serving)?.ours)).await?;
    serving.stop().await?;
    ours::all_delivered(&queue, sink.count()? - before).await?;

    let late = lateness(&queue).await?;
    let seconds = |percent| percentile(&late, percent).as_secs_f64();
    Figures::plain("sqlite_sending_lateness_p50", seconds(50), "s")?;
    figures.promised("sqlite_sending_lateness_p99", seconds(99), "s", Goal::Below(2.0))
}

/// From the moment each email was due to the moment at which the server had taken it, the shortest first.
async fn lateness(queue: &Queue) -> Result<Vec<Duration>> {
    let db = queue.store().await?;
    let mut tx = db.read().await?;
    let mut late = Vec::with_capacity(queue.emails.len());
    for queued in &queue.emails {
        let email = store::emails::find(&mut tx, queue.workspace, queued.id).await?;
        let sent = email.sent_at.ok_or_else(|| failed("an email that arrived was never sent"))?;
        late.push(since(sent, queued.due)?);
    }
    drop(tx);
    db.close().await;
    late.sort_unstable();
    Ok(late)
}

fn since(sent: Timestamp, due: Timestamp) -> Result<Duration> {
    let late = u64::try_from(sent.since(due));
    late.map(Duration::from_micros).map_err(|_| failed("an email left before it was due"))
}
