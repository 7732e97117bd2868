//! How a folder's name and a text stand in a command: modified UTF-7 (RFC 3501 §5.1.3) and quotation marks.

use base64::{
    Engine,
    alphabet::IMAP_MUTF7,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `text` in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A folder's name as servers write it.
pub(super) fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            unshift(&mut encoded, &mut shifted);
            encoded.push(c);
            if c == '&' {
                encoded.push('-');
            }
        } else {
            shifted.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    unshift(&mut encoded, &mut shifted);
    encoded
}

fn unshift(encoded: &mut String, shifted: &mut Vec<u8>) {
    if !shifted.is_empty() {
        encoded.push('&');
        BASE64.encode_string(&shifted, encoded);
        encoded.push('-');
        shifted.clear();
    }
}

/// A folder's name as people read it; what is not UTF-7 stays as it is.
pub(super) fn decode(name: &str) -> String {
    let mut decoded = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('&') {
        let Some((shifted, next)) = after.split_once('-') else { return name.to_owned() };
        decoded.push_str(before);
        match letters(shifted) {
            Some(letters) => decoded.push_str(&letters),
            None => return name.to_owned(),
        }
        rest = next;
    }
    decoded.push_str(rest);
    decoded
}

fn letters(shifted: &str) -> Option<String> {
    if shifted.is_empty() {
        return Some("&".to_owned());
    }
    let bytes = BASE64.decode(shifted).ok()?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stand_as_rfc_3501_writes_them() {
        for (shown, written) in [
            ("Sent", "Sent"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("Éléments envoyés", "&AMk-l&AOk-ments envoy&AOk-s"),
            ("Law & Order", "Law &- Order"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(encode(shown), written);
            assert_eq!(decode(written), shown);
        }
    }

    #[test]
    fn what_is_not_utf_7_stays_as_it_is() {
        for name in ["R&D", "&!!!-", "&2D0-"] {
            assert_eq!(decode(name), name);
        }
    }

    #[test]
    fn a_text_cannot_leave_its_quotation_marks() {
        assert_eq!(quoted(r#"a"b\"#), r#""a\"b\\""#);
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC{0,40}") {
            prop_assert_eq!(decode(&encode(&name)), name);
        }
    }
}
