//! Before the first byte of a transaction the ledger says *attempting*, durably: for all who are about to begin at once.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use domain::{
    EmailId,
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    limits::{allowance, domain_allowance},
};
use store::{Tx, events::Event, ledger::Beginning};
use tokio::sync::oneshot;

use super::{crew::Crew, prepare::Parcel};
use crate::{Engine, Result};

/// Those of a crew who wait to begin. The first of them writes for all who came while the one before was writing: one
/// commit for many, and nobody waits longer than for two.
#[derive(Default)]
pub(super) struct Beginnings {
    waiting: Mutex<Vec<Waiting>>,
    writing: tokio::sync::Mutex<()>,
}

struct Waiting {
    beginning: Beginning,
    answer: oneshot::Sender<bool>,
}

impl Beginnings {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Says that the transaction to the next recipient of `parcel` begins, and answers which recipient that is. `None`
    /// when it must not: nobody is left, a limit is reached, another node took the email back, or nothing can be written.
    pub(super) async fn begin(&self, crew: &Crew, parcel: &mut Parcel) -> Option<usize> {
        let next = parcel.next_recipient()?;
        let beginning = self.beginning(crew, parcel, next);
        if self.written(crew, beginning).await {
            parcel.turn = next + 1;
            Some(next)
        } else {
            parcel.recipients[next].outcome = Outcome::Waiting;
            None
        }
    }

    fn beginning(&self, crew: &Crew, parcel: &mut Parcel, next: usize) -> Beginning {
        let at = self.now();
        let recipient = &mut parcel.recipients[next];
        let is_to = recipient.kind == RecipientKind::To;
        recipient.outcome = Outcome::Attempting;
        recipient.attempted_at = Some(at);
        recipient.send_number = parcel.send_number;
        recipient.channel_id = Some(crew.channel.id);
        let event = is_to.then(|| Event {
            id: self.new_id(),
            email_id: parcel.email,
            at,
            kind: EventKind::Attempted,
            evidence: Evidence {
                channel: Some(crew.channel.name.clone()),
                recipient: Some(recipient.address.clone()),
                ..Evidence::default()
            },
        });
        Beginning {
            email_id: parcel.email,
            recipient_id: recipient.id,
            domain: if crew.channel.domain_rules.is_empty() {
                String::new()
            } else {
                domain::address::domain_of(&recipient.address)
            },
            is_to,
            send_number: parcel.send_number,
            channel_id: crew.channel.id,
            at,
            sent: parcel.message.sent.take(),
            event,
        }
    }

    async fn written(&self, crew: &Crew, beginning: Beginning) -> bool {
        let (answer, mut answered) = oneshot::channel();
        crew.beginnings.waiting().push(Waiting { beginning, answer });
        let turn = crew.beginnings.writing.lock().await;
        if let Ok(may_begin) = answered.try_recv() {
            return may_begin;
        }
        let all = std::mem::take(&mut *crew.beginnings.waiting());
        let (beginnings, answers): (Vec<Beginning>, Vec<_>) =
            all.into_iter().map(|it| (it.beginning, it.answer)).unzip();
        let begun = self.write(crew, &beginnings).await.unwrap_or_else(|error| {
            tracing::error!(%error, "nothing can be written; nothing begins");
            crew.close();
            HashSet::new()
        });
        for (beginning, answer) in beginnings.iter().zip(answers) {
            // Who does not wait any more need not know.
            let _ = answer.send(begun.contains(&beginning.email_id));
        }
        drop(turn);
        answered.await.unwrap_or(false)
    }

    /// Writes *attempting* for as many as the limits allow at this very moment, and answers which.
    async fn write(&self, crew: &Crew, beginnings: &[Beginning]) -> Result<HashSet<EmailId>> {
        let mut tx = self.db().begin().await?;
        let allowed = self.allowed_now(&mut tx, crew, beginnings).await?;
        let lost = store::ledger::begin(&mut tx, crew.workspace(), self.node(), &allowed).await?;
        tx.commit().await?;
        Ok(allowed.iter().map(|it| it.email_id).filter(|id| !lost.contains(id)).collect())
    }

    /// Those of `beginnings` that the limits allow. The channel's row is locked until the transaction ends, so that no other
    /// node counts at the same time.
    async fn allowed_now<'a>(
        &self,
        tx: &mut Tx,
        crew: &Crew,
        beginnings: &'a [Beginning],
    ) -> Result<Cow<'a, [Beginning]>> {
        let limits = crew.channel.limits();
        if limits.is_unlimited() {
            return Ok(Cow::Borrowed(beginnings));
        }
        let (workspace, channel) = (crew.workspace(), crew.channel.id);
        store::channels::lock(tx, workspace, channel).await?;
        let now = self.now();
        let recent = store::attempts::recent(tx, workspace, channel, &limits, now).await?;
        let mut left = allowance(&limits, &recent, now).now;
        let mut left_for: HashMap<&str, u32> = HashMap::new();
        let mut allowed = Vec::with_capacity(beginnings.len());
        for it in beginnings {
            let domain = it.domain.as_str();
            if !left_for.contains_key(domain) {
                let recent = store::attempts::recent_of_domain(tx, workspace, channel, &limits, domain, now).await?;
                left_for.insert(domain, domain_allowance(&limits, domain, &recent, now).now);
            }
            let left_for = left_for.entry(domain).or_default();
            if left == 0 {
                crew.close();
                break;
            }
            if *left_for > 0 {
                left -= 1;
                *left_for -= 1;
                allowed.push(it.clone());
            }
        }
        Ok(Cow::Owned(allowed))
    }
}
