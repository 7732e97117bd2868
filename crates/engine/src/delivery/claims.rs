//! Claims: which emails of a channel are next, in turns, taken for this node.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Mutex,
};

use domain::{
    ChannelId, Timestamp,
    limits::allowance,
    time::MILLISECOND,
    turns::{Lane, Turns},
};
use store::{
    Tx,
    emails::{Claimed, Waiting},
    folder_counts::Moves,
};

use super::crew::{Crew, locked};
use crate::{Engine, Result};

/// Emails claimed that have not begun, at most.
const STOCK: u32 = 288;

/// The same for each connection: what comes later does not wait long behind them.
const STOCK_EACH: u32 = 36;

/// How long a look at the queue serves, in microseconds: how late mail of another node may be noticed.
const LOOK: i64 = 500 * MILLISECOND;

/// So many, or a multiple of it, are claimed at once: few different statements ask for what belongs to them.
const STEP: u32 = 16;

impl Engine {
    /// As many due emails as the limits allow, in turns; none when nothing more should begin.
    pub(super) async fn claim(&self, crew: &Crew, queue: &mut Seen) -> Result<Vec<Claimed>> {
        let connections = crew.channel.connections;
        let in_turns = crew.channel.domain_rules.is_empty();
        crew.until_unbegun(if in_turns { stock(connections) - least(connections) } else { 0 }).await;
        if crew.is_closed() {
            return Ok(Vec::new());
        }
        let claimed = if in_turns {
            self.claim_in_turns(crew, queue).await?
        } else {
            self.claim_what_leaves(crew, queue).await?
        };
        crew.has_claimed(claimed.len());
        Ok(claimed)
    }

    /// Where recipient domains have limits of their own, the forecast says who leaves now. It counts what has begun, so
    /// everything claimed before has begun when this is asked.
    async fn claim_what_leaves(&self, crew: &Crew, queue: &mut Seen) -> Result<Vec<Claimed>> {
        let now = self.now();
        let mut full = std::mem::take(&mut *locked(&crew.full_domains));
        full.retain(|_, until| *until > now);
        let mut tx = self.db().read().await?;
        let most = least(crew.channel.connections);
        let (mut leaving, mut turns) = (Vec::new(), self.turns_of(crew.channel.id));
        if queue.is_recent(now, self.shared.channels.changes()) {
            (leaving, turns) = self.leaving(&mut tx, &crew.channel, &queue.due(now), most, &mut full).await?;
        }
        // Where nothing leaves of what was seen, something may have come.
        if leaving.is_empty() {
            *queue = self.look_at_lanes(&mut tx, crew).await?;
            (leaving, turns) = self.leaving(&mut tx, &crew.channel, &queue.due(now), most, &mut full).await?;
        }
        drop(tx);
        *locked(&crew.full_domains) = full;
        let mut tx = self.db().begin().await?;
        let claimed = store::emails::claim_these(&mut tx, crew.workspace(), self.node(), &leaving).await?;
        tx.commit().await?;
        self.shared.turns.keep(crew.channel.id, turns);
        Ok(claimed)
    }

    /// One email of each lane after the other. Nobody waits until that is on the disk: what begins of it is written later, and
    /// the disk keeps the order.
    async fn claim_in_turns(&self, crew: &Crew, queue: &mut Seen) -> Result<Vec<Claimed>> {
        let mut tx = self.db().begin().await?;
        let mut claimed = BTreeMap::new();
        if queue.is_recent(self.now(), self.shared.channels.changes()) {
            claimed = self.claim_of_lanes(&mut tx, crew, queue).await?;
        }
        // Where nothing is left of what was seen, something may have come.
        if claimed.is_empty() {
            *queue = self.look_at_lanes(&mut tx, crew).await?;
            claimed = self.claim_of_lanes(&mut tx, crew, queue).await?;
        }
        let _ = tx.commit_early().await?;
        Ok(self.shared.turns.take(crew.channel.id, claimed))
    }

    async fn look_at_lanes(&self, tx: &mut Tx, crew: &Crew) -> Result<Seen> {
        // Asked before the queue: what changes in between is looked at again.
        let at = Some((self.now(), self.shared.channels.changes()));
        let lanes = store::emails::lanes(tx, crew.workspace()).await?;
        let lanes = lanes.into_iter().filter(|it| it.channel_id == crew.channel.id).map(|it| (it.lane(), it));
        Ok(Seen { lanes: lanes.collect(), at })
    }

    /// A share of what is due in each lane.
    async fn claim_of_lanes(
        &self,
        tx: &mut Tx,
        crew: &Crew,
        queue: &mut Seen,
    ) -> Result<BTreeMap<Lane, VecDeque<Claimed>>> {
        let now = self.now();
        let (workspace, channel) = (crew.workspace(), &crew.channel);
        let limits = channel.limits();
        // Read before the ledger: what begins in between counts twice, and not not at all.
        let unbegun = crew.unbegun();
        let recent = store::attempts::recent(tx, workspace, channel.id, &limits, now).await?;
        let allowed = allowance(&limits, &recent, now).now.saturating_sub(unbegun);
        let due: BTreeMap<Lane, Waiting> = queue.due(now).into_iter().map(|it| (it.lane(), it)).collect();
        let mut shares: BTreeMap<Lane, u64> = BTreeMap::new();
        let mut turns = self.turns_of(channel.id);
        for _ in 0..allowed.min(size(channel.connections, unbegun)) {
            if let Some(lane) = turns.next(&due) {
                *shares.entry(lane).or_default() += 1;
            }
        }
        let (mut claimed, mut moves) = (BTreeMap::new(), Moves::default());
        for (lane, share) in shares {
            let some = store::emails::claim(tx, workspace, &due[&lane], self.node(), now, share, &mut moves).await?;
            queue.goes_on_after(lane, &some, share);
            if !some.is_empty() {
                claimed.insert(lane, VecDeque::from(some));
            }
        }
        moves.save(tx, workspace).await?;
        Ok(claimed)
    }

    /// Whose turn is next on a channel.
    pub(crate) fn turns_of(&self, channel: ChannelId) -> Turns {
        locked(&self.shared.turns.0).get(&channel).copied().unwrap_or_default()
    }
}

/// How many claimed emails may wait to begin.
fn stock(connections: u32) -> u32 {
    STOCK.min(STOCK_EACH.saturating_mul(connections.max(1)))
}

/// How many are claimed at once when servers are slow.
pub(super) fn least(connections: u32) -> u32 {
    stock(connections) / 6
}

/// How many are claimed at once when so many have not begun: the more, the quicker the stock went.
fn size(connections: u32, unbegun: u32) -> u32 {
    let room = stock(connections).saturating_sub(unbegun).min(2 * least(connections));
    if room < STEP { room } else { room - room % STEP }
}

/// The lanes of a channel as they were seen last, and where each goes on. Not every claim takes a look: on `PostgreSQL` a look
/// walks over everything that has left since the table was vacuumed, and so would a claim that began at the beginning.
#[derive(Default)]
pub(super) struct Seen {
    lanes: BTreeMap<Lane, Waiting>,
    /// When that was, and how often something had changed until then; `None` when it must be looked at again.
    at: Option<(Timestamp, u64)>,
}

impl Seen {
    /// Whether nothing that this process did has changed it since, and little that others did.
    fn is_recent(&self, now: Timestamp, changes: u64) -> bool {
        self.at.is_some_and(|(at, then)| then == changes && (at..at.plus(LOOK)).contains(&now))
    }

    /// The lanes with mail that is due.
    fn due(&self, now: Timestamp) -> Vec<Waiting> {
        self.lanes.values().filter(|it| it.next_at <= now).copied().collect()
    }

    /// Of `share` emails that were wanted of a lane, these were there.
    fn goes_on_after(&mut self, lane: Lane, claimed: &[Claimed], share: u64) {
        let last = claimed.last().filter(|_| claimed.len() as u64 == share);
        match (self.lanes.get_mut(&lane), last.and_then(|last| Some((last.next_at?, last.id)))) {
            (Some(waiting), Some(last)) => (waiting.next_at, waiting.id) = last,
            _ => self.at = None,
        }
    }
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
    fn take(&self, channel: ChannelId, mut lanes: BTreeMap<Lane, VecDeque<Claimed>>) -> Vec<Claimed> {
        let mut kept = locked(&self.0);
        let turns = kept.entry(channel).or_default();
        let mut taken = Vec::new();
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
    use domain::{EmailId, UserId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_look_serves_for_a_while_unless_something_changes_or_the_clock_is_set_back() {
        let look = Seen { lanes: BTreeMap::new(), at: Some((Timestamp(1000), 7)) };
        let recent = [(1000, 7), (1000 + LOOK - 1, 7), (1000 + LOOK, 7), (999, 7), (1000, 8)]
            .map(|(now, changes)| look.is_recent(Timestamp(now), changes));
        assert_eq!(recent, [true, true, false, false, false]);
        assert!(!Seen::default().is_recent(Timestamp(0), 0));
    }

    #[test]
    fn a_lane_goes_on_where_the_claim_ended_and_is_looked_at_again_when_it_had_too_little() {
        let waiting = Waiting {
            channel_id: ChannelId(Uuid::nil()),
            owner_id: UserId(Uuid::nil()),
            bulk: true,
            next_at: Timestamp(5),
            id: EmailId(Uuid::from_u128(5)),
        };
        let claimed = |n| Claimed {
            workspace_id: domain::WorkspaceId(Uuid::nil()),
            id: EmailId(Uuid::from_u128(n)),
            owner_id: waiting.owner_id,
            person_id: None,
            to_address: None,
            identity_id: None,
            channel_id: Some(waiting.channel_id),
            snippet: String::new(),
            tracked: true,
            follow_up_of: None,
            send_number: 1,
            attempts: 0,
            next_at: Some(Timestamp(6)),
        };
        let mut queue = Seen { lanes: BTreeMap::from([(waiting.lane(), waiting)]), at: Some((Timestamp(6), 0)) };
        assert_eq!(queue.due(Timestamp(4)).len(), 0);
        queue.goes_on_after(waiting.lane(), &[claimed(7), claimed(8)], 2);
        let next = queue.due(Timestamp(6)).iter().map(|it| (it.next_at, it.id)).collect::<Vec<_>>();
        assert_eq!(next, [(Timestamp(6), EmailId(Uuid::from_u128(8)))]);
        assert!(queue.is_recent(Timestamp(6), 0));
        queue.goes_on_after(waiting.lane(), &[claimed(9)], 2);
        assert!(!queue.is_recent(Timestamp(6), 0));
    }

    #[test]
    fn few_connections_claim_little() {
        assert_eq!([0, 1, 2, 4, 20, u32::MAX].map(stock), [36, 36, 72, 144, 288, 288]);
        assert_eq!([1, 2, 4, 20].map(least), [6, 12, 24, 48]);
    }

    #[test]
    fn the_quicker_the_stock_went_the_more_is_claimed() {
        assert_eq!([240, 230, 200, 192, 0].map(|unbegun| size(20, unbegun)), [48, 48, 80, 96, 96]);
        assert_eq!([30, 24, 0].map(|unbegun| size(1, unbegun)), [6, 12, 12]);
        assert_eq!([288, 500].map(|unbegun| size(20, unbegun)), [0, 0]);
    }
}
