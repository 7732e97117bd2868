//! Reading what is new in the open folder, without a trace: `BODY.PEEK`, and never more of a message than its beginning.

use std::fmt::Write;

use domain::{
    Timestamp,
    time::{DAY, SECOND},
};
use imap_proto::{AttributeValue, MailboxDatum, Response};

use super::{Cause, Opened, Session};

/// How much of a message is fetched, in bytes: of a larger one, its beginning. What is said about a bounce and what somebody
/// answers stands first.
pub const MAX_MESSAGE: u32 = 2 * 1024 * 1024;
/// How many UIDs are searched through at once, so that an answer stays short.
const WINDOW: u32 = 50_000;
/// How many messages are asked for at once.
const AT_ONCE: usize = 50;
/// What an answer may say about each message beside its bytes.
const BESIDE: usize = 4 * 1024;
/// The most bytes that messages fetched together may have. Some servers guess sizes from how they keep messages: one with
/// attachments is then larger than they say, by a third and more.
const MOST_TOGETHER: usize = 2 * MAX_MESSAGE as usize;

/// A message as the server gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number in the folder.
    pub uid: u32,
    /// When the server got it, if it says so in a way that can be understood.
    pub received_at: Option<Timestamp>,
    /// How large it is, in bytes.
    pub size: u32,
    /// Its bytes; of one larger than [`MAX_MESSAGE`], the beginning.
    pub raw: Vec<u8>,
}

impl Message {
    /// Whether the end of it is missing.
    pub fn is_truncated(&self) -> bool {
        usize::try_from(self.size).is_ok_and(|size| size > self.raw.len())
    }
}

/// What came of asking for messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// The messages, in the order of their UIDs.
    pub messages: Vec<Message>,
    /// How many of the UIDs that were asked for are settled: those that are gone meanwhile are among them, and missing in
    /// `messages`.
    pub settled: usize,
    /// Those among them that the server did not give, and its words. It gave another one in the same breath.
    pub refused: Vec<(u32, Cause)>,
}

impl Session {
    /// The UIDs after `last` of messages that came since about `since` (the day before it, because servers search by days of
    /// their own time zone), in ascending order.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn new_uids(&mut self, opened: Opened, last: u32, since: Timestamp) -> Result<Vec<u32>, Cause> {
        self.wire.news = false;
        let day = since.plus(-DAY).to_jiff().strftime("%d-%b-%Y").to_string();
        let mut found = Vec::new();
        let mut from = last.saturating_add(1);
        // In a folder of few messages even all UIDs are a short answer, however far apart they are.
        let is_large = opened.messages.is_none_or(|messages| messages > WINDOW);
        while is_large && found.is_empty() && opened.uid_next.is_some_and(|next| next.saturating_sub(from) > WINDOW) {
            let to = from.saturating_add(WINDOW);
            found = self.search(&format!("UID {from}:{to} SINCE {day}")).await?;
            from = to.saturating_add(1);
        }
        if found.is_empty() {
            found = self.search(&format!("UID {from}:* SINCE {day}")).await?;
        }
        // `n:*` names the last message even when its UID is below n, and a server may say what it likes.
        found.retain(|uid| *uid > last);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    async fn search(&mut self, criteria: &str) -> Result<Vec<u32>, Cause> {
        let told = self.command(&format!("UID SEARCH {criteria}")).await?;
        let found = told.into_iter().filter_map(|response| match response {
            Response::MailboxData(MailboxDatum::Search(found)) => Some(found),
            _ => None,
        });
        Ok(found.flatten().collect())
    }

    /// The first of the messages `uids`, as many as are fetched at once. A server that says no to several is asked for one
    /// after another: it may have one that it cannot give to anybody.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn fetch(&mut self, uids: &[u32]) -> Result<Fetched, Cause> {
        let asked = &uids[..uids.len().min(AT_ONCE)];
        match self.fetch_together(asked).await {
            Err(Cause::Refused(words)) if is_no(&words) => self.fetch_singly(asked).await,
            fetched => fetched,
        }
    }

    /// The first of the messages `uids` that the server gives. When it gives none it is the server, and not a message.
    async fn fetch_singly(&mut self, uids: &[u32]) -> Result<Fetched, Cause> {
        let mut refused: Vec<(u32, Cause)> = Vec::new();
        for (before, uid) in uids.iter().enumerate() {
            match self.fetch_together(&[*uid]).await {
                Ok(fetched) if fetched.messages.is_empty() => {}
                Ok(Fetched { messages, .. }) => return Ok(Fetched { messages, settled: before + 1, refused }),
                Err(Cause::Refused(words)) if is_no(&words) => refused.push((*uid, Cause::Refused(words))),
                Err(cause) => return Err(cause),
            }
        }
        match refused.into_iter().next() {
            Some((_, cause)) => Err(cause),
            None => Ok(Fetched { settled: uids.len(), ..Fetched::default() }),
        }
    }

    async fn fetch_together(&mut self, asked: &[u32]) -> Result<Fetched, Cause> {
        let told = self.command(&format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE)", set(asked))).await?;
        let mut known: Vec<Message> = told.into_iter().filter_map(message).collect();
        known.retain(|message| asked.contains(&message.uid));
        let together = as_many_as_fit(asked, &known);
        let there: Vec<u32> = together.iter().copied().filter(|uid| known.iter().any(|one| one.uid == *uid)).collect();
        if there.is_empty() {
            return Ok(Fetched { settled: together.len(), ..Fetched::default() });
        }
        let limit = MOST_TOGETHER.min(there.len() * MAX_MESSAGE as usize) + there.len() * BESIDE;
        let command = format!("UID FETCH {} (UID BODY.PEEK[]<0.{MAX_MESSAGE}>)", set(&there));
        let mut messages: Vec<Message> = Vec::with_capacity(there.len());
        for fetched in self.long_command(&command, limit).await?.into_iter().filter_map(message) {
            let is_new = messages.iter().all(|one| one.uid != fetched.uid);
            if let Some(known) = known.iter().find(|one| one.uid == fetched.uid)
                && there.contains(&fetched.uid)
                && !fetched.raw.is_empty()
                && is_new
            {
                messages.push(Message { raw: fetched.raw, ..known.clone() });
            }
        }
        messages.sort_unstable_by_key(|message| message.uid);
        Ok(Fetched { messages, settled: together.len(), refused: Vec::new() })
    }
}

/// Whether the server said no and is still there, as it is not after a `BYE`.
fn is_no(words: &str) -> bool {
    words.starts_with("NO ")
}

/// The first of `asked` whose bytes together are no more than one message may have, and at least one.
fn as_many_as_fit<'a>(asked: &'a [u32], known: &[Message]) -> &'a [u32] {
    let limit = u64::from(MAX_MESSAGE);
    let mut total = 0;
    let mut count = 0;
    for uid in asked {
        let size = known.iter().find(|one| one.uid == *uid).map_or(0, |one| u64::from(one.size.min(MAX_MESSAGE)));
        if count > 0 && total + size > limit {
            break;
        }
        (total, count) = (total + size, count + 1);
    }
    &asked[..count]
}

/// `uids` as a command names them.
pub(super) fn set(uids: &[u32]) -> String {
    let mut set = String::new();
    for uid in uids {
        let separator = if set.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(set, "{separator}{uid}");
    }
    set
}

/// What an answer says about a message, if it says which.
fn message(response: Response<'_>) -> Option<Message> {
    let Response::Fetch(_, values) = response else { return None };
    let mut message = Message { uid: 0, received_at: None, size: 0, raw: Vec::new() };
    for value in values {
        match value {
            AttributeValue::Uid(uid) => message.uid = uid,
            AttributeValue::Rfc822Size(size) => message.size = size,
            AttributeValue::InternalDate(date) => message.received_at = moment(&date),
            AttributeValue::BodySection { data: Some(data), .. } => message.raw = data.into_owned(),
            _ => {}
        }
    }
    (message.uid > 0).then_some(message)
}

/// `17-Jul-1996 02:44:25 -0700`, to the second.
fn moment(date: &str) -> Option<Timestamp> {
    let read = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", date.trim()).ok()?;
    let moment = Timestamp::from(read.to_timestamp().ok()?);
    Some(Timestamp(moment.0 - moment.0.rem_euclid(SECOND)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(sizes: &[u32]) -> Vec<Message> {
        let message = |(uid, size): (u32, &u32)| Message { uid, received_at: None, size: *size, raw: Vec::new() };
        (1..).zip(sizes).map(message).collect()
    }

    #[test]
    fn dates_are_read_as_rfc_3501_writes_them() {
        let expected = "1996-07-17T09:44:25Z".parse().ok();
        assert_eq!(moment("17-Jul-1996 02:44:25 -0700"), expected);
        assert_eq!(moment(" 7-Feb-1994 21:52:25 +0000"), "1994-02-07T21:52:25Z".parse().ok());
        for nonsense in ["", "yesterday", "31-Feb-2026 00:00:00 +0000", "1-Jan-99999 00:00:00 +0000"] {
            assert_eq!(moment(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn small_messages_are_fetched_together_and_a_large_one_alone() {
        let uids = [1, 2, 3, 4];
        let sizes = known(&[1_000, 2_000, u32::MAX, 10]);
        assert_eq!(as_many_as_fit(&uids, &sizes), &uids[..2]);
        assert_eq!(as_many_as_fit(&uids[2..], &sizes), &uids[2..3]);
        // What is gone meanwhile takes no room.
        assert_eq!(as_many_as_fit(&uids, &[]), &uids[..]);
    }
}
