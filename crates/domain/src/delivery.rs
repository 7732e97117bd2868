//! What the end of an SMTP transaction means: one pure table, one test a row.
//!
//! *Bounced* is only an answer about the address or from the recipient's side: at `RCPT`, or after the final dot.
//! What our own channel says about itself (`AUTH`, `MAIL FROM`, quota, policy) pauses the channel or fails the email;
//! it never blames the recipient. Many servers say such things only at `RCPT` or after the message, and often in words alone:
//! Postfix what it has against the sender, cPanel's Exim and Exchange that we have sent enough. Sources: RFC 5321 §4.2, RFC 3463,
//! and the providers' published codes (Gmail `5.4.5`, Exchange Online `5.1.8`, `5.2.0`, `5.7.30` and `5.7.60`).

use crate::{
    reasons::{FailureReason, PauseReason},
    smtp::{Reply, Stage},
};

/// How a transaction ended, as the wire showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The server took responsibility for the message.
    Accepted(Reply),
    /// The server answered with a refusal at `stage`.
    Refused {
        /// Where.
        stage: Stage,
        /// What it said.
        reply: Reply,
    },
    /// The connection broke, timed out or spoke nonsense at `stage`.
    Lost {
        /// Where.
        stage: Stage,
        /// Whether the final dot may have reached the server: the one thing SMTP cannot decide.
        after_final_dot: bool,
    },
}

/// What follows for the email, and for the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Delivered.
    Delivered,
    /// Refused by the recipient's side for good.
    Bounced(FailureReason),
    /// Never left, and will not without a change.
    Failed(FailureReason),
    /// Try again later; the server asked for it.
    TryLater,
    /// Try again later; the server could not be talked to.
    Unreachable,
    /// Nothing is wrong with the email: the channel pauses and the email waits.
    PauseChannel(PauseReason),
    /// Nobody knows whether it arrived.
    Uncertain,
}

impl Verdict {
    /// A short name, for figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Bounced(_) => "bounced",
            Self::Failed(_) => "failed",
            Self::TryLater => "try_later",
            Self::Unreachable => "unreachable",
            Self::PauseChannel(_) => "channel_paused",
            Self::Uncertain => "uncertain",
        }
    }
}

/// Decides what an ending means.
pub fn judge(ending: &Ending) -> Verdict {
    match ending {
        Ending::Accepted(_) => Verdict::Delivered,
        Ending::Lost { after_final_dot: true, .. } => Verdict::Uncertain,
        Ending::Lost { .. } => Verdict::Unreachable,
        Ending::Refused { stage, reply } => judge_refusal(*stage, reply),
    }
}

fn judge_refusal(stage: Stage, reply: &Reply) -> Verdict {
    if let Some(pause) = pauses_channel(stage, reply) {
        return Verdict::PauseChannel(pause);
    }
    if reply.is_temporary() {
        return Verdict::TryLater;
    }
    match stage {
        Stage::Resolve | Stage::Connect | Stage::Tls | Stage::Greeting | Stage::Ehlo | Stage::StartTls => {
            Verdict::Unreachable
        }
        Stage::Auth => Verdict::PauseChannel(PauseReason::Credentials),
        Stage::MailFrom if reply.code == 552 => Verdict::Failed(FailureReason::MessageTooLarge),
        Stage::MailFrom => Verdict::Failed(FailureReason::SenderRefused),
        Stage::RcptTo | Stage::Data | Stage::FinalDot => judge_recipient_refusal(stage, reply),
    }
}

/// What a provider says when our account has sent enough for now.
const QUOTA: &[&str] = &[
    "smtp relay limit",
    "daily user sending",
    "sending limit",
    "send limit",
    "sending quota",
    "relay quota",
    "submission quota",
    "submissionquotaexceeded",
    "max emails per hour",
    "max defers and failures per hour",
];

/// What it says when our account may send nothing more to anybody.
const BLOCKED: &[&str] = &["bad outbound sender", "outboundspamexception", "outgoing blocked"];

/// What a server says when it does not take mail of this sender, or none from us to others.
const NOT_OUR_SENDER: &[&str] = &[
    "sender address rejected",
    "sendasdenied",
    "relay access denied",
    "relaying denied",
    "relay denied",
    "relay not permitted",
    "relaying not permitted",
    "not permitted to relay",
    "relaying not allowed",
    "relaying is not allowed",
    "unable to relay",
];

/// Codes and words by which a provider speaks about our account, whatever the stage they come at.
fn pauses_channel(stage: Stage, reply: &Reply) -> Option<PauseReason> {
    match (reply.code, reply.enhanced) {
        (_, Some((4 | 5, 4, 5))) => Some(PauseReason::Quota),
        (_, Some((5, 7, 30))) => Some(PauseReason::Policy),
        (530 | 534 | 535 | 538, Some((_, 7, _)) | None) if stage != Stage::FinalDot => Some(PauseReason::Credentials),
        (552, _) | (_, Some((5, 3, 4))) => None,
        (500.., _) if is_said_by_itself(&reply.text, QUOTA) => Some(PauseReason::Quota),
        (500.., _) if is_said_by_itself(&reply.text, BLOCKED) => Some(PauseReason::Policy),
        _ => None,
    }
}

/// Whether a server says one of `phrases`, and does not repeat what the recipient's server said to it.
fn is_said_by_itself(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    !text.contains("said:") && phrases.iter().any(|phrase| text.contains(phrase))
}

fn judge_recipient_refusal(stage: Stage, reply: &Reply) -> Verdict {
    let text = reply.text.to_ascii_lowercase();
    match reply.enhanced {
        Some((5, 7, 60) | (5, 1, 7 | 8)) => return Verdict::Failed(FailureReason::SenderRefused),
        Some((5, 3, 4)) => return Verdict::Failed(FailureReason::MessageTooLarge),
        Some((5, 1, 2 | 10)) => return Verdict::Bounced(FailureReason::NoSuchDomain),
        Some((5, 1, 1 | 6)) => return Verdict::Bounced(FailureReason::NoSuchMailbox),
        Some((5, 1, 3)) => return Verdict::Failed(FailureReason::BadAddress),
        Some((5, 2, 2)) => return Verdict::Bounced(FailureReason::MailboxFull),
        _ if is_said_by_itself(&reply.text, NOT_OUR_SENDER) => return Verdict::Failed(FailureReason::SenderRefused),
        _ => {}
    }
    let reason = match reply.code {
        552 if stage == Stage::FinalDot || stage == Stage::Data => {
            return Verdict::Failed(FailureReason::MessageTooLarge);
        }
        552 => FailureReason::MailboxFull,
        556 => FailureReason::NoSuchDomain,
        _ if text.contains("spam") || text.contains("blocked using") => FailureReason::RefusedAsSpam,
        _ if matches!(reply.enhanced, Some((5, 7, _))) => FailureReason::RefusedByPolicy,
        550 | 551 | 553 if stage == Stage::RcptTo && reply.enhanced.is_none() => FailureReason::NoSuchMailbox,
        _ => FailureReason::Refused,
    };
    Verdict::Bounced(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureReason as F;
    use Verdict as V;

    fn refused(stage: Stage, code: u16, enhanced: Option<(u8, u16, u16)>, text: &str) -> Verdict {
        judge(&Ending::Refused { stage, reply: Reply { code, enhanced, text: text.into() } })
    }

    /// One row a rule: stage, code, enhanced code, words, verdict.
    #[test]
    fn every_answer_means_what_the_table_says() {
        let table = [
            (Stage::RcptTo, 550, Some((5, 1, 1)), "User unknown", V::Bounced(F::NoSuchMailbox)),
            (Stage::FinalDot, 550, Some((5, 1, 1)), "User unknown", V::Bounced(F::NoSuchMailbox)),
            (Stage::RcptTo, 550, None, "No such user", V::Bounced(F::NoSuchMailbox)),
            (Stage::RcptTo, 550, Some((5, 1, 10)), "null MX", V::Bounced(F::NoSuchDomain)),
            (Stage::RcptTo, 556, None, "null MX", V::Bounced(F::NoSuchDomain)),
            (Stage::RcptTo, 550, Some((5, 1, 2)), "no such host", V::Bounced(F::NoSuchDomain)),
            (Stage::RcptTo, 552, Some((5, 2, 2)), "over quota", V::Bounced(F::MailboxFull)),
            (Stage::RcptTo, 552, None, "over quota", V::Bounced(F::MailboxFull)),
            (Stage::RcptTo, 452, Some((4, 2, 2)), "over quota", V::TryLater),
            (Stage::RcptTo, 450, Some((4, 7, 1)), "greylisted", V::TryLater),
            (Stage::FinalDot, 451, None, "try later", V::TryLater),
            (Stage::FinalDot, 554, Some((5, 7, 1)), "looks like spam", V::Bounced(F::RefusedAsSpam)),
            (Stage::FinalDot, 550, Some((5, 7, 515)), "authentication level", V::Bounced(F::RefusedByPolicy)),
            (Stage::FinalDot, 554, None, "transaction failed", V::Bounced(F::Refused)),
            (Stage::FinalDot, 552, None, "too big", V::Failed(F::MessageTooLarge)),
            (Stage::FinalDot, 552, Some((5, 3, 4)), "too big", V::Failed(F::MessageTooLarge)),
            (Stage::MailFrom, 552, None, "too big", V::Failed(F::MessageTooLarge)),
            (Stage::MailFrom, 553, None, "not your address", V::Failed(F::SenderRefused)),
            (Stage::FinalDot, 554, Some((5, 7, 60)), "SendAsDenied", V::Failed(F::SenderRefused)),
            (Stage::RcptTo, 501, Some((5, 1, 3)), "bad syntax", V::Failed(F::BadAddress)),
            (Stage::Auth, 535, Some((5, 7, 8)), "bad password", V::PauseChannel(PauseReason::Credentials)),
            (Stage::Auth, 504, None, "mechanism", V::PauseChannel(PauseReason::Credentials)),
            (Stage::Auth, 454, Some((4, 7, 0)), "temporary", V::TryLater),
            (Stage::MailFrom, 530, Some((5, 7, 0)), "authenticate first", V::PauseChannel(PauseReason::Credentials)),
            (Stage::FinalDot, 550, Some((5, 4, 5)), "Daily user sending limit", V::PauseChannel(PauseReason::Quota)),
            (Stage::RcptTo, 550, Some((5, 7, 1)), "Daily SMTP relay limit", V::PauseChannel(PauseReason::Quota)),
            (
                Stage::RcptTo,
                550,
                None,
                "Domain northlight.example has exceeded the max emails per hour (151/150 (100%)) allowed. Message discarded.",
                V::PauseChannel(PauseReason::Quota),
            ),
            (
                Stage::RcptTo,
                550,
                None,
                "User ada@northlight.example has exceeded its 24-hour sending limit.",
                V::PauseChannel(PauseReason::Quota),
            ),
            (
                Stage::FinalDot,
                554,
                Some((5, 2, 0)),
                "STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message",
                V::PauseChannel(PauseReason::Quota),
            ),
            (Stage::MailFrom, 550, None, "mail send limit exceeded", V::PauseChannel(PauseReason::Quota)),
            (Stage::FinalDot, 552, None, "exceeds the sending limit of 25 MB", V::Failed(F::MessageTooLarge)),
            (
                Stage::FinalDot,
                550,
                Some((5, 1, 8)),
                "Access denied, bad outbound sender",
                V::PauseChannel(PauseReason::Policy),
            ),
            (Stage::RcptTo, 550, Some((5, 1, 8)), "Sender address rejected: no domain", V::Failed(F::SenderRefused)),
            (
                Stage::RcptTo,
                553,
                Some((5, 7, 1)),
                "<ada@northlight.example>: Sender address rejected: not owned by user bob",
                V::Failed(F::SenderRefused),
            ),
            (Stage::RcptTo, 554, Some((5, 7, 1)), "Relay access denied", V::Failed(F::SenderRefused)),
            (Stage::RcptTo, 550, None, "relay not permitted", V::Failed(F::SenderRefused)),
            (
                Stage::RcptTo,
                550,
                Some((5, 7, 1)),
                "undeliverable address: host mx.x.example said: 554 5.7.1 Sender address rejected",
                V::Bounced(F::RefusedByPolicy),
            ),
            (Stage::Auth, 550, Some((5, 7, 30)), "Basic authentication", V::PauseChannel(PauseReason::Policy)),
            (Stage::Greeting, 421, None, "busy", V::TryLater),
            (Stage::Greeting, 554, None, "no service", V::Unreachable),
        ];
        for (stage, code, enhanced, text, expected) in table {
            assert_eq!(refused(stage, code, enhanced, text), expected, "{stage} {code} {enhanced:?} {text}");
        }
    }

    #[test]
    fn a_connection_lost_after_the_final_dot_is_uncertain_and_before_it_is_not() {
        let lost = |after_final_dot| judge(&Ending::Lost { stage: Stage::FinalDot, after_final_dot });
        assert_eq!(lost(true), V::Uncertain);
        assert_eq!(lost(false), V::Unreachable);
    }

    #[test]
    fn what_our_own_channel_says_never_bounces_the_recipient() {
        for stage in [Stage::Greeting, Stage::Ehlo, Stage::StartTls, Stage::Auth, Stage::MailFrom] {
            for code in 400..600 {
                assert!(!matches!(refused(stage, code, None, ""), V::Bounced(_)), "{stage} {code}");
            }
        }
    }
}
