//! All visits of the past once more, by today's rules and lists.

use std::collections::HashMap;

use domain::{
    EmailId, WorkspaceId,
    engagement::{self, Announced, Context, Own, Request, Revision, Why, judge_together},
};
use store::{Tx, emails::Email, visits, visits::Visit};

use super::settle::first_said;
use crate::{Engine, Result};

impl Engine {
    /// Judges all visits to `emails` anew, and answers of how many something else is said now. What nothing is known of any
    /// more keeps its verdict.
    pub(crate) async fn rejudge_visits(&self, tx: &mut Tx, workspace: WorkspaceId, emails: &[Email]) -> Result<u64> {
        let ids: Vec<EmailId> = emails.iter().map(|email| email.id).collect();
        let replies: HashMap<_, _> = visits::first_replies(tx, workspace, &ids).await?.into_iter().collect();
        let mut revised = 0;
        for email in emails.iter().filter(|email| email.sent_at.is_some()) {
            let visits = visits::list(tx, workspace, email.id).await?;
            let first: Vec<_> = visits.iter().map(|visit| self.judge_today(visit, email)).collect();
            let context = Context { sent_at: email.sent_at, replied_at: replies.get(&email.id).copied() };
            let changed: Vec<(&Visit, Revision)> = visits
                .iter()
                .zip(judge_together(&first, context))
                .filter(|(visit, now)| (visit.verdict, visit.why) != (now.verdict, now.why))
                .collect();
            revised += changed.len() as u64;
            self.record_revisions(tx, workspace, email.id, &changed).await?;
        }
        Ok(revised)
    }

    /// What today's rules say of one visit by itself.
    fn judge_today(&self, visit: &Visit, email: &Email) -> engagement::Visit {
        let mut first = first_said(visit);
        let client = &first.client;
        if client.ip.is_none() && client.user_agent.is_none() {
            return first;
        }
        let source = client.ip.map(|ip| self.networks().look_up(ip).source).unwrap_or_default();
        (first.verdict, first.why) = engagement::judge(&Request {
            click: visit.link.is_some(),
            user_agent: client.user_agent.as_deref(),
            announced: announced(visit.first_why),
            own: own(visit.first_why),
            source,
            since_sent: email.sent_at.map(|sent| visit.at.since(sent)),
        });
        first
    }
}

/// What is kept of the request's headers is the reason they gave.
fn announced(why: Why) -> Option<Announced> {
    match why {
        Why::Prefetch => Some(Announced::Prefetch),
        Why::HeadRequest => Some(Announced::Head),
        _ => None,
    }
}

fn own(why: Why) -> Option<Own> {
    match why {
        Why::SignedIn => Some(Own::SignedIn),
        Why::SenderAddress => Some(Own::Address),
        _ => None,
    }
}
