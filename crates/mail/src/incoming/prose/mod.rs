//! Bounces in words of their own: half of what comes back follows no standard.
//!
//! A letter is a bounce only if a mail system wrote it ([`system`]). Then the mail that came back is cut off
//! ([`returned`]), and what is left is read for addresses in the shapes that mail systems use:
//!
//! | shape | example | who writes so |
//! |---|---|---|
//! | [`fields`] | `Final-Recipient: …`, `RCPT TO: …` in the text | Amazon, Verizon |
//! | [`listed`] | a line that begins with the address, the reason on it or below | qmail, Exim, Postfix, Gmail, Yahoo, Exchange, Courier, sendmail |
//! | [`list`] | the name of a mailing list that takes no mail from strangers | fml, ezmlm, Mailman, mlmmj, LISTSERV |
//! | [`session`] | the dialogue of the servers | sendmail, Postfix to its postmaster |
//! | [`sentence`] | the address within a sentence | Dragonfly, Trend Micro |
//! | [`names`] | a name without a domain | AOL |
//!
//! [`stage`] finds out how far the session had come.

mod fields;
mod list;
mod listed;
mod names;
mod notices;
mod opening;
mod returned;
mod sentence;
mod session;
mod stage;
mod subjects;
mod system;

use super::{
    Incoming, addresses,
    codes::{self, Status},
    gateway,
    letter::Letter,
    reason,
    refusal::{Action, Refusal, Stage},
    verdict,
};

pub(super) use subjects::is_of_a_program as is_titled_as_a_report;

/// How many recipients of one letter are read.
const MOST_RECIPIENTS: usize = 200;
/// How much of a report is looked at.
const MOST_REPORT: usize = 32 * 1024;

/// What a mail system's letter says about each recipient, and how we know that it is one.
pub(super) fn refusals(letter: &Letter) -> Option<(Vec<Refusal>, Vec<String>)> {
    let report = report(letter);
    let evidence = system::wrote(letter, &report)?;
    let mut refusals = found(letter, &report);
    refusals.truncate(MOST_RECIPIENTS);
    let late = notices::says_late(letter, &report);
    let arrived = !late && notices::says_arrived(&report);
    let alone = refusals.len() == 1;
    for refusal in &mut refusals {
        settle(refusal, &report, alone);
        refusal.action = refusal.action.or(late.then_some(Action::Delayed)).or(arrived.then_some(Action::Delivered));
    }
    if refusals.is_empty() && !system::says_undelivered(letter, &report) {
        return None;
    }
    Some((refusals, vec![evidence]))
}

/// What a report says that was passed on as text, by a mail system that says nothing itself.
pub(super) fn within(letter: &Letter, found: &[Refusal]) -> Option<Incoming> {
    if found.iter().any(|refusal| refusal.status.is_some() || refusal.code.is_some()) {
        return None;
    }
    let returned = returned::cut(&letter.text).1.trim_start();
    let inner = Letter::read(returned.as_bytes()).ok().filter(|inner| !inner.delivery_status.is_empty())?;
    Some(super::bounce(&inner)?.because("the report was passed on by another mail system"))
}

/// What a report means that names nobody: the reason that it gives still says whether the address is gone.
pub(super) fn of_nobody(letter: &Letter, mut evidence: Vec<String>) -> Incoming {
    let report = report(letter);
    let mut refusal = Refusal::default();
    settle(&mut refusal, &report, true);
    refusal.action = notices::says_late(letter, &report).then_some(Action::Delayed);
    let judged = verdict::judge(&refusal, &mut evidence);
    Incoming { kind: judged.kind, ..Incoming::of_recipients(Vec::new(), evidence) }
}

/// Adds to what a standard report says about its recipients what its readable part says about them.
pub(super) fn complete(refusals: &mut [Refusal], letter: &Letter) {
    let report = report(letter);
    let prose = listed::refusals(&report, letter);
    let alone = refusals.len() == 1;
    for refusal in refusals {
        if let Some(told) = prose.iter().find(|told| told.address.eq_ignore_ascii_case(&refusal.address)) {
            refusal.context = format!("{}\n{}", told.context, refusal.context);
        } else if alone {
            refusal.context = format!("{report}\n{}", refusal.context);
        }
        settle(refusal, &report, alone);
    }
}

/// The readable part, without the mail that came back, and without what a gateway wrote below it.
fn report(letter: &Letter) -> String {
    let report = without_footer(returned::cut(&letter.text).0);
    report[..report.floor_char_boundary(MOST_REPORT)].to_owned()
}

/// The text before the mark of a signature, if there is an address in it, or before what gateways write below every mail, if there
/// is none behind it: the report came first.
fn without_footer(text: &str) -> &str {
    let (Some(first), Some(last)) = (text.find('@'), text.rfind('@')) else { return text };
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if (first < end && line.trim_end() == "--") || (last < end && gateway::is_below(line)) {
            return &text[..end];
        }
        end += line.len();
    }
    text
}

/// The recipients, in the first shape in which there are any.
fn found(letter: &Letter, report: &str) -> Vec<Refusal> {
    let listed = listed::refusals(report, letter);
    any(list::refusal(letter).into_iter().collect())
        .or_else(|| any(failed(letter, &listed)))
        .or_else(|| any(fields::refusals(report, letter)))
        .or_else(|| any(listed))
        .or_else(|| any(session::refusals(report)))
        .or_else(|| any(sentence::refusals(report, letter)))
        .or_else(|| any(names::refusals(report, letter)))
        .unwrap_or_else(|| returned::recipients(letter).iter().map(|address| Refusal::of(address, "")).collect())
}

fn any(refusals: Vec<Refusal>) -> Option<Vec<Refusal>> {
    (!refusals.is_empty()).then_some(refusals)
}

/// The recipients that the header `X-Failed-Recipients` names, with what the list says of them.
fn failed(letter: &Letter, listed: &[Refusal]) -> Vec<Refusal> {
    let named: Vec<&str> = letter.fields.all("x-failed-recipients").flat_map(addresses::in_text).collect();
    // The header may name the address that was written to, and the list the one it leads to.
    if named.len() == listed.len() {
        return listed.to_vec();
    }
    let told = |address: &str| listed.iter().find(|told| told.address.eq_ignore_ascii_case(address)).cloned();
    named.into_iter().map(|address| told(address).unwrap_or_else(|| Refusal::of(address, ""))).collect()
}

/// Whether `text` says why mail failed: else the reason stands above the address.
fn explains(text: &str) -> bool {
    codes::code(text).is_some() || Status::find(text).is_some() || reason::in_words(text).is_some()
}

/// Takes what is still open from the words around: the whole report when there is nothing nearer. An answer from elsewhere
/// in the report is this recipient's only if there is no other.
fn settle(refusal: &mut Refusal, report: &str, alone: bool) {
    if alone {
        report.clone_into(&mut refusal.report);
    }
    let is_silent = refusal.said.is_empty() && refusal.status.is_none();
    if refusal.context.trim().is_empty() || (alone && is_silent && !explains(&refusal.context)) {
        report.clone_into(&mut refusal.context);
    }
    if refusal.said.is_empty()
        && let Some(answer) = session::answer(&refusal.context)
            .or_else(|| codes::answer(&refusal.context).map(str::to_owned))
            .or_else(|| codes::answer(report).filter(|_| alone).map(str::to_owned))
    {
        refusal.hear(&answer);
    }
    let answered = session::without_summary(&refusal.context);
    if answered.len() < refusal.context.len() && !reason::is_denial(&refusal.said) {
        refusal.context = answered;
    }
    if refusal.status.is_none_or(Status::is_vague)
        && Status::find(&refusal.said).is_none()
        && let Some(status) = Status::find(&refusal.context)
        && !status.is_vague()
        && status.class != 2
    {
        refusal.status = Some(status);
    }
    refusal.code = refusal.code.or_else(|| codes::code(&refusal.context));
    refusal.stage =
        if session::refused_by_name(report, &refusal.address) { Some(Stage::Recipient) } else { stage::of(refusal) };
}
