//! Who wrote a letter: a mail system, or a person, who may well write about mail that did not arrive.
//!
//! Words never make a bounce: whoever reads reports also quotes them. What a person cannot easily do is to write from where
//! only mail systems write. So a letter is first given a [`Sender`], from its header alone, and prose is believed in the
//! measure in which the sender is a machine:
//!
//! | sender | from | its prose is believed |
//! |---|---|---|
//! | [`Sender::Machine`] | `MAILER-DAEMON`, or `<>` | always |
//! | [`Sender::Role`] | `postmaster`, under a name that is nobody's own | if answers go nowhere; else if it returns the mail, begins or looks as reports do, and shows no person |
//! | [`Sender::Program`] | `no-reply`, or an address without a name in mail that was never delivered | if answers go nowhere; else if it has the subject of a report, begins and goes on so, and shows no person |
//! | [`Sender::Person`] | everybody else | only if answers go nowhere, and a mail came back with it or it begins and looks as reports do |

mod person;

use super::{addresses, fields::Fields, letter::Letter, reply};
use person::is_of_a_person;

pub(super) use person::{is_greeting_word, shows_a_person, writes_as_a_person};

/// Local parts at which no person ever writes, in lower case and without dots, dashes and underscores. Digits may follow.
const MACHINES: &[&str] = &["mailerdaemon", "mdaemon", "maildeliverysystem", "maildeliverysubsystem"];

/// The local part of Exchange goes on with a number in hexadecimal digits.
const EXCHANGE: &str = "microsoftexchange";

/// How local parts begin at which mail systems write, and people who look after them, in the same form.
const ROLES: &[&str] = &[
    "mailerdaemon",
    "mdaemon",
    "postmaster",
    "poostmaster",
    "doublebounce",
    "mailadmin",
    "mailsystem",
    "systemadministrator",
    "microsoftexchange",
];

/// Names that are nobody's own, lower case.
const NAMES: &[&str] = &[
    "mail delivery system",
    "mail delivery subsystem",
    "mail delivery service",
    "mail delivery agent",
    "message delivery subsystem",
    "mailer-daemon",
    "mailer daemon",
    "system administrator",
    "postmaster",
    "mail administrator",
    "internet mail delivery",
    "microsoft outlook",
    "microsoft exchange",
    "mail router",
    "mail delivery",
    "delivery subsystem",
];

/// What stands in local parts of programs to which nobody is to answer, in the form of [`MACHINES`].
const NO_REPLY: &[&str] =
    &["noreply", "donotreply", "sysadmin", "gateway", "virus", "scanner", "quarantine", "mailfilter"];

/// Whole local parts from which nothing but reports comes, in the same form.
const REPORTERS: &[&str] = &["ndr", "dsn", "bounce", "bounces", "mailer", "mmdf"];

/// Who wrote a letter, as far as its header tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// A mail system, beyond doubt.
    Machine,
    /// A mail system, or the person who looks after it.
    Role,
    /// A program to which nobody is to answer.
    Program,
    /// Somebody.
    Person,
}

impl Sender {
    /// The sender of `letter`.
    pub(super) fn of(letter: &Letter) -> Self {
        let written = letter.fields.get("from").unwrap_or_default();
        let from = if letter.from.is_empty() { written } else { &letter.from };
        let local = plain(from.trim_start_matches('<').split('@').next().unwrap_or_default());
        // Only mail systems write that they have no address.
        let has_none = letter.from.is_empty() && ["<>", "<@>"].iter().any(|none| written.contains(none));
        if is_machine(&local) || has_none {
            return Self::Machine;
        }
        let name = letter.from_name.trim().to_lowercase();
        let nameless = name.is_empty() || name.contains('@') || plain(&name) == local;
        let is_role = ROLES.iter().any(|role| local.starts_with(role));
        if NAMES.contains(&name.as_str()) || (is_role && (nameless || NAMES.iter().any(|known| name.contains(known)))) {
            return Self::Role;
        }
        // Where answers go somewhere, a role may be under somebody's own name.
        let has_path = has_path(letter);
        if is_role && !(has_path && !is_from_nobody(letter) && is_of_a_person(&letter.from_name)) {
            return Self::Role;
        }
        let reports = REPORTERS.contains(&local.as_str()) || NO_REPLY.iter().any(|known| local.contains(known));
        let program = reports || (nameless && !has_path);
        if program { Self::Program } else { Self::Person }
    }
}

/// `local` in lower case, without what stands between its words.
fn plain(local: &str) -> String {
    local.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_machine(local: &str) -> bool {
    let goes_on = |known: &str, digits: fn(&u8) -> bool| {
        local.strip_prefix(known).is_some_and(|rest| rest.as_bytes().iter().all(digits))
    };
    MACHINES.iter().any(|known| goes_on(known, u8::is_ascii_digit)) || goes_on(EXCHANGE, u8::is_ascii_hexdigit)
}

/// Whether the letter says where answers go. A path that leads to its reader does not: it is that of who passed the letter on.
pub(super) fn has_path(letter: &Letter) -> bool {
    let Some(path) = letter.fields.get("return-path").map(str::to_lowercase) else { return false };
    let leads_to = addresses::in_text(&path).next();
    !leads_to.is_some_and(|to| to != letter.from && letter.to.iter().any(|reader| reader == to))
}

/// Whether answers would go nowhere: the mark of reports (RFC 5321 §4.5.5), and of some automatic replies.
pub(super) fn is_from_nobody(letter: &Letter) -> bool {
    let path = letter.fields.get("return-path").unwrap_or_default().trim().to_ascii_lowercase();
    letter.from.is_empty() || path == "<>" || path == "<mailer-daemon>" || path.starts_with("<mailer-daemon@")
}

/// Whether the header alone shows that no person wrote: the sender is a mail system, or a role or program to which no answer
/// goes.
pub(super) fn is_of_a_machine(letter: &Letter) -> bool {
    match Sender::of(letter) {
        Sender::Machine => true,
        Sender::Role | Sender::Program => is_from_nobody(letter) && !is_answer(letter),
        Sender::Person => false,
    }
}

/// Whether the letter says of itself that it answers another.
pub(super) fn is_answer(letter: &Letter) -> bool {
    letter.fields.has("in-reply-to") || letter.fields.has("references") || reply::has_mark(&letter.subject)
}

/// Whether the header says that a program wrote it on its own.
pub(super) fn is_submitted_by_program(fields: &Fields) -> bool {
    let submitted = fields.get("auto-submitted").is_some_and(|by| !by.trim().eq_ignore_ascii_case("no"));
    let bulk = fields.get("precedence").is_some_and(|value| matches!(value.trim(), "bulk" | "junk"));
    submitted || (bulk && !has_list(fields))
}

/// Whether the mail came through a list.
pub(super) fn has_list(fields: &Fields) -> bool {
    fields.has("list-id") || fields.has("list-post")
}

/// Whether a person passes a report on: then it is about mail of theirs. A mail system sends a report as such (RFC 6522), or
/// under a name of its own.
pub(super) fn is_passed_on(letter: &Letter) -> bool {
    let kind = letter.fields.get("content-type").unwrap_or_default().trim_start().to_ascii_lowercase();
    if kind.starts_with("multipart/report") || kind.starts_with("message/") {
        return false;
    }
    let by_person = || is_answer(letter) || reply::is_forward(&letter.subject) || shows_a_person(letter, &letter.text);
    match Sender::of(letter) {
        Sender::Machine => false,
        Sender::Role | Sender::Program => !is_from_nobody(letter) && by_person(),
        Sender::Person => !is_from_nobody(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(header: &str) -> Sender {
        Sender::of(&Letter::read(format!("{header}\r\nSubject: Hi\r\n\r\nHi").as_bytes()).unwrap())
    }

    #[test]
    fn the_header_tells_machines_from_people() {
        for (header, sender) in [
            ("From: MAILER-DAEMON@x.example", Sender::Machine),
            ("From: Mail Delivery System <>", Sender::Machine),
            ("From: \"Courier mail server at mx.x.example\" <@>", Sender::Machine),
            ("From: x <MicrosoftExchange329e71ec88ae@x.example>", Sender::Machine),
            ("From: Postmaster <postmaster@x.example>", Sender::Role),
            ("From: System Administrator <it@x.example>", Sender::Role),
            ("From: Mail Delivery Service <bounces@x.example>", Sender::Role),
            ("From: \"BITNET Mail Gateway\" <MAILER@x.example>", Sender::Program),
            ("From: Spam Firewall <postmaster@x.example>\r\nReturn-Path: <>", Sender::Role),
            ("From: X Notices <no-reply@x.example>", Sender::Program),
            ("From: ndr@x.example\r\nReturn-Path: <ndr@x.example>", Sender::Program),
            ("From: Andrea Roe <andrea@x.example>\r\nReturn-Path: <andrea@x.example>", Sender::Person),
            ("From: gate@x.example", Sender::Program),
            ("From: gate@x.example\r\nReturn-Path: <gate@x.example>", Sender::Person),
            ("From: gate@x.example\r\nTo: bo@y.example\r\nReturn-Path: <bo@y.example>", Sender::Program),
            ("From: Kim Doe <postmaster@x.example>\r\nReturn-Path: <postmaster@x.example>", Sender::Person),
            ("From: Kim Doe <kim@x.example>", Sender::Person),
            ("From: Mailer-Daemon-Fans <mailer-daemon-fans@x.example>\r\nReturn-Path: <k@x.example>", Sender::Role),
            ("From: Mail Delivery Ltd <desk@x.example>", Sender::Person),
        ] {
            assert_eq!(from(header), sender, "{header}");
        }
    }
}
