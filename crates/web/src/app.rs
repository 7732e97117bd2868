//! What every handler can reach, and how the routes are put together.

use std::sync::Arc;

use axum::extract::FromRef;
use engine::Engine;
use tokio_util::sync::CancellationToken;

use crate::{connections::Patience, metrics::Figures};

/// What an operator decides about HTTP, and what the process shares with it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Where figures are collected; without, `/metrics` does not exist.
    pub figures: Option<Figures>,
    /// Cancelled when the server stops: streams of events end then.
    pub stopping: CancellationToken,
    /// How long clients may take.
    pub patience: Patience,
}

/// What every handler can reach.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) engine: Engine,
    pub(crate) options: Arc<Options>,
}

impl App {
    /// Whether people reach us over https, so that cookies may be `Secure`.
    pub(crate) fn is_https(&self) -> bool {
        self.engine.settings().public_url.starts_with("https://")
    }

    /// The name of the session cookie. Under https a browser guarantees by the prefix that it is ours alone.
    pub(crate) fn session_cookie(&self) -> &'static str {
        if self.is_https() { "__Host-qd_session" } else { "qd_session" }
    }
}

impl FromRef<App> for Engine {
    fn from_ref(app: &App) -> Self {
        app.engine.clone()
    }
}
