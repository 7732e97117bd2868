//! Reading a command line.

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Ehlo,
    Helo,
    Auth { mechanism: String, initial: Option<String> },
    Mail(Mail),
    Rcpt { to: String },
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
}

/// The MAIL command.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mail {
    /// Empty for the null sender.
    pub(crate) from: String,
    pub(crate) size: usize,
    pub(crate) eight_bit: bool,
    pub(crate) utf8: bool,
}

/// An answer on one line.
pub(crate) type Answer = &'static str;

const NOT_UTF8: Answer = "500 5.5.2 The line is neither ASCII nor UTF-8";
const UNKNOWN: Answer = "500 5.5.1 Command unknown";
const NO_DOMAIN: Answer = "501 5.5.4 Say who you are";
const BAD_ARGUMENT: Answer = "501 5.5.4 This command takes no such argument";
const BAD_ADDRESS: Answer = "501 5.1.3 Not an address in angle brackets";
const BAD_PARAMETER: Answer = "555 5.5.4 Parameter unknown";

impl Command {
    /// Reads a line without its line end.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, Answer> {
        let line = std::str::from_utf8(line).map_err(|_| NOT_UTF8)?;
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => domain(argument).map(|()| Self::Ehlo),
            "HELO" => domain(argument).map(|()| Self::Helo),
            "AUTH" => auth(argument),
            "MAIL" => mail(argument),
            "RCPT" => rcpt(argument),
            "DATA" => alone(argument, Self::Data),
            "RSET" => alone(argument, Self::Rset),
            "QUIT" => alone(argument, Self::Quit),
            "NOOP" => Ok(Self::Noop),
            "VRFY" => Ok(Self::Vrfy),
            _ => Err(UNKNOWN),
        }
    }
}

fn domain(argument: &str) -> Result<(), Answer> {
    let argument = argument.trim_end();
    if argument.is_empty() || argument.contains(' ') {
        return Err(NO_DOMAIN);
    }
    Ok(())
}

fn alone(argument: &str, command: Command) -> Result<Command, Answer> {
    if argument.trim().is_empty() { Ok(command) } else { Err(BAD_ARGUMENT) }
}

fn auth(argument: &str) -> Result<Command, Answer> {
    let mut words = argument.split_ascii_whitespace();
    let mechanism = words.next().ok_or(BAD_ARGUMENT)?.to_ascii_uppercase();
    let initial = words.next().map(str::to_owned);
    if words.next().is_some() {
        return Err(BAD_ARGUMENT);
    }
    Ok(Command::Auth { mechanism, initial })
}

fn mail(argument: &str) -> Result<Command, Answer> {
    let (from, parameters) = path(argument, "FROM:")?;
    let mut mail = Mail { from, ..Mail::default() };
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
            ("SIZE", size) => mail.size = size.parse().map_err(|_| BAD_ARGUMENT)?,
            ("BODY", "8BITMIME") => mail.eight_bit = true,
            ("SMTPUTF8", "") => mail.utf8 = true,
            ("BODY", "7BIT") | ("AUTH", _) => {}
            _ => return Err(BAD_PARAMETER),
        }
    }
    if !mail.from.is_empty() && !mail.from.contains('@') {
        return Err(BAD_ADDRESS);
    }
    Ok(Command::Mail(mail))
}

fn rcpt(argument: &str) -> Result<Command, Answer> {
    let (to, parameters) = path(argument, "TO:")?;
    if !parameters.trim().is_empty() {
        return Err(BAD_PARAMETER);
    }
    if !to.contains('@') {
        return Err(BAD_ADDRESS);
    }
    Ok(Command::Rcpt { to })
}

/// Splits `FROM:<address> parameters`. A `>` in a quoted local part does not end the address.
fn path<'a>(argument: &'a str, prefix: &str) -> Result<(String, &'a str), Answer> {
    let inside = argument
        .get(..prefix.len())
        .filter(|start| start.eq_ignore_ascii_case(prefix))
        .and_then(|_| argument[prefix.len()..].strip_prefix('<'))
        .ok_or(BAD_ADDRESS)?;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let parameters = &inside[at + 1..];
                return if parameters.is_empty() || parameters.starts_with(' ') {
                    Ok((inside[..at].to_owned(), parameters))
                } else {
                    Err(BAD_ADDRESS)
                };
            }
            c if c.is_control() || (!quoted && (c == ' ' || c == '<')) => return Err(BAD_ADDRESS),
            _ => {}
        }
    }
    Err(BAD_ADDRESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(line: &str) -> Result<Command, Answer> {
        Command::parse(line.as_bytes())
    }

    #[test]
    fn commands_are_read_in_any_case() {
        assert_eq!(parse("ehlo laptop.example"), Ok(Command::Ehlo));
        assert_eq!(parse("Quit"), Ok(Command::Quit));
        assert_eq!(
            parse("mail from:<a@x.example> size=12 body=8bitmime smtputf8"),
            Ok(Command::Mail(Mail { from: "a@x.example".into(), size: 12, eight_bit: true, utf8: true }))
        );
        assert_eq!(parse("MAIL FROM:<>"), Ok(Command::Mail(Mail::default())));
        assert_eq!(parse("RCPT TO:<\"a>b\"@x.example>"), Ok(Command::Rcpt { to: "\"a>b\"@x.example".into() }));
        assert_eq!(
            parse("AUTH plain AGEAYg=="),
            Ok(Command::Auth { mechanism: "PLAIN".into(), initial: Some("AGEAYg==".into()) })
        );
    }

    #[test]
    fn what_is_no_command_is_answered_with_its_fault() {
        for (line, answer) in [
            ("EHLO", NO_DOMAIN),
            ("HELLO x", UNKNOWN),
            ("", UNKNOWN),
            ("MAIL FROM: <a@x.example>", BAD_ADDRESS),
            ("MAIL FROM:a@x.example", BAD_ADDRESS),
            ("MAIL FROM:<a@x.example>SIZE=1", BAD_ADDRESS),
            ("MAIL FROM:<a@x.example> COLOR=red", BAD_PARAMETER),
            ("MAIL FROM:<a@x.example> SIZE=much", BAD_ARGUMENT),
            ("RCPT TO:<>", BAD_ADDRESS),
            ("RCPT TO:<a@x.example> NOTIFY=NEVER", BAD_PARAMETER),
            ("RCPT TO:<a@x.example", BAD_ADDRESS),
            ("DATA now", BAD_ARGUMENT),
            ("AUTH", BAD_ARGUMENT),
        ] {
            assert_eq!(parse(line), Err(answer), "{line}");
        }
        assert_eq!(Command::parse(b"NOOP \xff"), Err(NOT_UTF8));
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_panic(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Command::parse(&line);
        }

        #[test]
        fn any_argument_is_read_without_panic(
            verb in "(MAIL FROM:|RCPT TO:|AUTH |EHLO |mail |rcpt to)",
            argument in "\\PC{0,60}",
        ) {
            let _ = parse(&format!("{verb}{argument}"));
            let _ = parse(&format!("{verb}<{argument}"));
        }
    }
}
