//! A listening server: started, and stopped without losing what was begun.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use engine::{Engine, delivery::Workers};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use web::Figures;

use crate::{
    error::{Error, Result},
    port::Port,
};

/// How long requests that run may go on after the signal.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// How long an SMTP transaction that runs may go on: the longest a server may take after the final dot is ten minutes, but
/// who stops a service waits less. What is cut off is settled by the ledger.
const LAST_TRANSACTIONS: Duration = Duration::from_mins(1);
/// How long the last changes may take to reach other nodes.
const LAST_CHANGES: Duration = Duration::from_secs(2);
/// How often figures are added up.
const ADD_UP: Duration = Duration::from_secs(5);

/// Listens at `address`.
pub(crate) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let failed = |source| Error::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// A server that answers.
pub(crate) struct Server {
    engine: Engine,
    stopping: CancellationToken,
    http: JoinHandle<()>,
    https: Option<JoinHandle<()>>,
    options: web::Options,
    workers: Option<Workers>,
    port: Option<JoinHandle<()>>,
    relay: Relay,
}

/// Carries changes between nodes; it stops last, so that other nodes hear of the last change.
struct Relay {
    stopping: CancellationToken,
    running: JoinHandle<()>,
}

impl Server {
    /// Begins to answer; the workers come with [`Server::start_workers`].
    pub(crate) fn start(engine: Engine, listener: TcpListener, trusted_proxies: Vec<IpAddr>) -> Self {
        let stopping = CancellationToken::new();
        let figures = Figures::collect().inspect_err(|error| warn!(%error, "no figures are collected")).ok();
        if let Some(figures) = figures.clone() {
            tokio::spawn(add_up(figures, stopping.clone()));
        }
        let relay = Relay::start(&engine);
        let options =
            web::Options { trusted_proxies, figures, stopping: stopping.clone(), patience: web::Patience::default() };
        let http = tokio::spawn(web::serve(listener, engine.clone(), options.clone()));
        Self { engine, stopping, http, https: None, options, workers: None, port: None, relay }
    }

    /// Begins to deliver mail and to record views and clicks.
    pub(crate) fn start_workers(&mut self) {
        self.workers = Some(self.engine.start_workers(&self.stopping));
    }

    /// Answers https as well, with certificates of its own.
    pub(crate) fn open_https(&mut self, listener: TcpListener) {
        self.https = Some(tokio::spawn(web::serve_tls(listener, self.engine.clone(), self.options.clone())));
    }

    /// Takes what comes back by SMTP.
    pub(crate) fn open_port(&mut self, port: Port) {
        let Port { listener, options } = port;
        let stopping = self.stopping.clone();
        self.port = Some(tokio::spawn(self.engine.clone().take_mail_until(listener, options, stopping)));
    }

    /// Knows networks by these files, and by whatever they hold from now on.
    pub(crate) fn follow_networks(&self, files: engine::networks::Files) {
        tokio::spawn(self.engine.clone().follow_networks_until(files, self.stopping.clone()));
    }

    /// Waits for SIGTERM or Ctrl-C.
    pub(crate) async fn until_told_to_stop() -> Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok(())
    }

    /// Stops; told a second time, at once.
    pub(crate) async fn stop(self) {
        tokio::select! {
            () = self.finish() => {}
            _ = Self::until_told_to_stop() => warn!("told twice: what was begun is cut off"),
        }
    }

    /// Accepts nothing new, ends streams, finishes what was begun, and closes the store.
    async fn finish(self) {
        info!("stopping");
        self.stopping.cancel();
        for serving in [Some(self.http), self.https].into_iter().flatten() {
            if tokio::time::timeout(LAST_REQUESTS, serving).await.is_err() {
                warn!("requests were cut off");
            }
        }
        if let Some(port) = self.port
            && tokio::time::timeout(LAST_REQUESTS, port).await.is_err()
        {
            warn!("messages that came back were cut off; their servers bring them again");
        }
        if let Some(workers) = self.workers
            && tokio::time::timeout(LAST_TRANSACTIONS, workers.stopped()).await.is_err()
        {
            warn!("transactions were cut off; the ledger settles them at the next start");
        }
        // The worker that records ended with the signal; the last requests came after it.
        self.engine.record_visits().await;
        self.relay.stop().await;
        self.engine.db().close().await;
        info!("stopped");
    }
}

impl Relay {
    fn start(engine: &Engine) -> Self {
        let stopping = CancellationToken::new();
        let running = tokio::spawn(engine.clone().relay_changes_until(stopping.clone()));
        Self { stopping, running }
    }

    async fn stop(self) {
        self.stopping.cancel();
        if tokio::time::timeout(LAST_CHANGES, self.running).await.is_err() {
            warn!("other nodes did not hear of the last changes");
        }
    }
}

async fn add_up(figures: Figures, stopping: CancellationToken) {
    while stopping.run_until_cancelled(tokio::time::sleep(ADD_UP)).await.is_some() {
        figures.add_up();
    }
}
