//! Finding a link in a message as it came over the wire.

/// What follows `marker` in a received message, up to the end of the link.
pub(super) fn after(raw: &[u8], marker: &str) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    // Quoted-printable breaks long lines and writes `=` as `=3D`.
    let whole = text.replace("=\r\n", "").replace("=3D", "=");
    let (_, rest) = whole.split_once(marker)?;
    let end =
        rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_')).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_across_soft_line_breaks() {
        let raw = b"Open http://127.0.0.1:4080/verify-identity#tok=\r\nen=3DAb-c=\r\n_d\r\nand so on";
        assert_eq!(after(raw, "/verify-identity#token=").as_deref(), Some("Ab-c_d"));
        assert_eq!(after(raw, "/invitation#token="), None);
    }
}
