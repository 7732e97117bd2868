//! Notices that nothing is lost: a mail is late, or it has arrived.

use super::super::{codes, letter::Letter, refusal::one_line};

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
    let report = one_line(report).to_lowercase();
    letter.title_among(SUBJECTS).is_some() || WORDS.iter().any(|words| report.contains(words))
}

/// What a notice says of mail that arrived, lower case, where a sender had asked to be told.
const ARRIVED: &[&str] = &[
    "was successfully delivered to",
    "has been successfully delivered to",
    "was successfully relayed to",
    "your message has been delivered to the following",
    "message delivered successfully",
    "message delivered to a mail gateway",
    "wurde erfolgreich zugestellt",
    "a été remis aux destinataires suivants",
    "se entregó a los siguientes destinatarios",
    "è stato consegnato nella casella",
];

/// Whether the report says that the mail arrived, and of nobody that it did not.
pub(super) fn says_arrived(report: &str) -> bool {
    let said = one_line(report).to_lowercase();
    ARRIVED.iter().any(|words| said.contains(words)) && codes::code(report).is_none()
}
