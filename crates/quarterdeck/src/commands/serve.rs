//! `quarterdeck serve`.

use std::sync::Arc;

use engine::{Engine, SystemClock};
use tracing::{info, warn};

use crate::{
    configuration::Configuration,
    error::Result,
    logging, node_mark, open, port,
    server::{self, Server},
};

pub(super) async fn run(configuration: &Configuration) -> Result<()> {
    logging::begin(&configuration.log.value, configuration.log_format.value);
    open::make_folder(&configuration.data_dir.value)?;
    let _lock = open::lock(&configuration.location())?;
    let (listener, address) = server::listen(configuration.listen.value).await?;
    let engine = open::engine(configuration, address, Arc::new(SystemClock)).await?;
    let _mark = node_mark::take_place(&engine, &configuration.data_dir.value).await?;
    let visits = configuration.data_dir.value.join("visits");
    if let Err(error) = engine.keep_visits_in(&visits) {
        warn!(%error, folder = %visits.display(), "views and clicks are not kept in files: a kill costs what is not recorded yet");
    }
    let https = match configuration.https_listen.value {
        Some(address) => Some(server::listen(address).await?.0),
        None => None,
    };
    let port = port::open(configuration, &engine.settings().public_url).await?;

    let mut server = Server::start(engine.clone(), listener, configuration.trusted_proxies.value.clone());
    server.start_workers();
    if let Some(https) = https {
        server.open_https(https);
    }
    if let Some(port) = port {
        server.open_port(port);
    }
    server.follow_networks(configuration.network_files());
    info!(version = env!("CARGO_PKG_VERSION"), %address, "serving");
    greet(&engine).await?;

    Server::until_told_to_stop().await?;
    server.stop().await;
    Ok(())
}

/// Says where to go.
async fn greet(engine: &Engine) -> Result<()> {
    let url = &engine.settings().public_url;
    println!("Quarterdeck is at {url}");
    if let Some(token) = engine.setup_token().await? {
        println!("There is no user yet. Become the first administrator with this link, which works once:");
        println!("{url}/setup#token={token}");
    }
    Ok(())
}
