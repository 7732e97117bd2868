//! What gateways write above and below every mail that passes them: nobody's words.

/// Words that call for attention before the title of a warning, lower case.
const ALERTS: &[&str] =
    &["caution:", "warning:", "attention:", "notice:", "achtung:", "vorsicht:", "attenzione:", "atención:"];

/// The titles of warnings that stand above mail from elsewhere, lower case.
const TITLES: &[&str] = &[
    "external email",
    "external e-mail",
    "external mail",
    "external message",
    "external sender",
    "externe e-mail",
    "externer absender",
    "courriel externe",
    "e-mail externe",
    "message externe",
    "correo externo",
    "remitente externo",
    "mittente esterno",
    "e-mail externo",
    "外部メール",
    "外部邮件",
];

/// What warnings without a title say in their first line, lower case.
const OUTSIDE: &[&str] = &[
    "this is an external email",
    "this email is from an external",
    "this email was sent from outside",
    "this message was sent from outside",
    "this message is from an external",
    "this message came from outside",
    "this email came from outside",
    "kommt von außerhalb",
    "stammt von außerhalb",
    "originated from outside",
    "originated outside",
    "comes from outside",
    "provient de l'extérieur",
    "provient d'un expéditeur externe",
    "proviene de fuera",
    "proviene de un remitente externo",
    "proviene dall'esterno",
    "von einem externen absender",
    "you don't often get email from",
    "some people who received this message don't often get email from",
    "sie erhalten nicht oft e-mail",
    "vous n'obtenez pas souvent d'e-mail",
    "no suele recibir correo",
];

/// Of what they say it, lower case.
const MAIL: &[&str] = &["mail", "message", "nachricht", "courriel", "correo", "mensaje", "messaggio", "mensagem"];

/// The longest line in which a warning begins, in bytes: a whole paragraph may be on one.
const LONGEST: usize = 600;
/// How many lines a warning has.
const MOST_LINES: usize = 5;

/// What stands below every mail, lower case. It holds words that would explain a refusal.
const BELOW: &[&str] = &[
    "scanned for all viruses",
    "scanned for viruses",
    "scanned for spam",
    "has been scanned",
    "believed to be clean",
    "virus-free",
    "is confidential",
    "are confidential",
    "confidentiality notice",
    "confidential information",
    "ist vertraulich",
    "vertrauliche informationen",
    "informations confidentielles",
    "información confidencial",
    "informazioni riservate",
    "informações confidenciais",
];

/// `text` without the warning that stands above it: a paragraph of its own.
pub(super) fn without_warning(text: &str) -> &str {
    let start = text.trim_start();
    let first = start.lines().next().unwrap_or_default();
    if !warns(first) {
        return text;
    }
    let mut length = 0;
    for line in start.split_inclusive('\n').take(MOST_LINES) {
        length += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    let ends = start[..length].lines().last().is_some_and(|line| line.trim().is_empty());
    let rest = &start[if ends { length } else { first.len() }..];
    if rest.trim().is_empty() { text } else { rest.trim_start_matches(['\r', '\n']) }
}

/// Whether a warning begins with `line`.
fn warns(line: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let line = line.replace('’', "'").to_lowercase();
    let words = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let words = ALERTS.iter().find_map(|alert| words.strip_prefix(alert)).unwrap_or(words).trim_start();
    let is_titled = |known: &&str| {
        // Nothing but a title: people go on with a word.
        words.strip_prefix(*known).is_some_and(|rest| !rest.trim_start().starts_with(char::is_alphanumeric))
    };
    let says = |known: &[&str]| known.iter().any(|known| words.contains(known));
    TITLES.iter().any(is_titled) || (says(OUTSIDE) && says(MAIL))
}

/// `text` without the mark of a quote, if that stands before every line: whoever passed it on added nothing.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let is_empty = |line: &str| line.trim().is_empty();
    let mut lines = text.lines().filter(|line| !is_empty(line)).peekable();
    lines.peek()?;
    let without_mark =
        |line: &str| line.strip_prefix("> ").or_else(|| line.strip_prefix('>')).unwrap_or(line).to_owned() + "\n";
    lines.all(|line| line.starts_with('>')).then(|| text.lines().map(without_mark).collect())
}

/// Whether a gateway writes `line` below every mail.
pub(super) fn is_below(line: &str) -> bool {
    let line = line.to_lowercase();
    BELOW.iter().any(|words| line.contains(words))
}

#[cfg(test)]
mod tests {
    use super::{unquoted, without_warning};

    #[test]
    fn a_quote_is_undone_only_where_nothing_else_stands() {
        assert_eq!(unquoted("> It failed.\n>\n\n>>  deep\n").as_deref(), Some("It failed.\n\n\n>  deep\n"));
        for text in ["", "\n", "See:\n> It failed.", "> It failed.\nKim"] {
            assert_eq!(unquoted(text), None, "{text}");
        }
    }

    #[test]
    fn a_warning_above_is_no_part_of_the_letter() {
        for text in [
            "CAUTION: This email originated from outside of the organization. Do not click links.\n\nYes.",
            "[EXTERNAL EMAIL]\nYes.",
            "\nYou don’t often get email from ana@x.example. Learn why this is important\nat this page\n\nYes.",
        ] {
            assert_eq!(without_warning(text), "Yes.", "{text}");
        }
        for text in [
            "Our wood comes from outside the EU.\n\nAna",
            "External email is fine.\n\nAna",
            "External emails\n\nAna",
            "Yes.\n\nCAUTION: external email",
        ] {
            assert_eq!(without_warning(text), text);
        }
    }
}
