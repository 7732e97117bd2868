//! Messages whose parts are there, and whose header does not say how they are parted: archives and old gateways lose it.

use memchr::memmem;

use super::fields::{self, Fields};

/// In how many lines of the body the first boundary is looked for.
const MOST_LINES: usize = 30;

/// The message `raw` with the boundary in its header that its body has, if the header names none or another.
pub(super) fn mended(raw: &[u8]) -> Option<Vec<u8>> {
    let (header, body) = split(raw)?;
    let header = String::from_utf8_lossy(header);
    let fields = Fields::parse(&header);
    let kind = fields.get("content-type").unwrap_or("multipart/mixed");
    let is_multipart = kind.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    let declared = kind.split(';').find(|part| is_boundary(part)).and_then(|part| part.split_once('='));
    let is_whole = declared.is_some_and(|(_, declared)| {
        memmem::find(body, format!("--{}", declared.trim().trim_matches('"')).as_bytes()).is_some()
    });
    if !is_multipart || is_whole {
        return None;
    }
    let boundary = first_boundary(body, fields.has("content-type"))?;
    let kind: Vec<&str> = kind.split(';').filter(|part| !is_boundary(part)).collect();
    let mended = without_kind(&header);
    let boundary = format!("Content-Type: {};\n boundary=\"{boundary}\"\n\n", kind.join(";"));
    Some([mended.as_bytes(), boundary.as_bytes(), body].concat())
}

/// The header and the body of a message.
fn split(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let find = |end: &[u8]| raw.windows(end.len()).position(|bytes| bytes == end).map(|at| (at, at + end.len()));
    let (end, start) = find(b"\n\n").into_iter().chain(find(b"\r\n\r\n")).min()?;
    Some((&raw[..end], &raw[start..]))
}

/// What stands behind the dashes of the first line that begins a part: the headers of the part follow. In a message that is not
/// known to have parts, nothing but what programs say of MIME stands before it.
fn first_boundary(body: &[u8], has_parts: bool) -> Option<String> {
    let mut lines = body.split(|&byte| byte == b'\n').take(MOST_LINES).map(<[u8]>::trim_ascii_end).peekable();
    while let Some(line) = lines.next() {
        let is_header =
            lines.peek().and_then(|next| next.get(..8)).is_some_and(|n| n.eq_ignore_ascii_case(b"content-"));
        let boundary = line.strip_prefix(b"--").and_then(|boundary| str::from_utf8(boundary).ok());
        if let Some(boundary) = boundary.filter(|b| is_header && !b.is_empty() && !b.contains([' ', '"', '\\'])) {
            return Some(boundary.to_owned());
        }
        let is_of_a_program = || memmem::find(&line.to_ascii_lowercase(), b"mime").is_some();
        if !has_parts && !line.is_empty() && !is_of_a_program() {
            return None;
        }
    }
    None
}

fn is_boundary(parameter: &str) -> bool {
    parameter.trim().get(..9).is_some_and(|name| name.eq_ignore_ascii_case("boundary="))
}

/// The header without its `Content-Type`.
fn without_kind(header: &str) -> String {
    let mut kept = String::new();
    let mut is_kind = false;
    for line in header.lines() {
        if !line.starts_with([' ', '\t']) {
            is_kind = fields::split(line).is_some_and(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        }
        if !is_kind {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::mended;

    const PARTS: &str = "This is MIME.\n\n--b1\nContent-Type: text/plain\n\nYes.\n--b1--\n";

    #[test]
    fn a_lost_boundary_is_found_in_the_body() {
        for kind in ["", "Content-Type: multipart/report; report-type=x;\n\tboundary=\"other\"\n"] {
            let mended = mended(format!("From: a@x.example\n{kind}Subject: Hi\n\n{PARTS}").as_bytes()).unwrap();
            let mended = String::from_utf8(mended).unwrap();
            assert!(mended.contains("boundary=\"b1\"\n\nThis is MIME.") && !mended.contains("other"), "{mended}");
            assert_eq!(mended.contains("multipart/report; report-type=x"), !kind.is_empty(), "{mended}");
        }
    }

    #[test]
    fn what_is_whole_or_has_no_parts_stays() {
        for header in ["Content-Type: multipart/mixed; boundary=b1", "Content-Type: text/plain"] {
            assert!(mended(format!("{header}\n\n{PARTS}").as_bytes()).is_none());
        }
        // Only within its first part.
        let nested = "Content-Type: multipart/mixed; boundary=b0\n\n--b0\nMIME-Version: 1.0\n\n";
        assert!(mended(format!("{nested}{PARTS}").as_bytes()).is_none());
        // Pasted below what somebody wrote.
        assert!(mended(format!("Subject: Hi\n\nLook:\n\n{PARTS}").as_bytes()).is_none());
        assert!(mended(b"Subject: Hi\n\n-- \nAna").is_none());
        assert!(mended(b"Subject: Hi").is_none());
    }
}
