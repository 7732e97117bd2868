//! A web server that answers every request with a redirect and remembers it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) host: String,
    pub(crate) user_agent: String,
    pub(crate) from: IpAddr,
}

pub(crate) struct Web {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Web {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (stream, peer) = listener.accept().await.unwrap();
                answer(stream, peer, &seen).await;
            }
        });
        Self { address, requests }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(stream: TcpStream, peer: SocketAddr, seen: &Mutex<Vec<Request>>) {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if line == "\r\n" || line.is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let header = |name: &str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().to_owned()
    };
    seen.lock().unwrap().push(Request {
        path: lines[0].split(' ').nth(1).unwrap().to_owned(),
        host: header("Host: "),
        user_agent: header("User-Agent: "),
        from: peer.ip(),
    });
    // The redirect leads to an address that would be remembered too, were it followed.
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://{}/followed\r\nContent-Length: 0\r\n\r\n",
        stream.get_ref().local_addr().unwrap()
    );
    stream.get_mut().write_all(redirect.as_bytes()).await.unwrap();
}
