//! Asking DNS about a sending domain, and judging the answers.

use std::time::Duration;

use domain::{
    ChannelId, Timestamp, WorkspaceId,
    authorization::Actor,
    deliverability::{Answer, Case, Dns, Relay, Report, record_state},
};
use store::dkim_keys::DkimKey;
use tokio::task::JoinSet;

use super::{checked_domain, own_key};
use crate::{Engine, Result};

/// How long a check may take. What has not been answered by then is unknown.
const LONGEST: Duration = Duration::from_secs(25);

/// What a check came to.
#[derive(Debug, Clone)]
pub struct DomainCheck {
    /// The domain of the return address, where it is not the one that was asked about: SPF is looked for there.
    pub return_domain: Option<String>,
    /// What was found.
    pub report: Report,
    /// When.
    pub at: Timestamp,
}

impl Engine {
    /// Looks at what DNS says about mail of `domain` through `channel`.
    ///
    /// # Errors
    /// [`crate::Error::Denied`], [`crate::Error::NotFound`], [`crate::Error::Invalid`].
    pub async fn check_sending_domain(&self, actor: &Actor, channel: ChannelId, domain: &str) -> Result<DomainCheck> {
        let mut tx = self.db().read().await?;
        let channel = self.channel_of_domain(&mut tx, actor, channel).await?;
        let domain = checked_domain(domain)?;
        let keys = store::dkim_keys::list(&mut tx, actor.workspace).await?;
        let returns = store::feedback::find(&mut tx, actor.workspace, channel.id).await?.return_domain;
        drop(tx);
        let keys: Vec<DkimKey> = keys
            .into_iter()
            .filter(|key| key.channel_id == channel.id && key.domain == domain && key.replaced_at.is_none())
            .collect();
        let case = Case {
            envelope_domain: returns.unwrap_or_else(|| domain.clone()),
            from_domain: domain,
            relay: Relay::of_host(&channel.host),
            keys: keys.iter().map(own_key).collect(),
        };
        let dns = self.ask_dns(&case).await;
        self.keep_record_states(actor.workspace, &keys, &dns).await?;
        let report = case.judge(&dns);
        let return_domain = Some(case.envelope_domain).filter(|domain| *domain != case.from_domain);
        Ok(DomainCheck { return_domain, report, at: self.now() })
    }

    /// Everything that the case has to know.
    async fn ask_dns(&self, case: &Case) -> Dns {
        let mut dns = Dns::default();
        // Judging goes on with what there is: what was not answered in time is unknown.
        let _ = tokio::time::timeout(LONGEST, self.fill_dns(case, &mut dns)).await;
        dns
    }

    async fn fill_dns(&self, case: &Case, dns: &mut Dns) {
        for domain in case.mail_domains() {
            let mx = self.dns().mx(domain).await;
            if mx == Answer::Nothing && !self.dns().addresses(domain).await.records().is_empty() {
                dns.with_address.insert(domain.to_owned());
            }
            dns.mx.insert(domain.to_owned(), mx);
        }
        loop {
            let questions = case.questions(dns);
            if questions.is_empty() {
                return;
            }
            let mut asked = JoinSet::new();
            for name in questions {
                let engine = self.clone();
                asked.spawn(async move { (engine.dns().txt(&name).await, name) });
            }
            while let Some(answered) = asked.join_next().await {
                if let Ok((answer, name)) = answered {
                    dns.txt.insert(name, answer);
                }
            }
        }
    }

    /// Keeps with each key what is published for it.
    async fn keep_record_states(&self, workspace: WorkspaceId, keys: &[DkimKey], dns: &Dns) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        for key in keys {
            let own = own_key(key);
            let answer = dns.txt.get(&own.name(&key.domain)).unwrap_or(&Answer::Unknown);
            store::dkim_keys::keep_check(&mut tx, key, record_state(&own, answer), self.now()).await?;
        }
        tx.commit().await?;
        self.tell_domains(workspace);
        Ok(())
    }
}
