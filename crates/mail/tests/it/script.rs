//! A server that plays its part line by line and tells what it heard.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};
use tokio_rustls::TlsAcceptor;

/// One thing the server does.
#[derive(Clone)]
pub(crate) enum Act {
    /// Says these bytes at once.
    Say(Vec<u8>),
    /// Says these bytes one at a time, pausing between them.
    Drip(&'static str, Duration),
    /// Hears a line that begins so.
    Hear(&'static str),
    /// Hears a message's content up to the final dot.
    HearContent,
    /// Says nothing for so long.
    Pause(Duration),
    /// Speaks TLS from here on.
    Tls(Arc<ServerConfig>),
}

pub(crate) fn say(text: &str) -> Act {
    Act::Say(format!("{text}\r\n").into_bytes())
}

pub(crate) fn hear(prefix: &'static str) -> Act {
    Act::Hear(prefix)
}

/// The greeting and the answer to `EHLO` with these offers.
pub(crate) fn welcome(offers: &[&str]) -> Vec<Act> {
    vec![say("220 mx.test ESMTP"), hear("EHLO"), ehlo(offers)]
}

pub(crate) fn ehlo(offers: &[&str]) -> Act {
    let lines: Vec<String> =
        std::iter::once(&"mx.test").chain(offers).map(|offer| format!("250-{offer}\r\n")).collect();
    Act::Say([lines.concat().as_str(), "250 HELP\r\n"].concat().into_bytes())
}

/// A server that plays `script` to its first caller and then hangs up.
pub(crate) struct Script {
    pub(crate) address: SocketAddr,
    task: JoinHandle<Vec<String>>,
}

impl Script {
    pub(crate) async fn play(script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script: Vec<Act> = script.into_iter().collect();
        let task = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            perform(stream, script).await
        });
        Self { address, task }
    }

    /// Every line it heard; a content counts as one line. Fails if it heard something unexpected.
    pub(crate) async fn heard(self) -> Vec<String> {
        self.task.await.unwrap()
    }
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

async fn perform(stream: TcpStream, script: Vec<Act>) -> Vec<String> {
    let mut stream: Box<dyn Duplex> = Box::new(stream);
    let mut heard = Vec::new();
    let mut inbox = Vec::new();
    for act in script {
        // A caller that has left ends the play.
        let went_on = match act {
            Act::Say(bytes) => stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok(),
            Act::Drip(text, pause) => drip(&mut stream, text, pause).await,
            Act::Hear(prefix) => match hear_until(&mut stream, &mut inbox, "\r\n").await {
                Some(line) => {
                    assert!(line.starts_with(prefix), "heard {line:?} instead of {prefix:?}");
                    heard.push(line);
                    true
                }
                None => false,
            },
            Act::HearContent => match hear_until(&mut stream, &mut inbox, "\r\n.\r\n").await {
                Some(content) => {
                    heard.push(content);
                    true
                }
                None => false,
            },
            Act::Pause(time) => {
                sleep(time).await;
                true
            }
            Act::Tls(config) => match TlsAcceptor::from(config).accept(stream).await {
                Ok(tls) => {
                    stream = Box::new(tls);
                    true
                }
                Err(_) => return heard,
            },
        };
        if !went_on {
            break;
        }
    }
    heard
}

async fn drip(stream: &mut Box<dyn Duplex>, text: &str, pause: Duration) -> bool {
    for byte in text.bytes() {
        if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
            return false;
        }
        sleep(pause).await;
    }
    true
}

async fn hear_until(stream: &mut Box<dyn Duplex>, inbox: &mut Vec<u8>, end: &str) -> Option<String> {
    loop {
        if let Some(at) = inbox.windows(end.len()).position(|window| window == end.as_bytes()) {
            let line = String::from_utf8(inbox.drain(..at + end.len()).collect()).unwrap();
            return Some(line.strip_suffix(end).unwrap().to_owned());
        }
        if stream.read_buf(inbox).await.ok()? == 0 {
            return None;
        }
    }
}
