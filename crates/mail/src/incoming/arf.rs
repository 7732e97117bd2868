//! Complaints: feedback reports (RFC 5965), and the large providers' mails that came before them.

use super::{Incoming, Kind, Recipient, addresses, fields::Fields, letter::Letter, sender};

/// Where a complaint names who complained, the surest first, lower case.
const COMPLAINANT: &[&str] = &["original-rcpt-to", "removal-recipient"];

/// Where the mail that came back names its recipient. The first was put there by Hotmail.
const RECIPIENT: &[&str] = &["x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "to"];

/// How complaints without a report begin their subjects, lower case.
const SUBJECTS: &[&str] =
    &["complaint about message from", "email feedback report for ip", "abuse report", "spam complaint"];

/// Who sends them: local parts of addresses.
const SENDERS: &[&str] = &["staff", "feedbackloop", "feedback", "fbl", "scomp", "arf", "complaints", "abuse"];

/// What the complaint says, if the letter is one.
pub(super) fn complaint(letter: &Letter) -> Option<Incoming> {
    // Some put the report into a part for people.
    let in_text = letter.text.find("\nFeedback-Type:").map(|at| &letter.text[at + 1..]);
    let Some(report) = letter.feedback.as_deref().or(in_text) else {
        return without_report(letter);
    };
    let by_loop = is_from_loop(letter) && !sender::shows_a_person(letter, &letter.text);
    if !by_loop && sender::is_passed_on(letter) {
        return None;
    }
    let report = Fields::parse(report);
    let feedback = report.get("feedback-type").unwrap_or("abuse").trim().to_ascii_lowercase();
    let kind = match feedback.as_str() {
        "opt-out" | "opt-out-list" => Kind::Unsubscribe,
        "auth-failure" | "not-spam" | "dmarc" => Kind::Other,
        _ => Kind::Complaint,
    };
    let about = recipients(Some(&report), letter, kind);
    Some(Incoming::new(kind, format!("a feedback report (RFC 5965) of the type {feedback}")).about(about))
}

fn without_report(letter: &Letter) -> Option<Incoming> {
    let complains = letter.original.is_some() && is_from_loop(letter) && letter.title_among(SUBJECTS).is_some();
    complains.then(|| {
        Incoming::new(Kind::Complaint, format!("the subject of a provider's complaint: {}", letter.subject))
            .about(recipients(None, letter, Kind::Complaint))
    })
}

fn is_from_loop(letter: &Letter) -> bool {
    SENDERS.contains(&letter.from.split('@').next().unwrap_or_default())
}

fn recipients(report: Option<&Fields>, letter: &Letter, kind: Kind) -> Vec<Recipient> {
    let named = report.and_then(|report| first(report, COMPLAINANT));
    let address = named.or_else(|| first(letter.original.as_ref()?, RECIPIENT));
    address.map(|address| Recipient::who(address, kind)).into_iter().collect()
}

fn first(fields: &Fields, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| addresses::in_text(fields.get(name)?).next().map(str::to_owned))
}
