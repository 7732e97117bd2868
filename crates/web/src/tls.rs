//! The same over https, by this server itself: for each connection the certificate of the host that it asks for.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    extract::{ConnectInfo, Request, connect_info::Connected},
    middleware::{Next, from_fn},
    response::Response,
    serve::{IncomingStream, Listener},
};
use engine::{
    Engine,
    certificates::{PROTOCOL, ServerConfig},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::timeout,
};
use tokio_rustls::{LazyConfigAcceptor, StartHandshake, server::TlsStream};

use crate::{app::Options, router::router};

/// How long a client may take to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Clients that may be doing so at once; others wait.
const HANDSHAKES: usize = 512;
/// The pause after the system could not take a connection: it has no more of something.
const BREATH: Duration = Duration::from_millis(100);

/// Serves everything over https until [`Options::stopping`] is cancelled and the requests that run are answered.
///
/// # Errors
/// When the listener fails.
pub async fn serve_tls(listener: TcpListener, engine: Engine, options: Options) -> io::Result<()> {
    let stopping = options.stopping.clone();
    let address = listener.local_addr()?;
    let (sender, secured) = mpsc::channel(HANDSHAKES);
    let accepting = tokio::spawn(accept(listener, engine.clone(), sender));
    let service = router(engine, options).layer(from_fn(tell_peer)).into_make_service_with_connect_info::<Peer>();
    let served =
        axum::serve(Secured { secured, address }, service).with_graceful_shutdown(stopping.cancelled_owned()).await;
    accepting.abort();
    served
}

type Client = (TlsStream<TcpStream>, SocketAddr);

/// Takes connections and secures each on its own, so that a slow client holds up nobody.
async fn accept(listener: TcpListener, engine: Engine, secured: mpsc::Sender<Client>) {
    let room = Arc::new(Semaphore::new(HANDSHAKES));
    while let Ok(place) = Arc::clone(&room).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                tokio::spawn(secure(stream, peer, engine.clone(), secured.clone(), place));
            }
            Err(error) => {
                tracing::debug!(%error, "a connection was not taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

async fn secure(
    stream: TcpStream,
    peer: SocketAddr,
    engine: Engine,
    secured: mpsc::Sender<Client>,
    _place: OwnedSemaphorePermit,
) {
    match timeout(HANDSHAKE, handshake(stream, &engine)).await {
        // Nobody takes it any more when the server stops.
        Ok(Ok(Some(stream))) => drop(secured.send((stream, peer)).await),
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

/// Connections that are secured.
struct Secured {
    secured: mpsc::Receiver<Client>,
    address: SocketAddr,
}

impl Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.secured.recv().await {
            Some(client) => client,
            // The server is about to stop.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// The other end of a secured connection.
#[derive(Clone)]
struct Peer(SocketAddr);

impl Connected<IncomingStream<'_, Secured>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Secured>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Handlers look for the peer in one place, however it is connected.
async fn tell_peer(mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(Peer(peer))) = request.extensions().get::<ConnectInfo<Peer>>().cloned() {
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    next.run(request).await
}
