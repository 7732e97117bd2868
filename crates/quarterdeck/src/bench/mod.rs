//! The figures we promise, measured on this machine: `make bench`. What each of them is stands in `docs/bench.md`.
//!
//! Everything is measured from outside, over HTTP on the loopback interface, on the program as an operator starts it:
//! [`serving`] starts this very file again in a folder of its own. Nothing stays behind.

mod cluster;
mod figures;
mod filling;
mod http;
mod javascript;
mod letters;
mod pages;
mod serving;
mod start;

use std::time::Duration;

use crate::{
    cli::BenchOptions,
    error::{Error, Result},
    server::Server,
};
use figures::Figures;

/// The whole of it may take so long.
const PATIENCE: Duration = Duration::from_mins(3);

/// `quarterdeck bench`.
pub(crate) async fn run(options: BenchOptions) -> Result<()> {
    tokio::select! {
        figures = tokio::time::timeout(PATIENCE, measure(&options)) => match figures {
            Ok(figures) => figures?.verdict(),
            Err(_) => Err(failed("it took longer than three minutes")),
        },
        stop = Server::until_told_to_stop() => stop.and(Err(failed("it was told to stop"))),
    }
}

async fn measure(options: &BenchOptions) -> Result<Figures> {
    let mut figures = Figures::default();
    let fresh = start::measure(&mut figures).await?;
    javascript::measure(&mut figures, &fresh).await?;
    drop(fresh);
    pages::measure_sqlite(&mut figures, options.emails).await?;
    pages::measure_postgres(&mut figures, options.emails).await?;
    Ok(figures)
}

/// A folder that is deleted when it is dropped.
fn folder() -> Result<tempfile::TempDir> {
    Ok(tempfile::Builder::new().prefix("quarterdeck-bench-").tempdir()?)
}

/// Why nothing could be measured.
fn failed(reason: impl std::fmt::Display) -> Error {
    Error::Bench(reason.to_string())
}
