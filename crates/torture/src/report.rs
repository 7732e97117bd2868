//! The table that the book publishes.

use std::fmt::Write as _;

use crate::{
    compare::{FaultKind, Tally},
    run::Finding,
};

const HEAD: &str = "\
| database | misfortune | times | emails | recipients | delivered once | refused | held | uncertain (arrived, did not) | missed | twice | denied |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

/// The findings as a Markdown table, with every disagreement and note below it.
pub fn table(findings: &[Finding]) -> String {
    let mut text = format!("{HEAD}\n");
    for Finding { database, misfortune, times, tally, .. } in findings {
        let Tally { emails, rows, delivered, refused, held, uncertain_arrived: arrived, uncertain_lost: lost, .. } =
            tally;
        let [missed, twice, denied] =
            [FaultKind::Missed, FaultKind::Twice, FaultKind::Denied].map(|kind| tally.count(kind));
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {misfortune} | {times} | {emails} | {rows} | {delivered} | {refused} | {held} | {} ({arrived}, {lost}) \
             | {missed} | {twice} | {denied} |",
            database.name(),
            arrived + lost,
        );
    }
    for Finding { database, misfortune, tally, notes, .. } in findings {
        for fault in &tally.faults {
            let _ = writeln!(text, "\n{}, {misfortune}, {:?}: {}", database.name(), fault.kind, fault.what);
        }
        for note in notes {
            let _ = writeln!(text, "\n{}, {misfortune}: {note}", database.name());
        }
    }
    text
}

/// Whether nobody was missed, mailed twice or denied, and nothing else was noticed.
pub fn is_clean(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.tally.faults.is_empty() && finding.notes.is_empty())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{compare::Fault, run::Database};

    #[test]
    fn a_finding_is_a_row_and_a_fault_a_sentence_below() {
        let mut finding = Finding {
            database: Database::Sqlite,
            misfortune: "power cut",
            times: 3,
            tally: Tally {
                emails: 4,
                rows: 5,
                delivered: 3,
                uncertain_arrived: 1,
                uncertain_lost: 1,
                ..Tally::default()
            },
            settled_in: Duration::ZERO,
            notes: Vec::new(),
        };
        let row = "| SQLite | power cut | 3 | 4 | 5 | 3 | 0 | 0 | 2 (1, 1) | 0 | 0 | 0 |\n";
        assert!(table(&[finding.clone()]).ends_with(row));
        assert!(is_clean(&[finding.clone()]));
        finding.tally.faults.push(Fault { kind: FaultKind::Twice, what: "tom got it 2 times".into() });
        assert!(table(&[finding.clone()]).ends_with("\nSQLite, power cut, Twice: tom got it 2 times\n"));
        assert!(!is_clean(&[finding]));
    }
}
