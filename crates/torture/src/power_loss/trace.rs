//! Reads what `strace` recorded: writes, syncs and what left through sockets, with when each began and ended.
//!
//! A trace is read with `-f -ttt -yy -xx`, so that every file has its path, every socket its addresses, and every string
//! is in hexadecimal.

use std::{collections::HashMap, path::PathBuf};

use crate::error::{Error, Result};

/// The system calls that are recorded.
pub(crate) const CALLS: &str = "openat,ftruncate,unlink,rename,pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync";

/// One system call. `began` and `ended` are lines of the trace: they order the calls of all threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) began: usize,
    pub(crate) ended: usize,
    /// When it ended, in microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) what: What,
}

/// What a call did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// Opened a file for writing: it exists from now on.
    Made { path: PathBuf, emptied: bool },
    /// Wrote at an offset, or at the end.
    Wrote { path: PathBuf, offset: Option<usize>, bytes: Vec<u8> },
    /// Cut a file, or made it longer.
    Cut { path: PathBuf, length: usize },
    /// Made everything written to a file before durable.
    Synced { path: PathBuf },
    /// Gave a file another name.
    Renamed { from: PathBuf, to: PathBuf },
    /// Took a file away.
    Removed { path: PathBuf },
    /// Sent bytes through a socket, named by both of its addresses.
    Sent { socket: String, bytes: Vec<u8> },
}

/// Reads a trace; the calls are in the order in which they ended.
pub(crate) fn parse(trace: &[u8]) -> Result<Vec<Call>> {
    let mut open: HashMap<&[u8], (usize, &[u8])> = HashMap::new();
    let mut calls = Vec::new();
    for (line_number, line) in trace.split(|&byte| byte == b'\n').enumerate() {
        let Some((pid, line)) = word(line) else { continue };
        let Some((time, line)) = word(line) else { continue };
        if let Some(beginning) = line.strip_suffix(b" <unfinished ...>") {
            open.insert(pid, (line_number, beginning));
            continue;
        }
        let (began, beginning, end) = if line.starts_with(b"<... ") {
            let end = split(line, b" resumed>").map_or(&b""[..], |(_, end)| end);
            let Some((began, beginning)) = open.remove(pid) else { continue };
            (began, beginning, end)
        } else {
            (line_number, line, &b""[..])
        };
        let whole = [beginning, end].concat();
        if let Some(what) = read(&whole)? {
            calls.push(Call { began, ended: line_number, at: micros(time), what });
        }
    }
    Ok(calls)
}

/// `name(arguments) = result`; `None` for what failed or does not matter.
fn read(call: &[u8]) -> Result<Option<What>> {
    let Some((name, rest)) = split(call, b"(") else { return Ok(None) };
    let Some(at) = rest.windows(4).rposition(|window| window == b") = ") else { return Ok(None) };
    let (arguments, result) = (&rest[..at], &rest[at + 4..]);
    let Some(result) = number(result) else { return Ok(None) };
    let strings = strings(arguments)?;
    let path = |n: usize| strings.get(n).map(|bytes| PathBuf::from(String::from_utf8_lossy(bytes).into_owned()));
    Ok(match name {
        b"openat" if split(arguments, b"O_CREAT").is_some() => {
            path(0).map(|path| What::Made { path, emptied: split(arguments, b"O_TRUNC").is_some() })
        }
        b"rename" => path(0).zip(path(1)).map(|(from, to)| What::Renamed { from, to }),
        b"unlink" => path(0).map(|path| What::Removed { path }),
        b"fsync" | b"fdatasync" => file(arguments).map(|path| What::Synced { path }),
        b"ftruncate" => file(arguments).zip(last_number(arguments)).map(|(path, length)| What::Cut { path, length }),
        b"pwrite64" => file(arguments).map(|path| {
            let bytes = written(&strings, result);
            What::Wrote { path, offset: last_number(arguments), bytes }
        }),
        b"write" | b"writev" | b"sendto" | b"sendmsg" => match (file(arguments), socket(arguments)) {
            (Some(path), _) => Some(What::Wrote { path, offset: None, bytes: written(&strings, result) }),
            (None, Some(socket)) => Some(What::Sent { socket, bytes: written(&strings, result) }),
            (None, None) => None,
        },
        _ => None,
    })
}

/// What was really written: the call may have taken less than it was given.
fn written(strings: &[Vec<u8>], result: usize) -> Vec<u8> {
    let mut bytes = strings.concat();
    bytes.truncate(result);
    bytes
}

/// The path of the first argument, `12<path>`, if it is a file.
fn file(arguments: &[u8]) -> Option<PathBuf> {
    let name = descriptor(arguments)?;
    name.starts_with('/').then(|| PathBuf::from(name))
}

/// The addresses of the first argument, `12<TCP:[from->to]>`, if it is a connection.
fn socket(arguments: &[u8]) -> Option<String> {
    let name = descriptor(arguments)?;
    name.strip_prefix("TCP:[")?.strip_suffix(']').map(str::to_owned)
}

fn descriptor(arguments: &[u8]) -> Option<String> {
    let (first, rest) = split(arguments, b"<")?;
    if !first.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let end = rest.windows(2).position(|window| window == b">,").or_else(|| rest.len().checked_sub(1))?;
    Some(String::from_utf8_lossy(&unescape(&rest[..end])).into_owned())
}

/// Every quoted string of the arguments.
fn strings(arguments: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut strings = Vec::new();
    let mut rest = arguments;
    while let Some((_, from)) = split(rest, b"\"") {
        let Some((string, after)) = split(from, b"\"") else { break };
        if after.starts_with(b"...") {
            return Err(Error::Unexpected("the trace holds a part of a string only".to_owned()));
        }
        strings.push(unescape(string));
        rest = after;
    }
    Ok(strings)
}

/// Undoes `\x41`; everything else stands for itself.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while at < text.len() {
        if let Some([b'\\', b'x', high, low]) = text.get(at..at + 4) {
            bytes.push(nibble(*high) << 4 | nibble(*low));
            at += 4;
        } else {
            bytes.push(text[at]);
            at += 1;
        }
    }
    bytes
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => 0,
    }
}

fn word(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (word, rest) = split(line, b" ")?;
    Some((word, rest.trim_ascii_start()))
}

fn split<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(separator.len()).position(|window| window == separator)?;
    Some((&text[..at], &text[at + separator.len()..]))
}

/// The number a text begins with.
fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
}

fn last_number(arguments: &[u8]) -> Option<usize> {
    number(arguments.rsplit(|&byte| byte == b' ').next()?)
}

/// `1795248738.258411` in microseconds.
fn micros(time: &[u8]) -> i64 {
    let digits = time.iter().filter(|byte| byte.is_ascii_digit());
    digits.fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &[u8] =
        br#"7  1700000000.000001 openat(AT_FDCWD</>, "\x2f\x64\x62", O_RDWR|O_CREAT, 0644) = 3<\x2f\x64\x62>
7  1700000000.000002 pwrite64(3<\x2f\x64\x62>, "\x61\x62\x63", 3, 4096) = 3
7  1700000000.000003 fdatasync(3<\x2f\x64\x62> <unfinished ...>
8  1700000000.000004 sendto(5<\x54\x43\x50\x3a\x5b\x61\x2d\x3e\x62\x5d>, "\x68\x69\x21", 3, MSG_NOSIGNAL, NULL, 0) = 2
7  1700000000.000005 <... fdatasync resumed>) = 0
7  1700000000.000006 unlink("\x2f\x78") = -1 ENOENT (No such file or directory)
7  1700000000.000007 +++ killed by SIGKILL +++
"#;

    #[test]
    fn a_trace_is_read_in_the_order_in_which_calls_ended() {
        let db = || PathBuf::from("/db");
        let calls = parse(TRACE).unwrap();
        let found: Vec<_> = calls.iter().map(|call| (call.began, call.ended, call.what.clone())).collect();
        assert_eq!(
            found,
            [
                (0, 0, What::Made { path: db(), emptied: false }),
                (1, 1, What::Wrote { path: db(), offset: Some(4096), bytes: b"abc".to_vec() }),
                (3, 3, What::Sent { socket: "a->b".to_owned(), bytes: b"hi".to_vec() }),
                (2, 4, What::Synced { path: db() }),
            ]
        );
        assert_eq!(calls[3].at, 1_700_000_000_000_005);
    }

    #[test]
    fn a_string_that_was_cut_short_is_an_error() {
        assert!(parse(b"7  1.000001 write(3</db>, \"\\x61\"..., 9) = 9\n").is_err());
    }
}
