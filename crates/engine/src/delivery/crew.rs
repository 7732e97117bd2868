//! A crew: everything that happens to one channel's mail between the queue and the folder.
//!
//! ```text
//! feeder   asks for a few emails of each lane, loads and renders them
//! hands    as many as the channel has connections; each takes one email at a time, asks to begin, speaks SMTP
//! scribe   writes claims, *attempting* and what was accepted, for all of them at a time
//! ```
//! Between them stand short queues, so that a slow server holds up the claims, and an email that comes late does not wait
//! behind thousands that were claimed before.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use domain::{
    ChannelId, EmailId, Timestamp, WorkspaceId,
    limits::{allowance, domain_allowance},
    reasons::WaitReason,
    time::{DAY, MINUTE, SECOND},
    turns::{Lane, Turns},
};
use store::{
    Tx,
    channels::Channel,
    emails::{ReleasedUntil, Waiting},
    folder_counts::Moves,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{
    portions::Room,
    prepare::Parcel,
    record::Heard,
    scribe::{Entry, ToScribe},
};
use crate::{Engine, Error, Result, emails::counted_since};

/// Emails claimed at once, at most.
const CLAIM: u32 = 64;

/// Emails claimed at once for each connection: what comes later does not wait long behind them.
const CLAIM_EACH: u32 = 16;

/// How soon to look again whether everything claimed has begun.
const UNBEGUN: Duration = Duration::from_millis(2);

/// How soon a paused channel is looked at again when nobody says until when; resuming it wakes us at once.
const PAUSED: i64 = MINUTE;

/// While some recipient domains are full, how soon the queue is looked at again for mail to others that became due.
const OTHER_DOMAINS: i64 = SECOND;

enum Standing {
    Open(Box<Channel>),
    /// Nothing may leave before this; `None` when there is nothing left to look at.
    Closed(Option<Timestamp>),
}

/// What the members of a crew share.
pub(super) struct Crew {
    pub(super) channel: Channel,
    /// Told to stop by the program.
    pub(super) stop: CancellationToken,
    /// Nothing more begins: the channel was paused or cannot be reached, or a limit is reached.
    closed: AtomicBool,
    /// Why what did not begin waits, where the queue cannot tell by itself.
    wait: Mutex<Option<Wait>>,
    /// Claimed emails that have not begun: they use up the limits too.
    unbegun: AtomicU32,
    /// Claimed emails that will not begin.
    left_over: Mutex<Vec<EmailId>>,
    /// When the next recipient domain that is full now takes mail again.
    domain_opens: Mutex<Option<Timestamp>>,
    /// For what is rendered and waits for a connection.
    room: Room,
}

/// Why, and until when.
#[derive(Clone)]
pub(super) struct Wait {
    pub(super) at: Timestamp,
    pub(super) reason: WaitReason,
    pub(super) text: Option<String>,
}

impl Wait {
    /// The server cannot be talked to; in a minute somebody tries again.
    pub(super) fn unreachable(now: Timestamp, heard: &Heard) -> Self {
        Self { at: now.plus(MINUTE), reason: WaitReason::Unreachable, text: heard.words() }
    }
}

impl Crew {
    fn new(channel: Channel, stop: &CancellationToken) -> Self {
        Self {
            channel,
            stop: stop.clone(),
            closed: AtomicBool::new(false),
            wait: Mutex::new(None),
            unbegun: AtomicU32::new(0),
            left_over: Mutex::new(Vec::new()),
            domain_opens: Mutex::new(None),
            room: Room::new(),
        }
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.channel.workspace_id
    }

    /// How many emails are claimed at once.
    fn claim(&self) -> u32 {
        claim(self.channel.connections)
    }

    /// Whether nothing more should begin.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst) || self.stop.is_cancelled()
    }

    /// Lets nothing more begin.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Lets nothing more begin before `wait` is over.
    pub(super) fn close_for(&self, wait: Wait) {
        *locked(&self.wait) = Some(wait);
        self.close();
    }

    /// A claimed email has begun.
    pub(super) fn has_begun(&self) {
        self.unbegun.fetch_sub(1, Ordering::SeqCst);
    }

    /// A claimed email will not begin.
    pub(super) fn leave(&self, email: EmailId) {
        self.has_begun();
        locked(&self.left_over).push(email);
    }
}

fn claim(connections: u32) -> u32 {
    CLAIM.min(CLAIM_EACH.saturating_mul(connections.max(1)))
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// Works on a channel until nothing of it is due, or nothing more may leave; answers until when, in that case.
    pub(super) async fn work_on(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        stop: &CancellationToken,
    ) -> Result<Option<Timestamp>> {
        let channel = match self.look_at_channel(workspace, id).await? {
            Standing::Open(channel) => *channel,
            Standing::Closed(until) => return Ok(until),
        };
        let connections = channel.connections;
        let crew = Arc::new(Crew::new(channel, stop));
        let (rendered, to_send) = mpsc::channel::<Parcel>(crew.claim() as usize);
        let (scribe, to_write) = ToScribe::new(if self.db().is_shared() { 2 } else { 1 });
        let to_send = Arc::new(tokio::sync::Mutex::new(to_send));
        let mut members = JoinSet::new();
        for _ in 0..connections {
            members.spawn(self.clone().send_all(Arc::clone(&crew), Arc::clone(&to_send), scribe.clone()));
        }
        for to_write in to_write {
            members.spawn(self.clone().write_all(Arc::clone(&crew), to_write));
        }
        let fed = self.feed(&crew, scribe, rendered).await;
        members.join_all().await;
        self.release(&crew).await;
        fed?;
        self.forget_old_attempts(&crew).await?;
        let domain_opens = locked(&crew.domain_opens).map(|at| at.min(self.now().plus(OTHER_DOMAINS)));
        Ok(locked(&crew.wait).as_ref().map(|wait| wait.at).or(domain_opens))
    }

    /// Claims and renders until nothing is due that may leave. While one claim is rendered the next is written.
    async fn feed(&self, crew: &Crew, scribe: ToScribe, rendered: mpsc::Sender<Parcel>) -> Result<()> {
        let mut claimed = self.claim(crew, &scribe).await?;
        while !claimed.is_empty() {
            let (next, fed) = tokio::join!(self.claim(crew, &scribe), self.render_all(crew, claimed, &rendered));
            if let Err(error) = fed {
                return Err(leave_all(crew, next.unwrap_or_default(), error));
            }
            claimed = next?;
        }
        Ok(())
    }

    /// Renders what was claimed, and hands it out.
    async fn render_all(&self, crew: &Crew, claimed: Vec<EmailId>, rendered: &mpsc::Sender<Parcel>) -> Result<()> {
        let portions = match self.portions(crew, &claimed).await {
            Ok(portions) => portions,
            Err(error) => return Err(leave_all(crew, claimed, error)),
        };
        let mut portions = portions.into_iter();
        while let Some(portion) = portions.next() {
            let ids: Vec<EmailId> = portion.emails.iter().map(|email| email.id).collect();
            self.tell_of(crew.workspace(), portion.emails.iter().map(|email| (email.owner_id, email.id)));
            match self.prepare_all(crew, portion).await {
                Ok(parcels) => hand_out(crew, parcels, rendered).await,
                Err(error) => {
                    let unrendered = portions.flat_map(|it| it.emails).map(|email| email.id);
                    return Err(leave_all(crew, ids.into_iter().chain(unrendered), error));
                }
            }
        }
        Ok(())
    }

    /// As many due emails as the limits allow, in turns; none when nothing more should begin.
    async fn claim(&self, crew: &Crew, scribe: &ToScribe) -> Result<Vec<EmailId>> {
        if crew.is_closed() {
            return Ok(Vec::new());
        }
        let claimed = if crew.channel.domain_rules.is_empty() {
            let (answer, answered) = oneshot::channel();
            scribe.say(Entry::Claim(answer));
            answered.await.unwrap_or_default()
        } else {
            self.claim_what_leaves(crew).await?
        };
        crew.unbegun.fetch_add(u32::try_from(claimed.len()).unwrap_or(u32::MAX), Ordering::SeqCst);
        Ok(claimed)
    }

    /// Where recipient domains have limits of their own, the forecast says who leaves now. It counts what has begun, so
    /// everything claimed before has to.
    async fn claim_what_leaves(&self, crew: &Crew) -> Result<Vec<EmailId>> {
        while crew.unbegun.load(Ordering::SeqCst) > 0 && !crew.is_closed() {
            tokio::time::sleep(UNBEGUN).await;
        }
        let mut tx = self.db().read().await?;
        let (leaving, turns) = self.leaving(&mut tx, &crew.channel, crew.claim() as usize).await?;
        self.note_full_domains(&mut tx, crew).await?;
        drop(tx);
        let mut tx = self.db().begin().await?;
        let claimed = store::emails::claim_these(&mut tx, crew.workspace(), self.node(), &leaving).await?;
        tx.commit().await?;
        self.shared.turns.keep(crew.channel.id, turns);
        Ok(claimed)
    }

    /// A share of what is due in each lane.
    pub(super) async fn claim_of_lanes(
        &self,
        tx: &mut Tx,
        crew: &Crew,
        moves: &mut Moves,
    ) -> Result<BTreeMap<Lane, VecDeque<EmailId>>> {
        let now = self.now();
        let (workspace, channel) = (crew.workspace(), &crew.channel);
        let limits = channel.limits();
        // Read before the ledger: what begins in between counts twice, and not not at all.
        let unbegun = crew.unbegun.load(Ordering::SeqCst);
        let recent = store::attempts::recent(tx, workspace, channel.id, &limits, now).await?;
        let allowed = allowance(&limits, &recent, now).now.saturating_sub(unbegun);
        let due = store::emails::lanes(tx, workspace).await?;
        let due = due.into_iter().filter(|it| it.channel_id == channel.id && it.next_at <= now);
        let due: BTreeMap<Lane, Waiting> = due.map(|it| (it.lane(), it)).collect();
        let mut shares: BTreeMap<Lane, u64> = BTreeMap::new();
        let mut turns = self.turns_of(channel.id);
        for _ in 0..allowed.min(crew.claim()) {
            if let Some(lane) = turns.next(&due) {
                *shares.entry(lane).or_default() += 1;
            }
        }
        let mut claimed = BTreeMap::new();
        for (lane, share) in shares {
            let some = store::emails::claim(tx, workspace, &due[&lane], self.node(), now, share, moves).await?;
            claimed.insert(lane, VecDeque::from(some));
        }
        Ok(claimed)
    }

    /// Keeps in mind when the first of the recipient domains that are full takes mail again.
    async fn note_full_domains(&self, tx: &mut Tx, crew: &Crew) -> Result<()> {
        let limits = crew.channel.limits();
        let (workspace, channel, now) = (crew.workspace(), crew.channel.id, self.now());
        let mut opens = None;
        for domain in store::attempts::domains(tx, workspace, channel, counted_since(&limits, now)).await? {
            let recent = store::attempts::recent_of_domain(tx, workspace, channel, &limits, &domain, now).await?;
            let allowed = domain_allowance(&limits, &domain, &recent, now);
            if let Some((until, _)) = allowed.then.filter(|_| allowed.now == 0) {
                opens = Some(opens.map_or(until, |at: Timestamp| at.min(until)));
            }
        }
        *locked(&crew.domain_opens) = opens;
        Ok(())
    }

    /// Whose turn is next on a channel.
    pub(crate) fn turns_of(&self, channel: ChannelId) -> Turns {
        locked(&self.shared.turns.0).get(&channel).copied().unwrap_or_default()
    }

    /// Whether mail may leave through the channel now.
    async fn look_at_channel(&self, workspace: WorkspaceId, id: ChannelId) -> Result<Standing> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let mut channel = store::channels::find(&mut tx, workspace, id).await?;
        let recent = store::attempts::recent(&mut tx, workspace, id, &channel.limits(), now).await?;
        drop(tx);
        if channel.deleted_at.is_some() {
            let mut tx = self.db().begin().await?;
            let told = self.fail_waiting_of_channel(&mut tx, &channel).await?;
            tx.commit().await?;
            self.tell_of(workspace, told);
            return Ok(Standing::Closed(None));
        }
        if let Some(pause) = channel.pause_at(now) {
            return Ok(Standing::Closed(Some(pause.until.unwrap_or(now.plus(PAUSED)))));
        }
        if channel.paused_reason.is_some() {
            let mut tx = self.db().begin().await?;
            self.resume_in(&mut tx, &channel).await?;
            channel = store::channels::find(&mut tx, workspace, id).await?;
            tx.commit().await?;
        }
        let allowed = allowance(&channel.limits(), &recent, now);
        Ok(match allowed.then {
            Some((until, _)) if allowed.now == 0 => Standing::Closed(Some(until)),
            _ => Standing::Open(Box::new(channel)),
        })
    }

    /// Forgets attempts that no limit counts any more: no day is longer than two.
    async fn forget_old_attempts(&self, crew: &Crew) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let before = self.now().plus(-2 * DAY);
        store::attempts::forget_before(&mut tx, crew.workspace(), crew.channel.id, before).await?;
        Ok(tx.commit().await?)
    }

    /// Puts what did not begin back into the queue, however long that takes.
    async fn release(&self, crew: &Crew) {
        let emails = std::mem::take(&mut *locked(&crew.left_over));
        if emails.is_empty() {
            return;
        }
        let wait = locked(&crew.wait).clone();
        let write = || async {
            let until =
                wait.as_ref().map(|it| ReleasedUntil { at: it.at, reason: it.reason, text: it.text.as_deref() });
            let mut tx = self.db().begin().await?;
            let owners = store::emails::release(&mut tx, crew.workspace(), self.node(), &emails, until).await?;
            tx.commit().await?;
            Ok(owners)
        };
        if let Some(released) = self.until_written(&crew.stop, "what did not begin", write).await {
            self.tell_of(crew.workspace(), released);
        }
    }
}

/// Leaves parcels where the hands take them, as there is room.
async fn hand_out(crew: &Crew, parcels: Vec<Parcel>, rendered: &mpsc::Sender<Parcel>) {
    for mut parcel in parcels {
        parcel.place = crew.room.take(parcel.message.bytes.len()).await;
        // The hands take what comes as long as there is a feeder.
        let _ = rendered.send(parcel).await;
    }
}

/// None of `ids` will begin, because of `error`.
fn leave_all(crew: &Crew, ids: impl IntoIterator<Item = EmailId>, error: Error) -> Error {
    for id in ids {
        crew.leave(id);
    }
    error
}

/// Whose turn it is on each channel, from one claim to the next.
#[derive(Default)]
pub(crate) struct TurnsOfChannels(Mutex<HashMap<ChannelId, Turns>>);

impl TurnsOfChannels {
    fn keep(&self, channel: ChannelId, turns: Turns) {
        locked(&self.0).insert(channel, turns);
    }

    /// What each lane had to send, one email of each after the other: nobody's email waits behind a heap of somebody
    /// else's.
    pub(super) fn take(&self, channel: ChannelId, mut lanes: BTreeMap<Lane, VecDeque<EmailId>>) -> Vec<EmailId> {
        let mut kept = locked(&self.0);
        let turns = kept.entry(channel).or_default();
        let mut taken = Vec::new();
        lanes.retain(|_, emails| !emails.is_empty());
        while let Some(lane) = turns.next(&lanes) {
            if let Some(emails) = lanes.get_mut(&lane) {
                taken.extend(emails.pop_front());
                if emails.is_empty() {
                    lanes.remove(&lane);
                }
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::claim;

    #[test]
    fn few_connections_claim_little() {
        assert_eq!([1, 2, 4, 20, u32::MAX].map(claim), [16, 32, 64, 64, 64]);
        assert_eq!(claim(0), 16);
    }
}
