//! The same over https, by this server itself: for each connection the certificate of the host that it asks for.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use engine::{
    Engine,
    certificates::{PROTOCOL, ServerConfig},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_rustls::{LazyConfigAcceptor, StartHandshake, server::TlsStream};

use crate::{
    app::Options,
    connections::{Connections, accept},
    router::connections,
};

/// Clients that may be agreeing on keys at once; others wait.
const HANDSHAKES: usize = 512;

/// Serves everything over https until [`Options::stopping`] is cancelled and the requests that run are answered.
pub async fn serve_tls(listener: TcpListener, engine: Engine, options: Options) {
    let (stopping, patience) = (options.stopping.clone(), options.patience.handshake);
    let connections = connections(engine.clone(), options);
    let room = Arc::new(Semaphore::new(HANDSHAKES));
    let next = async || (Arc::clone(&room).acquire_owned().await, accept(&listener).await);
    while let Some((Ok(place), (stream, peer))) = stopping.run_until_cancelled(next()).await {
        tokio::spawn(secure(stream, peer, engine.clone(), connections.clone(), patience, place));
    }
    drop(listener);
    connections.ended().await;
}

/// Secures a connection, each on its own, so that a slow client holds up nobody.
async fn secure(
    stream: TcpStream,
    peer: SocketAddr,
    engine: Engine,
    connections: Connections,
    patience: Duration,
    _place: OwnedSemaphorePermit,
) {
    match timeout(patience, handshake(stream, &engine)).await {
        Ok(Ok(Some(stream))) => connections.serve(stream, peer),
        Ok(Ok(None)) => {}
        Ok(Err(error)) => tracing::debug!(%error, %peer, "no TLS"),
        Err(_) => tracing::debug!(%peer, "TLS took too long"),
    }
}

/// `None` where the connection has served its purpose: an authority saw what it came for.
async fn handshake(stream: TcpStream, engine: &Engine) -> io::Result<Option<TlsStream<TcpStream>>> {
    let acceptor = LazyConfigAcceptor::new(tokio_rustls::rustls::server::Acceptor::default(), stream);
    let start: StartHandshake<TcpStream> = acceptor.await?;
    let hello = start.client_hello();
    let host = hello.server_name().unwrap_or_default().to_ascii_lowercase();
    let is_authority = hello.alpn().is_some_and(|mut offered| offered.any(|protocol| protocol == PROTOCOL));
    let config: engine::Result<Option<Arc<ServerConfig>>> =
        if is_authority { engine.tls_of_challenge(&host).await } else { engine.tls_of(&host).await };
    let config = config.map_err(|error| io::Error::other(error.to_string()))?;
    let config = config.ok_or_else(|| io::Error::other(format!("there is no certificate for {host:?}")))?;
    let stream = start.into_stream(config).await?;
    Ok((!is_authority).then_some(stream))
}
