//! A door for fuzzing (`make fuzz`), which nothing else has.

use super::answer::{first, unknown_news, words};

/// Reads `bytes` as what a server tells, one answer after another.
pub fn read(bytes: &[u8]) {
    let mut rest = bytes;
    while let Ok(Some((_, length))) = first(rest) {
        assert!(length > 0 && length <= rest.len(), "an answer of {length} bytes");
        rest = &rest[length..];
    }
    let _ = (unknown_news(bytes), words(bytes));
}
