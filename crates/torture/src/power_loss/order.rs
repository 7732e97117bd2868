//! No `MAIL FROM` leaves before the ledger's *attempting* is durable.

use std::path::Path;

use super::{
    trace::{Call, What},
    wire::Transaction,
};
use crate::recipients::DOMAIN;

/// What the ledger's row says, in the bytes of its page: the outcome stands right after the recipient's address.
const ATTEMPTING: &[u8] = b"attempting";

/// A sentence for each transaction that began to leave too early.
pub(crate) fn too_early(calls: &[Call], transactions: &[Transaction]) -> Vec<String> {
    let ours = transactions.iter().filter(|it| it.recipient.ends_with(&format!("@{DOMAIN}")));
    let marks = marks(calls);
    ours.filter(|transaction| !is_covered(calls, &marks, transaction))
        .map(|transaction| {
            let Transaction { mail_from, recipient, .. } = transaction;
            format!("MAIL FROM for {recipient} left at line {mail_from} of the trace, before a sync of its attempting")
        })
        .collect()
}

/// A page in the write-ahead log that says *attempting* of somebody.
struct Mark<'a> {
    address: &'a [u8],
    log: &'a Path,
    ended: usize,
}

fn marks(calls: &[Call]) -> Vec<Mark<'_>> {
    let mut marks = Vec::new();
    for call in calls {
        let What::Wrote { path, bytes, .. } = &call.what else { continue };
        if path.extension().is_none_or(|extension| extension != "db-wal") {
            continue;
        }
        let mut from = 0;
        while let Some(at) = bytes[from..].windows(ATTEMPTING.len()).position(|window| window == ATTEMPTING) {
            marks.push(Mark { address: &bytes[..from + at], log: path, ended: call.ended });
            from += at + ATTEMPTING.len();
        }
    }
    marks
}

/// Whether somewhere between the mark and `MAIL FROM` the log was synced.
fn is_covered(calls: &[Call], marks: &[Mark<'_>], transaction: &Transaction) -> bool {
    let recipient = transaction.recipient.as_bytes();
    marks.iter().filter(|mark| mark.address.ends_with(recipient)).any(|mark| {
        calls.iter().any(|call| {
            matches!(&call.what, What::Synced { path } if path == mark.log)
                && mark.ended < call.began
                && call.ended < transaction.mail_from
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn call(line: usize, what: What) -> Call {
        Call { began: line, ended: line, at: 0, what }
    }

    fn log() -> PathBuf {
        PathBuf::from("/d/q.db-wal")
    }

    fn transaction(mail_from: usize) -> Transaction {
        let recipient = format!("a@{DOMAIN}");
        Transaction { mail_from, recipient, message_id: String::new(), final_dot: None }
    }

    #[test]
    fn a_mail_from_before_the_sync_of_its_attempting_is_named() {
        let bytes = format!("..toa@{DOMAIN}attempting..").into_bytes();
        let calls =
            [call(1, What::Wrote { path: log(), offset: Some(0), bytes }), call(3, What::Synced { path: log() })];
        assert!(too_early(&calls, &[transaction(4)]).is_empty());
        for too_early_at in [0, 2] {
            assert_eq!(too_early(&calls, &[transaction(too_early_at)]).len(), 1, "{too_early_at}");
        }
    }

    #[test]
    fn the_sync_of_another_row_covers_nothing() {
        let bytes = format!("..tob@{DOMAIN}attempting..").into_bytes();
        let calls =
            [call(1, What::Wrote { path: log(), offset: Some(0), bytes }), call(3, What::Synced { path: log() })];
        assert_eq!(too_early(&calls, &[transaction(4)]).len(), 1);
    }
}
