//! What comes back, and what it does to the email that it is about: two pure tables, one test a row.

use serde::{Deserialize, Serialize};

use crate::{Status, events::EventKind, reasons::FailureReason, stops::Cause, text_enum};

text_enum!(
    /// What an incoming message is, the gravest first.
    Kind {
        /// The address does not exist and never will.
        HardBounce = "hard_bounce",
        /// Somebody called our mail spam, by a feedback report (RFC 5965).
        Complaint = "complaint",
        /// Somebody asks not to be written to again.
        Unsubscribe = "unsubscribe",
        /// The mail was refused for what it is, where it comes from, or a rule of the receiver.
        Block = "block",
        /// The mail was not delivered, and the address may well be good: full, disabled, unreachable.
        SoftBounce = "soft_bounce",
        /// The mail is late, and the server goes on trying.
        Delay = "delay",
        /// The mail arrived, or was read (RFC 3464 `delivered`, RFC 8098).
        Receipt = "receipt",
        /// A program answered in somebody's name (RFC 3834).
        AutoReply = "auto_reply",
        /// A person wrote.
        Reply = "reply",
        /// None of these.
        Other = "other",
    }
);

text_enum!(
    /// What kept mail from arriving, as a server's sentence says it.
    Obstacle {
        /// We sent too much, too fast, or have no more to send today.
        Limit = "limit",
        /// The mailbox is full.
        Full = "full",
        /// The mail is too large.
        Size = "size",
        /// The mailbox is there and closed.
        Disabled = "disabled",
        /// The person is elsewhere now.
        Moved = "moved",
        /// The sender is not accepted: address, authentication, rights.
        Sender = "sender",
        /// Nobody takes mail for that domain.
        NoMailHere = "no_mail_here",
        /// The mail, its network or its content breaks a rule.
        Policy = "policy",
        /// The domain does not exist.
        UnknownHost = "unknown_host",
        /// The directory of the system that writes to us does not know the person.
        NotListed = "not_listed",
        /// A server does not know the person.
        UnknownUser = "unknown_user",
        /// The mail was given up after a time.
        Expired = "expired",
        /// A server or the way to it is broken.
        Transport = "transport",
    }
);

text_enum!(
    /// The way by which something came back.
    Via {
        /// Read in a user's mailbox.
        Mailbox = "mailbox",
        /// Handed to our own SMTP port.
        Port = "port",
        /// Told by a provider.
        Webhook = "webhook",
    }
);

impl Kind {
    /// Whether it says that mail was refused.
    pub fn is_bounce(self) -> bool {
        matches!(self, Self::HardBounce | Self::SoftBounce | Self::Block)
    }

    /// Whether somebody wrote it, or a program in somebody's name: it has a place in the conversation.
    pub fn is_written(self) -> bool {
        matches!(self, Self::Unsubscribe | Self::AutoReply | Self::Reply)
    }
}

/// What was said about one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// What kept the mail from arriving, as far as the sentence is understood.
    pub obstacle: Option<Obstacle>,
    /// The enhanced status (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The SMTP code.
    pub code: Option<u16>,
    /// The server's sentence, without the codes that it began with.
    pub sentence: Option<String>,
}

impl Said {
    /// The same, the codes said once.
    #[must_use]
    pub fn said_once(mut self) -> Self {
        let code = self.code.map(|code| code.to_string());
        if let Some(sentence) = &mut self.sentence {
            for code in [code.as_ref(), self.status.as_ref()].into_iter().flatten() {
                let rest = sentence.trim_start().strip_prefix(code.as_str());
                // As several lines begin: `550-5.1.1 `.
                if let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '-'])) {
                    *sentence = rest[1..].trim_start().to_owned();
                }
            }
        }
        self
    }

    /// The codes as people quote them: `550 5.1.1`.
    pub fn codes(&self) -> Option<String> {
        match (self.code, &self.status) {
            (Some(code), Some(status)) => Some(format!("{code} {status}")),
            (Some(code), None) => Some(code.to_string()),
            (None, status) => status.clone(),
        }
    }
}

/// What an incoming message of one kind does to its email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// What is noted in the email's history.
    pub event: Option<EventKind>,
    /// Where the email is filed, if an email may go there from where it is.
    pub status: Option<Status>,
    /// Why no more mail goes to the recipient.
    pub stop: Option<Cause>,
    /// Whether it shows that the email arrived: that settles an uncertain one.
    pub arrived: bool,
}

/// What an incoming message does; `None`: it is no business of ours.
///
/// `by_person`: somebody wrote it with their own hands. `has_left`: an automatic reply says that the person does not work there any more. The email did arrive, so its status
/// stays; but nobody will ever read mail at that address, which is what a hard bounce says of it.
pub fn effect(kind: Kind, by_person: bool, has_left: bool) -> Option<Effect> {
    let noted = |event| Effect { event: Some(event), status: None, stop: None, arrived: false };
    let effect = match kind {
        Kind::HardBounce => {
            Effect { status: Some(Status::Bounced), stop: Some(Cause::HardBounce), ..noted(EventKind::Bounced) }
        }
        Kind::SoftBounce | Kind::Block => Effect { status: Some(Status::Bounced), ..noted(EventKind::Bounced) },
        Kind::Complaint => Effect {
            status: Some(Status::Spam),
            stop: Some(Cause::Complaint),
            arrived: true,
            ..noted(EventKind::Complained)
        },
        // That mail stops is noted with the stop. Who asks for it in their own words has answered.
        Kind::Unsubscribe => Effect {
            event: by_person.then_some(EventKind::Replied),
            status: None,
            stop: Some(Cause::Unsubscribed),
            arrived: true,
        },
        Kind::Delay => noted(EventKind::Delayed),
        Kind::Receipt => Effect { arrived: true, ..noted(EventKind::Confirmed) },
        Kind::AutoReply => {
            Effect { stop: has_left.then_some(Cause::HardBounce), arrived: true, ..noted(EventKind::AutoReplied) }
        }
        Kind::Reply => Effect { arrived: true, ..noted(EventKind::Replied) },
        Kind::Other => return None,
    };
    Some(effect)
}

/// Why an email is undelivered, of which an incoming message of `kind` said this.
pub fn failure(kind: Kind, said: &Said) -> FailureReason {
    let status = said.status.as_deref().and_then(|status| status.split_once('.')).map_or("", |(_, detail)| detail);
    match kind {
        Kind::Complaint => FailureReason::SpamComplaint,
        Kind::HardBounce => match (said.obstacle, status) {
            (Some(Obstacle::UnknownHost | Obstacle::NoMailHere), _) | (None, "1.2" | "4.4") => {
                FailureReason::NoSuchDomain
            }
            _ => FailureReason::NoSuchMailbox,
        },
        Kind::Block => match &said.sentence {
            Some(sentence) if is_about_spam(sentence) => FailureReason::RefusedAsSpam,
            _ => FailureReason::RefusedByPolicy,
        },
        _ => match (said.obstacle, status) {
            (Some(Obstacle::Full), _) | (None, "2.2") => FailureReason::MailboxFull,
            (Some(Obstacle::Size), _) | (None, "2.3" | "3.4") => FailureReason::MessageTooLarge,
            (Some(Obstacle::Expired | Obstacle::Transport), _) => FailureReason::GaveUp,
            (None, status) if status.starts_with("4.") => FailureReason::GaveUp,
            _ => FailureReason::Refused,
        },
    }
}

fn is_about_spam(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase();
    ["spam", "blocked using", "blacklist", "blocklist", "junk", "unsolicited"]
        .iter()
        .any(|words| sentence.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureReason as F;
    use Kind as K;
    use Obstacle as O;

    #[test]
    fn codes_are_said_once() {
        let said = |code, status: Option<&str>, sentence: &str| {
            let (status, sentence) = (status.map(str::to_owned), Some(sentence.to_owned()));
            Said { status, code, sentence, ..Said::default() }.said_once().sentence.unwrap()
        };
        assert_eq!(said(Some(550), Some("5.1.1"), "550 5.1.1 No such user"), "No such user");
        assert_eq!(said(Some(550), Some("5.1.1"), "550-5.1.1 No such user"), "No such user");
        assert_eq!(said(Some(550), None, "550 5.1.1 No such user"), "5.1.1 No such user");
        assert_eq!(said(None, Some("5.2.2"), "5.2.2 over quota"), "over quota");
        assert_eq!(said(Some(550), Some("5.1.1"), "5501 users are unknown"), "5501 users are unknown");
        assert_eq!(said(None, None, "No such user"), "No such user");
    }

    /// One row a rule: kind, whether a person wrote it, whether the person has left, event, folder, stop, arrived.
    #[test]
    fn every_kind_does_what_the_table_says() {
        let (bounced, spam) = (Some(Status::Bounced), Some(Status::Spam));
        let (unsubscribed, gone) = (Some(Cause::Unsubscribed), Some(Cause::HardBounce));
        let table = [
            (K::HardBounce, false, false, Some(EventKind::Bounced), bounced, gone, false),
            (K::SoftBounce, false, false, Some(EventKind::Bounced), bounced, None, false),
            (K::Block, false, false, Some(EventKind::Bounced), bounced, None, false),
            (K::Complaint, false, false, Some(EventKind::Complained), spam, Some(Cause::Complaint), true),
            (K::Unsubscribe, false, false, None, None, unsubscribed, true),
            (K::Unsubscribe, true, false, Some(EventKind::Replied), None, unsubscribed, true),
            (K::Delay, false, false, Some(EventKind::Delayed), None, None, false),
            (K::Receipt, false, false, Some(EventKind::Confirmed), None, None, true),
            (K::AutoReply, false, false, Some(EventKind::AutoReplied), None, None, true),
            (K::AutoReply, false, true, Some(EventKind::AutoReplied), None, gone, true),
            (K::Reply, true, false, Some(EventKind::Replied), None, None, true),
        ];
        for (kind, by_person, has_left, event, status, stop, arrived) in table {
            let expected = Some(Effect { event, status, stop, arrived });
            assert_eq!(effect(kind, by_person, has_left), expected, "{kind} {by_person} {has_left}");
        }
        assert_eq!(effect(Kind::Other, true, false), None);
    }

    /// One row a rule: kind, obstacle, status, sentence, reason.
    #[test]
    fn every_refusal_has_the_reason_that_the_table_says() {
        let table = [
            (K::HardBounce, Some(O::UnknownUser), Some("5.1.1"), "user unknown", F::NoSuchMailbox),
            (K::HardBounce, Some(O::UnknownHost), None, "host not found", F::NoSuchDomain),
            (K::HardBounce, Some(O::NoMailHere), Some("5.1.10"), "null MX", F::NoSuchDomain),
            (K::HardBounce, None, Some("5.1.2"), "", F::NoSuchDomain),
            (K::HardBounce, None, Some("5.4.4"), "", F::NoSuchDomain),
            (K::HardBounce, None, Some("5.1.1"), "", F::NoSuchMailbox),
            (K::SoftBounce, Some(O::Full), None, "over quota", F::MailboxFull),
            (K::SoftBounce, None, Some("4.2.2"), "", F::MailboxFull),
            (K::SoftBounce, Some(O::Size), None, "too large", F::MessageTooLarge),
            (K::SoftBounce, None, Some("5.3.4"), "", F::MessageTooLarge),
            (K::SoftBounce, Some(O::Expired), None, "retry timeout exceeded", F::GaveUp),
            (K::SoftBounce, Some(O::Transport), None, "connection refused", F::GaveUp),
            (K::SoftBounce, None, Some("4.4.1"), "", F::GaveUp),
            (K::SoftBounce, Some(O::Disabled), None, "disabled", F::Refused),
            (K::SoftBounce, None, None, "", F::Refused),
            (K::Block, Some(O::Policy), Some("5.7.1"), "message looks like SPAM", F::RefusedAsSpam),
            (K::Block, Some(O::Policy), Some("5.7.1"), "blocked using zen.example", F::RefusedAsSpam),
            (K::Block, Some(O::Sender), Some("5.7.26"), "unauthenticated", F::RefusedByPolicy),
            (K::Complaint, None, None, "", F::SpamComplaint),
        ];
        for (kind, obstacle, status, sentence, expected) in table {
            let said =
                Said { obstacle, status: status.map(str::to_owned), code: None, sentence: Some(sentence.to_owned()) };
            assert_eq!(failure(kind, &said), expected, "{kind} {said:?}");
        }
    }

    #[test]
    fn codes_are_quoted_as_far_as_they_are_known() {
        let said = |code, status: Option<&str>| Said { code, status: status.map(str::to_owned), ..Said::default() };
        assert_eq!(said(Some(550), Some("5.1.1")).codes().as_deref(), Some("550 5.1.1"));
        assert_eq!(said(None, Some("5.1.1")).codes().as_deref(), Some("5.1.1"));
        assert_eq!(said(Some(550), None).codes().as_deref(), Some("550"));
        assert_eq!(said(None, None).codes(), None);
    }
}
