//! Before the first byte of a transaction the ledger says *attempting*, durably, if the limits allow it at that very moment.

use std::{borrow::Cow, collections::HashMap};

use domain::{
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    limits::{allowance, domain_allowance},
};
use store::{Tx, events::Event, ledger::Beginning};
use tokio::sync::oneshot;

use super::{crew::Crew, prepare::Parcel, scribe::ToScribes};
use crate::{Engine, Result};

/// Somebody waits to hear whether he may begin.
pub(super) struct Asked {
    recipient: usize,
    answer: oneshot::Receiver<bool>,
    answered: Option<bool>,
}

impl Asked {
    /// Which recipient of `parcel` it is for; `None` when it must not begin.
    pub(super) async fn answered(self, parcel: &mut Parcel) -> Option<usize> {
        let may_begin = match self.answered {
            Some(answered) => answered,
            None => self.answer.await.unwrap_or(false),
        };
        if may_begin {
            parcel.turn = self.recipient + 1;
            Some(self.recipient)
        } else {
            parcel.recipients[self.recipient].outcome = Outcome::Waiting;
            None
        }
    }

    /// Which recipient it is for, if the ledger has said *attempting* by now.
    pub(super) fn granted(&mut self) -> Option<usize> {
        if self.answered.is_none() {
            self.answered = match self.answer.try_recv() {
                Ok(answered) => Some(answered),
                Err(oneshot::error::TryRecvError::Closed) => Some(false),
                Err(oneshot::error::TryRecvError::Empty) => None,
            };
        }
        (self.answered == Some(true)).then_some(self.recipient)
    }
}

impl Engine {
    /// Asks whether the transaction to the next recipient of `parcel` may begin; `None` when nobody is left.
    pub(super) fn ask(&self, crew: &Crew, scribes: &ToScribes, parcel: &mut Parcel) -> Option<Asked> {
        let recipient = parcel.next_recipient()?;
        let answer = scribes.begins(self.beginning(crew, parcel, recipient));
        Some(Asked { recipient, answer, answered: None })
    }

    /// Which recipient of `parcel` the transaction that begins now is for. `None` when it must not: nobody is left, a limit
    /// is reached, another node took the email back, or nothing can be written.
    pub(super) async fn begin(&self, crew: &Crew, scribes: &ToScribes, parcel: &mut Parcel) -> Option<usize> {
        self.ask(crew, scribes, parcel)?.answered(parcel).await
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
            send_number: parcel.send_number,
            channel_id: crew.channel.id,
            at,
            sent: parcel.sent.take(),
            event,
        }
    }

    /// Those of `beginnings` that the limits allow. The channel's row is locked until the transaction ends, so that no other
    /// node counts at the same time.
    pub(super) async fn allowed_now<'a>(
        &self,
        tx: &mut Tx,
        crew: &Crew,
        beginnings: &'a [&'a Beginning],
    ) -> Result<Cow<'a, [&'a Beginning]>> {
        let limits = crew.channel.limits();
        if limits.is_unlimited() || beginnings.is_empty() {
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
                allowed.push(*it);
            }
        }
        Ok(Cow::Owned(allowed))
    }
}
