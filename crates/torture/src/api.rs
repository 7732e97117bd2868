//! The product's HTTP API as a small client: one connection for each request, which a killed server may cut at any byte.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::Value;

use crate::error::{Error, Result};

/// How long an answer may take; a database that was stopped is waited for by the server for ten seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the API is and who we are to it.
#[derive(Debug)]
pub(crate) struct Api {
    /// One for each node; they take turns.
    addresses: Vec<SocketAddr>,
    turn: AtomicUsize,
    /// The header that signs us in, with its line end; empty before that.
    credentials: String,
}

/// A whole answer.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Api {
    pub(crate) fn new(addresses: Vec<SocketAddr>) -> Self {
        Self { addresses, turn: AtomicUsize::new(0), credentials: String::new() }
    }

    /// The same person at other nodes.
    pub(crate) fn at(self, addresses: Vec<SocketAddr>) -> Self {
        Self { addresses, ..self }
    }

    /// Becomes the first administrator, and from then on uses an API token of theirs.
    pub(crate) fn set_up(&mut self, input: &Value) -> Result<()> {
        let session = self.ask("POST", "/setup", input, None)?;
        let cookie = header(&session.head, "set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| Error::Unexpected("setting up gave no session".to_owned()))?;
        self.credentials = format!("Cookie: {cookie}\r\n");
        let made = self.post("/api-tokens", &serde_json::json!({ "name": "harness" }))?;
        self.credentials = format!("Authorization: Bearer {}\r\n", text(&made, "token")?);
        Ok(())
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, &Value::Null, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("POST", path, body, None)
    }

    /// Brings a state of a resource about.
    pub(crate) fn put(&self, path: &str) -> Result<Value> {
        self.call("PUT", path, &Value::Null, None)
    }

    /// Ends a state of a resource.
    pub(crate) fn delete(&self, path: &str) -> Result<Value> {
        self.call("DELETE", path, &Value::Null, None)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Result<Value> {
        self.call("PATCH", path, body, None)
    }

    /// A change of a resource in the version we know.
    pub(crate) fn post_version(&self, path: &str, body: &Value, version: i64) -> Result<Value> {
        self.call("POST", path, body, Some(version))
    }

    fn call(&self, method: &str, path: &str, body: &Value, version: Option<i64>) -> Result<Value> {
        let answer = self.ask(method, path, body, version)?;
        if answer.body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&answer.body)?) }
    }

    /// A connection to the next node that takes one.
    fn connect(&self) -> Result<(SocketAddr, TcpStream)> {
        let mut last = Err(Error::Unexpected("there is no node".to_owned()));
        for _ in &self.addresses {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let address = self.addresses[turn % self.addresses.len()];
            match TcpStream::connect(address) {
                Ok(stream) => return Ok((address, stream)),
                Err(error) => last = Err(error.into()),
            }
        }
        last
    }

    fn ask(&self, method: &str, path: &str, body: &Value, version: Option<i64>) -> Result<Answer> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let version = version.map(|version| format!("If-Match: \"{version}\"\r\n")).unwrap_or_default();
        let (address, mut stream) = self.connect()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\n{credentials}{version}Content-Length: {length}\r\n\r\n{body}",
            host = address,
            credentials = self.credentials,
            length = body.len(),
        )?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let answer = parse(&bytes).ok_or_else(|| Error::Unexpected("an answer was cut off".to_owned()))?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        Err(Error::Refused { request: format!("{method} {path}"), status: answer.status, answer: answer.body })
    }
}

/// A string in an answer.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value[name].as_str().ok_or_else(|| Error::Unexpected(format!("an answer has no {name}: {value}")))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let answer = std::str::from_utf8(bytes).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length: usize = header(head, "content-length").unwrap_or("0").parse().ok()?;
    (body.len() == length).then(|| Answer { status, head: head.to_owned(), body: body.to_owned() })
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_cut_off_is_none() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(parse(whole).unwrap().status, 200);
        for cut in 0..whole.len() {
            assert!(parse(&whole[..cut]).is_none(), "{cut}");
        }
    }
}
