//! Notices that a mail is late: nothing is lost yet.

use super::super::{letter::Letter, refusal::one_line};

/// How such notices begin their subjects, lower case.
const SUBJECTS: &[&str] = &[
    "warning: message",
    "warning: could not send",
    "warning: unable to",
    "delayed mail",
    "message delayed",
    "delivery delayed",
    "delayed delivery",
    "mail delivery delayed",
    "delivery status notification (delay)",
    "delivery status notification (delayed)",
    "verzögert",
    "verzögerung",
    "remise différée",
];

/// What they say, lower case.
const WORDS: &[&str] = &[
    "has not yet been delivered",
    "not been delivered yet",
    "still undelivered",
    "will keep trying",
    "will be retried",
    "continue to try",
    "you do not need to resend",
    "this is a warning message only",
    "no action is required on your part",
    "delivery attempts will continue",
    "will continue to be tried",
    "still being retried",
    "only a temporary failure report",
    "wird weiterhin versucht",
    "nouvelles tentatives",
    "se seguirá intentando",
    "再送を試み",
];

/// Whether the letter says that the mail is late, and goes on being tried.
pub(super) fn says_late(letter: &Letter, report: &str) -> bool {
    let subject = letter.subject.to_lowercase();
    let report = one_line(report).to_lowercase();
    SUBJECTS.iter().any(|known| subject.starts_with(known)) || WORDS.iter().any(|words| report.contains(words))
}
