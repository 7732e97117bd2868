//! A small file over https, for those who have to look something up.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use url::{Position, Url};

use super::{Error, Network};

/// How long it may take, all in all.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;

impl Network {
    /// What stands at `url`, which must be https. Redirects are not followed.
    ///
    /// # Errors
    /// [`Error`]; [`Error::Network`] also when the answer is no success.
    pub async fn get(&self, url: &Url) -> Result<Vec<u8>, Error> {
        timeout(PATIENCE, self.get_unhurried(url)).await.map_err(|_| Error::TimedOut)?
    }

    async fn get_unhurried(&self, url: &Url) -> Result<Vec<u8>, Error> {
        let host = url.host_str().filter(|_| url.scheme() == "https");
        let host = host.ok_or_else(|| Error::InvalidHost(url.to_string()))?;
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses = self.resolve(host, port, PATIENCE).await?;
        let stream = self.connect(&addresses, PATIENCE).await?;
        let stream = self.secure(host, stream, PATIENCE).await?;
        let broken = |error: &dyn std::fmt::Display| Error::Network(error.to_string());
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
        let request = Request::get(&url[Position::BeforePath..Position::AfterQuery])
            .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
            .body(Empty::<Bytes>::new())
            .map_err(|error| broken(&error))?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(|error| broken(&error))?;
            let status = response.status();
            if !status.is_success() {
                return Err(Error::Network(format!("the answer is {status}")));
            }
            let body =
                Limited::new(response.into_body(), MAX_ANSWER).collect().await.map_err(|error| broken(&error))?;
            Ok(body.to_bytes().to_vec())
        };
        // The connection works for the exchange and ends with it.
        tokio::select! {
            answer = exchange => answer,
            Err(error) = connection => Err(broken(&error)),
        }
    }
}
