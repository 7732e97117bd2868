//! Whether a mail system wrote the letter. A person who quotes a bounce is still a person.

use super::super::{
    auto,
    codes::{self, Status},
    letter::Letter,
    refusal::one_line,
    reply,
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

/// How mail systems begin their subjects, lower case.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "undelivered",
    "non-deliver",
    "nondeliver",
    "not deliver",
    "could not deliver",
    "couldn't deliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery notification",
    "delivery problem",
    "delivery error",
    "delivery report",
    "delivery has failed",
    "delayed mail",
    "delayed delivery",
    "delivery delayed",
    "failure notice",
    "failed delivery",
    "failed mail",
    "failure delivery",
    "mail delivery fail",
    "mail delivery error",
    "mail delivery problem",
    "mail delivery delayed",
    "mail delivery",
    "mail deliver",
    "mail failure",
    "mail system error",
    "mail error",
    "mail could not be delivered",
    "mail not delivered",
    "mail status report",
    "mail returned",
    "message delivery",
    "message delayed",
    "message not delivered",
    "message undeliverable",
    "message could not be delivered",
    "message you sent blocked",
    "message status",
    "returned mail",
    "returned email",
    "return mail",
    "returned to sender",
    "rejected mail",
    "warning: message",
    "warning: could not send",
    "warning: unable to",
    "there was an error sending your mail",
    "your message to",
    "your message could not",
    "your message wasn't delivered",
    "your mail to",
    "problem delivering",
    "error sending",
    "error delivering",
    "email delivery",
    "e-mail delivery",
    "unable to deliver",
    "unzustellbar",
    "nicht zugestellt",
    "nachricht nicht zugestellt",
    "nachricht unzustellbar",
    "nicht zustellbar",
    "zustellung",
    "fehler bei der zustellung",
    "non remis",
    "non distribué",
    "non délivré",
    "échec de la remise",
    "échec de remise",
    "message non distribué",
    "avis de non-remise",
    "no se puede entregar",
    "no entregado",
    "no se ha podido entregar",
    "error de entrega",
    "mancata consegna",
    "mancato recapito",
    "non recapitabile",
    "impossibile recapitare",
    "não entregue",
    "não é possível entregar",
    "falha na entrega",
    "onbestelbaar",
    "kan niet worden bezorgd",
    "niet te bezorgen",
    "niedostarcz",
    "nie można dostarczyć",
    "nedoručiteln",
    "går inte att leverera",
    "ikke levert",
    "kan ikke leveres",
    "не доставлено",
    "недоставленное",
    "ваше сообщение не доставлено",
    "уведомление о доставке",
    "配信不能",
    "配送エラー",
    "配信エラー",
    "送信エラー",
    "未配信",
    "エラーメール",
    "宛先不明",
    "メール配信",
    "メールデリバリ",
    "无法传递",
    "无法投递",
    "無法傳遞",
    "未送达",
    "退信",
    "系统退信",
    "전송되지 않음",
    "배달되지 않음",
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
    "has been rejected",
    "was rejected",
];

/// How we know that a mail system wrote `letter`, whose readable part is `report`, if it did.
pub(super) fn wrote(letter: &Letter, report: &str) -> Option<String> {
    if !letter.delivery_status.is_empty() {
        return Some("a delivery status report (RFC 3464) that names nobody".to_owned());
    }
    if letter.fields.has("x-failed-recipients") {
        return Some("the header X-Failed-Recipients".to_owned());
    }
    if let Some(list) = super::list::refused(letter) {
        return Some(format!("the mailing list {list} takes no mail from us"));
    }
    let subject = subject(letter);
    let bounces = SUBJECTS.iter().any(|known| subject.starts_with(known));
    // A postmaster is a person, too: what they write must say that something failed.
    if is_daemon(letter)
        && (is_machine(letter) || (bounces && !is_answer(letter)) || fails(&reply::newly_written(report)))
    {
        let sender = if letter.from.is_empty() { "no address" } else { &letter.from };
        return Some(format!("written by a mail system ({sender})"));
    }
    let by_program = letter.fields.has("auto-submitted") || Status::find(report).is_some();
    if bounces && (is_from_nobody(letter) || (!is_answer(letter) && by_program && says_failed(report))) {
        return Some(format!("the subject of a mail system: {}", letter.subject));
    }
    (is_from_nobody(letter) && !is_answer(letter) && auto::sign(letter).is_none() && says_failed(report))
        .then(|| "nobody to answer to, and the words of a mail system".to_owned())
}

/// Whether the letter says that mail was not delivered, and comes from where only mail systems write: then it is believed
/// even if it names nobody.
pub(super) fn says_undelivered(letter: &Letter, report: &str) -> bool {
    let subject = subject(letter);
    let sure = !letter.delivery_status.is_empty() || is_daemon(letter) || is_from_nobody(letter);
    sure && (SUBJECTS.iter().any(|known| subject.starts_with(known)) || says_failed(report))
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

fn subject(letter: &Letter) -> String {
    letter.subject.trim_start_matches(['*', '[', '(', '"', ' ']).replace('’', "'").to_lowercase()
}

fn is_daemon(letter: &Letter) -> bool {
    let from = if letter.from.is_empty() { letter.fields.get("from").unwrap_or_default() } else { &letter.from };
    let local = from.trim_start_matches('<').split('@').next().unwrap_or_default();
    let local: String = local.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let name = letter.from_name.to_lowercase();
    DAEMONS.iter().any(|known| local.starts_with(known)) || NAMES.iter().any(|known| name.starts_with(known))
}
