//! From what a report says to what it means for the address.
//!
//! *Hard* says "this address will never work", not "the server's error was permanent": half of all 5.x.x refusals are
//! about something else than the address. So a hard verdict needs two things: a sentence or a status that denies the
//! address, and a server that was in a position to know it: one that answers to the name of the recipient, or that uses a
//! status made for it. After the mail was handed over the same words often come from a filter, and tell us nothing.

use super::{
    Kind, Recipient,
    codes::Status,
    reason::{self, Reason},
    refusal::{Action, Refusal, Stage},
};

/// How many words beside the address say no more than no.
const MOST_WORDS: usize = 3;

/// What `refusal` means. The reasons are added to `evidence`.
pub(super) fn judge(refusal: &Refusal, evidence: &mut Vec<String>) -> Recipient {
    let words = match reason::in_answer(&refusal.said) {
        // The system around the server's words may have looked for itself.
        Some((Reason::UnknownUser, phrase)) => Some(
            reason::of_the_system(&format!("{}\n{}", refusal.context, refusal.report))
                .unwrap_or((Reason::UnknownUser, phrase)),
        ),
        None => match in_context(refusal) {
            // Nobody else is quoted.
            Some((Reason::UnknownUser, phrase)) if refusal.said.is_empty() => {
                let text = format!("{}\n{}", refusal.context, refusal.report);
                let own = reason::of_its_own(&text);
                let known = own.or_else(|| speaks_for_itself(refusal, &text).then_some((Reason::NotListed, phrase)));
                Some(known.unwrap_or((Reason::UnknownUser, phrase)))
            }
            words => words,
        },
        words => words,
    };
    let kind = kind(refusal, words.map(|(reason, _)| reason));
    evidence.push(because(refusal, kind, words.map(|(_, phrase)| phrase)));
    Recipient {
        address: refusal.address.clone(),
        kind,
        status: refusal.status.map(|status| status.to_string()),
        code: refusal.code,
        reason: refusal.reason(),
        obstacle: words.map(|(reason, _)| reason),
        aliases: refusal.aliases.clone(),
    }
}

/// The reason that stands around the answer of a server. Where nothing else says why, it is an answer itself.
fn in_context(refusal: &Refusal) -> Option<(Reason, &'static str)> {
    let is_alone = refusal.said.is_empty() && refusal.status.is_none_or(Status::is_vague);
    let read = if is_alone { reason::in_answer } else { reason::in_words };
    read(&refusal.context)
}

/// Whether the system that wrote `text` denies somebody itself: it passes on no answer of another server, whose reasons nobody
/// would know, and means the address, and not what comes with it.
fn speaks_for_itself(refusal: &Refusal, text: &str) -> bool {
    let quotes =
        refusal.code.is_some() || refusal.stage.is_some() || refusal.status.is_some_and(|status| !status.is_vague());
    !quotes && !reason::is_hearsay(text)
}

/// The facts behind a verdict, in one sentence.
fn because(refusal: &Refusal, kind: Kind, phrase: Option<&str>) -> String {
    let mut facts = vec![format!("{}: {}", refusal.address, kind)];
    facts.extend(phrase.map(|phrase| format!("the report says \"{}\"", phrase.trim())));
    facts.extend(refusal.status.map(|status| format!("status {status}")));
    facts.extend(refusal.stage.map(|stage| match stage {
        Stage::Sender => "before the recipient was named".to_owned(),
        Stage::Recipient => "when the recipient was named".to_owned(),
        Stage::Content => "after the mail was handed over".to_owned(),
    }));
    facts.join(", ")
}

fn kind(refusal: &Refusal, words: Option<Reason>) -> Kind {
    // Some put the status of another recipient, or of the session, beside "failed".
    let succeeded = refusal.status.is_some_and(|status| status.class == 2) && refusal.action != Some(Action::Failed);
    if refusal.action == Some(Action::Delivered) || succeeded {
        return Kind::Receipt;
    }
    // A delay whose reason denies the address outright, or whose time is over, is final in all but name.
    let is_final = || words == Some(Reason::NotListed) || reason::is_over(&refusal.context);
    if refusal.action == Some(Action::Delayed) && !is_final() {
        return Kind::Delay;
    }
    if refusal.stage == Some(Stage::Sender) && !matches!(words, Some(Reason::Expired | Reason::Transport)) {
        return Kind::Block;
    }
    let denied = denies_the_address(refusal.status);
    match words {
        Some(Reason::UnknownUser | Reason::UnknownHost) if is_about_others(refusal.status) => Kind::Block,
        // Where the answer of the server gives no rule, the words are from around it, and the status is its own.
        Some(Reason::Policy) if (denied || denies_the_host(refusal.status)) && gives_no_rule(&refusal.said) => {
            Kind::HardBounce
        }
        Some(Reason::Limit | Reason::Sender | Reason::Policy) => Kind::Block,
        Some(Reason::NotListed | Reason::Transport) | None if is_policy(refusal.status) => Kind::Block,
        Some(Reason::Full | Reason::Size) => Kind::SoftBounce,
        Some(Reason::NotListed) => Kind::HardBounce,
        Some(Reason::NoMailHere | Reason::UnknownHost | Reason::Moved) => permanent(!is_temporary(refusal)),
        Some(Reason::UnknownUser) => {
            permanent(denied || (refusal.stage == Some(Stage::Recipient) && !is_temporary(refusal)))
        }
        Some(Reason::Disabled | Reason::Expired | Reason::Transport) => permanent(denied && !is_temporary(refusal)),
        None => permanent(denied || denies_the_host(refusal.status) || is_about_the_address(refusal)),
    }
}

/// Whether what a server said denies somebody, or says nothing of why.
fn gives_no_rule(said: &str) -> bool {
    said.is_empty() || reason::denies_somebody(said) || reason::in_answer(said).is_none()
}

fn permanent(yes: bool) -> Kind {
    if yes { Kind::HardBounce } else { Kind::SoftBounce }
}

fn is_temporary(refusal: &Refusal) -> bool {
    // A vague status is often the reporting system's own, and says less than the code of the server.
    let is_vague = refusal.status.is_none_or(Status::is_vague);
    refusal.status.is_some_and(Status::is_temporary) || (is_vague && refusal.code.is_some_and(|code| code < 500))
}

fn is_policy(status: Option<Status>) -> bool {
    status.is_some_and(|status| status.subject == 7)
}

/// Statuses of the sender's address (RFC 3463 §3.2), of the dialogue (§3.6), and of what the mail holds (§3.7): who is unknown to
/// such a server is not the recipient.
fn is_about_others(status: Option<Status>) -> bool {
    status.is_some_and(|status| match (status.subject, status.detail) {
        (1, 7 | 8) => true,
        (5 | 6, detail) => detail > 0,
        _ => false,
    })
}

/// Statuses that deny a mailbox (RFC 3463 §3.2; Exchange Online uses `5.1.10`). `4.1.1` is used by servers that never
/// change their mind.
fn denies_the_address(status: Option<Status>) -> bool {
    status.is_some_and(|status| match (status.subject, status.detail) {
        (1, 1) => true,
        (1, 0 | 3 | 6 | 10) => status.class == 5,
        _ => false,
    })
}

/// Whether a server refused for good what it had just been named, with the address and a word or two that nobody knows: they
/// leave no room for another reason.
fn is_about_the_address(refusal: &Refusal) -> bool {
    let named = refusal.said.to_lowercase().contains(&refusal.address.to_lowercase());
    let plain = refusal.status.is_none_or(Status::is_vague) && refusal.code.is_some_and(|code| code >= 500);
    refusal.stage == Some(Stage::Recipient) && plain && named && reason::words(&refusal.said) <= MOST_WORDS
}

/// Statuses that deny the domain (RFC 3463 §3.2 and §3.5).
fn denies_the_host(status: Option<Status>) -> bool {
    status.is_some_and(|status| status.class == 5 && matches!((status.subject, status.detail), (1, 2) | (4, 4)))
}
