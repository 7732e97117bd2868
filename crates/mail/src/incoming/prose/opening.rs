//! How reports begin: by that they are told from what people write about them.

use super::super::refusal::one_line;

/// How many lines of the first paragraph are looked at.
const MOST_OPENING: usize = 6;

/// What a program says of itself in its first paragraph, lower case.
const DECLARED: &[&str] = &[
    "automatically generated",
    "automatically created",
    "created automatically",
    "generated automatically",
    "automated message",
    "automatic message",
    "automated response",
    "machine generated",
    "this is an automat",
    "delivery status notification",
    "non-delivery report",
    "automatisch erstellt",
    "automatisch erzeugt",
    "automatisch generiert",
    "généré automatiquement",
    "créé automatiquement",
    "automáticamente",
    "automaticamente",
    "automatisch gegenereerd",
    "automatisch aangemaakt",
    "wygenerowana automatycznie",
    "создано автоматически",
    "сформировано автоматически",
    "自动",
    "自動",
    "자동",
];

/// How else reports begin, lower case.
const OPENINGS: &[&str] = &[
    "advisory-only",
    "this is the mail",
    "this is the postfix",
    "this is the qmail",
    "this is the james",
    "this is the deliver",
    "this is a delivery",
    "this is a collection of reports about email delivery",
    "this report relates to a message",
    "the original message was received",
    "the original mail was received",
    "message that you sent",
    "message that you have sent",
    "message you sent",
    "your message could not be delivered",
    "your message was not delivered",
    "your mail was not delivered",
    "could not be delivered to the following",
    "could not be delivered to one or more",
    "could not be delivered to:",
    "cannot be delivered to the following",
    "unable to deliver message",
    "unable to deliver the message",
    "delivery to the following",
    "delivery has failed to",
    "delivery failed",
    "did not reach",
    "was undeliverable",
    "undeliverable address",
    "undeliverable to ",
    "the attached message",
    "the following message",
    "the following mail",
    "the following address",
    "the following recipient",
    "failed recipient",
    "intended recipient",
    "message from ",
    "error message",
    "error: ",
    "an error was detected",
    "an error occurred",
    "could not deliver message",
    "encountered delivery problems",
    "returning your message",
    "message is being returned to you",
    "could not be delivered due to",
    "message not delivered to",
    "unknown user:",
    "invalid final delivery",
    "your message:",
    "mailenable:",
    "unable to send to",
    "échec de la remise",
    "fehler bei der nachrichtenzustellung",
    "fehler bei der zustellung",
    "error de entrega",
    "error al entregar",
    "recapito non riuscito",
    "falha na entrega",
    "bezorging is mislukt",
];

/// How reports begin that name the mail first, lower case.
const BEGINNINGS: &[&str] = &[
    "your message",
    "your mail",
    "your email",
    "your e-mail",
    "ihre nachricht",
    "ihre e-mail",
    "ihre mail",
    "votre message",
    "votre courriel",
    "su mensaje",
    "tu mensaje",
    "il messaggio",
    "il tuo messaggio",
    "sua mensagem",
    "a sua mensagem",
    "uw bericht",
    "het bericht",
    "ditt meddelande",
    "din meddelelse",
    "zpráva",
    "vaše zpráva",
    "az üzenet",
    "iletiniz",
    "je bericht",
    "twoja wiadomość",
    "wiadomość",
    "ваше сообщение",
    "ваше письмо",
    "сообщение",
    "您的邮件",
    "您发送的邮件",
    "很抱歉您发送的邮件",
    "您的郵件",
];

/// The first paragraph of a report, lower case. Where people pass a report on, their own words stand there, or a quote, which
/// is nobody's beginning.
pub(super) struct Opening(String);

impl Opening {
    /// How `report` begins.
    pub(super) fn of(report: &str) -> Self {
        let written = |line: &&str| line.chars().any(char::is_alphabetic);
        let lines = report.lines().filter(|line| !is_of_mime(line));
        let lines =
            lines.skip_while(|line| !written(line)).take_while(|line| !line.trim().is_empty() && !is_quote(line));
        Self(one_line(&lines.take(MOST_OPENING).collect::<Vec<_>>().join(" ")).to_lowercase())
    }

    /// Whether a program says there that it wrote.
    pub(super) fn names_a_program(&self) -> bool {
        DECLARED.iter().any(|words| self.0.contains(words))
    }

    /// Whether reports begin so, and letters of people hardly.
    pub(super) fn is_of_a_report(&self) -> bool {
        OPENINGS.iter().any(|words| self.0.contains(words))
    }

    /// Whether nothing stands before that.
    pub(super) fn begins_a_report(&self) -> bool {
        OPENINGS.iter().chain(BEGINNINGS).any(|words| self.0.starts_with(words))
    }

    /// Whether a list follows: "to the following recipients:".
    pub(super) fn announces(&self) -> bool {
        self.0.ends_with([':', '：'])
    }
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether the line is a boundary or a header of a part: what remains of MIME that could not be read.
fn is_of_mime(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    let is_boundary = line.starts_with("--") && !line.contains(' ');
    is_boundary || ["content-", "boundary="].iter().any(|known| line.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::Opening;

    #[test]
    fn only_the_first_paragraph_counts() {
        let report = "****\n\nThis is the mail system at host mx.example.\n\nAna cannot be reached.";
        assert!(Opening::of(report).is_of_a_report());
        assert!(!Opening::of(&format!("Hi Bo, what is this?\n\n{report}")).is_of_a_report());
        assert!(Opening::of("Diese Nachricht wurde automatisch erstellt.").names_a_program());
        assert!(!Opening::of("").names_a_program());
    }
}
