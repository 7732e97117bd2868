//! `quarterdeck classify`: what messages are, one JSON object a line.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use domain::TextEnum;
use engine::incoming::{Incoming, Recipient, classify};
use serde::Serialize;

use crate::error::{Error, Result};

/// What is printed of a message.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    kind: &'static str,
    recipients: Vec<Whom<'a>>,
    return_date: Option<String>,
    reply_text: Option<&'a str>,
    evidence: &'a [String],
}

#[derive(Serialize)]
struct Whom<'a> {
    address: &'a str,
    kind: &'static str,
    status: Option<&'a str>,
    code: Option<u16>,
    reason: Option<&'a str>,
}

/// Prints what each of `files` is, and goes on where one cannot be read.
pub(super) fn run(files: &[PathBuf]) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut unread = 0;
    for file in files {
        match read(file) {
            Ok(message) => print(&mut out, &file.to_string_lossy(), &classify(&message))?,
            Err(source) => {
                unread += 1;
                eprintln!("quarterdeck: {}: {source}", file.display());
            }
        }
    }
    out.flush()?;
    if unread > 0 { Err(Error::Unread { count: unread }) } else { Ok(()) }
}

/// The bytes of `file`; of the standard input if it is `-`.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return fs::read(file);
    }
    let mut message = Vec::new();
    io::stdin().lock().read_to_end(&mut message)?;
    Ok(message)
}

fn print(out: &mut impl Write, file: &str, incoming: &Incoming) -> Result<()> {
    let line = Line {
        file,
        kind: incoming.kind.as_str(),
        recipients: incoming.recipients.iter().map(whom).collect(),
        return_date: incoming.return_date.map(|day| day.to_string()),
        reply_text: incoming.reply_text.as_deref(),
        evidence: &incoming.evidence,
    };
    serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

fn whom(recipient: &Recipient) -> Whom<'_> {
    Whom {
        address: &recipient.address,
        kind: recipient.kind.as_str(),
        status: recipient.status.as_deref(),
        code: recipient.code,
        reason: recipient.reason.as_deref(),
    }
}
