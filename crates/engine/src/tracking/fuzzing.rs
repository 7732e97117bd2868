//! A door for fuzzing (`make fuzz`), which nothing else has.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::Token;
use crate::{Keys, Purpose};

/// Reads `bytes` as the token of a link: as a stranger writes it, and as what we sealed.
pub fn read(keys: &Keys, bytes: &[u8]) {
    let _ = Token::open(keys, &String::from_utf8_lossy(bytes));
    let Ok(sealed) = keys.seal(Purpose::Tracking, bytes) else { return };
    if let Some(token) = Token::open(keys, &URL_SAFE_NO_PAD.encode(sealed)) {
        let again = token.seal(keys).and_then(|text| Token::open(keys, &text));
        assert_eq!(again, Some(token), "sealed again it says something else");
    }
}
