//! Finding the message that carries a header of ours, and what messages say of themselves.

use imap_proto::{AttributeValue, MailboxDatum, Response};

use super::{Cause, Session, reading::set, utf7::quoted};
use crate::message::MARK_HEADER;

/// How many messages that the server found are looked at, the newest ones.
const MAX_LOOKED_AT: usize = 20;
/// How many messages are asked at once what they say of themselves.
const AT_ONCE: usize = 200;
/// How much of that is read, in bytes: two fields.
const MAX_FIELDS: usize = 4_000;

/// What a message says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Its number in the folder.
    pub uid: u32,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Our mark.
    pub mark: Option<String>,
}

impl Told {
    /// What stands in the header of `message`, or in a part of its header.
    pub fn by(uid: u32, message: &[u8]) -> Self {
        let end = message.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(message.len());
        let header = String::from_utf8_lossy(&message[..end]).replace("\r\n ", " ").replace("\r\n\t", " ");
        let value = |name: &str| {
            let (_, text) = header
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
            let text = text.trim().trim_start_matches('<').trim_end_matches('>');
            (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
        };
        Self { uid, message_id: value("Message-ID"), mark: value(MARK_HEADER) }
    }
}

impl Session {
    /// The message in the open folder that bears our `mark`, or else the Message-ID `id` (without angle brackets).
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn find(&mut self, mark: &str, id: &str) -> Result<Option<Told>, Cause> {
        let marked =
            self.search_header(MARK_HEADER, mark).await?.into_iter().find(|it| it.mark.as_deref() == Some(mark));
        if marked.is_some() {
            return Ok(marked);
        }
        Ok(self.search_header("Message-ID", id).await?.into_iter().find(|it| it.message_id.as_deref() == Some(id)))
    }

    /// What the newest messages say whose header `name` holds `value`, as the server sees it.
    ///
    /// A server's search is a hint: it finds parts of values, and some servers ignore the header's name. What was found is
    /// read, with `BODY.PEEK`, and has to be compared.
    async fn search_header(&mut self, name: &str, value: &str) -> Result<Vec<Told>, Cause> {
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
        Ok(self.ask(&uids).await?.0)
    }

    /// What the first of the messages `uids` say of themselves, as many as are asked at once, and how many of `uids` that
    /// settles: those that are gone meanwhile are among them and missing in the answer.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn ask(&mut self, uids: &[u32]) -> Result<(Vec<Told>, usize), Cause> {
        let asked = &uids[..uids.len().min(AT_ONCE)];
        if asked.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let fields = format!("BODY.PEEK[HEADER.FIELDS (MESSAGE-ID {MARK_HEADER})]<0.{MAX_FIELDS}>");
        let told = self.command(&format!("UID FETCH {} (UID {fields})", set(asked))).await?;
        let mut told: Vec<Told> = told.iter().filter_map(fetched).filter(|it| asked.contains(&it.uid)).collect();
        told.sort_unstable_by_key(|it| it.uid);
        Ok((told, asked.len()))
    }
}

fn fetched(response: &Response<'_>) -> Option<Told> {
    let Response::Fetch(_, values) = response else { return None };
    let uid = values.iter().find_map(|value| if let AttributeValue::Uid(uid) = value { Some(*uid) } else { None })?;
    let header = values.iter().find_map(|value| match value {
        AttributeValue::BodySection { data, .. } => data.as_deref(),
        _ => None,
    })?;
    Some(Told::by(uid, header))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_folded_or_not() {
        for header in
            ["Message-ID: <a.1@x.example>\r\n", "message-id:\r\n <a.1@x.example>\r\n\r\n", "Message-Id: a.1@x.example"]
        {
            assert_eq!(Told::by(7, header.as_bytes()).message_id.as_deref(), Some("a.1@x.example"), "{header:?}");
        }
        let both = b"X-Quarterdeck-Email: 0a.1\r\nMESSAGE-ID: <b@y>\r\n\r\n";
        let expected = Told { uid: 7, message_id: Some("b@y".into()), mark: Some("0a.1".into()) };
        assert_eq!(Told::by(7, both), expected);
    }

    #[test]
    fn what_is_not_in_the_header_is_not_said() {
        for message in [
            "X-Message-ID: <a.1@x.example>\r\n",
            "Subject: a.1@x.example",
            "Message-ID: <>\r\n",
            "",
            "Subject: x\r\n\r\nMessage-ID: <a.1@x.example>\r\nX-Quarterdeck-Email: 0a.1\r\n",
            "Message-ID: <a\0b@x.example>\r\n",
        ] {
            assert_eq!(Told::by(7, message.as_bytes()), Told { uid: 7, ..Told::default() }, "{message:?}");
        }
    }
}
