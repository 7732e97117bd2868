//! What the world remembers: letters kept, greylisted attempts, reactions to come, and counts.

use crate::reactions::Reaction;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One letter as one recipient received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The address given at RCPT.
    pub recipient: String,
    /// The address given at MAIL; empty for the null sender.
    pub mail_from: String,
    /// The Message-ID without its angle brackets, if the letter has one.
    pub message_id: Option<String>,
    /// When, in microseconds since 1970.
    pub received_at: i64,
    /// The message, byte for byte, with the dots of the transport taken out.
    pub raw: Arc<[u8]>,
}

/// How often things happened since the world began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections taken.
    pub connections: u64,
    /// Command lines read.
    pub commands: u64,
    /// Letters accepted, counted per recipient.
    pub accepted: u64,
    /// Recipients and messages refused for good.
    pub refused: u64,
    /// Recipients refused for now.
    pub deferred: u64,
    /// Connections dropped on purpose.
    pub dropped: u64,
    /// Reactions performed and answered.
    pub reactions: u64,
}

/// One count that many connections raise.
#[derive(Debug, Default)]
pub(crate) struct Tally(AtomicU64);

impl Tally {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The running counts behind [`Counters`].
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    pub(crate) connections: Tally,
    pub(crate) commands: Tally,
    pub(crate) accepted: Tally,
    pub(crate) refused: Tally,
    pub(crate) deferred: Tally,
    pub(crate) dropped: Tally,
    pub(crate) reactions: Tally,
}

impl Tallies {
    pub(crate) fn read(&self) -> Counters {
        Counters {
            connections: self.connections.read(),
            commands: self.commands.read(),
            accepted: self.accepted.read(),
            refused: self.refused.read(),
            deferred: self.deferred.read(),
            dropped: self.dropped.read(),
            reactions: self.reactions.read(),
        }
    }
}

/// The letters kept, newest last, and how many each recipient ever got.
#[derive(Debug)]
pub(crate) struct Letters {
    kept: VecDeque<Received>,
    most: usize,
    /// How many came before the oldest that is kept.
    forgotten: usize,
    per_recipient: HashMap<String, u32>,
}

impl Letters {
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: VecDeque::new(), most, forgotten: 0, per_recipient: HashMap::new() }
    }

    /// Keeps a letter and says how many the recipient got before it.
    pub(crate) fn keep(&mut self, letter: Received) -> u32 {
        let count = self.per_recipient.entry(letter.recipient.clone()).or_default();
        let earlier = *count;
        *count = count.saturating_add(1);
        self.kept.push_back(letter);
        if self.kept.len() > self.most {
            self.kept.pop_front();
            self.forgotten += 1;
        }
        earlier
    }

    /// Those kept of what came after the first `count`, each with how many came before it.
    pub(crate) fn after(&self, count: usize) -> impl Iterator<Item = (usize, &Received)> {
        (self.forgotten..).zip(&self.kept).skip(count.saturating_sub(self.forgotten))
    }

    pub(crate) fn kept(&self) -> impl Iterator<Item = &Received> {
        self.kept.iter()
    }
}

/// The reactions to come, in the order of their time.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(i64, u64), Reaction>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, reaction: Reaction) {
        self.entries.insert((reaction.at, self.planned), reaction);
        self.planned += 1;
    }

    /// Takes out what is due at this moment or earlier.
    pub(crate) fn take_due(&mut self, until: i64) -> Vec<Reaction> {
        let later = self.entries.split_off(&(until.saturating_add(1), 0));
        std::mem::replace(&mut self.entries, later).into_values().collect()
    }

    pub(crate) fn next_at(&self) -> Option<i64> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// The Message-ID of a message, which may stand on a folded line.
pub(crate) fn message_id(raw: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"message-id:";

    let mut lines = raw.split(|&byte| byte == b'\n');
    let first = lines
        .by_ref()
        .take_while(|line| !line.trim_ascii().is_empty())
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    let folded = lines.take_while(|line| line.starts_with(b" ") || line.starts_with(b"\t"));
    let value = std::iter::once(&first[NAME.len()..]).chain(folded).collect::<Vec<_>>().concat();
    let value = std::str::from_utf8(&value).ok()?;
    let id = value.split_once('<')?.1.split_once('>')?.0.trim();
    Some(id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_is_found_in_the_header_only() {
        let id = |raw: &str| message_id(raw.as_bytes());
        assert_eq!(id("Subject: x\r\nMessage-Id: <a@b>\r\n\r\nhi").as_deref(), Some("a@b"));
        assert_eq!(id("MESSAGE-ID:\r\n <a@b>\r\nTo: c\r\n\r\n").as_deref(), Some("a@b"));
        assert_eq!(id("Subject: x\r\n\r\nMessage-ID: <a@b>\r\n"), None);
        assert_eq!(id("Message-ID: none\r\n\r\n"), None);
        assert_eq!(id(""), None);
    }

    #[test]
    fn only_the_newest_letters_are_kept() {
        let mut letters = Letters::new(2);
        let letter = |n: i64| Received {
            recipient: "a@x.example".into(),
            mail_from: String::new(),
            message_id: None,
            received_at: n,
            raw: Arc::from(&b""[..]),
        };
        let earlier: Vec<u32> = (0..4).map(|n| letters.keep(letter(n))).collect();
        assert_eq!(earlier, [0, 1, 2, 3]);
        let kept: Vec<i64> = letters.kept().map(|letter| letter.received_at).collect();
        assert_eq!(kept, [2, 3]);
    }
}
