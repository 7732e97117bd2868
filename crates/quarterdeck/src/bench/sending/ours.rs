//! Our own sender: a store full of mail, and the program that is started on it.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
    time::Duration,
};

use domain::{Status, Timestamp, WorkspaceId};
use engine::{Clock as _, SystemClock};
use store::{Db, Location, backup};
use tempfile::TempDir;

use super::{
    Run, almost_all,
    campaign::{Campaign, Queued},
    per_email, rate,
    sink::Sink,
};
use crate::{
    bench::{cluster::Cluster, failed, filling::open_store, folder, process, serving::Serving},
    error::Result,
};

/// Between two looks whether a program has come to rest.
const REST: Duration = Duration::from_millis(1200);
/// The most that a program at rest uses in that time.
const NEARLY_NOTHING: Duration = Duration::from_millis(50);
/// So many looks are enough.
const LOOKS: usize = 100;

/// Mail queued in a store of its own.
pub(super) struct Queue {
    pub(super) workspace: WorkspaceId,
    pub(super) emails: Vec<Queued>,
    cluster: Option<Cluster>,
    folder: TempDir,
}

/// Processor time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Used {
    /// Our program's.
    pub(super) ours: Duration,
    /// That of all processes of `PostgreSQL`.
    pub(super) postgres: Duration,
}

impl Queue {
    /// Fills a new store, on `cluster` or else on `SQLite`, with `emails` for `port`; `due` says when the nth is due.
    ///
    /// It is filled on `SQLite` in either case, and goes to the cluster as a backup does, many rows in a statement: one by one
    /// a million emails would take an hour there.
    pub(super) async fn fill(
        cluster: Option<Cluster>,
        port: u16,
        emails: u32,
        due: impl FnMut(u32) -> Timestamp,
    ) -> Result<Self> {
        let folder = folder()?;
        let engine = open_store(folder.path(), None).await?;
        let mut campaign = Campaign::prepare(&engine, port).await?;
        let emails = campaign.queue(&engine, emails, due).await?;
        if let Some(cluster) = &cluster {
            copy(engine.db(), cluster, folder.path()).await?;
            tokio::task::block_in_place(|| cluster.settle())?;
        }
        engine.db().close().await;
        let queue = Self { workspace: campaign.workspace(), emails, cluster, folder };
        at_rest(|| queue.used_by_postgres()).await?;
        Ok(queue)
    }

    /// Starts the program on it.
    pub(super) async fn serve(&self) -> Result<Serving> {
        Serving::start(self.folder.path(), self.url()).await
    }

    /// What `serving` and its database have used so far.
    pub(super) fn used(&self, serving: &Serving) -> Result<Used> {
        Ok(Used { ours: process::processor_time(serving.process()?)?, postgres: self.used_by_postgres()? })
    }

    /// What its database has used so far; nothing on `SQLite`, which runs in the program.
    pub(super) fn used_by_postgres(&self) -> Result<Duration> {
        let used = self.cluster.as_ref().map(|cluster| process::processor_time_of_family(cluster.process));
        Ok(used.transpose()?.unwrap_or_default())
    }

    fn url(&self) -> Option<&str> {
        self.cluster.as_ref().map(|cluster| cluster.url.as_str())
    }

    /// The store, once nobody serves it.
    pub(super) async fn store(&self) -> Result<Db> {
        Ok(open_store(self.folder.path(), self.url()).await?.db().clone())
    }
}

/// Puts all that `store` holds into the empty database of `cluster`, by way of a file in `folder`.
async fn copy(store: &Db, cluster: &Cluster, folder: &Path) -> Result<()> {
    let path = folder.join("backup");
    backup::write(store, "", SystemClock.now(), BufWriter::new(File::create(&path)?), |_, _| ()).await?;
    let db = Db::untouched(&Location::Postgres(cluster.url.clone())).await?;
    let filled = backup::load(&db, BufReader::new(File::open(&path)?), |_, _| ()).await?;
    filled.commit().await?;
    db.close().await;
    Ok(std::fs::remove_file(path)?)
}

/// Sends all of `queue`, which is due already, into `sink`.
pub(super) async fn send_all(queue: &Queue, sink: &mut Sink) -> Result<Run> {
    let emails = u32::try_from(queue.emails.len()).map_err(failed)?;
    let (before, postgres) = (sink.count()?, queue.used_by_postgres()?);
    let serving = queue.serve().await?;
    let arrived = sink.until(before + almost_all(emails)).await?;
    let took = arrived - serving.began;
    sink.until(before + u64::from(emails)).await?;
    at_rest(|| Ok(queue.used(&serving)?.ours)).await?;
    let used = queue.used(&serving)?;
    let peak_memory = process::peak_memory(serving.process()?)?;
    serving.stop().await?;
    all_delivered(queue, sink.count()? - before).await?;
    Ok(Run {
        rate: rate(almost_all(emails), took),
        processor: per_email(used.ours, emails),
        postgres: per_email(used.postgres.saturating_sub(postgres), emails),
        peak_memory,
    })
}

/// A rate is worth nothing unless everybody got one message, and our own record says so.
pub(super) async fn all_delivered(queue: &Queue, arrived: u64) -> Result<()> {
    let db = queue.store().await?;
    let mut tx = db.read().await?;
    let delivered = store::folder_counts::total(&mut tx, queue.workspace, Status::Delivered).await?;
    drop(tx);
    db.close().await;
    let emails = queue.emails.len();
    if arrived == emails as u64 && delivered.unsigned_abs() == arrived {
        Ok(())
    } else {
        Err(failed(format!("of {emails} emails {arrived} arrived and {delivered} are recorded as delivered")))
    }
}

/// Waits until what `used` tells hardly grows any more.
pub(super) async fn at_rest(used: impl Fn() -> Result<Duration>) -> Result<()> {
    let mut before = used()?;
    for _ in 0..LOOKS {
        tokio::time::sleep(REST).await;
        let now = used()?;
        if now.saturating_sub(before) <= NEARLY_NOTHING {
            return Ok(());
        }
        before = now;
    }
    Err(failed("a program does not come to rest"))
}
