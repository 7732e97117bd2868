//! By what a message is matched to one of ours: what it says of itself, of the mail that it answers, and of the mail that
//! it returns.

use domain::Timestamp;

use super::{addresses, dsn, fields::Fields, letter::Letter};
use crate::message::MARK_HEADER;

/// How many ids of one kind are read.
const MOST_IDS: usize = 30;
/// The longest id that is one (RFC 5322 §2.1.1 bounds a line).
const LONGEST_ID: usize = 998;

/// What ties a message to others. Ids are without angle brackets, addresses in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traces {
    /// Its own Message-ID.
    pub message_id: Option<String>,
    /// The messages it answers.
    pub in_reply_to: Vec<String>,
    /// The conversation it belongs to, oldest first.
    pub references: Vec<String>,
    /// The name in `From`.
    pub from_name: String,
    /// The address in `From`; empty when there is none.
    pub from_address: String,
    /// The subject, decoded.
    pub subject: String,
    /// When it was written, by its author's clock.
    pub date: Option<Timestamp>,
    /// Whom it was sent to: `To`, `Delivered-To`, `X-Original-To`.
    pub to: Vec<String>,
    /// Our mark in its own header: we sent it ourselves.
    pub mark: Option<String>,
    /// The Message-IDs in the mail that came back with it.
    pub returned_ids: Vec<String>,
    /// Our marks in the mail that came back with it, and the envelope ids (RFC 3461) that reports about it name.
    pub returned_marks: Vec<String>,
}

impl Traces {
    /// The traces that `letter` bears; `told` are ids that a notification names.
    pub(super) fn of(letter: &Letter, told: Vec<String>) -> Self {
        let own = &letter.fields;
        let mut traces = Self {
            message_id: own.get("message-id").and_then(|value| ids(value).into_iter().next()),
            in_reply_to: own.get("in-reply-to").map(ids).unwrap_or_default(),
            references: own.get("references").map(ids).unwrap_or_default(),
            from_name: letter.from_name.clone(),
            from_address: letter.from.clone(),
            subject: letter.subject.clone(),
            date: letter.written_at,
            to: letter.to.clone(),
            mark: own.get(&mark_field()).map(|mark| mark.trim().to_owned()),
            returned_ids: told,
            returned_marks: Vec::new(),
        };
        for name in ["delivered-to", "x-original-to"] {
            traces.to.extend(own.all(name).flat_map(addresses::in_text).map(str::to_lowercase));
        }
        for returned in letter.original.iter().chain(&letter.deeper) {
            traces.take(returned);
        }
        let reports = letter.delivery_status.iter().chain(&letter.feedback);
        traces.returned_marks.extend(reports.filter_map(|report| dsn::envelope_id(report)));
        traces.take(&quoted(&letter.text));
        traces.returned_ids.truncate(MOST_IDS);
        traces.returned_marks.truncate(MOST_IDS);
        traces
    }

    /// Takes what the header of a returned mail tells.
    fn take(&mut self, returned: &Fields) {
        self.returned_ids.extend(returned.all("message-id").flat_map(ids));
        self.returned_marks.extend(returned.all(&mark_field()).map(|mark| mark.trim().to_owned()));
    }
}

/// The field of our mark, as [`Fields`] know it.
fn mark_field() -> String {
    MARK_HEADER.to_ascii_lowercase()
}

/// The fields by which a mail is known that stand anywhere in `text`, quoted or not: some systems return nothing else.
fn quoted(text: &str) -> Fields {
    let wanted = ["message-id", &mark_field()];
    let mut block = String::new();
    for line in text.lines() {
        let line = line.trim_start_matches(['>', '|', ' ', '\t']);
        let Some(name) = wanted.iter().find(|name| begins_with(line, name)) else { continue };
        if line[name.len()..].trim_start().starts_with(':') {
            block.push_str(line);
            block.push('\n');
        }
    }
    Fields::parse(&block)
}

fn begins_with(line: &str, name: &str) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// The ids in a field: what stands in angle brackets, or else whatever looks like one.
fn ids(value: &str) -> Vec<String> {
    let bracketed: Vec<String> = value
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(id, _)| id.split_whitespace().collect::<String>())
        .filter(|id| is_id(id))
        .take(MOST_IDS)
        .collect();
    if !bracketed.is_empty() {
        return bracketed;
    }
    let bare = value.split_whitespace().filter(|word| word.contains('@') && is_id(word));
    bare.take(MOST_IDS).map(str::to_owned).collect()
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_brackets_and_sometimes_without() {
        assert_eq!(ids("<a@x> (comment)\r\n <b@y>"), ["a@x", "b@y"]);
        assert_eq!(ids("Message from Ana <a@x>"), ["a@x"]);
        assert_eq!(ids("a@x b@y"), ["a@x", "b@y"]);
        assert_eq!(ids("<>"), Vec::<String>::new());
        assert_eq!(
            ids("<0102018c-1b2d-000000@eu-west-1.amazonses.com>"),
            ["0102018c-1b2d-000000@eu-west-1.amazonses.com"]
        );
    }

    #[test]
    fn headers_are_found_wherever_prose_quotes_them() {
        let text = "Sorry.\n\n> Subject: Hi\n> Message-ID: <a@x>\n> X-Quarterdeck-Email: 0a.1\n\nMessage-Id : <b@y>\n";
        let fields = quoted(text);
        assert_eq!(fields.all("message-id").collect::<Vec<_>>(), ["<a@x>", "<b@y>"]);
        assert_eq!(fields.get("x-quarterdeck-email"), Some("0a.1"));
    }
}
