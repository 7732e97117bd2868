//! Entering a tracking host, leaving it and removing it.

use domain::{
    EmailAddress,
    authorization::{Action, Actor},
    input::{Code, Invalid},
};
use mail::tracking_host::name_and_port;
use store::{
    Tx,
    tracking_domains::{self, TrackingDomain},
};

use super::TrackingDomainView;
use crate::{
    Engine, Result,
    accounts::audit::{AuditAction, Target},
};

impl Engine {
    /// Enters the host that links are to lead to. New mail uses it once it is switched on.
    ///
    /// # Errors
    /// [`crate::Error::Denied`], [`crate::Error::Invalid`].
    pub async fn enter_tracking_domain(&self, actor: &Actor, host: &str) -> Result<TrackingDomainView> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let host = self.checked_host(host)?;
        let mut tx = self.db().begin().await?;
        let before = tracking_domains::find(&mut tx, actor.workspace).await?;
        if before.as_ref().is_none_or(|before| before.host != host) {
            keep_links_working(&mut tx, before.as_ref()).await?;
            let entered = TrackingDomain {
                workspace_id: actor.workspace,
                host,
                created_at: self.now(),
                active_since: None,
                checked_at: None,
                failing_since: None,
                problem: None,
                problem_text: None,
                certificate_begins_at: None,
                certificate_ends_at: None,
            };
            tracking_domains::save(&mut tx, &entered).await?;
            let (before, after) = (before.map(|before| before.host.into()), Some(entered.host.into()));
            let target = Target::Workspace(actor.workspace);
            self.record(&mut tx, actor, AuditAction::TrackingDomainChanged, target, before, after).await?;
        }
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        self.tracking_domain(actor).await
    }

    /// Uses the default host for new mail again. Links that were sent go on working.
    ///
    /// # Errors
    /// [`crate::Error::Denied`]; [`crate::Error::NotFound`] when there is none.
    pub async fn deactivate_tracking_domain(&self, actor: &Actor) -> Result<TrackingDomainView> {
        let before = self.tracking_domain_to_change(actor).await?;
        let after = TrackingDomain { active_since: None, failing_since: None, ..before };
        let mut tx = self.db().begin().await?;
        tracking_domains::keep_check(&mut tx, &after).await?;
        let (target, said) = (Target::Workspace(actor.workspace), Some(after.host.into()));
        self.record(&mut tx, actor, AuditAction::TrackingDomainDeactivated, target, None, said).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        self.tracking_domain(actor).await
    }

    /// Removes the host. Links that were sent go on working for as long as its name leads here.
    ///
    /// # Errors
    /// [`crate::Error::Denied`]; [`crate::Error::NotFound`] when there is none.
    pub async fn remove_tracking_domain(&self, actor: &Actor) -> Result<()> {
        let before = self.tracking_domain_to_change(actor).await?;
        let mut tx = self.db().begin().await?;
        keep_links_working(&mut tx, Some(&before)).await?;
        tracking_domains::delete(&mut tx, actor.workspace).await?;
        let (target, said) = (Target::Workspace(actor.workspace), Some(before.host.into()));
        self.record(&mut tx, actor, AuditAction::TrackingDomainRemoved, target, said, None).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        Ok(())
    }

    /// A host name, perhaps with a port, that is not already ours for something else.
    fn checked_host(&self, said: &str) -> Result<String> {
        let not_a_host = || Invalid::new("host", Code::NotAHost);
        let said = said.trim().trim_end_matches('/').to_lowercase();
        let said = said.strip_prefix("https://").unwrap_or(&said);
        let (name, port) = name_and_port(said);
        let ascii = mail::address::with_ascii_domain(&format!("x@{}", name.trim_end_matches('.'))).into_owned();
        EmailAddress::parse("host", &ascii).map_err(|_| not_a_host())?;
        let name = ascii.trim_start_matches("x@");
        let ours = [&self.settings().public_url, &self.settings().tracking_url];
        let is_ours = |url: &&String| url::Url::parse(url).is_ok_and(|url| url.host_str() == Some(name));
        if !name.contains('.') || name.parse::<std::net::IpAddr>().is_ok() || ours.iter().any(is_ours) {
            return Err(not_a_host().into());
        }
        Ok(if port == 443 { name.to_owned() } else { format!("{name}:{port}") })
    }
}

/// A host that mail was sent with goes on serving tracking and nothing else.
async fn keep_links_working(tx: &mut Tx, before: Option<&TrackingDomain>) -> Result<()> {
    if let Some(before) = before {
        tracking_domains::keep_former(tx, before.workspace_id, &before.host).await?;
    }
    Ok(())
}
