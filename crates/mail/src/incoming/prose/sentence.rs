//! Addresses within a sentence: "There was an error delivering your mail to <ana@example.org>."

use super::super::{addresses, letter::Letter, refusal::Refusal};

/// What stands before recipients, lower case.
const ANNOUNCED: &[&str] = &[
    "following recipient",
    "following address",
    "recipient(s):",
    "recipients:",
    "destinataires suivants",
    "folgenden empfänger",
];

/// The addresses in `report` that are neither the writer's nor the reader's, and not named as the sender.
pub(super) fn refusals(report: &str, letter: &Letter) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    for line in from_announcement(report).lines().filter(|line| !is_about_others(line)) {
        let named = addresses::in_text(line).filter(|address| !is_another(line, address));
        for address in named.filter(|address| !super::listed::is_ours(address, letter)) {
            if refusals.len() == super::MOST_RECIPIENTS {
                return refusals;
            }
            if !refusals.iter().any(|known| known.address.eq_ignore_ascii_case(address)) {
                refusals.push(Refusal::of(address, ""));
            }
        }
    }
    refusals
}

/// The report from the line on that says that recipients follow, if one does: before it stands what the mail was.
fn from_announcement(report: &str) -> &str {
    let mut start = 0;
    for line in report.split_inclusive('\n') {
        let said = line.to_lowercase();
        if ANNOUNCED.iter().any(|words| said.contains(words)) {
            return &report[start..];
        }
        start += line.len();
    }
    report
}

/// Whether the address is said to be whom the mail came from, or whom to write to instead (RFC 5321 §3.4): "they are not accepting
/// mail from bo@example.com", "please try <ana@example.com>".
fn is_another(line: &str, address: &str) -> bool {
    let before = &line[..address.as_ptr() as usize - line.as_ptr() as usize];
    let before = before.trim_end_matches([' ', '<', '"', '\'']);
    ["mail from", "mails from", "message from", "messages from", "proveniente da", "please try"].iter().any(|words| {
        let end = before.get(before.len().saturating_sub(words.len())..);
        end.is_some_and(|end| end.eq_ignore_ascii_case(words))
    })
}

/// Lines about the sender, and about people who help.
fn is_about_others(line: &str) -> bool {
    // An address says nothing: `contact@x.example` may well have failed.
    let words = line.split_whitespace().filter(|word| !word.contains('@') || word.starts_with("help@"));
    let said = words.collect::<Vec<_>>().join(" ").to_lowercase();
    let line = line.trim().to_lowercase();
    let begins = [
        "from:",
        "mail from",
        "sender:",
        "reply-to",
        "message-id",
        "identificativo messaggio",
        "original sender",
        "return-path",
    ];
    let holds = [
        "assistance",
        "contact",
        "support",
        "please send mail to",
        "questions",
        "reply to",
        "if you feel",
        "message id",
        "message token",
        "help",
        "hilfe",
        "wenden sie sich",
        "kontakt",
        "besoin d'aide",
        "ayuda",
        "assistenza",
        "contatta",
        "ajuda",
        "помощ",
        "обратитесь",
        "お問い合わせ",
        "連絡",
        "联系",
        "聯絡",
    ];
    begins.iter().any(|name| line.starts_with(name)) || holds.iter().any(|name| said.contains(name))
}
