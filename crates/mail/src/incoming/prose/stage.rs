//! How far the session had come, in the words of the system that reports it.

use super::{
    super::refusal::{Refusal, Stage, one_line},
    session,
};

/// What systems say of a refusal at `RCPT TO`, lower case.
const RECIPIENT: &[&str] = &[
    "in reply to rcpt to",
    "in reply to: rcpt to",
    "after rcpt to",
    "pipelined rcpt to",
    "in response to rcpt to",
    "in response to \"rcpt to",
    "in response of [rcpt to",
    "after rcpt command",
    "[rcpt_to]",
    "smtp:rcpt",
    "our rcpt to",
    "smtp error, rcpt to",
    "recipients was rejected by a remote mail server",
    "to rcpt to",
    "does not like recipient",
    "sent <<< rcpt to",
    "(state 14)",
    "(rcpt)",
    "(rcpt to)",
    "rcpt to command",
    "command: rcpt",
    "response to rcpt",
];

/// After `DATA`.
const CONTENT: &[&str] = &[
    "in reply to end of data",
    "in reply to data",
    "after end of data",
    "after data",
    "pipelined sending data",
    "pipelined data",
    "in response to end of data",
    "after sending data",
    "after i sent the message",
    "failed on data command",
    "our final data",
    "our data",
    "smtp:data",
    "smtp command data",
    "[data]",
    "sent <<< data",
    "(data)",
    "(state 15)",
    "(state 16)",
    "(state 17)",
    "(state 18)",
    "to data command",
    "response to data",
];

/// Before the recipient was named.
const SENDER: &[&str] = &[
    "in reply to mail from",
    "in reply to helo",
    "in reply to ehlo",
    "in reply to initial",
    "after initial connection",
    "after mail from",
    "pipelined mail from",
    "in response to mail from",
    "after starttls",
    "after helo",
    "after ehlo",
    "after mail command",
    "[mail_from]",
    "smtp:mail",
    "our mail from",
    "sent <<< mail from",
    "our helo",
    "our ehlo",
    "but sender was rejected",
    "but greeting failed",
    "but my name was rejected",
    "(state 12)",
    "(state 13)",
    "while receiving the initial server greeting",
    "refused to talk to me",
];

/// What is said where the refusal can hardly be about anything but the recipient, lower case.
const PROBABLY_RECIPIENT: &[&str] =
    &["requested action not taken: mailbox unavailable", "this is the mail delivery agent at"];

/// Domains whose servers name the address in what they answer to `RCPT`, and leave it out after their filter.
const NAMES_AT_RECIPIENT: &[&str] = &["ezweb.ne.jp", "au.com", "auone-net.jp", "uqmobile.jp"];

/// How far the session had come when `refusal` was heard.
pub(super) fn of(refusal: &Refusal) -> Option<Stage> {
    let words = one_line(&format!("{} {}", refusal.said, refusal.context)).to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
    if says(RECIPIENT) {
        return Some(Stage::Recipient);
    }
    if says(CONTENT) {
        return Some(Stage::Content);
    }
    if says(SENDER) {
        return Some(Stage::Sender);
    }
    let report = refusal.report.to_lowercase();
    let hardly_else = says(PROBABLY_RECIPIENT) || PROBABLY_RECIPIENT.iter().any(|phrase| report.contains(phrase));
    session::stage(&refusal.context).or_else(|| probably(refusal, hardly_else))
}

/// What may be said of a refusal at `RCPT` whose status speaks neither of the mailbox nor of policy.
fn probably(refusal: &Refusal, says_so: bool) -> Option<Stage> {
    let plain = refusal.status.is_none_or(|status| !matches!(status.subject, 2 | 7));
    let domain = refusal.address.rsplit('@').next().unwrap_or_default().to_lowercase();
    let named = NAMES_AT_RECIPIENT.iter().any(|known| domain == *known || domain.ends_with(&format!(".{known}")))
        && refusal.said.contains(&format!("<{}>", refusal.address));
    (plain && (says_so || named)).then_some(Stage::Recipient)
}
