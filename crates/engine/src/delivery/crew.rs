//! A crew: everything that happens to one channel's mail between the queue and the folder.
//!
//! ```text
//! feeder   claims a few emails of each lane, loads and renders them
//! hands    as many as the channel has connections; each takes one email at a time, asks to begin, speaks SMTP
//! scribes  write *attempting* and what was accepted, for all of them at a time
//! ```
//! Between them stand short queues, so that a slow server holds up the claims, and an email that comes late does not wait
//! behind thousands that were claimed before.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use domain::{
    ChannelId, EmailId, Timestamp, WorkspaceId,
    limits::allowance,
    reasons::WaitReason,
    time::{DAY, MINUTE, SECOND},
};
use store::{channels::Channel, emails::ReleasedUntil};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{claims, portions::Room, prepare::Parcel, record::Heard, scribe::ToScribes};
use crate::{Engine, Result};

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
    /// Told when one of them has begun, or will not.
    begun: Notify,
    /// Claimed emails that will not begin.
    left_over: Mutex<Vec<EmailId>>,
    /// The recipient domains with mail that is due but take none, each with when to look again.
    pub(super) full_domains: Mutex<BTreeMap<String, Timestamp>>,
    /// For what is rendered and waits for a connection.
    pub(super) room: Room,
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
            begun: Notify::new(),
            left_over: Mutex::new(Vec::new()),
            full_domains: Mutex::default(),
            room: Room::new(),
        }
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.channel.workspace_id
    }

    /// How many connections it has.
    pub(super) fn hands(&self) -> usize {
        self.channel.connections as usize
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

    /// Claimed emails that have not begun.
    pub(super) fn unbegun(&self) -> u32 {
        self.unbegun.load(Ordering::SeqCst)
    }

    /// So many emails were claimed.
    pub(super) fn has_claimed(&self, emails: usize) {
        self.unbegun.fetch_add(u32::try_from(emails).unwrap_or(u32::MAX), Ordering::SeqCst);
    }

    /// A claimed email has begun.
    pub(super) fn has_begun(&self) {
        self.unbegun.fetch_sub(1, Ordering::SeqCst);
        self.begun.notify_one();
    }

    /// Waits until no more than so many claimed emails have not begun. Whatever is claimed begins, or is left.
    pub(super) async fn until_unbegun(&self, at_most: u32) {
        while self.unbegun() > at_most {
            self.begun.notified().await;
        }
    }

    /// A claimed email will not begin.
    pub(super) fn leave(&self, email: EmailId) {
        self.has_begun();
        locked(&self.left_over).push(email);
    }

    /// None of these claimed emails will begin.
    pub(super) fn leave_all(&self, emails: impl IntoIterator<Item = EmailId>) {
        for email in emails {
            self.leave(email);
        }
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
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
        let (rendered, to_send) = mpsc::channel::<Parcel>(claims::least(connections) as usize);
        let (scribes, to_write) = ToScribes::new();
        let to_send = Arc::new(tokio::sync::Mutex::new(to_send));
        let mut members = JoinSet::new();
        for _ in 0..connections {
            members.spawn(self.clone().send_all(Arc::clone(&crew), Arc::clone(&to_send), scribes.clone()));
        }
        // Where a database writes several transactions at a time, the next who begin need not wait until it has synced for
        // those before.
        for _ in 0..if self.db().is_shared() { 2 } else { 1 } {
            members.spawn(self.clone().write_beginnings(Arc::clone(&crew), to_write.clone()));
        }
        members.spawn(self.clone().write_accepted(Arc::clone(&crew), to_write));
        drop(scribes);
        let fed = Box::pin(self.feed(&crew, rendered)).await;
        members.join_all().await;
        self.release(&crew).await;
        fed?;
        self.forget_old_attempts(&crew).await?;
        let domain_opens = locked(&crew.full_domains).values().min().copied();
        let domain_opens = domain_opens.map(|at| at.min(self.now().plus(OTHER_DOMAINS)));
        Ok(locked(&crew.wait).as_ref().map(|wait| wait.at).or(domain_opens))
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
