//! The scribe: writes into the ledger what a crew has to say, in one transaction for all who came while it was writing.
//!
//! Three things are said: a server took a message, somebody is about to begin, the feeder wants more mail. They share a
//! commit, so that a disk syncs once for all of them: a commit serves many when there is much to do, and nobody waits for
//! others when there is little. While the disk syncs, the next page is written. Where a database writes several transactions
//! at a time, a second scribe writes what was accepted, so that nobody who wants to begin waits for that.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Arc,
};

use domain::{EmailId, turns::Lane};
use store::{
    Committed,
    emails::Claimed,
    folder_counts::Moves,
    ledger::{Acceptance, Beginning, Held},
};
use tokio::sync::{mpsc, oneshot};

use super::{accepted::Accepted, crew::Crew};
use crate::{
    Engine, Result,
    incoming::{GivenId, keep_given_ids},
};

/// The most that goes into one transaction.
const AT_ONCE: usize = 256;

/// Where the members of a crew leave what they have to say. The scribes' work ends when all of them are gone.
#[derive(Clone)]
pub(super) struct ToScribe {
    beginnings: mpsc::UnboundedSender<Entry>,
    accepted: mpsc::UnboundedSender<Entry>,
}

impl ToScribe {
    /// The way to one scribe, or to two, and what each of them has to write.
    pub(super) fn new(two: bool) -> (Self, Vec<mpsc::UnboundedReceiver<Entry>>) {
        let (beginnings, to_write) = mpsc::unbounded_channel();
        if !two {
            return (Self { accepted: beginnings.clone(), beginnings }, vec![to_write]);
        }
        let (accepted, also_to_write) = mpsc::unbounded_channel();
        (Self { beginnings, accepted }, vec![to_write, also_to_write])
    }

    pub(super) fn say(&self, entry: Entry) {
        let scribe = match entry {
            Entry::Accepted(_) => &self.accepted,
            Entry::Begin(..) | Entry::Claim(_) => &self.beginnings,
        };
        // The scribes write as long as there are members.
        let _ = scribe.send(entry);
    }
}

/// What is to be written.
pub(super) enum Entry {
    /// A server has taken a message. Nobody waits for this to be written.
    Accepted(Box<Accepted>),
    /// Somebody is about to begin, and waits to be told whether he may.
    Begin(Box<Beginning>, oneshot::Sender<bool>),
    /// The feeder waits for more mail.
    Claim(oneshot::Sender<Vec<Claimed>>),
}

/// What goes into one transaction.
#[derive(Default)]
struct Page {
    accepted: Vec<Accepted>,
    beginnings: Vec<(Beginning, oneshot::Sender<bool>)>,
    claim: Option<oneshot::Sender<Vec<Claimed>>>,
}

impl Extend<Entry> for Page {
    fn extend<T: IntoIterator<Item = Entry>>(&mut self, entries: T) {
        for entry in entries {
            match entry {
                Entry::Accepted(accepted) => self.accepted.push(*accepted),
                Entry::Begin(beginning, answer) => self.beginnings.push((*beginning, answer)),
                Entry::Claim(answer) => self.claim = Some(answer),
            }
        }
    }
}

/// What became of a page.
struct Written {
    /// The emails that were still ours. Of others nothing was written.
    held: Held,
    /// Those that the limits allow to begin.
    allowed: HashSet<EmailId>,
    claimed: BTreeMap<Lane, VecDeque<Claimed>>,
}

impl Written {
    fn may_begin(&self, email: EmailId) -> bool {
        self.allowed.contains(&email) && self.held.has(email)
    }
}

impl Engine {
    /// Writes what comes until nothing comes any more.
    pub(super) async fn write_all(self, crew: Arc<Crew>, mut to_write: mpsc::UnboundedReceiver<Entry>) {
        let mut entries = Vec::with_capacity(AT_ONCE);
        while to_write.recv_many(&mut entries, AT_ONCE).await > 0 {
            // Whoever has something to say at this very moment is on this page too.
            tokio::task::yield_now().await;
            while entries.len() < AT_ONCE
                && let Ok(entry) = to_write.try_recv()
            {
                entries.push(entry);
            }
            let mut page = Page::default();
            page.extend(entries.drain(..));
            self.write_page(&crew, page).await;
        }
    }

    async fn write_page(&self, crew: &Arc<Crew>, page: Page) {
        let Page { accepted, beginnings, claim } = page;
        let acceptances: Vec<&Acceptance> = accepted.iter().map(|it| &it.acceptance).collect();
        let given: Vec<GivenId> = accepted.iter().filter_map(Accepted::given_id).collect();
        let about_to: Vec<&Beginning> = beginnings.iter().map(|(beginning, _)| beginning).collect();
        let held = match self.write(crew, (&acceptances, &given), &about_to, claim.is_some()).await {
            Ok((written, committed)) => {
                let answers = beginnings.into_iter().map(|(it, answer)| (written.may_begin(it.email_id), answer));
                tokio::spawn(answer_when_durable(Arc::clone(crew), committed, answers.collect()));
                if let Some(answer) = claim {
                    // Who does not wait any more need not know.
                    let _ = answer.send(self.shared.turns.take(crew.channel.id, written.claimed));
                }
                Some(written.held)
            }
            Err(error) => {
                tracing::error!(%error, "nothing can be written; nothing begins");
                crew.close();
                // They hear that nobody answers.
                drop((beginnings, claim));
                let write = || self.write(crew, (&acceptances, &given), &[], false);
                let written = if acceptances.is_empty() {
                    None
                } else {
                    self.until_written(&crew.stop, "accepted emails", write).await
                };
                written.map(|(it, _)| it.held)
            }
        };
        self.tell_of(crew.workspace(), accepted.iter().map(|it| (it.owner, it.acceptance.email_id)));
        let Some(held) = held else { return };
        for mut it in accepted.into_iter().filter(|it| !held.has(it.acceptance.email_id)) {
            // Another node believed us dead. What the server said is true all the same.
            let _ = self.record_answer(crew, &mut it.parcel, 0, &it.heard).await;
        }
    }

    async fn write(
        &self,
        crew: &Crew,
        (accepted, given): (&[&Acceptance], &[GivenId]),
        beginnings: &[&Beginning],
        claims: bool,
    ) -> Result<(Written, Committed)> {
        let (workspace, node) = (crew.workspace(), self.node());
        let mut moves = Moves::default();
        let mut tx = self.db().begin().await?;
        // First, because it may lock the channel, as everybody does who locks it.
        let allowed = self.allowed_now(&mut tx, crew, beginnings).await?;
        keep_given_ids(&mut tx, workspace, given).await?;
        // Before the ledger says that they begin: what begins meanwhile counts twice, and not not at all.
        let claimed = if claims { self.claim_of_lanes(&mut tx, crew, &mut moves).await? } else { BTreeMap::default() };
        let held = store::ledger::write(&mut tx, workspace, node, (&allowed, accepted), moves).await?;
        let committed = tx.commit_early().await?;
        Ok((Written { held, allowed: allowed.iter().map(|it| it.email_id).collect(), claimed }, committed))
    }
}

/// Tells those who wait whether they may begin, when the ledger says so durably. The next page is written meanwhile.
async fn answer_when_durable(crew: Arc<Crew>, committed: Committed, answers: Vec<(bool, oneshot::Sender<bool>)>) {
    match committed.durable().await {
        Ok(()) => {
            for (may_begin, answer) in answers {
                // Who does not wait any more need not know.
                let _ = answer.send(may_begin);
            }
        }
        Err(error) => {
            tracing::error!(%error, "nothing is durable; nothing begins");
            crew.close();
            // They hear that nobody answers.
            drop(answers);
        }
    }
}
