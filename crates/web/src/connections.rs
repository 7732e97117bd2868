//! Connections, and how long the other end may take: whoever says nothing, or takes nothing, holds nothing of ours for long.
//!
//! What is done for a request is bounded by [`crate::limits`]; here it is the conversation. HTTP/1.1 only, as no proxy and no
//! browser asks for more of a server that is near.

use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

/// The pause after the system could not give a connection: it has no more of something.
const BREATH: Duration = Duration::from_secs(1);

/// How long the other end of a connection may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To agree on keys, where TLS is spoken.
    pub handshake: Duration,
    /// To say what it wants, up to the end of a request's head. A connection on which nobody asks for anything is kept as long.
    pub head: Duration,
    /// Without a byte either way; cut off before twice of it is over. Longer than anything we do before we answer, and than
    /// the heartbeats of a live stream are apart.
    pub silence: Duration,
}

impl Default for Patience {
    /// A kept connection lasts longer than proxies keep theirs, which is a minute as a rule: so they never ask into one that
    /// ends at that moment.
    fn default() -> Self {
        Self { handshake: Duration::from_secs(10), head: Duration::from_secs(75), silence: Duration::from_mins(3) }
    }
}

/// The next connection; what the system cannot give now it is asked again.
pub(crate) async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Changes are told at once; where that cannot be, they are told a moment later.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) if is_of_one_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken; trying again");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves connections, and knows which ones are open. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connections {
    router: Router,
    patience: Patience,
    stopping: CancellationToken,
    open: TaskTracker,
}

impl Connections {
    pub(crate) fn new(router: Router, patience: Patience, stopping: CancellationToken) -> Self {
        Self { router, patience, stopping, open: TaskTracker::new() }
    }

    /// Serves a connection for as long as it lasts.
    pub(crate) fn serve<S>(&self, stream: S, peer: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { router, patience, stopping, .. } = self.clone();
        self.open.spawn(converse(stream, peer, router, patience, stopping));
    }

    /// Waits until every connection has ended.
    pub(crate) async fn ended(&self) {
        self.open.close();
        self.open.wait().await;
    }
}

async fn converse<S>(stream: S, peer: SocketAddr, router: Router, patience: Patience, stopping: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let moved = Arc::new(AtomicBool::new(false));
    let stream = Watched { stream, moved: Arc::clone(&moved) };
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), answer));
    let mut told = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, %peer, "a connection broke off");
                }
                return;
            }
            () = stopping.cancelled(), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
            () = tokio::time::sleep(patience.silence) => {
                if !moved.swap(false, Ordering::Relaxed) {
                    tracing::debug!(%peer, "a silent connection was cut off");
                    return;
                }
            }
        }
    }
}

/// Notes that bytes went one way or the other.
struct Watched<S> {
    stream: S,
    moved: Arc<AtomicBool>,
}

impl<S: Unpin> Watched<S> {
    fn stream(self: Pin<&mut Self>) -> Pin<&mut S> {
        Pin::new(&mut self.get_mut().stream)
    }

    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.moved.store(true, Ordering::Relaxed);
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = self.as_mut().stream().poll_read(cx, buf);
        if buf.filled().len() > before {
            self.moved.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.as_mut().stream().poll_write(cx, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.as_mut().stream().poll_write_vectored(cx, bytes);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_goes_well_is_silent_for_too_long() {
        let Patience { silence, .. } = Patience::default();
        assert!(crate::live::HEARTBEAT * 2 < silence, "a live stream on which nothing happens");
        assert!(crate::limits::PATIENCE < silence, "a request that is worked on");
    }
}
