//! Whether a mail system wrote the letter. A person who quotes a bounce is still a person.

use super::{
    super::{addresses, auto, codes, letter::Letter, refusal::one_line, reply},
    opening::Opening,
    subjects,
};

/// Local parts of addresses at which mail systems write, lower case, without dots, dashes and underscores.
const DAEMONS: &[&str] = &[
    "mailerdaemon",
    "postmaster",
    "poostmaster",
    "maildeliverysystem",
    "maildeliverysubsystem",
    "doublebounce",
    "mailadmin",
    "mailsystem",
    "systemadministrator",
    "mdaemon",
    "microsoftexchange",
];

/// Names under which mail systems write, lower case.
const NAMES: &[&str] = &[
    "mail delivery system",
    "mail delivery subsystem",
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

/// What a report of failure says somewhere, lower case: enough when nothing else does, in a letter of a mail system.
const FAILED: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "was not delivered",
    "not been delivered",
    "wasn't able to deliver",
    "unable to deliver",
    "failed to deliver",
    "delivery failed",
    "delivery failure",
    "did not reach",
    "permanent error",
    "permanent failure",
    "undeliverable",
    "returned to sender",
    "not deliverable",
    "non-deliverable",
    "delivery problems",
    "could not be sent",
    "has been rejected",
    "was rejected",
    "nicht zugestellt",
    "nicht zustellbar",
    "unzustellbar",
    "pas pu être remis",
    "pas pu être délivré",
    "pas été remis",
    "no se pudo entregar",
    "no pudo ser entregado",
    "no se ha podido entregar",
    "non è stato recapitato",
    "não pôde ser entregue",
    "não foi entregue",
    "niet worden bezorgd",
    "nie mogła zostać dostarczona",
    "не может быть доставлен",
    "не было доставлено",
    "送信できません",
    "送信に失敗",
    "配信できません",
    "配送できません",
    "无法送达",
    "被退回",
    "전송되지 않",
];

/// How we know that a mail system wrote `letter`, whose readable part is `report`, if it did.
pub(super) fn wrote(letter: &Letter, report: &str) -> Option<String> {
    if !letter.delivery_status.is_empty() && !is_passed_on(letter) {
        return Some("a delivery status report (RFC 3464) that names nobody".to_owned());
    }
    if letter.fields.has("x-failed-recipients") {
        return Some("the header X-Failed-Recipients".to_owned());
    }
    if let Some(list) = super::list::refused(letter) {
        return Some(format!("the mailing list {list} takes no mail from us"));
    }
    let bounces = subjects::may_be_of_a_report(letter);
    let titled = subjects::is_of_a_program(letter);
    let program = is_program(letter, report);
    let for_nobody = is_from_nobody(letter);
    if is_daemon(letter) {
        // A postmaster is a person, too: what they write must look as if they did not write it.
        let failed = || fails(&reply::newly_written(report));
        let looks_so = (for_nobody && auto::sign(letter).is_none())
            || (program && (bounces || failed()))
            || (!is_answer(letter) && is_in_form(report) && (titled || failed()));
        if is_machine(letter) || looks_so {
            let sender = if letter.from.is_empty() { "no address" } else { &letter.from };
            return Some(format!("written by a mail system ({sender})"));
        }
    }
    let says_so = bounces && program && (for_nobody || !is_answer(letter)) && says_failed(report);
    if says_so || (titled && for_nobody) {
        return Some(format!("the subject of a mail system: {}", letter.subject));
    }
    (for_nobody && !is_answer(letter) && auto::sign(letter).is_none() && says_failed(report))
        .then(|| "nobody to answer to, and the words of a mail system".to_owned())
}

/// Whether a person passes a report on: then it is about mail of theirs.
pub(in crate::incoming) fn is_passed_on(letter: &Letter) -> bool {
    let kind = letter.fields.get("content-type").unwrap_or_default().trim_start().to_ascii_lowercase();
    let is_report = kind.starts_with("multipart/report") || kind.starts_with("message/");
    !is_report
        && !is_daemon(letter)
        && !is_from_nobody(letter)
        && (is_answer(letter) || reply::is_forward(&letter.subject))
}

/// Whether the letter says that mail was not delivered, and comes from where only mail systems write: then it is believed
/// even if it names nobody.
pub(super) fn says_undelivered(letter: &Letter, report: &str) -> bool {
    let sure = !letter.delivery_status.is_empty() || is_daemon(letter) || is_program(letter, report);
    sure && (subjects::may_be_of_a_report(letter) || says_failed(report))
}

/// Whether answers would go nowhere: the mark of reports (RFC 5321 §4.5.5), and of some automatic replies.
fn is_from_nobody(letter: &Letter) -> bool {
    let path = letter.fields.get("return-path").unwrap_or_default().trim().to_ascii_lowercase();
    letter.from.is_empty() || path == "<>" || path.starts_with("<mailer-daemon")
}

fn says_failed(report: &str) -> bool {
    let report = one_line(report).to_lowercase();
    FAILED.iter().any(|words| report.contains(words))
}

/// Whether `text` says why mail failed, or at least that it did.
fn fails(text: &str) -> bool {
    says_failed(text) || codes::code(text).is_some()
}

/// Whether the letter says of itself that it answers another.
fn is_answer(letter: &Letter) -> bool {
    letter.fields.has("in-reply-to") || letter.fields.has("references") || reply::has_mark(&letter.subject)
}

/// Whether no person ever writes from that address.
fn is_machine(letter: &Letter) -> bool {
    letter.from.is_empty()
        || ["mailer-daemon", "mdaemon@", "microsoftexchange"].iter().any(|known| letter.from.starts_with(known))
}

/// Whether a program wrote the letter: it says so, or nobody is to answer it, or it begins and goes on as reports do.
fn is_program(letter: &Letter, report: &str) -> bool {
    let submitted = letter.fields.get("auto-submitted").is_some_and(|by| !by.trim().eq_ignore_ascii_case("no"));
    let goes_on = || is_daemon(letter) || letter.original.is_some() || is_in_form(report);
    let opening = Opening::of(report);
    submitted || is_from_nobody(letter) || opening.names_a_program() || (opening.is_of_a_report() && goes_on())
}

/// Whether the report has a form that people do not give to what they write: an address alone on a line or before a colon, or
/// the dialogue of servers.
fn is_in_form(report: &str) -> bool {
    report.lines().map(str::trim).any(|line| {
        let entry = line.trim_start_matches(['<', '*', '-', '>', ' ', '"']);
        let behind = addresses::at_start(entry).map(|(_, rest)| rest.trim_start_matches(['>', '"']));
        // Exchange: `ana@example.org on Mon, 4 May 2026 10:20:00 +0200`.
        let dated = |rest: &str| rest.starts_with(" on ") && rest.contains(|c: char| c.is_ascii_digit());
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with(" <") || dated(rest))
            || line.to_ascii_lowercase().contains("rcpt to:")
    })
}

fn is_daemon(letter: &Letter) -> bool {
    let from = if letter.from.is_empty() { letter.fields.get("from").unwrap_or_default() } else { &letter.from };
    let local = from.trim_start_matches('<').split('@').next().unwrap_or_default();
    let local: String = local.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let name = letter.from_name.to_lowercase();
    DAEMONS.iter().any(|known| local.starts_with(known)) || NAMES.iter().any(|known| name.starts_with(known))
}
