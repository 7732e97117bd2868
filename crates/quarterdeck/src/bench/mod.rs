//! The figures we promise, measured on this machine: `make bench`. What each of them is stands in `docs/bench.md`.
//!
//! Everything is measured from outside, over HTTP and SMTP on the loopback interface, on the program as an operator starts
//! it: [`serving`] starts this very file again in a folder of its own. Nothing stays behind.

mod classifying;
mod cluster;
mod figures;
mod filling;
mod http;
mod javascript;
mod keeper;
mod letters;
mod pages;
mod process;
mod sending;
mod serving;
mod start;
mod tracking;
mod verdicts;

use std::time::Duration;

use crate::{
    cli::{BenchOptions, Part},
    error::{Error, Result},
    server::Server,
};
use figures::Figures;

/// The whole of it may take so long.
const PATIENCE: Duration = Duration::from_hours(1);

/// Emails in the store whose pages are timed.
const IN_STORE: u32 = 100_000;
/// Emails that leave in each run of a sender.
const SENT: u32 = 10_000;

/// `quarterdeck bench`.
pub(crate) async fn run(options: BenchOptions) -> Result<()> {
    tokio::select! {
        figures = tokio::time::timeout(PATIENCE, measure(&options)) => match figures {
            Ok(figures) => figures?.verdict(),
            Err(_) => Err(failed("it took longer than an hour")),
        },
        stop = Server::until_told_to_stop() => stop.and(Err(failed("it was told to stop"))),
    }
}

async fn measure(options: &BenchOptions) -> Result<Figures> {
    let mut figures = Figures::default();
    let wanted = |part| options.only.contains(&part);
    if wanted(Part::Start) {
        let fresh = start::measure(&mut figures).await?;
        javascript::measure(&mut figures, &fresh).await?;
    }
    if wanted(Part::Pages) {
        let emails = options.emails.unwrap_or(IN_STORE);
        pages::measure_sqlite(&mut figures, emails).await?;
        pages::measure_postgres(&mut figures, emails).await?;
    }
    let emails = options.emails.unwrap_or(SENT);
    if wanted(Part::Sending) {
        sending::measure(&mut figures, emails, options.runs).await?;
    }
    if wanted(Part::Punctuality) {
        sending::punctuality::measure(&mut figures, emails).await?;
    }
    if wanted(Part::Verdicts) {
        verdicts::measure(&mut figures)?;
    }
    if wanted(Part::Tracking) {
        tracking::measure(&mut figures).await?;
    }
    if wanted(Part::Classify) {
        classifying::measure(&mut figures)?;
    }
    if wanted(Part::Depth) {
        sending::depth::measure(&mut figures, emails, options.queued, options.runs).await?;
    }
    Ok(figures)
}

/// A folder that is deleted when it is dropped. It is on a disk, where `/tmp` may be memory.
fn folder() -> Result<tempfile::TempDir> {
    Ok(tempfile::Builder::new().prefix("quarterdeck-bench-").tempdir_in("/var/tmp")?)
}

/// Why nothing could be measured.
fn failed(reason: impl std::fmt::Display) -> Error {
    Error::Bench(reason.to_string())
}
