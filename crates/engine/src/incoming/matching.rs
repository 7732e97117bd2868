//! Which email something is about. The surest trace comes first; ids may have been rewritten on the way.

use domain::{Timestamp, incoming::Kind, time::DAY};
use mail::threading::reply_subject;
use store::{Tx, emails::Email, sent_ids::Sending};

use super::{Notice, Source};
use crate::{
    Engine, Result,
    emails::{id_left, parse_mark},
};

/// How long after it was sent a bounce without any id may be about an email.
const BOUNCE_WITHIN: i64 = 5 * DAY;
/// How long after it was sent an answer without any id may be one to an email.
const ANSWER_WITHIN: i64 = 30 * DAY;
/// How long after it was sent a new mail that a program wrote may be about an email.
const AUTO_REPLY_WITHIN: i64 = 3 * DAY;

/// The email that something is about.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub(super) email: Email,
    /// Which sending of it.
    pub(super) send_number: u32,
    /// Known by an id that only those know who have seen the email, and not guessed by address and time.
    pub(super) sure: bool,
}

impl Engine {
    /// The email that `notice` is about.
    pub(super) async fn find_match(&self, tx: &mut Tx, notice: &Notice) -> Result<Option<Match>> {
        if let Some(sending) = self.find_sending(tx, notice).await? {
            let email = store::emails::find(tx, notice.workspace, sending.email_id).await?;
            return Ok(Some(Match { email, send_number: sending.send_number, sure: true }));
        }
        let guessed = match notice.kind {
            Kind::HardBounce | Kind::SoftBounce | Kind::Block | Kind::Delay | Kind::Receipt | Kind::Complaint => {
                self.recently_sent_to(tx, notice).await?
            }
            Kind::Reply | Kind::AutoReply | Kind::Unsubscribe => self.answered_by_sender(tx, notice).await?,
            Kind::Other => None,
        };
        Ok(guessed.map(|email| Match { send_number: email.send_number, email, sure: false }))
    }

    /// The sending that an id names: what it answers, what came back with it, our mark, the address it was sent to.
    async fn find_sending(&self, tx: &mut Tx, notice: &Notice) -> Result<Option<Sending>> {
        let traces = &notice.traces;
        let answered = traces.in_reply_to.iter().chain(traces.references.iter().rev());
        let answered: Vec<&str> = answered.map(String::as_str).collect();
        let returned: Vec<&str> = traces.returned_ids.iter().map(String::as_str).collect();
        for ids in [answered, returned] {
            if let Some(sending) = self.sending_of_ids(tx, notice, &ids).await? {
                return Ok(Some(sending));
            }
        }
        let marked = traces.returned_marks.iter().filter_map(|mark| parse_mark(mark));
        let signed = notice.return_path.map(|(email_id, send_number)| Sending { email_id, send_number });
        for sending in marked.chain(signed) {
            if store::sent_ids::was_sent(tx, notice.workspace, sending).await? {
                return Ok(Some(sending));
            }
        }
        Ok(None)
    }

    /// The sending that the first of `ids` names that names any: by the mark that our own ids begin with, whatever domain a
    /// server has put behind it; or because a server gave the id, whole or without its domain, as servers tell the ids that
    /// they give.
    async fn sending_of_ids(&self, tx: &mut Tx, notice: &Notice, ids: &[&str]) -> Result<Option<Sending>> {
        let ids: Vec<(&str, &str)> = ids.iter().map(|id| (*id, id_left(id))).collect();
        let candidates: Vec<&str> = ids.iter().flat_map(|(id, left)| [*id, *left]).collect();
        let given = store::sent_ids::find(tx, notice.workspace, &candidates).await?;
        for (id, left) in ids {
            if let Some(sending) = parse_mark(left)
                && store::sent_ids::was_sent(tx, notice.workspace, sending).await?
            {
                return Ok(Some(sending));
            }
            if let Some(sending) = given.get(id).or_else(|| given.get(left)) {
                return Ok(Some(*sending));
            }
        }
        Ok(None)
    }

    /// The last email that was lately sent to one of the addresses that failed.
    async fn recently_sent_to(&self, tx: &mut Tx, notice: &Notice) -> Result<Option<Email>> {
        for whom in &notice.told.recipients {
            for address in std::iter::once(&whom.address).chain(&whom.aliases) {
                let sent = self.sent_to(tx, notice, address, BOUNCE_WITHIN).await?;
                if let Some(email) = sent.into_iter().next() {
                    return Ok(Some(email));
                }
            }
        }
        Ok(None)
    }

    /// The email that the author of `notice` answers in a new mail: the last one with its subject. Programs, and people
    /// who want to be left alone, choose subjects of their own.
    async fn answered_by_sender(&self, tx: &mut Tx, notice: &Notice) -> Result<Option<Email>> {
        let within = if notice.kind == Kind::AutoReply { AUTO_REPLY_WITHIN } else { ANSWER_WITHIN };
        let sent = self.sent_to(tx, notice, &notice.traces.from_address, within).await?;
        let subject = base(&notice.traces.subject);
        let same = sent.iter().find(|email| !subject.is_empty() && subject.ends_with(&base(&email.subject)));
        let any = if notice.kind == Kind::Reply { None } else { sent.first() };
        Ok(same.or(any).cloned())
    }

    /// What was sent to the person with `address` in the last `within` microseconds, the newest first: by the owner of the
    /// mailbox, or through the channel, that tells.
    async fn sent_to(&self, tx: &mut Tx, notice: &Notice, address: &str, within: i64) -> Result<Vec<Email>> {
        let since = Timestamp(notice.at.0.min(self.now().0)).plus(-within);
        let person = match store::people::find_by_address(tx, notice.workspace, address).await {
            Ok(person) => person,
            Err(store::Error::NotFound) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut sent = store::emails::sent_to_person(tx, notice.workspace, person.id, since).await?;
        match notice.source {
            Source::Mailbox(mailbox) => {
                let owner = store::mailboxes::find(tx, notice.workspace, mailbox).await?.owner_id;
                sent.retain(|email| email.owner_id == owner);
            }
            Source::Webhook(channel) => sent.retain(|email| email.channel_id == Some(channel)),
            // What comes to the port names its email in its address.
            Source::Port => sent.clear(),
        }
        Ok(sent)
    }
}

/// The subject without the marks of an answer, in lower case.
fn base(subject: &str) -> String {
    reply_subject(subject).trim_start_matches("Re: ").trim().to_lowercase()
}
