//! The send ledger's words: an envelope recipient stands in a header and comes to an outcome.

use crate::text_enum;

text_enum!(
    /// The header an envelope recipient stands in.
    RecipientKind {
        /// The one person the email is to.
        To = "to",
        /// A copy everybody sees.
        Cc = "cc",
        /// A copy nobody sees.
        Bcc = "bcc",
    }
);

text_enum!(
    /// What became of an envelope recipient.
    Outcome {
        /// Not handed over yet.
        Waiting = "waiting",
        /// A transaction may be under way; written before its first byte.
        Attempting = "attempting",
        /// The server took responsibility.
        Accepted = "accepted",
        /// The server refused for good.
        Refused = "refused",
        /// Refused for now; it will be tried again.
        Deferred = "deferred",
        /// The connection died when the message may have been taken.
        Uncertain = "uncertain",
        /// A copy to somebody who is not to be mailed: it was never tried.
        LeftOut = "left_out",
    }
);
