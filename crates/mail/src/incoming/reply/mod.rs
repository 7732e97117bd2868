//! What a person newly wrote: the text without the mail that it answers, and without the signature.
//!
//! Text that stands between quotes is kept with them, since it makes no sense alone. Only what follows the last words of
//! the person is taken away.

mod attribution;
mod lines;

use super::letter::Letter;
use attribution::{is_divider, is_header_block, says_who_wrote};
use lines::{is_quote, is_sent_from, is_signature_mark};

/// The marks that mail programs put before the subject of what is passed on, lower case.
const FORWARD_MARKS: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "doorst",
    "vb",
    "vl",
    "pd",
    "ilt",
    "továbbítás",
    "πρθ",
    "пересл",
    "転送",
    "转发",
    "轉寄",
    "전달",
    "הועבר",
];

/// How we know that the letter answers one of ours, if it does.
pub(super) fn answers(letter: &Letter) -> Option<String> {
    if letter.fields.has("in-reply-to") {
        return Some("it answers a message (In-Reply-To)".to_owned());
    }
    if letter.fields.has("references") {
        return Some("it continues a conversation (References)".to_owned());
    }
    has_mark(&letter.subject).then(|| "the subject is that of an answer".to_owned())
}

/// Whether `subject` begins as that of an answer does: `Re:`.
pub(super) fn has_mark(subject: &str) -> bool {
    let answer = crate::threading::reply_subject(subject);
    answer.strip_prefix("Re: ").is_some_and(|base| base.len() < subject.trim().len())
}

/// Whether `subject` begins as that of a mail does which somebody passes on: `Fwd:`.
pub(super) fn is_forward(subject: &str) -> bool {
    subject
        .split_once([':', '：'])
        .is_some_and(|(mark, _)| FORWARD_MARKS.contains(&mark.trim().to_lowercase().as_str()))
}

/// The text that a person newly wrote in `text`.
pub(crate) fn newly_written(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
    let start = after_leading_attribution(&lines);
    let lines = &lines[start..];
    let quote = trailing_quote(lines);
    let end = (0..quote).find(|&at| begins_foreign_text(lines, at)).unwrap_or(quote);
    let kept: Vec<&str> = without_tail(&lines[..end]).iter().filter(|line| !is_sent_from(line)).copied().collect();
    joined(without_tail(&kept))
}

/// Where the text begins, if it begins with who wrote what follows: then what follows is an answer below a quote, or a
/// mail that was passed on.
fn after_leading_attribution(lines: &[&str]) -> usize {
    let first = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
    if lines.get(first).is_some_and(|line| is_divider(line)) {
        let headers = lines[first + 1..].iter().position(|line| line.trim().is_empty()).unwrap_or(0);
        return first + 1 + headers;
    }
    says_who_wrote(&lines[first..]).map_or(0, |length| first + length)
}

/// Whether what the writer did not write begins at the line `at`.
fn begins_foreign_text(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    if line.trim().is_empty() {
        return false;
    }
    is_signature_mark(line)
        || is_divider(line)
        || is_header_block(&lines[at..])
        || says_who_wrote(&lines[at..]).is_some()
}

/// Where the quote begins with which the text ends.
fn trailing_quote(lines: &[&str]) -> usize {
    lines.iter().rposition(|line| !is_quote(line) && !line.trim().is_empty()).map_or(0, |last| last + 1)
}

/// The lines without rules and empty lines at their end.
fn without_tail<'a, 'b>(mut lines: &'a [&'b str]) -> &'a [&'b str] {
    while let Some((last, rest)) = lines.split_last()
        && (last.trim().is_empty() || lines::is_rule(last))
    {
        lines = rest;
    }
    lines
}

/// The lines, without empty ones at both ends.
fn joined(lines: &[&str]) -> String {
    lines.join("\n").trim_start_matches('\n').trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::newly_written;

    #[test]
    fn what_is_answered_is_taken_away() {
        for (text, expected) in [
            (
                "Yes, Tuesday works.\n\nOn Mon, 4 May 2026 at 10:11, Bo <bo@x.example> wrote:\n> Tuesday?\n",
                "Yes, Tuesday works.",
            ),
            ("Gerne!\n\nAm 04.05.2026 um 10:11 schrieb Bo Lind <bo@x.example>:\n> Dienstag?", "Gerne!"),
            ("Oui.\n\nLe lun. 4 mai 2026 à 10:11, Bo <bo@x.example> a\nécrit :\n\n> Mardi ?", "Oui."),
            ("Sí.\n\nDe: Bo\nEnviado: lunes\nPara: Ana\nAsunto: Martes\n\nhola", "Sí."),
            ("了解しました。\n\n2026年5月4日(月) 10:11 Bo <bo@x.example>:\n> 火曜日は?", "了解しました。"),
            ("Fine\n-- \nAna Reyes\nHead of Things", "Fine"),
            ("Ja.\n\n*From:* Bo\n*Sent:* Monday\n*To:* Ana\n\nhello", "Ja."),
            ("Yes.\n\nDate: Mon, 4 May\nFrom: bo@x.example\nTo: Ana\n\nhello", "Yes."),
            ("Ok.\n\nSent from my iPhone", "Ok."),
            ("From my point of view:\n- one", "From my point of view:\n- one"),
            ("I wrote:\n\nsomething new.", "I wrote:\n\nsomething new."),
        ] {
            assert_eq!(newly_written(text), expected, "{text}");
        }
    }

    #[test]
    fn answers_between_quotes_keep_them() {
        let text = "> First?\nYes.\n> Second?\nNo.\n> Third?\n";
        assert_eq!(newly_written(text), "> First?\nYes.\n> Second?\nNo.");
    }
}
