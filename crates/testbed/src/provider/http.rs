//! As much HTTP as a provider's endpoints need: one request, one answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// What somebody asks.
pub(super) struct Request {
    /// Path and query.
    pub(super) target: String,
    /// The body, in the form of a query.
    pub(super) form: String,
}

impl Request {
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn query(&self, name: &str) -> Option<String> {
        find(self.target.split_once('?')?.1, name)
    }

    pub(super) fn form(&self, name: &str) -> Option<String> {
        find(&self.form, name)
    }
}

/// What is answered.
pub(super) struct Answer {
    status: &'static str,
    /// Where the browser is sent.
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(status: &'static str, body: &str) -> Self {
        Self { status, location: None, body: body.to_owned() }
    }

    pub(super) fn redirect(location: String) -> Self {
        Self { status: "302 Found", location: Some(location), body: String::new() }
    }
}

/// Answers one request; what breaks off is nobody's business.
pub(super) fn serve(mut stream: TcpStream, answer: impl FnOnce(&Request) -> Answer) {
    let Some(request) = read(&stream) else { return };
    let Answer { status, location, body } = answer(&request);
    let location = location.map(|url| format!("Location: {url}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{location}Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut form = vec![0; length];
    reader.read_exact(&mut form).ok()?;
    Some(Request { target, form: String::from_utf8(form).ok()? })
}

fn find(pairs: &str, name: &str) -> Option<String> {
    let pair = pairs.split('&').find_map(|pair| pair.split_once('=').filter(|(found, _)| *found == name))?;
    Some(decode(pair.1))
}

/// Percent signs and pluses undone.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(Option::unwrap_or_default);
                std::str::from_utf8(&digits).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(b'?')
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
