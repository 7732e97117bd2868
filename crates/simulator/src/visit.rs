//! One HTTP GET to a host on the loopback interface, and to no other.

use crate::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// A place that may be visited.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    authority: &'a str,
    hosts: Vec<IpAddr>,
    port: u16,
    path: &'a str,
}

impl<'a> Target<'a> {
    /// Reads a URL. No name is ever looked up: `localhost` is known, every other host must be a loopback address.
    pub(crate) fn parse(url: &'a str) -> Result<Self, Error> {
        let not_http = || Error::NotHttp(url.to_owned());
        if url.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
            return Err(not_http());
        }
        let rest = url.strip_prefix("http://").ok_or_else(not_http)?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = split_port(authority).ok_or_else(not_http)?;
        Ok(Self { authority, hosts: loopback(host).ok_or_else(|| Error::NotLoopback(host.to_owned()))?, port, path })
    }

    fn request(&self, user_agent: &str) -> String {
        let slash = if self.path.starts_with('/') { "" } else { "/" };
        format!(
            "GET {slash}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {user_agent}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            self.path, self.authority
        )
    }
}

/// Requests the URL and gives the status. A redirect is an answer like any other: it is not followed.
pub(crate) async fn visit(url: &str, user_agent: &str, from: Ipv4Addr) -> Result<u16, Error> {
    let target = Target::parse(url)?;
    let asking = async {
        let mut stream = connect(&target, from).await?;
        stream.write_all(target.request(user_agent).as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
        status(&answer).ok_or(Error::NotAnAnswer)
    };
    tokio::time::timeout(PATIENCE, asking).await.map_err(|_| Error::TimedOut)?
}

async fn connect(target: &Target<'_>, from: Ipv4Addr) -> Result<TcpStream, Error> {
    let mut refused = Error::NotLoopback(target.authority.to_owned());
    for &host in &target.hosts {
        match connect_to(SocketAddr::new(host, target.port), from).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = error.into(),
        }
    }
    Err(refused)
}

async fn connect_to(host: SocketAddr, from: Ipv4Addr) -> std::io::Result<TcpStream> {
    if host.is_ipv6() {
        return TcpStream::connect(host).await;
    }
    let socket = TcpSocket::new_v4()?;
    // Linux owns all of 127.0.0.0/8; elsewhere only 127.0.0.1 may be there, and everybody shares it.
    if socket.bind(SocketAddr::new(from.into(), 0)).is_err() {
        return TcpStream::connect(host).await;
    }
    socket.connect(host).await
}

fn split_port(authority: &str) -> Option<(&str, u16)> {
    let after_host = authority.rfind(']').unwrap_or(0);
    match authority[after_host..].find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(after_host + colon);
            Some((host, port[1..].parse().ok()?))
        }
        None => Some((authority, 80)),
    }
}

fn loopback(host: &str) -> Option<Vec<IpAddr>> {
    if host == "localhost" || host.ends_with(".localhost") {
        return Some(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    let address: IpAddr = host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    address.is_loopback().then(|| vec![address])
}

fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|&byte| byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    if !words.next()?.starts_with("HTTP/1.") {
        return None;
    }
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_places_are_understood() {
        let target = Target::parse("http://127.0.0.1:8080/o/x.gif?a=1#part").unwrap();
        assert_eq!(target.port, 8080);
        assert_eq!(target.path, "/o/x.gif?a=1");
        assert_eq!(target.authority, "127.0.0.1:8080");
        assert_eq!(Target::parse("http://localhost").unwrap().port, 80);
        assert_eq!(Target::parse("http://track.localhost:7/").unwrap().hosts[0], Ipv4Addr::LOCALHOST);
        assert_eq!(Target::parse("http://[::1]:99/").unwrap().hosts, [Ipv6Addr::LOCALHOST]);
    }

    #[test]
    fn every_other_place_is_refused() {
        for url in [
            "http://192.0.2.1/",
            "http://northlight.example/",
            "http://localhost.northlight.example/",
            "http://127.0.0.1@192.0.2.1/",
            "http://0.0.0.0/",
            "http://[::ffff:192.0.2.1]/",
            "http:///",
        ] {
            assert!(matches!(Target::parse(url), Err(Error::NotLoopback(_))), "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "ftp://127.0.0.1/",
            "http://127.0.0.1:http/",
            "http://127.0.0.1/\r\nX: y",
            "cid:pixel",
        ] {
            assert!(matches!(Target::parse(url), Err(Error::NotHttp(_))), "{url}");
        }
    }

    #[test]
    fn a_status_is_read_from_http_only() {
        assert_eq!(status(b"HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n"), Some(302));
        assert_eq!(status(b"220 mail.example ESMTP\r\n"), None);
        assert_eq!(status(b""), None);
    }
}
