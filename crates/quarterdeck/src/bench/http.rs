//! One connection to the server, kept open, as a browser keeps it.

use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Empty};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, HOST, HeaderMap, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinHandle};

use super::failed;
use crate::error::Result;

/// What came back, as it came over the wire.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) is_gzip: bool,
    pub(super) body: Bytes,
}

/// A connection.
pub(super) struct Connection {
    requests: SendRequest<Empty<Bytes>>,
    wire: JoinHandle<()>,
    headers: HeaderMap,
}

/// What a browser says: it takes gzip.
pub(super) fn gzip() -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))])
}

impl Connection {
    /// Connects; every request will carry `headers`.
    pub(super) async fn open(address: SocketAddr, mut headers: HeaderMap) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
        let wire = tokio::spawn(async move {
            // What breaks the connection also fails the request that waits for it.
            let _ = connection.await;
        });
        headers.insert(HOST, HeaderValue::try_from(address.to_string()).map_err(failed)?);
        Ok(Self { requests, wire, headers })
    }

    /// Asks for `path`, and reads the answer to its end.
    pub(super) async fn get(&mut self, path: &str) -> Result<Answer> {
        let mut request = Request::get(path).body(Empty::new()).map_err(failed)?;
        request.headers_mut().clone_from(&self.headers);
        self.requests.ready().await.map_err(failed)?;
        let response = self.requests.send_request(request).await.map_err(failed)?;
        let status = response.status().as_u16();
        let is_gzip = response.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
        let body = response.into_body().collect().await.map_err(failed)?.to_bytes();
        Ok(Answer { status, is_gzip, body })
    }

    /// As [`Connection::get`], where anything but a 200 makes the measurement worthless.
    pub(super) async fn get_ok(&mut self, path: &str) -> Result<Answer> {
        let answer = self.get(path).await?;
        if answer.status == 200 { Ok(answer) } else { Err(failed(format!("{path} answered {}", answer.status))) }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.wire.abort();
    }
}
