//! What a report says about one recipient, before it is judged.

use super::codes::{self, Status};

/// The longest sentence that is kept of a server's words, in characters.
const LONGEST_REASON: usize = 500;

/// What the mail system did (RFC 3464 §2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Failed,
    Delayed,
    Delivered,
}

/// How far the SMTP session had come when the mail was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the recipient was named: the refusal cannot be about the recipient.
    Sender,
    /// At `RCPT TO`: the refusal is about the recipient.
    Recipient,
    /// After `DATA`: the server has read the mail, and may have judged it.
    Content,
}

/// What a report says about one recipient.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusal {
    /// The address.
    pub(super) address: String,
    /// What else the report calls it.
    pub(super) aliases: Vec<String>,
    /// What the mail system did, where it says so.
    pub(super) action: Option<Action>,
    /// The enhanced status.
    pub(super) status: Option<Status>,
    /// The SMTP code.
    pub(super) code: Option<u16>,
    /// When the refusal came.
    pub(super) stage: Option<Stage>,
    /// The words of the server.
    pub(super) said: String,
    /// What the report says around them.
    pub(super) context: String,
    /// The whole report, if it is about this recipient alone.
    pub(super) report: String,
}

impl Refusal {
    /// A refusal of mail to `address`, in the words `said`.
    pub(super) fn of(address: &str, said: &str) -> Self {
        let mut refusal = Self { address: address.to_owned(), ..Self::default() };
        refusal.hear(said);
        refusal
    }

    /// Takes the words of the server, with the status and code that they hold. An exact status outranks a vague one.
    /// What qmail says behind them of itself is left out.
    pub(super) fn hear(&mut self, said: &str) {
        let said = said.split("Giving up on ").next().unwrap_or_default();
        if let Some(heard) = Status::find(said)
            && self.status.is_none_or(|known| known.is_vague() || !heard.is_vague())
        {
            self.status = Some(heard);
        }
        self.code = self.code.or_else(|| codes::code(said));
        self.said = one_line(said);
    }

    /// The server's sentence, as people want to read it.
    pub(super) fn reason(&self) -> Option<String> {
        let said = if self.said.is_empty() { one_line(&self.context) } else { self.said.clone() };
        (!said.is_empty()).then(|| said.chars().take(LONGEST_REASON).collect())
    }
}

/// Words apart by one space.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
