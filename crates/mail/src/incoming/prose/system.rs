//! Whether a mail system wrote the letter. A person who quotes a bounce is still a person.

use super::{
    super::{
        addresses, auto, codes,
        letter::Letter,
        reason,
        refusal::one_line,
        reply,
        sender::{self, Sender},
    },
    fields,
    listed::is_ours,
    notices,
    opening::Opening,
    returned, subjects,
};

/// Headers that only reports have, of whatever kind, lower case: those of the old Exchange and the new, and of Italy's
/// certified mail.
const OF_REPORTS: &[&str] = &["x-ms-embedded-report", "x-ms-exchange-message-is-ndr", "x-ricevuta"];

/// The longest word before a date, in bytes.
const LONGEST_PREPOSITION: usize = 3;

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
    "message is being returned",
    "not deliverable",
    "non-deliverable",
    "delivery problems",
    "trouble delivering",
    "error occurred sending to the following",
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
    if !letter.delivery_status.is_empty() && !sender::is_passed_on(letter) {
        return Some("a delivery status report (RFC 3464) that names nobody".to_owned());
    }
    if letter.fields.has("x-failed-recipients") {
        return Some("the header X-Failed-Recipients".to_owned());
    }
    if let Some(mark) = OF_REPORTS.iter().find(|mark| letter.fields.has(mark))
        && (subjects::may_be_of_a_report(letter) || says_failed(report) || notices::says_arrived(report))
    {
        return Some(format!("the header {mark}"));
    }
    if is_declared_a_report(letter) && Sender::of(letter) != Sender::Person {
        return Some("it is declared a delivery report (RFC 6522)".to_owned());
    }
    if let Some(list) = super::list::refused(letter)
        && (sender::is_from_nobody(letter) || sender::is_submitted_by_program(&letter.fields) || returns(letter))
    {
        return Some(format!("the mailing list {list} takes no mail from us"));
    }
    let believed = match Sender::of(letter) {
        Sender::Machine => true,
        Sender::Role => is_of_a_role(letter, report),
        Sender::Program => is_of_a_program(letter, report),
        Sender::Person => is_of_nobody(letter, report),
    };
    let from = if letter.from.is_empty() { "no address" } else { &letter.from };
    believed.then(|| format!("written by a mail system ({from})"))
}

/// Whether the header declares the letter a report about delivery, though its machine-readable part is missing.
fn is_declared_a_report(letter: &Letter) -> bool {
    let kind = letter.fields.get("content-type").unwrap_or_default().to_ascii_lowercase();
    kind.starts_with("multipart/report") && kind.contains("delivery-status")
}

/// Whether somebody's mail system wrote, and not the person who looks after it.
fn is_of_a_role(letter: &Letter, report: &str) -> bool {
    let failed = || subjects::may_be_of_a_report(letter) || fails(&reply::newly_written(report));
    if sender::is_from_nobody(letter) {
        return auto::sign(letter).is_none() || failed();
    }
    // Where answers go somewhere, whoever looks after a mail system writes of failures all day. A program returns the mail.
    let has_signs = || {
        if sender::has_path(letter) {
            returns(letter) && (reports(letter, report) || (!sender::is_answer(letter) && is_in_form(letter, report)))
        } else {
            let opening = Opening::of(report);
            // What nobody writes above a letter of their own stands above what nobody begins one with.
            let titled = || subjects::is_of_a_program(letter) && opening.begins_a_report();
            let begins = || looks_so(letter, report) || opening.is_of_a_report() || titled();
            reports(letter, report) || (!sender::is_answer(letter) && begins())
        }
    };
    has_signs() && failed() && !sender::shows_a_person(letter, report)
}

/// Whether a program to which nobody is to answer wrote to say that mail failed.
fn is_of_a_program(letter: &Letter, report: &str) -> bool {
    let bounces = subjects::may_be_of_a_report(letter);
    let opening = Opening::of(report);
    if sender::is_from_nobody(letter) {
        let other = !sender::is_answer(letter) && auto::sign(letter).is_none();
        let failed = || says_failed(report) || reason::denies_somebody(report);
        let says_so = subjects::is_of_a_program(letter) || ((bounces || other) && failed());
        return says_so && (opening.names_a_program() || opening.begins_a_report() || looks_so(letter, report));
    }
    let (titled, begins) = if sender::has_path(letter) {
        (subjects::is_of_a_program(letter), opening.begins_a_report())
    } else {
        (bounces, opening.is_of_a_report())
    };
    let is_report = opening.names_a_program() || (begins && looks_so(letter, report));
    let failed = || says_failed(report) || reason::denies_somebody(report);
    titled && is_report && failed() && !sender::is_answer(letter) && !sender::shows_a_person(letter, report)
}

/// Whether what came from somebody's address has nobody to answer to, and returns a mail or begins and goes on as a report.
fn is_of_nobody(letter: &Letter, report: &str) -> bool {
    sender::is_from_nobody(letter)
        && subjects::may_be_of_a_report(letter)
        && !sender::is_answer(letter)
        && (auto::sign(letter).is_none() || letter.original.is_some())
        && (returns(letter) || (begins(report) && is_in_form(letter, report)))
        && !sender::shows_a_person(letter, report)
}

/// Whether `report` begins as a program begins.
fn begins(report: &str) -> bool {
    let opening = Opening::of(report);
    opening.names_a_program() || opening.is_of_a_report() || opening.begins_a_report()
}

/// Whether the letter says that mail was not delivered, and comes from where only mail systems write: then it is believed
/// even if it names nobody.
pub(super) fn says_undelivered(letter: &Letter, report: &str) -> bool {
    let sure = !letter.delivery_status.is_empty()
        || matches!(Sender::of(letter), Sender::Machine | Sender::Role)
        || sender::is_from_nobody(letter)
        || reports(letter, report);
    sure && (subjects::may_be_of_a_report(letter) || says_failed(report))
}

fn says_failed(report: &str) -> bool {
    let report = one_line(report).to_lowercase();
    FAILED.iter().any(|words| report.contains(words))
}

/// Whether `text` says why mail failed, or at least that it did.
fn fails(text: &str) -> bool {
    says_failed(text) || codes::code(text).is_some()
}

/// Whether the letter says that a program wrote it, or begins so, and goes on as reports do.
fn reports(letter: &Letter, report: &str) -> bool {
    let opening = Opening::of(report);
    let is_declared = opening.names_a_program();
    let says_so = is_declared || opening.is_of_a_report() || sender::is_submitted_by_program(&letter.fields);
    (is_declared && !sender::has_path(letter)) || (says_so && looks_so(letter, report))
}

/// Whether the letter has what people do not give to what they write. Where answers go somewhere, which is not so with reports,
/// a form must have been announced.
fn looks_so(letter: &Letter, report: &str) -> bool {
    let is_announced =
        || !sender::has_path(letter) || sender::is_from_nobody(letter) || Opening::of(report).announces();
    returns(letter) || (is_in_form(letter, report) && is_announced())
}

/// Whether a mail came back with the letter.
fn returns(letter: &Letter) -> bool {
    letter.original.is_some() || !returned::cut(&letter.text).1.trim().is_empty()
}

/// Whether the report has a form that people do not give to what they write: the address of somebody else behind a name that is
/// a recipient's, alone on a line or before a colon, or the dialogue of servers.
fn is_in_form(letter: &Letter, report: &str) -> bool {
    fields::named(report).any(|address| !is_ours(address, letter)) || lists(letter, report)
}

fn lists(letter: &Letter, report: &str) -> bool {
    report.lines().map(str::trim).any(|line| {
        let entry = line.trim_start_matches(['<', '*', '-', '>', ' ', '"']);
        let named = addresses::at_start(entry).filter(|(address, _)| !is_ours(address, letter));
        let behind = named.map(|(_, rest)| rest.trim_start_matches(['>', '"']));
        // Exchange: `ana@example.org on Mon, 4 May 2026 10:20:00 +0200`, `ana@example.org am 04.05.2026 10:20`.
        let dated = |rest: &str| {
            let day = rest.trim_start_matches([',', ' ']).split(' ').find(|word| word.len() > LONGEST_PREPOSITION);
            let is_day = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(['.', '/', '-']);
            day.is_some_and(is_day) || (rest.starts_with(" on ") && rest.contains(|c: char| c.is_ascii_digit()))
        };
        behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with(" <") || dated(rest))
            || line.to_ascii_lowercase().contains("rcpt to:")
    })
}
