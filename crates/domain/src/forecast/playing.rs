//! Plays a limited channel through, from one moment at which something goes or opens to the next.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque},
};

use super::{Expected, Outlook, Waiting, waits::Waits};
use crate::{
    EmailId, Timestamp,
    limits::Windows,
    reasons::WaitReason,
    turns::{Lane, Turns},
};

/// The place of an email among all that wait, by the moment it may go and its id.
type Rank = usize;

/// A recipient domain with a rule, by its number; the first stands for all domains without one.
type DomainNumber = usize;

const WITHOUT_RULE: DomainNumber = 0;

pub(super) fn play(outlook: &Outlook<'_>, waiting: &[Waiting]) -> Vec<Expected> {
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    order.sort_unstable_by_key(|&index| (waiting[index].next_at, waiting[index].id));
    let mut future = Future::new(outlook, order.iter().map(|&index| &waiting[index]).collect());
    future.play();
    let mut expected = vec![Expected { at: None, held_by: None }; waiting.len()];
    for (rank, index) in order.into_iter().enumerate() {
        expected[index] = future.expected[rank];
    }
    expected
}

pub(super) fn first_moment(outlook: &Outlook<'_>, waiting: &[Waiting], most: usize) -> (Vec<EmailId>, Turns) {
    let mut due: Vec<&Waiting> = waiting.iter().filter(|email| email.next_at <= outlook.now).collect();
    due.sort_unstable_by_key(|email| (email.next_at, email.id));
    let mut future = Future::new(outlook, due);
    future.admit_due();
    while future.gone.len() < most
        && !future.lanes.is_empty()
        && future.channel.next(outlook.now) == Ok((outlook.now, None))
    {
        future.send_one();
    }
    let gone = future.gone.iter().map(|&rank| future.emails[rank].id).collect();
    (gone, future.turns)
}

struct Future<'a> {
    emails: Vec<&'a Waiting>,
    /// The number of each email's domain.
    domain_of: Vec<DomainNumber>,
    expected: Vec<Expected>,
    /// Those that have gone, in their order.
    gone: Vec<Rank>,
    /// The first email whose time has not come.
    next: Rank,
    began: Timestamp,
    now: Timestamp,
    channel: Windows,
    /// How long the channel stood still.
    waits: Waits,
    domains: Vec<Domain>,
    /// The domains that wait, by when they go on.
    closed: BinaryHeap<Reverse<(Timestamp, DomainNumber)>>,
    /// What is due in each lane for each domain.
    queues: HashMap<(Lane, DomainNumber), VecDeque<Rank>>,
    /// The lanes that have something to send, each with the first email of every domain that is not known to wait.
    lanes: BTreeMap<Lane, BTreeSet<(Rank, DomainNumber)>>,
    turns: Turns,
}

#[derive(Default)]
struct Domain {
    windows: Windows,
    waits: Waits,
    closed: bool,
    /// The lanes that have mail for it, and were stepped over.
    stepped_over: Vec<Lane>,
}

impl<'a> Future<'a> {
    fn new(outlook: &Outlook<'_>, emails: Vec<&'a Waiting>) -> Self {
        let mut domains = vec![Domain::default()];
        let mut numbers: HashMap<&str, DomainNumber> = HashMap::new();
        let has_rules = !outlook.limits.domain_rules.is_empty();
        let number = |email: &&'a Waiting| -> DomainNumber {
            if !has_rules {
                return WITHOUT_RULE;
            }
            *numbers.entry(&email.domain).or_insert_with(|| {
                let Some(own) = outlook.limits.of_domain(&email.domain) else { return WITHOUT_RULE };
                let recent = outlook.domains.get(&email.domain).cloned().unwrap_or_default();
                let windows = Windows::of_domain(&own, &recent, outlook.now);
                domains.push(Domain { windows, ..Domain::default() });
                domains.len() - 1
            })
        };
        let domain_of = emails.iter().map(number).collect();
        let mut future = Self {
            expected: vec![Expected { at: None, held_by: None }; emails.len()],
            domain_of,
            emails,
            gone: Vec::new(),
            next: 0,
            began: outlook.now,
            now: outlook.now,
            channel: Windows::of(outlook.limits, &outlook.recent, outlook.now),
            waits: Waits::default(),
            domains,
            closed: BinaryHeap::new(),
            queues: HashMap::new(),
            lanes: BTreeMap::new(),
            turns: outlook.turns,
        };
        if let Some((until, stop)) = outlook.stop.and_then(|stop| Some((stop.until?, stop))) {
            future.stand_still(until, stop.reason);
        }
        future
    }

    fn play(&mut self) {
        loop {
            self.open_domains();
            self.admit_due();
            if self.lanes.is_empty() {
                let Some(next) = self.next_moment() else { return self.give_up(WaitReason::LimitPerDomain) };
                self.now = next;
                continue;
            }
            match self.channel.next(self.now) {
                Err(never) => return self.give_up(never),
                Ok((until, Some(reason))) => self.stand_still(until, reason),
                Ok((_, None)) => self.send_one(),
            }
        }
    }

    fn stand_still(&mut self, until: Timestamp, reason: WaitReason) {
        if until > self.now {
            self.waits.note(self.now, until, reason);
            self.now = until;
        }
    }

    /// When there is something to do again: an email's time comes, or a domain goes on.
    fn next_moment(&self) -> Option<Timestamp> {
        let due = self.emails.get(self.next).map(|email| email.next_at);
        let opens = self.closed.peek().map(|Reverse((at, _))| *at);
        [due, opens].into_iter().flatten().min()
    }

    fn admit_due(&mut self) {
        while self.emails.get(self.next).is_some_and(|email| email.next_at <= self.now) {
            let (rank, lane, domain) = (self.next, self.emails[self.next].lane, self.domain_of[self.next]);
            let queue = self.queues.entry((lane, domain)).or_default();
            queue.push_back(rank);
            if queue.len() == 1 {
                self.offer(lane, rank, domain);
            }
            self.next += 1;
        }
    }

    fn open_domains(&mut self) {
        while let Some(Reverse((at, number))) = self.closed.peek().copied() {
            if at > self.now {
                break;
            }
            self.closed.pop();
            let domain = &mut self.domains[number];
            domain.closed = false;
            for lane in std::mem::take(&mut domain.stepped_over) {
                if let Some(&rank) = self.queues.get(&(lane, number)).and_then(VecDeque::front) {
                    self.offer(lane, rank, number);
                }
            }
        }
    }

    /// Puts the first email for a domain forward in its lane, unless the domain waits.
    fn offer(&mut self, lane: Lane, rank: Rank, domain: DomainNumber) {
        if self.domains[domain].closed {
            self.domains[domain].stepped_over.push(lane);
        } else {
            self.lanes.entry(lane).or_default().insert((rank, domain));
        }
    }

    /// Takes what a lane put forward out of it again.
    fn withdraw(&mut self, lane: Lane, offered: (Rank, DomainNumber)) {
        if let Some(first) = self.lanes.get_mut(&lane) {
            first.remove(&offered);
            if first.is_empty() {
                self.lanes.remove(&lane);
            }
        }
    }

    /// The lane whose turn it is sends its first email whose domain does not wait. A lane that has only others keeps its
    /// turn.
    fn send_one(&mut self) {
        let mut turns = self.turns;
        let Some(lane) = turns.next(&self.lanes) else { return };
        while let Some(&(rank, number)) = self.lanes.get(&lane).and_then(BTreeSet::first) {
            self.withdraw(lane, (rank, number));
            if self.may_go_to(number) {
                self.turns = turns;
                self.send(lane, rank, number);
                return;
            }
            self.domains[number].stepped_over.push(lane);
        }
    }

    /// Whether a domain takes one more now; if not, it is closed until it does.
    fn may_go_to(&mut self, number: DomainNumber) -> bool {
        let domain = &mut self.domains[number];
        if domain.closed {
            return false;
        }
        match domain.windows.next(self.now) {
            Ok((at, _)) if at <= self.now => return true,
            Ok((at, _)) => {
                domain.waits.note(self.now, at, WaitReason::LimitPerDomain);
                self.closed.push(Reverse((at, number)));
            }
            Err(_) => {}
        }
        domain.closed = true;
        false
    }

    fn send(&mut self, lane: Lane, rank: Rank, number: DomainNumber) {
        self.gone.push(rank);
        self.expected[rank] = Expected { at: Some(self.now), held_by: self.holder(rank, number) };
        self.domains[number].windows.spend(self.now);
        self.channel.spend(self.now);
        for _copy in 1..self.emails[rank].recipients {
            if let Ok((until, Some(reason))) = self.channel.next(self.now) {
                self.stand_still(until, reason);
            }
            self.channel.spend(self.now);
        }
        let next = self.queues.get_mut(&(lane, number)).and_then(|queue| {
            queue.pop_front();
            queue.front().copied()
        });
        if let Some(next) = next {
            self.offer(lane, next, number);
        }
    }

    /// What held an email longest since it might have gone by itself.
    fn holder(&self, rank: Rank, number: DomainNumber) -> Option<WaitReason> {
        let own = self.emails[rank].next_at.max(self.began);
        if self.now <= own {
            return None;
        }
        let held = [self.waits.longest_after(own), self.domains[number].waits.longest_after(own)];
        held.into_iter().flatten().max_by_key(|(length, _)| *length).map(|(_, reason)| reason)
    }

    /// Nothing of the rest ever goes: because of `reason`, or of its domain's own limit.
    fn give_up(&mut self, reason: WaitReason) {
        for (rank, expected) in self.expected.iter_mut().enumerate() {
            if expected.at.is_none() {
                let by_domain = self.domains[self.domain_of[rank]].closed;
                expected.held_by = Some(if by_domain { WaitReason::LimitPerDomain } else { reason });
            }
        }
    }
}
