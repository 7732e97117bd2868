//! What a server is asked to report later (RFC 3461), where it offers `DSN`.

use std::fmt::Write;

use super::transaction::Reports;

/// The longest envelope id (RFC 3461 §5.4).
const MAX_ID: usize = 100;

/// The parameters of `MAIL` and of `RCPT` to `to`. Reports bring the headers back, which is all that we need, and say
/// whom we wrote to, whatever became of the address on the way. Arrivals are not asked for: most servers on the way can only
/// say that they passed the message on, and each would say so of each message.
pub(super) fn parameters(reports: Option<Reports<'_>>, to: &str) -> [String; 2] {
    let Some(Reports { envelope_id }) = reports else { return [String::new(), String::new()] };
    let id = xtext(envelope_id);
    let id = if id.len() <= MAX_ID { format!(" ENVID={id}") } else { String::new() };
    // The international form of an original recipient (RFC 6533) is for those who offer SMTPUTF8; without it nothing is lost.
    let original = if to.is_ascii() { format!(" ORCPT=rfc822;{}", xtext(to)) } else { String::new() };
    [format!(" RET=HDRS{id}"), format!(" NOTIFY=FAILURE,DELAY{original}")]
}

/// ASCII in which nothing stands that would end a parameter (RFC 3461 §4).
fn xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'+' | b'=') {
            out.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(out, "+{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_name_the_message_and_the_recipient_as_we_know_them() {
        let reports = Reports { envelope_id: "0192.1" };
        assert_eq!(
            parameters(Some(reports), "ana+x=1@b.example"),
            [" RET=HDRS ENVID=0192.1", " NOTIFY=FAILURE,DELAY ORCPT=rfc822;ana+2Bx+3D1@b.example"]
        );
        assert_eq!(parameters(Some(reports), "é@b.example")[1], " NOTIFY=FAILURE,DELAY");
        assert_eq!(parameters(None, "ana@b.example"), ["", ""]);
        let long = "x".repeat(101);
        assert_eq!(parameters(Some(Reports { envelope_id: &long }), "a@b")[0], " RET=HDRS");
    }
}
