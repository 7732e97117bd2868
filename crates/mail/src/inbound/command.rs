//! What a line of the conversation asks for (RFC 5321 §4.1).

/// A command that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Ehlo(String),
    Helo(String),
    StartTls,
    Mail(Mail),
    Rcpt(String),
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
}

/// Who sends, and what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mail {
    /// Empty for the null sender.
    pub(super) from: String,
    /// What `SIZE=` announces, in bytes.
    pub(super) size: Option<u64>,
    /// Whether addresses and headers may be in UTF-8 (RFC 6531).
    pub(super) utf8: bool,
}

/// The answer to a line that was not understood.
pub(super) type Refusal = &'static str;

const UNKNOWN: Refusal = "500 5.5.1 There is no such command here";
const SYNTAX: Refusal = "501 5.5.4 That cannot be understood";
const PARAMETER: Refusal = "555 5.5.4 There is no such parameter here";

impl Command {
    /// Reads `line`, which has no line end any more.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(line).map_err(|_| SYNTAX)?;
        if text.contains(|c: char| c.is_control()) {
            return Err(SYNTAX);
        }
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim();
        let alone = |command| if rest.is_empty() { Ok(command) } else { Err(SYNTAX) };
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => host(rest).map(Self::Ehlo),
            "HELO" => host(rest).map(Self::Helo),
            "STARTTLS" => alone(Self::StartTls),
            "MAIL" => mail(rest).map(Self::Mail),
            "RCPT" => rcpt(rest).map(Self::Rcpt),
            "DATA" => alone(Self::Data),
            "RSET" => alone(Self::Rset),
            "NOOP" => Ok(Self::Noop),
            "VRFY" => Ok(Self::Vrfy),
            "QUIT" => alone(Self::Quit),
            _ => Err(UNKNOWN),
        }
    }
}

/// The name a client gives itself; it proves nothing and is only ever logged.
fn host(text: &str) -> Result<String, Refusal> {
    let is_host = !text.is_empty() && text.len() <= 255 && !text.contains(' ');
    if is_host { Ok(text.to_owned()) } else { Err("501 5.5.4 Say who you are") }
}

fn mail(rest: &str) -> Result<Mail, Refusal> {
    let (from, parameters) = path(rest, "FROM:")?;
    let mut mail = Mail { from, ..Mail::default() };
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
            ("SIZE", size) => mail.size = Some(size.parse().map_err(|_| SYNTAX)?),
            ("BODY", "7BIT" | "8BITMIME") => {}
            ("SMTPUTF8", "") => mail.utf8 = true,
            _ => return Err(PARAMETER),
        }
    }
    if !mail.utf8 && !mail.from.is_ascii() {
        return Err("553 5.6.7 The address is beyond ASCII, and SMTPUTF8 was not asked for");
    }
    Ok(mail)
}

fn rcpt(rest: &str) -> Result<String, Refusal> {
    match path(rest, "TO:")? {
        (to, parameters) if parameters.is_empty() && !to.is_empty() => Ok(to),
        (_, "") => Err(SYNTAX),
        _ => Err(PARAMETER),
    }
}

/// The address in `FROM:<…>`, and what follows it.
fn path<'a>(rest: &'a str, keyword: &str) -> Result<(String, &'a str), Refusal> {
    let has_keyword = rest.get(..keyword.len()).is_some_and(|said| said.eq_ignore_ascii_case(keyword));
    let rest = if has_keyword { rest[keyword.len()..].trim_start() } else { return Err(SYNTAX) };
    let inside = rest.strip_prefix('<').ok_or(SYNTAX)?;
    let end = end_of_path(inside).ok_or(SYNTAX)?;
    let (address, parameters) = (&inside[..end], &inside[end + 1..]);
    if !parameters.is_empty() && !parameters.starts_with(' ') {
        return Err(SYNTAX);
    }
    // A source route, which nobody follows any more (RFC 5321 appendix C).
    let address = match address.strip_prefix('@') {
        Some(route) => route.split_once(':').ok_or(SYNTAX)?.1,
        None => address,
    };
    if address.len() > 320 { Err(SYNTAX) } else { Ok((address.to_owned(), parameters.trim())) }
}

/// Where the `>` is that closes the path: not within a quoted local part.
fn end_of_path(inside: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Refusal> {
        Command::parse(line.as_bytes())
    }

    #[test]
    fn commands_are_understood_in_any_case() {
        assert_eq!(parse("ehlo mx.example"), Ok(Command::Ehlo("mx.example".into())));
        assert_eq!(parse("HELO [192.0.2.1]"), Ok(Command::Helo("[192.0.2.1]".into())));
        assert_eq!(parse("data"), Ok(Command::Data));
        assert_eq!(parse("NOOP whatever"), Ok(Command::Noop));
        assert_eq!(parse("rcpt to:<r+a@b.example>"), Ok(Command::Rcpt("r+a@b.example".into())));
    }

    #[test]
    fn a_sender_may_be_nobody_and_announces_what_comes() {
        let mail = |line: &str| match parse(line) {
            Ok(Command::Mail(mail)) => mail,
            other => panic!("{other:?}"),
        };
        assert_eq!(mail("MAIL FROM:<>"), Mail::default());
        let said = mail("MAIL FROM:<ana@x.example> SIZE=1024 BODY=8BITMIME SMTPUTF8");
        assert_eq!(said, Mail { from: "ana@x.example".into(), size: Some(1024), utf8: true });
        assert_eq!(mail("MAIL From: <\"a > b\"@x.example>").from, "\"a > b\"@x.example");
        assert_eq!(mail("MAIL FROM:<@hop.example,@other.example:ana@x.example>").from, "ana@x.example");
    }

    #[test]
    fn what_is_not_a_command_is_refused_and_says_how() {
        for line in ["", "GET / HTTP/1.1", "AUTH PLAIN", "BDAT 10", "EXPN list", "TURN"] {
            assert_eq!(parse(line), Err(UNKNOWN), "{line:?}");
        }
        let long = format!("MAIL FROM:<{}@x.example>", "a".repeat(400));
        for line in ["MAIL", "MAIL FROM:ana@x.example", "MAIL FROM:<ana", "RCPT TO:<>", "DATA now", &long, "QUIT\u{7}"]
        {
            assert_eq!(parse(line), Err(SYNTAX), "{line:?}");
        }
        for line in [
            "MAIL FROM:<> RET=HDRS",
            "MAIL FROM:<> AUTH=<>",
            "RCPT TO:<a@b> NOTIFY=NEVER",
            "MAIL FROM:<> BODY=BINARYMIME",
        ] {
            assert_eq!(parse(line), Err(PARAMETER), "{line:?}");
        }
        assert!(parse("MAIL FROM:<ånå@x.example>").is_err_and(|refusal| refusal.starts_with("553")));
        assert_eq!(Command::parse(b"MAIL FROM:<\xff>"), Err(SYNTAX));
    }
}
