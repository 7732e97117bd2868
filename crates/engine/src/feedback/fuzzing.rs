//! A door for fuzzing (`make fuzz`), which nothing else has.

use domain::{Timestamp, WorkspaceId};
use uuid::Uuid;

use super::{
    addresses::{Address, spell},
    calls::channel_of,
};
use crate::Keys;

/// Reads `bytes` as one of our addresses and as the token of a webhook: as a stranger writes it, and spelt as ours are.
pub fn read(keys: &Keys, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = channel_of(keys, &text);
    for address in [text.into_owned(), spell("r+", bytes, "b.example"), spell("f+", bytes, "b.example")] {
        if let Some(address) = Address::parse(&address) {
            assert!(!address.is_made_by(WorkspaceId(Uuid::nil()), keys), "nobody signed it");
            let _ = address.is_current(Timestamp(0));
        }
    }
}
