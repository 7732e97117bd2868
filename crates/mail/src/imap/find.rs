//! Finding the message that carries a header of ours.

use std::fmt::Write;

use imap_proto::{AttributeValue, MailboxDatum, Response};

use super::{Cause, Session, utf7::quoted};

/// How many messages that the server found are looked at, the newest ones.
const MAX_LOOKED_AT: usize = 20;

impl Session {
    /// Whether the open folder holds a message whose header `name` has the value `value`, with or without angle brackets.
    ///
    /// A server's search is a hint: it finds parts of values, and some servers ignore the header's name. What was found is
    /// read, with `BODY.PEEK`, and compared.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn find(&mut self, name: &str, value: &str) -> Result<bool, Cause> {
        let told = self.command(&format!("UID SEARCH HEADER {name} {}", quoted(value))).await?;
        let mut uids: Vec<u32> = told
            .into_iter()
            .filter_map(|response| match response {
                Response::MailboxData(MailboxDatum::Search(found)) => Some(found),
                _ => None,
            })
            .flatten()
            .collect();
        uids.sort_unstable_by(|one, other| other.cmp(one));
        uids.truncate(MAX_LOOKED_AT);
        if uids.is_empty() {
            return Ok(false);
        }
        let mut set = String::new();
        for uid in uids {
            let separator = if set.is_empty() { "" } else { "," };
            // Writing to a string cannot fail.
            let _ = write!(set, "{separator}{uid}");
        }
        let told = self.command(&format!("UID FETCH {set} (BODY.PEEK[HEADER.FIELDS ({name})])")).await?;
        Ok(told.iter().flat_map(sections).any(|header| has(header, name, value)))
    }
}

fn sections<'a>(response: &'a Response<'_>) -> impl Iterator<Item = &'a [u8]> {
    let values = match response {
        Response::Fetch(_, values) => values.as_slice(),
        _ => &[],
    };
    values.iter().filter_map(|value| match value {
        AttributeValue::BodySection { data, .. } => data.as_deref(),
        _ => None,
    })
}

/// Whether one of the header's lines, unfolded, is `name: value`.
fn has(header: &[u8], name: &str, value: &str) -> bool {
    let unfolded = String::from_utf8_lossy(header).replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded.lines().filter_map(|line| line.split_once(':')).any(|(found, text)| {
        found.trim().eq_ignore_ascii_case(name) && text.trim().trim_start_matches('<').trim_end_matches('>') == value
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_compared_whole_folded_or_not() {
        for header in
            ["Message-ID: <a.1@x.example>\r\n", "message-id:\r\n <a.1@x.example>\r\n", "Message-Id: a.1@x.example"]
        {
            assert!(has(header.as_bytes(), "Message-ID", "a.1@x.example"), "{header:?}");
        }
        for header in
            ["Message-ID: <a.10@x.example>\r\n", "X-Message-ID: <a.1@x.example>\r\n", "Subject: a.1@x.example", ""]
        {
            assert!(!has(header.as_bytes(), "Message-ID", "a.1@x.example"), "{header:?}");
        }
    }
}
