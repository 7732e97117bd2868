//! What an email costs when a few others wait, and when a million do.

use super::{at_once, median, ours::Queue, per_email, plain, promised, sink, sink::Sink};
use crate::{
    bench::{
        cluster::Cluster,
        figures::{Figures, Goal},
    },
    error::Result,
};

/// Measures `runs` times, with `emails` waiting and with `waiting`.
pub(in crate::bench) async fn measure(figures: &mut Figures, emails: u32, waiting: u32, runs: u32) -> Result<()> {
    let Some(mut sink) = sink()? else { return Ok(()) };
    compare(figures, &mut sink, "sqlite", (emails, waiting, runs)).await?;
    compare(figures, &mut sink, "postgres", (emails, waiting, runs)).await
}

/// Measures on one database, if it can be started here.
async fn compare(figures: &mut Figures, sink: &mut Sink, database: &str, counts: (u32, u32, u32)) -> Result<()> {
    let (emails, waiting, runs) = counts;
    let few_leave = emails / 10 * 9;
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let Some(queue) = queue(database, sink, emails).await? else { return Ok(()) };
        few.push(cost(&queue, sink, few_leave).await?);
    }
    let Some(queue) = queue(database, sink, waiting).await? else { return Ok(()) };
    for _ in 0..runs {
        many.push(cost(&queue, sink, few_leave).await?);
    }
    let growth = median(many.iter().copied()).zip(median(few.iter().copied())).map(|(many, few)| many / few);
    plain(&format!("{database}_sending_cost_of_{emails}"), few, "us/email")?;
    plain(&format!("{database}_sending_cost_of_{waiting}"), many, "us/email")?;
    promised(figures, &format!("{database}_sending_cost_growth"), growth, "times", Goal::AtMost(1.1))
}

async fn queue(database: &str, sink: &Sink, emails: u32) -> Result<Option<Queue>> {
    let cluster = match database {
        "postgres" => match tokio::task::block_in_place(Cluster::start)? {
            Some(cluster) => Some(cluster),
            None => return Ok(None),
        },
        _ => None,
    };
    Queue::fill(cluster, sink.port, emails, at_once).await.map(Some)
}

/// The processor time, `PostgreSQL`'s included, of each of the first `emails` that leave, in microseconds. Others are left
/// behind, so that the next look finds the queue hardly shorter.
async fn cost(queue: &Queue, sink: &mut Sink, emails: u32) -> Result<f64> {
    let (before, postgres) = (sink.count()?, queue.used_by_postgres()?);
    let serving = queue.serve().await?;
    sink.until(before + u64::from(emails)).await?;
    let used = queue.used(&serving)?;
    serving.stop().await?;
    Ok(per_email(used.ours + used.postgres.saturating_sub(postgres), emails))
}
