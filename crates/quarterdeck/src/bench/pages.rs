//! How long the first page of a folder takes in a full store.

use std::time::Duration;

use hyper::header::{AUTHORIZATION, HeaderValue};
use tokio::time::Instant;

use super::{
    cluster::Cluster,
    failed,
    figures::{Figures, Goal, percentile},
    filling::{self, Filled},
    folder,
    http::{Connection, gzip},
    serving::Serving,
};
use crate::error::Result;

/// What is listed. Undelivered is three reads and a merge; the others are one.
const FOLDERS: [&str; 3] = ["delivered", "undelivered", "scheduled"];
/// Requests that are not counted.
const WARM_UP: usize = 50;
const REQUESTS: usize = 500;

/// Measures on the database that everybody has.
pub(super) async fn measure_sqlite(figures: &mut Figures, emails: u32) -> Result<()> {
    let folder = folder()?;
    let filled = filling::fill(folder.path(), None, emails).await?;
    report_filling("sqlite", emails, &filled)?;
    let serving = Serving::start(folder.path(), None).await?;
    measure(figures, "sqlite", &serving, &filled).await
}

/// Measures on a cluster of our own, if one can be started.
pub(super) async fn measure_postgres(figures: &mut Figures, emails: u32) -> Result<()> {
    let Some(cluster) = tokio::task::block_in_place(Cluster::start)? else {
        eprintln!("PostgreSQL is not measured: Debian's package postgresql is not installed, or does not start.");
        return Ok(());
    };
    let folder = folder()?;
    let url = Some(cluster.url.as_str());
    let filled = filling::fill(folder.path(), url, emails).await?;
    report_filling("postgres", emails, &filled)?;
    tokio::task::block_in_place(|| cluster.settle())?;
    let serving = Serving::start(folder.path(), url).await?;
    measure(figures, "postgres", &serving, &filled).await
}

fn report_filling(database: &str, emails: u32, filled: &Filled) -> Result<()> {
    Figures::plain(&format!("{database}_write_{emails}_emails"), filled.took.as_secs_f64(), "s")
}

async fn measure(figures: &mut Figures, database: &str, serving: &Serving, filled: &Filled) -> Result<()> {
    let mut headers = gzip();
    let token = format!("Bearer {}", filled.token);
    headers.insert(AUTHORIZATION, HeaderValue::try_from(token).map_err(failed)?);
    let mut connection = Connection::open(serving.address, headers).await?;
    for folder in FOLDERS {
        let path = format!("/api/v1/emails?folder={folder}&limit=50");
        let mut times = Vec::with_capacity(REQUESTS);
        for number in 0..WARM_UP + REQUESTS {
            let began = Instant::now();
            connection.get_ok(&path).await?;
            if number >= WARM_UP {
                times.push(began.elapsed());
            }
        }
        times.sort_unstable();
        let name = format!("{database}_first_page_{folder}");
        Figures::plain(&format!("{name}_p50"), milliseconds(percentile(&times, 50)), "ms")?;
        figures.promised(&format!("{name}_p99"), milliseconds(percentile(&times, 99)), "ms", Goal::Below(20.0))?;
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
