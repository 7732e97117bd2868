//! The SMTP transactions that left the process, found in what it sent.

use std::collections::HashMap;

use super::trace::{Call, What};

/// One envelope on the wire. The lines are those of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transaction {
    /// The line at which `MAIL FROM` began to leave.
    pub(crate) mail_from: usize,
    pub(crate) recipient: String,
    /// Without angle brackets; empty while the message had not begun.
    pub(crate) message_id: String,
    /// The line at which the final dot began to leave, if it did.
    pub(crate) final_dot: Option<usize>,
}

/// Every transaction with the server at `address`, in the order of `MAIL FROM` for each connection.
pub(crate) fn transactions(calls: &[Call], address: &str) -> Vec<Transaction> {
    let mut conversations: HashMap<&str, Conversation> = HashMap::new();
    let server = format!("->{address}");
    for call in calls {
        if let What::Sent { socket, bytes } = &call.what
            && socket.ends_with(&server)
        {
            conversations.entry(socket).or_default().hear(bytes, call.began);
        }
    }
    let mut all: Vec<Transaction> = conversations.into_values().flat_map(|it| it.transactions).collect();
    all.sort_by_key(|transaction| transaction.mail_from);
    all
}

/// What one side of a connection has said.
#[derive(Default)]
struct Conversation {
    line: Vec<u8>,
    /// Where the call stands that sent the first byte of the line.
    line_began: usize,
    place: Place,
    transactions: Vec<Transaction>,
}

#[derive(Default, PartialEq, Eq)]
enum Place {
    #[default]
    Commands,
    /// `DATA` was said, maybe before its answer: what follows tells whether a message comes.
    AfterData,
    Message,
}

impl Conversation {
    fn hear(&mut self, bytes: &[u8], began: usize) {
        for &byte in bytes {
            if self.line.is_empty() {
                self.line_began = began;
            }
            self.line.push(byte);
            if byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                self.obey(String::from_utf8_lossy(&line).trim_end(), began);
            }
        }
    }

    fn obey(&mut self, line: &str, ended: usize) {
        if self.place == Place::Message {
            self.read(line, ended);
        } else if strip(line, "MAIL FROM:").is_some() {
            self.place = Place::Commands;
            let (recipient, message_id) = (String::new(), String::new());
            self.transactions.push(Transaction { mail_from: self.line_began, recipient, message_id, final_dot: None });
        } else if let Some(rest) = strip(line, "RCPT TO:") {
            if let Some(transaction) = self.transactions.last_mut() {
                transaction.recipient = within_brackets(rest).to_lowercase();
            }
        } else if line.eq_ignore_ascii_case("DATA") {
            self.place = Place::AfterData;
        } else if self.place == Place::AfterData && line.split_once(':').is_some() {
            self.place = Place::Message;
            self.read(line, ended);
        }
    }

    /// A line of a message.
    fn read(&mut self, line: &str, ended: usize) {
        let Some(transaction) = self.transactions.last_mut() else { return };
        if line == "." {
            transaction.final_dot = Some(ended);
            self.place = Place::Commands;
        } else if let Some(rest) = strip(line, "Message-ID:") {
            within_brackets(rest).clone_into(&mut transaction.message_id);
        }
    }
}

fn strip<'a>(line: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = line.split_at_checked(beginning.len())?;
    head.eq_ignore_ascii_case(beginning).then_some(rest)
}

fn within_brackets(text: &str) -> &str {
    text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(began: usize, text: &str) -> Call {
        let what = What::Sent { socket: "me->server".into(), bytes: text.replace('\n', "\r\n").into_bytes() };
        Call { began, ended: began, at: 0, what }
    }

    #[test]
    fn transactions_are_found_with_where_they_began_and_ended() {
        let calls = [
            sent(1, "EHLO deck\n"),
            sent(3, "MAIL FROM:<a@x>\nRCPT TO:<B@y>\nDATA\n"),
            sent(5, "Date: now\nMessage-ID: <1.1@x>\n\nHi\nMAIL FROM:<no@x>\n."),
            sent(7, "\n"),
            sent(9, "MAIL FR"),
            sent(11, "OM:<a@x>\nRCPT TO:<c@y>\nDATA\n"),
            sent(13, "RSET\n"),
        ];
        let transaction = |mail_from, recipient: &str, message_id: &str, final_dot| Transaction {
            mail_from,
            recipient: recipient.into(),
            message_id: message_id.into(),
            final_dot,
        };
        assert_eq!(
            transactions(&calls, "server"),
            [transaction(3, "b@y", "1.1@x", Some(7)), transaction(9, "c@y", "", None)]
        );
    }
}
