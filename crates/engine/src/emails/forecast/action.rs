//! What an action that queues emails will lead to, before it is confirmed.

use std::collections::{BTreeMap, HashSet};

use domain::{
    ChannelId, EmailId, Timestamp,
    authorization::{Action, Actor},
    forecast::{Expected, Waiting},
    input::{Code, Invalid},
    ledger::Outcome,
    limits::Limits,
    reasons::WaitReason,
    turns::Lane,
};
use store::Tx;

use super::super::{
    actions::{ActionKind, is_bulk, queues, refuse_count, refuse_elsewhere, skip_reason},
    change,
    lists::Folder,
};
use crate::{Engine, Error, Result};

/// The most emails that are foretold together: several times as many as one action names, because a whole folder is done
/// in portions, and each of these would know nothing of the others.
const MAX_FORETOLD: usize = 10_000;

/// When the emails of an action would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionForecast {
    /// The emails that would be queued.
    pub count: u32,
    /// Those that the action would leave as they are.
    pub skipped: u32,
    /// When the last of them would go; `None` when one of them would not, or nothing would be queued.
    pub last_at: Option<Timestamp>,
    /// What holds that one; `None` when nothing does.
    pub reason: Option<WaitReason>,
    /// The figure of that limit, where it is one of the channel as a whole.
    pub limit: Option<u32>,
}

/// One of the emails, and what is known of the one that goes last.
struct Last {
    expected: Expected,
    limit: Option<u32>,
}

impl Engine {
    /// When the emails of `ids`, as far as they are in `folder`, would go if `kind` were done to them, which is
    /// [`ActionKind::SendNow`], [`ActionKind::Retry`] or [`ActionKind::Reschedule`]. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::Invalid`] as the action itself, and for one that queues nothing.
    pub async fn forecast_action(
        &self,
        actor: &Actor,
        folder: Option<Folder>,
        kind: ActionKind,
        ids: &[EmailId],
        at: Option<Timestamp>,
    ) -> Result<ActionForecast> {
        self.allow(actor, Action::Change { owner: actor.seen_user() })?;
        refuse_count(ids, MAX_FORETOLD)?;
        let mut tx = self.db().read().await?;
        let (due, _) =
            self.due_of(&mut tx, actor, kind, at).await?.ok_or_else(|| Invalid::new("action", Code::Unknown))?;
        let mut by_channel: BTreeMap<Option<ChannelId>, Vec<Waiting>> = BTreeMap::new();
        let (mut count, mut skipped) = (0, 0);
        let bulk = is_bulk(ids);
        for id in ids.iter().copied().collect::<HashSet<_>>() {
            match self.queued(&mut tx, actor, (folder, kind), id, due, bulk).await {
                Ok((channel, waiting)) => {
                    by_channel.entry(channel).or_default().push(waiting);
                    count += 1;
                }
                Err(error) => {
                    skip_reason(error)?;
                    skipped += 1;
                }
            }
        }
        let mut last: Option<Last> = None;
        for (channel, planned) in by_channel {
            for candidate in self.foretell(&mut tx, actor, channel, planned).await? {
                // What never goes is later than anything that does.
                let rank = |last: &Last| last.expected.at.map_or(i64::MAX, |at| at.0);
                if last.as_ref().is_none_or(|last| rank(&candidate) > rank(last)) {
                    last = Some(candidate);
                }
            }
        }
        Ok(ActionForecast {
            count,
            skipped,
            last_at: last.as_ref().and_then(|last| last.expected.at),
            reason: last.as_ref().and_then(|last| last.expected.held_by),
            limit: last.and_then(|last| last.limit),
        })
    }

    /// The email as it would wait after the action, and for which channel.
    async fn queued(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (folder, kind): (Option<Folder>, ActionKind),
        id: EmailId,
        due: Timestamp,
        bulk: bool,
    ) -> Result<(Option<ChannelId>, Waiting)> {
        let email = change::changeable(self, tx, actor, id).await?;
        refuse_elsewhere(folder, &email)?;
        if !queues(kind, email.status) {
            return Err(Error::Conflict("not_allowed_here"));
        }
        let channel = if kind == ActionKind::Retry { self.channel_again(tx, &email).await? } else { email.channel_id };
        let recipients = store::recipients::list(tx, actor.workspace, id).await?;
        let open = recipients.iter().filter(|recipient| recipient.outcome != Outcome::Accepted).count();
        let waiting = Waiting {
            id,
            lane: Lane { owner: email.owner_id, bulk },
            next_at: due,
            domain: email.to_address.as_deref().map(domain::address::domain_of).unwrap_or_default(),
            recipients: u32::try_from(open).unwrap_or(u32::MAX),
        };
        Ok((channel, waiting))
    }

    /// What is expected of `planned` beside everything that waits for their channel already.
    async fn foretell(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        channel: Option<ChannelId>,
        planned: Vec<Waiting>,
    ) -> Result<Vec<Last>> {
        let Some(channel) = channel else {
            let at_once = |email: &Waiting| Expected { at: Some(email.next_at), held_by: None };
            return Ok(planned.iter().map(|email| Last { expected: at_once(email), limit: None }).collect());
        };
        let channel = store::channels::find(tx, actor.workspace, channel).await?;
        let limits = channel.limits();
        let own: HashSet<EmailId> = planned.iter().map(|email| email.id).collect();
        let mut waiting = planned;
        if !limits.is_unlimited() {
            let others = store::waiting::list(tx, actor.workspace, channel.id, !limits.domain_rules.is_empty()).await?;
            waiting.extend(others.into_iter().filter(|email| !own.contains(&email.id)));
        }
        let expected = self.play(tx, &channel, &limits, &waiting).await?;
        let planned = waiting.iter().zip(expected).filter(|(email, _)| own.contains(&email.id));
        let with_limit = |(_, expected): (_, Expected)| Last {
            limit: expected.held_by.and_then(|reason| figure(&limits, reason)),
            expected,
        };
        Ok(planned.map(with_limit).collect())
    }
}

/// The figure of the limit that is `reason`, where it is one of the channel as a whole.
fn figure(limits: &Limits, reason: WaitReason) -> Option<u32> {
    match reason {
        WaitReason::LimitPerMinute => limits.per_minute,
        WaitReason::LimitPerDay => limits.per_day,
        WaitReason::BatchPause => limits.batch_size,
        _ => None,
    }
}
