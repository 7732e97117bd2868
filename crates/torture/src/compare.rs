//! The recipients' own record against ours.
//!
//! The unit is a row of the ledger: one recipient of one email. Each has to agree with what that recipient received.

use std::collections::{BTreeMap, BTreeSet};

use crate::recipients::Letter;

/// An email as our record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Its id as a Message-ID has it: 32 hexadecimal digits.
    pub id: String,
    /// Its folder.
    pub status: String,
    /// Its rows of the ledger, of which the To is the first; none for a draft.
    pub rows: Vec<Row>,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who.
    pub address: String,
    /// What became of it.
    pub outcome: String,
}

/// How the comparison ended.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Emails that were queued.
    pub emails: usize,
    /// Their rows in the ledger.
    pub rows: usize,
    /// Called delivered, and received once.
    pub delivered: usize,
    /// Called refused, and not received.
    pub refused: usize,
    /// Copies that nobody tried, because their email was refused or is uncertain; not received.
    pub held: usize,
    /// Called uncertain, and received once.
    pub uncertain_arrived: usize,
    /// Called uncertain, and not received.
    pub uncertain_lost: usize,
    /// Where the records disagree.
    pub faults: Vec<Fault>,
}

/// A disagreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of which kind.
    pub kind: FaultKind,
    /// What exactly, for whoever looks into it.
    pub what: String,
}

/// The kinds of disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Somebody did not get what we promised or call delivered, or it still waits at the end.
    Missed,
    /// Somebody got the same message more than once.
    Twice,
    /// Somebody got what our record says they did not get.
    Denied,
}

impl Tally {
    /// How many disagreements of a kind there are.
    pub fn count(&self, kind: FaultKind) -> usize {
        self.faults.iter().filter(|fault| fault.kind == kind).count()
    }

    /// Adds what another comparison found.
    pub fn add(&mut self, other: Self) {
        self.emails += other.emails;
        self.rows += other.rows;
        self.delivered += other.delivered;
        self.refused += other.refused;
        self.held += other.held;
        self.uncertain_arrived += other.uncertain_arrived;
        self.uncertain_lost += other.uncertain_lost;
        self.faults.extend(other.faults);
    }

    fn fault(&mut self, kind: FaultKind, what: String) {
        self.faults.push(Fault { kind, what });
    }
}

/// Compares our record with the letters received. `promised` are the emails that the API confirmed as queued.
pub fn compare<'a>(ours: &[Email], letters: &[Letter], promised: impl IntoIterator<Item = &'a str>) -> Tally {
    let mut tally = Tally::default();
    let mut received: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut copies: BTreeMap<&Letter, usize> = BTreeMap::new();
    for letter in letters {
        *received.entry((letter.email.clone(), letter.recipient.clone())).or_default() += 1;
        *copies.entry(letter).or_default() += 1;
    }
    for (letter, times) in copies.into_iter().filter(|(_, times)| *times > 1) {
        let Letter { email, send_number, recipient } = letter;
        tally.fault(FaultKind::Twice, format!("{recipient} got {email}.{send_number} {times} times"));
    }
    for email in ours.iter().filter(|email| email.status != "draft") {
        tally.emails += 1;
        for row in &email.rows {
            tally.rows += 1;
            let times = received.remove(&(email.id.clone(), row.address.to_lowercase())).unwrap_or(0);
            weigh(&mut tally, email, row, times);
        }
    }
    for (email, recipient) in received.into_keys() {
        tally.fault(FaultKind::Denied, format!("{recipient} got {email}, of which our record knows nothing"));
    }
    let queued: BTreeSet<&str> =
        ours.iter().filter(|email| email.status != "draft").map(|email| email.id.as_str()).collect();
    for id in promised.into_iter().filter(|id| !queued.contains(id)) {
        tally.fault(FaultKind::Missed, format!("{id} was confirmed as queued, and our record does not have it"));
    }
    tally
}

/// One row against how often its recipient received the email.
fn weigh(tally: &mut Tally, email: &Email, row: &Row, times: usize) {
    let what = || {
        let (id, status, Row { address, outcome }) = (&email.id, &email.status, row);
        format!("{id} to {address}: {outcome} in an email that is {status}, received {times} times")
    };
    match (row.outcome.as_str(), times) {
        ("accepted", 0) => tally.fault(FaultKind::Missed, what()),
        ("accepted", _) => tally.delivered += 1,
        ("uncertain", 0) => tally.uncertain_lost += 1,
        ("uncertain", _) => tally.uncertain_arrived += 1,
        (_, 1..) => tally.fault(FaultKind::Denied, what()),
        ("refused", 0) => tally.refused += 1,
        ("waiting", 0) if may_wait(email) => tally.held += 1,
        (_, 0) => tally.fault(FaultKind::Missed, what()),
    }
}

/// Whether a copy may wait at the end: its email was refused to its To, or the user has to say first what became of it.
fn may_wait(email: &Email) -> bool {
    matches!(email.status.as_str(), "bounced" | "failed")
        || email.rows.first().is_some_and(|to| to.outcome == "uncertain")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(status: &str, rows: &[(&str, &str)]) -> Email {
        let row = |(address, outcome): &(&str, &str)| Row { address: (*address).into(), outcome: (*outcome).into() };
        Email { id: "e1".into(), status: status.into(), rows: rows.iter().map(row).collect() }
    }

    fn letter(send_number: u32, recipient: &str) -> Letter {
        Letter { email: "e1".into(), send_number, recipient: recipient.into() }
    }

    fn kinds(tally: &Tally) -> Vec<FaultKind> {
        tally.faults.iter().map(|fault| fault.kind).collect()
    }

    #[test]
    fn a_letter_that_came_once_and_is_called_delivered_is_no_fault() {
        let ours = [email("delivered", &[("A@x", "accepted"), ("b@x", "refused")])];
        let tally = compare(&ours, &[letter(1, "a@x")], ["e1"]);
        assert_eq!(tally.faults, []);
        assert_eq!((tally.emails, tally.rows, tally.delivered, tally.refused), (1, 2, 1, 1));
    }

    #[test]
    fn the_same_letter_twice_is_a_fault_whatever_our_record_says() {
        for outcome in ["accepted", "uncertain"] {
            let ours = [email("delivered", &[("a@x", outcome)])];
            let tally = compare(&ours, &[letter(1, "a@x"), letter(1, "a@x")], []);
            assert_eq!(kinds(&tally), [FaultKind::Twice], "{outcome}");
        }
    }

    #[test]
    fn what_the_user_sent_again_is_not_the_same_letter() {
        let ours = [email("delivered", &[("a@x", "accepted")])];
        assert_eq!(compare(&ours, &[letter(1, "a@x"), letter(2, "a@x")], []).faults, []);
    }

    #[test]
    fn a_letter_called_delivered_that_nobody_got_is_missed() {
        let ours = [email("delivered", &[("a@x", "accepted")])];
        assert_eq!(kinds(&compare(&ours, &[], [])), [FaultKind::Missed]);
    }

    #[test]
    fn what_was_confirmed_and_is_gone_or_a_draft_is_missed() {
        assert_eq!(kinds(&compare(&[], &[], ["e1"])), [FaultKind::Missed]);
        assert_eq!(kinds(&compare(&[email("draft", &[])], &[], ["e1"])), [FaultKind::Missed]);
    }

    #[test]
    fn what_still_waits_at_the_end_is_missed_unless_a_person_has_to_decide() {
        for outcome in ["waiting", "deferred", "attempting"] {
            let ours = [email("scheduled", &[("a@x", outcome)])];
            assert_eq!(kinds(&compare(&ours, &[], [])), [FaultKind::Missed], "{outcome}");
        }
        let uncertain = [email("in_progress", &[("a@x", "uncertain"), ("b@x", "waiting")])];
        let tally = compare(&uncertain, &[], []);
        assert_eq!((tally.faults.len(), tally.uncertain_lost, tally.held), (0, 1, 1));
    }

    #[test]
    fn a_letter_that_our_record_denies_is_a_fault() {
        for outcome in ["refused", "waiting", "deferred", "attempting"] {
            let ours = [email("bounced", &[("a@x", outcome)])];
            assert_eq!(kinds(&compare(&ours, &[letter(1, "a@x")], [])), [FaultKind::Denied], "{outcome}");
        }
        assert_eq!(kinds(&compare(&[], &[letter(1, "a@x")], [])), [FaultKind::Denied]);
    }

    #[test]
    fn an_uncertain_letter_is_counted_by_whether_it_arrived() {
        let ours = [email("in_progress", &[("a@x", "uncertain")])];
        assert_eq!(compare(&ours, &[letter(1, "a@x")], []).uncertain_arrived, 1);
        assert_eq!(compare(&ours, &[], []).uncertain_lost, 1);
    }
}
