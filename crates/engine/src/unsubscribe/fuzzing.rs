//! A door for fuzzing (`make fuzz`), which nothing else has.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::token::{SUBJECT, Token};
use crate::{Keys, Purpose};

/// Reads `bytes` as the token of an unsubscribe link: as a stranger writes it, and as what we signed.
pub fn read(keys: &Keys, bytes: &[u8]) {
    let _ = Token::open(keys, &String::from_utf8_lossy(bytes));
    let Ok((key, mark)) = keys.sign(Purpose::Tracking, &[SUBJECT, bytes].concat()) else { return };
    let token = Token::open(keys, &URL_SAFE_NO_PAD.encode([&[key], bytes, &mark].concat()));
    assert_eq!(token.is_some(), bytes.len() == 32, "two ids have 32 bytes");
}
