//! The dialogue of two servers, as mail systems write it down: `>>>` and `<<<` (sendmail, and others behind a word), `In:` and
//! `Out:` (Postfix), `-->` and `<--`, or in words.

use super::super::{
    addresses, codes,
    refusal::{Refusal, Stage, one_line},
};

/// Each recipient that was named in the dialogue, with the refusal that followed.
pub(super) fn refusals(report: &str) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut refused = None;
    for line in report.lines().map(str::trim) {
        if let Some(command) = sent(line) {
            if command.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("rcpt to:"))
                && let Some(address) = addresses::in_text(command).next()
            {
                refusals.push(Refusal::of(address, ""));
            }
        } else if let Some(answer) = heard(line)
            && codes::code(answer).is_some()
        {
            refused = Some(answer);
        }
    }
    if let Some(answer) = refused {
        for refusal in &mut refusals {
            refusal.hear(answer);
        }
        refusals
    } else {
        Vec::new()
    }
}

/// The first refusal that a server gave in the dialogue, with its continued lines.
pub(super) fn answer(report: &str) -> Option<String> {
    let mut answer = String::new();
    for line in report.lines().map(str::trim) {
        match heard(line) {
            Some(heard) if !answer.is_empty() || codes::code(heard).is_some() => {
                answer.push_str(heard);
                answer.push('\n');
                if heard.as_bytes().get(3) != Some(&b'-') {
                    break;
                }
            }
            _ if !answer.is_empty() => break,
            _ => {}
        }
    }
    (!answer.is_empty()).then(|| one_line(&answer))
}

/// The report without the line in which sendmail sums up, right below it, the refusal of a server: it calls whomever a server
/// refuses an unknown user.
pub(super) fn without_summary(report: &str) -> String {
    let mut kept = String::with_capacity(report.len());
    let mut was_refused = false;
    for line in report.split_inclusive('\n') {
        let refuses = heard(line.trim()).is_some_and(|answer| codes::code(answer).is_some());
        let sums_up = was_refused && codes::answer(line).is_some_and(|answer| line.trim_start().starts_with(answer));
        if refuses || !sums_up {
            kept.push_str(line);
        }
        was_refused = refuses;
    }
    kept
}

/// How far the dialogue had come at its first refusal.
pub(super) fn stage(report: &str) -> Option<Stage> {
    let mut said = String::new();
    for line in report.lines().map(str::trim) {
        if let Some(command) = sent(line) {
            said = command.to_ascii_lowercase();
        } else if heard(line).is_some_and(|answer| codes::code(answer).is_some()) {
            break;
        }
    }
    match said.get(..4)? {
        "rcpt" => Some(Stage::Recipient),
        "data" | "bdat" => Some(Stage::Content),
        "ehlo" | "helo" | "mail" | "star" | "auth" => Some(Stage::Sender),
        _ => None,
    }
}

/// Whether the server refused `address` right after it was named.
pub(super) fn refused_by_name(report: &str, address: &str) -> bool {
    let mut named = false;
    for line in report.lines().map(str::trim) {
        if let Some(command) = sent(line) {
            let recipient = command.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("rcpt to:"));
            named = recipient && addresses::in_text(command).any(|found| found.eq_ignore_ascii_case(address));
        } else if named && heard(line).is_some_and(|answer| codes::code(answer).is_some()) {
            return true;
        }
    }
    false
}

/// What was said to the other server in this line.
fn sent(line: &str) -> Option<&str> {
    let command = line.strip_prefix(">>>").or_else(|| line.strip_prefix("In:"));
    let command = command.or_else(|| line.strip_prefix("Sent >>>")).or_else(|| after(line, ": --> "));
    command.or_else(|| after(line, " sent: ")).map(str::trim)
}

/// What the other server said in this line.
fn heard(line: &str) -> Option<&str> {
    let answer = line.strip_prefix("<<<").or_else(|| line.strip_prefix("Out:"));
    let answer = answer.or_else(|| line.strip_prefix("Received <<<")).or_else(|| after(line, ": <-- "));
    answer.or_else(|| after(line, " replied: ")).map(str::trim)
}

/// What follows `mark`: these write the time or a name before it.
fn after<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.split_once(mark).map(|(_, rest)| rest)
}
