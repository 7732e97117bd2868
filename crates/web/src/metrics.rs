//! Figures for Prometheus.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::authorization::Role;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{
    app::App,
    caller::{Caller, Visitor},
    problem::{Problem, Result},
};

/// Upper bounds of the duration buckets, in seconds.
const DURATIONS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// Where the figures of this process are collected. Cheap to clone.
#[derive(Clone)]
pub struct Figures(PrometheusHandle);

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Figures")
    }
}

impl Figures {
    /// Begins to collect, for the whole process.
    ///
    /// # Errors
    /// When something collects already.
    pub fn collect() -> std::result::Result<Self, BuildError> {
        let durations = Matcher::Suffix("duration_seconds".to_owned());
        PrometheusBuilder::new().set_buckets_for_metric(durations, DURATIONS)?.install_recorder().map(Self)
    }

    /// Adds up what came in. Call it every few seconds, because it is kept one by one until then.
    pub fn add_up(&self) {
        self.0.run_upkeep();
    }
}

/// The figures, for the machine itself and for administrators: they tell how much mail is sent.
pub(crate) async fn figures(
    State(app): State<App>,
    Visitor(client): Visitor,
    headers: HeaderMap,
    caller: Result<Caller>,
) -> Result<Response> {
    // Behind a proxy that nobody named everybody seems to be on this machine.
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let is_local = client.ip.is_some_and(|ip| ip.is_loopback()) && !is_forwarded;
    if !is_local && caller?.actor.role != Role::Admin {
        return Err(Problem::forbidden());
    }
    let Figures(handle) = app.options.figures.as_ref().ok_or_else(Problem::not_found)?;
    measure(&app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response())
}

/// What is not counted as it happens, but looked up when somebody asks.
async fn measure(app: &App) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "a queue of 2^52 emails is no queue")]
    metrics::gauge!("quarterdeck_queued_emails").set(app.engine.queue_length().await? as f64);
    if let Some(bytes) = resident_memory() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes);
    }
    Ok(())
}

/// What the process occupies, where the system tells.
fn resident_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
}
