//! How mail systems begin the subjects of their reports, in many languages.

use super::super::letter::Letter;

/// What nobody writes who has something to say, lower case.
const OF_PROGRAMS: &[&str] = &[
    "undeliver",
    "non-deliver",
    "nondeliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
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
    "mail delivery delayed",
    "mail failure",
    "mail system error",
    "mail not delivered",
    "mail status report",
    "mail returned",
    "message not delivered",
    "message undeliverable",
    "message you sent blocked",
    "returned mail",
    "returned email",
    "return mail",
    "returned to sender",
    "warning: message",
    "warning: could not send",
    "warning: unable to",
    "your message wasn't delivered",
    "unzustellbar",
    "nachricht nicht zugestellt",
    "nachricht unzustellbar",
    "nicht zustellbar",
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

/// What people write, too: "Your mail to our colleague", lower case.
const OF_PEOPLE_TOO: &[&str] = &[
    "not deliver",
    "could not deliver",
    "couldn't deliver",
    "delivery notification",
    "delivery problem",
    "delivery error",
    "delivery report",
    "mail deliver",
    "mail error",
    "mail could not be delivered",
    "message delivery",
    "message delayed",
    "message could not be delivered",
    "message status",
    "rejected mail",
    "there was an error sending your mail",
    "your message to",
    "your message could not",
    "your mail to",
    "problem delivering",
    "error sending",
    "error delivering",
    "email delivery",
    "e-mail delivery",
    "unable to deliver",
    "nicht zugestellt",
    "zustellung",
];

/// What stands before the first word.
const DECORATION: [char; 5] = ['*', '[', '(', '"', ' '];

/// Whether only a mail system begins the subject of `letter` so.
pub(in crate::incoming) fn is_of_a_program(letter: &Letter) -> bool {
    begins(letter, OF_PROGRAMS)
}

/// Whether the subject of `letter` may be that of a report.
pub(super) fn may_be_of_a_report(letter: &Letter) -> bool {
    begins(letter, OF_PROGRAMS) || begins(letter, OF_PEOPLE_TOO)
}

fn begins(letter: &Letter, known: &[&str]) -> bool {
    let subject = letter.subject.replace('’', "'").to_lowercase();
    let subject = subject.trim_start_matches(DECORATION);
    // Gateways put a tag before it: `[External] Undeliverable: …`.
    let tagged = subject.split_once(']').map(|(_, rest)| rest.trim_start_matches(DECORATION));
    let begins = |subject: &str| known.iter().any(|known| subject.starts_with(known));
    begins(subject) || (letter.subject.trim_start().starts_with('[') && tagged.is_some_and(begins))
}
