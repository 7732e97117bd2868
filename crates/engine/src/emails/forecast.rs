//! When waiting emails will go and why not sooner: derived when somebody looks, from `domain::forecast`.
//!
//! Nothing of it is stored. A row says from when on it may go by itself; what a channel's limits or a pause make of that is
//! foretold for all that waits for the channel, and kept for a moment, because lists ask again and again.

mod action;
mod kept;

use std::collections::{BTreeMap, HashMap};

use domain::{
    ChannelId, EmailId, Status, Timestamp, WorkspaceId,
    forecast::{Expected, Outlook, Stop, Waiting, forecast, full_domains, leaving},
    limits::Limits,
    reasons::{Wait, WaitReason},
    time::MINUTE,
    turns::Turns,
};
use store::{
    Tx,
    attempts::{self, Counted},
    channels::Channel,
    emails::{self, Listed},
};

pub use action::ActionForecast;
pub(crate) use kept::Forecasts;

use crate::{Engine, Result};

impl Engine {
    /// Why and until when each of `rows` waits; `None` for those that do not, or leave in a moment.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn waits(&self, rows: &[Listed]) -> Result<Vec<Option<Wait>>> {
        let mut by_channel: HashMap<(WorkspaceId, ChannelId), Vec<usize>> = HashMap::new();
        let mut expected: Vec<Option<Expected>> = vec![None; rows.len()];
        for (index, row) in rows.iter().enumerate() {
            let email = &row.email;
            if let (Status::Scheduled, Some(channel)) = (email.status, email.channel_id) {
                by_channel.entry((email.workspace_id, channel)).or_default().push(index);
            }
        }
        if !by_channel.is_empty() {
            let mut tx = self.db().read().await?;
            for ((workspace, channel), indices) in by_channel {
                let channel = store::channels::find(&mut tx, workspace, channel).await?;
                let asked: Vec<&Listed> = indices.iter().map(|&index| &rows[index]).collect();
                for (index, found) in indices.iter().zip(self.expect(&mut tx, &channel, &asked).await?) {
                    expected[*index] = found;
                }
            }
        }
        Ok(rows.iter().zip(expected).map(|(row, expected)| wait_of(row, expected, self.now())).collect())
    }

    /// Why and until when one email waits.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn wait(&self, row: &Listed) -> Result<Option<Wait>> {
        Ok(self.waits(std::slice::from_ref(row)).await?.pop().flatten())
    }

    /// What is expected of `rows`, which wait for `channel`; `None` where nothing can hold them.
    async fn expect(&self, tx: &mut Tx, channel: &Channel, rows: &[&Listed]) -> Result<Vec<Option<Expected>>> {
        let (limits, stop) = (channel.limits(), self.stop_of(channel));
        if limits.is_unlimited() && stop.is_none() {
            return Ok(vec![None; rows.len()]);
        }
        if let Some(found) = self.shared.forecasts.find(channel.id, &limits, stop, rows, self.now()) {
            if found.renew {
                tokio::spawn(self.clone().renew_forecast(channel.clone()));
            }
            return Ok(found.expected);
        }
        self.expect_anew(tx, channel, rows).await
    }

    /// Makes the next forecast of a channel while the old one serves.
    async fn renew_forecast(self, channel: Channel) {
        let made = async {
            let mut tx = self.db().read().await?;
            self.expect_anew(&mut tx, &channel, &[]).await
        };
        if let Err(error) = made.await {
            tracing::warn!(%error, channel = %channel.id, "a forecast could not be renewed");
        }
    }

    /// Makes a forecast for all that waits for `channel`, keeps it, and answers what it expects of `rows`.
    async fn expect_anew(&self, tx: &mut Tx, channel: &Channel, rows: &[&Listed]) -> Result<Vec<Option<Expected>>> {
        let (limits, stop) = (channel.limits(), self.stop_of(channel));
        let waiting =
            store::waiting::list(tx, channel.workspace_id, channel.id, !limits.domain_rules.is_empty()).await?;
        let expected = self.play(tx, channel, &limits, &waiting).await?;
        Ok(self.shared.forecasts.keep(channel.id, limits, stop, self.now(), &waiting, &expected, rows))
    }

    /// The forecast for everything in `waiting`.
    async fn play(
        &self,
        tx: &mut Tx,
        channel: &Channel,
        limits: &Limits,
        waiting: &[Waiting],
    ) -> Result<Vec<Expected>> {
        Ok(forecast(&self.outlook(tx, channel, limits, waiting).await?, waiting))
    }

    /// Which emails of `lanes` leave through the channel at this very moment, in order, `most` at the most, and whose turn is
    /// next. The recipient domains in `full` are known to take nothing before a moment that lies ahead; others that are found
    /// join them.
    pub(crate) async fn leaving(
        &self,
        tx: &mut Tx,
        channel: &Channel,
        lanes: &[emails::Waiting],
        most: u32,
        full: &mut BTreeMap<String, Timestamp>,
    ) -> Result<(Vec<EmailId>, Turns)> {
        let (workspace, limits) = (channel.workspace_id, channel.limits());
        loop {
            let names = full.keys().map(String::as_str);
            let waiting = store::waiting::due(tx, workspace, lanes, self.now(), names, u64::from(most)).await?;
            let outlook = self.outlook(tx, channel, &limits, &waiting).await?;
            let found = full_domains(&outlook, &waiting);
            if found.is_empty() {
                return Ok(leaving(&outlook, &waiting, most as usize));
            }
            // Behind their mail may stand some that leaves.
            full.extend(found);
        }
    }

    /// Everything that a forecast for `waiting` needs to know of their channel.
    async fn outlook<'a>(
        &self,
        tx: &mut Tx,
        channel: &Channel,
        limits: &'a Limits,
        waiting: &[Waiting],
    ) -> Result<Outlook<'a>> {
        let now = self.now();
        let whole = Counted { workspace: channel.workspace_id, channel: channel.id, domain: None };
        let recent = attempts::recent_for(tx, whole, limits, now, ahead(waiting.iter())).await?;
        let mut domains = BTreeMap::new();
        if !limits.domain_rules.is_empty() {
            let mut ahead: HashMap<&str, u32> = HashMap::new();
            for email in waiting {
                let ahead = ahead.entry(&email.domain).or_default();
                *ahead = ahead.saturating_add(email.recipients);
            }
            ahead.retain(|domain, _| limits.of_domain(domain).is_some());
            let names: Vec<&str> = ahead.keys().copied().collect();
            let after = counted_since(limits, now);
            for domain in attempts::attempted_domains(tx, channel.workspace_id, channel.id, &names, after).await? {
                if let (Some(own), Some(&ahead)) = (limits.of_domain(&domain), ahead.get(domain.as_str())) {
                    let counted = Counted { domain: Some(&domain), ..whole };
                    let recent = attempts::recent_for(tx, counted, &own, now, ahead).await?;
                    domains.insert(domain, recent);
                }
            }
        }
        let turns = self.turns_of(channel.id);
        Ok(Outlook { limits, recent, domains, turns, stop: self.stop_of(channel), now })
    }

    /// Why the channel sends nothing at all.
    fn stop_of(&self, channel: &Channel) -> Option<Stop> {
        if self.clock_jumped() {
            return Some(Stop { reason: WaitReason::ClockJumped, until: None });
        }
        let pause = channel.pause_at(self.now())?;
        Some(Stop { reason: WaitReason::ChannelPaused, until: pause.until })
    }
}

/// Attempts after this moment count for some limit of a recipient domain.
fn counted_since(limits: &Limits, now: Timestamp) -> Timestamp {
    limits.day_reset.day_began(now).min(now.plus(-MINUTE))
}

/// The transactions that emails cost together.
fn ahead<'a>(waiting: impl Iterator<Item = &'a Waiting>) -> u32 {
    waiting.fold(0u32, |sum, email| sum.saturating_add(email.recipients))
}

/// What a row says about its waiting, with what is expected of it.
fn wait_of(row: &Listed, expected: Option<Expected>, now: Timestamp) -> Option<Wait> {
    let email = &row.email;
    if email.status != Status::Scheduled {
        return None;
    }
    let own = email.wait_reason.unwrap_or(WaitReason::YourTime);
    let ahead = email.next_at.is_some_and(|at| at > now);
    let held = expected.and_then(|expected| Some((expected.held_by?, expected.at)));
    match held {
        // A channel may well go on before a time that lies ahead.
        Some((_, until)) if !(until.is_none() && own == WaitReason::YourTime && ahead) => {
            let (reason, until) = held?;
            let words = email.wait_text.clone().filter(|_| reason == WaitReason::ChannelPaused);
            Some(Wait { reason, until, server_text: words })
        }
        // What held it once holds it no more: it leaves in a moment.
        _ if !ahead && !is_its_own(own) => None,
        _ => Some(Wait { reason: own, until: email.next_at, server_text: email.wait_text.clone() }),
    }
}

/// Whether an email waits for this by itself, and not for its channel.
fn is_its_own(reason: WaitReason) -> bool {
    matches!(reason, WaitReason::UndoWindow | WaitReason::YourTime | WaitReason::ServerAsked | WaitReason::Unreachable)
}
