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
    "some recipients failed: <",
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
    let near = one_line(&format!("{} {}", refusal.said, refusal.context)).to_lowercase();
    if let Some(stage) = named(&near) {
        return Some(stage);
    }
    // It may stand above the address: "mx.example [192.0.2.7] did not like our RCPT TO:".
    let report = one_line(&refusal.report).to_lowercase();
    let hardly_else = PROBABLY_RECIPIENT.iter().any(|phrase| near.contains(phrase) || report.contains(phrase));
    session::stage(&refusal.context).or_else(|| named(&report)).or_else(|| probably(refusal, hardly_else))
}

/// How far the session had come by what is said in `words`.
fn named(words: &str) -> Option<Stage> {
    let stages = [(RECIPIENT, Stage::Recipient), (CONTENT, Stage::Content), (SENDER, Stage::Sender)];
    stages.into_iter().find(|(phrases, _)| phrases.iter().any(|phrase| words.contains(phrase))).map(|(_, stage)| stage)
}

/// What may be said of a refusal at `RCPT` whose status speaks neither of the mailbox nor of policy.
fn probably(refusal: &Refusal, says_so: bool) -> Option<Stage> {
    let plain = refusal.status.is_none_or(|status| !matches!(status.subject, 2 | 7));
    let domain = refusal.address.rsplit('@').next().unwrap_or_default().to_lowercase();
    let named = NAMES_AT_RECIPIENT.iter().any(|known| domain == *known || domain.ends_with(&format!(".{known}")))
        && refusal.said.contains(&format!("<{}>", refusal.address));
    (plain && (says_so || named)).then_some(Stage::Recipient)
}
