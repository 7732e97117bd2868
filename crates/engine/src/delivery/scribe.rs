//! The scribes: they write into the ledger what a crew has to say, in one transaction for all who came while one was writing,
//! so that a disk syncs once for all of them: a commit serves many when there is much to do, and nobody waits for others when
//! there is little. While the disk syncs, the next page is written.
//!
//! Two things are said: somebody is about to begin, and a server took a message. Each is written by scribes of its own,
//! because who wants to begin waits for it, and nobody waits for what was accepted.

use std::{collections::HashSet, sync::Arc, time::Duration};

use domain::EmailId;
use store::{
    Committed,
    ledger::{Acceptance, Beginning},
};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::{Instant, timeout_at},
};

use super::{accepted::Accepted, crew::Crew};
use crate::{
    Engine, Result,
    incoming::{GivenId, keep_given_ids},
};

/// The most that goes into one transaction.
const AT_ONCE: usize = 256;

/// How long a page that holds less than one entry of each connection waits for more: what a transaction costs by itself is
/// shared by more. Hands ask for emails that they get to later than that.
const MOMENT: Duration = Duration::from_millis(3);

/// How long what was accepted may wait for a sync that somebody else wants: who begins next.
const UNSYNCED: Duration = Duration::from_millis(20);

/// Somebody is about to begin, and waits to be told whether he may.
struct Asking {
    beginning: Beginning,
    answer: oneshot::Sender<bool>,
}

/// Where the members of a crew leave what they have to say. The scribes' work ends when all of them are gone.
#[derive(Clone)]
pub(super) struct ToScribes {
    beginnings: mpsc::UnboundedSender<Asking>,
    accepted: mpsc::UnboundedSender<Accepted>,
}

/// What the scribes have to write.
#[derive(Clone)]
pub(super) struct ToWrite {
    beginnings: Pile<Asking>,
    accepted: Pile<Accepted>,
}

type Pile<T> = Arc<Mutex<mpsc::UnboundedReceiver<T>>>;

impl ToScribes {
    pub(super) fn new() -> (Self, ToWrite) {
        let (beginnings, asked) = mpsc::unbounded_channel();
        let (accepted, taken) = mpsc::unbounded_channel();
        let to_write = ToWrite { beginnings: Arc::new(Mutex::new(asked)), accepted: Arc::new(Mutex::new(taken)) };
        (Self { beginnings, accepted }, to_write)
    }

    /// Asks whether the transaction may begin.
    pub(super) fn begins(&self, beginning: Beginning) -> oneshot::Receiver<bool> {
        let (answer, answered) = oneshot::channel();
        // The scribes write as long as there are members.
        let _ = self.beginnings.send(Asking { beginning, answer });
        answered
    }

    /// A server has taken a message.
    pub(super) fn accepted(&self, accepted: Accepted) {
        let _ = self.accepted.send(accepted);
    }
}

/// What has come, all of it, and what comes within a moment until there is `enough`; `None` when nothing comes any more.
async fn page<T>(pile: &Pile<T>, enough: usize) -> Option<Vec<T>> {
    let mut pile = pile.lock().await;
    let mut page = Vec::new();
    pile.recv_many(&mut page, AT_ONCE).await;
    let end = Instant::now() + MOMENT;
    while (1..enough).contains(&page.len()) {
        let room = AT_ONCE - page.len();
        match timeout_at(end, pile.recv_many(&mut page, room)).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    (!page.is_empty()).then_some(page)
}

impl Engine {
    /// Writes who begins until nobody does any more.
    pub(super) async fn write_beginnings(self, crew: Arc<Crew>, to_write: ToWrite) {
        while let Some(page) = page(&to_write.beginnings, crew.hands()).await {
            self.write_beginning(&crew, page).await;
        }
    }

    async fn write_beginning(&self, crew: &Arc<Crew>, page: Vec<Asking>) {
        let beginnings: Vec<&Beginning> = page.iter().map(|it| &it.beginning).collect();
        match self.begin_all(crew, &beginnings).await {
            Ok(Some((allowed, committed))) => {
                let answers = page.into_iter().map(|it| (allowed.contains(&it.beginning.email_id), it.answer));
                tokio::spawn(answer_when_durable(Arc::clone(crew), committed, answers.collect()));
            }
            // Another node believes us dead, or believed so when it took one of them: it hears that nobody answers.
            Ok(None) if page.len() == 1 => {}
            Ok(None) => {
                for it in page {
                    Box::pin(self.write_beginning(crew, vec![it])).await;
                }
            }
            Err(error) => {
                tracing::error!(%error, "nothing can be written; nothing begins");
                crew.close();
                // They hear that nobody answers.
                drop(page);
            }
        }
    }

    /// Writes *attempting*, as far as the limits allow it. Answers what may begin; `None`, and nothing is written, when one of
    /// the emails is not ours any more.
    async fn begin_all(&self, crew: &Crew, beginnings: &[&Beginning]) -> Result<Option<(HashSet<EmailId>, Committed)>> {
        let mut tx = self.db().begin().await?;
        // First, because it may lock the channel, as everybody does who locks it.
        let allowed = self.allowed_now(&mut tx, crew, beginnings).await?;
        if !store::ledger::begin(&mut tx, crew.workspace(), self.node(), &allowed).await? {
            return Ok(None);
        }
        let committed = tx.commit_early().await?;
        Ok(Some((allowed.iter().map(|it| it.email_id).collect(), committed)))
    }

    /// Writes what was accepted until nothing is any more.
    pub(super) async fn write_accepted(self, crew: Arc<Crew>, to_write: ToWrite) {
        while let Some(page) = page(&to_write.accepted, crew.hands()).await {
            self.write_acceptance(&crew, page).await;
        }
    }

    async fn write_acceptance(&self, crew: &Crew, page: Vec<Accepted>) {
        let acceptances: Vec<&Acceptance> = page.iter().map(|it| &it.acceptance).collect();
        let given: Vec<GivenId> = page.iter().filter_map(Accepted::given_id).collect();
        let write = || self.accept_all(crew, &acceptances, &given);
        match self.until_written(&crew.stop, "accepted emails", write).await {
            Some(true) => {
                self.tell_of(crew.workspace(), acceptances.iter().map(|it| (it.owner_id, it.email_id)));
            }
            Some(false) => match <[Accepted; 1]>::try_from(page) {
                Ok([mut it]) => {
                    // Another node believed us dead, or the email has a new owner. What the server said is true all the same.
                    let _ = self.record_answer(crew, &mut it.parcel, 0, &it.heard).await;
                }
                Err(page) => {
                    for it in page {
                        Box::pin(self.write_acceptance(crew, vec![it])).await;
                    }
                }
            },
            None => {}
        }
    }

    /// Files what servers have taken. `false`, and nothing is written, when one of the emails is not ours any more.
    async fn accept_all(&self, crew: &Crew, accepted: &[&Acceptance], given: &[GivenId]) -> Result<bool> {
        let workspace = crew.workspace();
        let mut tx = self.db().begin().await?;
        keep_given_ids(&mut tx, workspace, given).await?;
        if !store::ledger::accept(&mut tx, workspace, self.node(), accepted).await? {
            return Ok(false);
        }
        let committed = tx.commit_early().await?;
        if !committed.is_durable() {
            tokio::spawn(async move {
                tokio::time::sleep(UNSYNCED).await;
                if let Err(error) = committed.durable().await {
                    tracing::error!(%error, "what was accepted may be in doubt after a loss of power");
                }
            });
        }
        Ok(true)
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

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    fn pile() -> (mpsc::UnboundedSender<u32>, Pile<u32>) {
        let (leave, left) = mpsc::unbounded_channel();
        (leave, Arc::new(Mutex::new(left)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_waits_until_enough_has_come() {
        let (leave, pile) = pile();
        let start = Instant::now();
        tokio::spawn(async move {
            for entry in 1..=5 {
                leave.send(entry).unwrap();
                sleep(Duration::from_millis(1)).await;
            }
        });
        assert_eq!(page(&pile, 3).await, Some(vec![1, 2, 3]));
        assert_eq!(start.elapsed(), Duration::from_millis(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_waits_no_longer_than_a_moment_from_its_first_entry() {
        let (leave, pile) = pile();
        tokio::spawn(async move {
            sleep(Duration::from_secs(1)).await;
            for entry in 1.. {
                leave.send(entry).unwrap();
                sleep(Duration::from_millis(2)).await;
            }
        });
        let start = Instant::now() + Duration::from_secs(1);
        assert_eq!(page(&pile, 100).await, Some(vec![1, 2]));
        assert_eq!(start.elapsed(), MOMENT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_with_enough_does_not_wait_and_takes_all_that_is_there() {
        let (leave, pile) = pile();
        for entry in 1..=4 {
            leave.send(entry).unwrap();
        }
        let start = Instant::now();
        assert_eq!(page(&pile, 3).await, Some(vec![1, 2, 3, 4]));
        leave.send(5).unwrap();
        assert_eq!(page(&pile, 1).await, Some(vec![5]));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_page_does_not_wait_for_those_who_are_gone() {
        let (leave, pile) = pile();
        leave.send(1).unwrap();
        drop(leave);
        let start = Instant::now();
        assert_eq!(page(&pile, 3).await, Some(vec![1]));
        assert_eq!(page(&pile, 3).await, None);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
