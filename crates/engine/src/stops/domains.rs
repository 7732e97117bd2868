//! Blocked domains: nobody in the workspace writes there, whatever the email is for.

use domain::{
    Status, Timestamp, UserId, WorkspaceId,
    address::{EmailAddress, readable_domain, spellings},
    authorization::{Action, Actor},
    input::{Code, Invalid},
    reasons::FailureReason,
};
use serde_json::json;

use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

/// What came of blocking a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainBlocked {
    /// The domain as it was understood, in lower case and as people read it.
    pub domain: String,
    /// How many emails waited for it and failed.
    pub failed: usize,
}

/// How many emails fail in one transaction.
const BATCH: usize = 200;

/// A blocked domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedDomain {
    /// The domain, in lower case.
    pub domain: String,
    /// Who blocked it, by id and name.
    pub by: (UserId, String),
    /// When.
    pub at: Timestamp,
}

impl Engine {
    /// The blocked domains, by name.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn blocked_domains(&self, actor: &Actor) -> Result<Vec<BlockedDomain>> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().read().await?;
        let members = store::members::list(&mut tx, actor.workspace).await?;
        let name = |user: UserId| members.iter().find(|it| it.user_id == user).map(|it| it.name.clone());
        let found = store::blocked_domains::list(&mut tx, actor.workspace).await?;
        Ok(found
            .into_iter()
            .map(|it| BlockedDomain {
                by: (it.by_user, name(it.by_user).unwrap_or_default()),
                domain: it.domain,
                at: it.at,
            })
            .collect())
    }

    /// Blocks a domain and everything below it, and fails what waits for it. What leaves right now asks again before its
    /// first byte.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no domain; [`Error::Denied`].
    pub async fn block_domain(&self, actor: &Actor, domain: &str) -> Result<DomainBlocked> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let domain = domain_name(domain)?;
        let mut tx = self.db().begin().await?;
        let blocked =
            store::blocked_domains::BlockedDomain { domain: domain.clone(), by_user: actor.user, at: self.now() };
        let known = store::blocked_domains::list(&mut tx, actor.workspace).await?;
        let is_known = known.iter().any(|it| spellings(&domain).contains(&it.domain));
        if !is_known && store::blocked_domains::insert(&mut tx, actor.workspace, &blocked).await? {
            let (target, after) = (Target::Workspace(actor.workspace), Some(json!({ "domain": domain })));
            self.record(&mut tx, actor, AuditAction::DomainBlocked, target, None, after).await?;
        }
        tx.commit().await?;
        self.tell_stops(actor.workspace);
        let failed = self.fail_waiting_of_domain(actor.workspace, &domain).await?;
        Ok(DomainBlocked { domain, failed })
    }

    /// Batch by batch, so that everybody else gets to the store in between. If it is cut off, what is left fails at its turn.
    async fn fail_waiting_of_domain(&self, workspace: WorkspaceId, domain: &str) -> Result<usize> {
        let mut tx = self.db().read().await?;
        let mut waiting = Vec::new();
        for domain in spellings(domain) {
            waiting.extend(store::emails::waiting_of_domain(&mut tx, workspace, &domain).await?);
        }
        drop(tx);
        let mut failed = 0;
        for batch in waiting.chunks(BATCH) {
            let mut tx = self.db().begin().await?;
            let mut told = Vec::with_capacity(batch.len());
            for &id in batch {
                let email = store::emails::find(&mut tx, workspace, id).await?;
                if email.status == Status::Scheduled
                    && self.fail_waiting(&mut tx, &email, FailureReason::BlockedDomain).await?
                {
                    told.push((email.owner_id, id));
                }
            }
            tx.commit().await?;
            failed += told.len();
            self.tell_of(workspace, told);
        }
        Ok(failed)
    }

    /// Unblocks a domain, however it is spelled. What failed because of it stays failed: whoever wrote it retries it, or not.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn unblock_domain(&self, actor: &Actor, domain: &str) -> Result<()> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let spelled = spellings(domain);
        let mut tx = self.db().begin().await?;
        let known = store::blocked_domains::list(&mut tx, actor.workspace).await?;
        let blocked: Vec<_> = known.into_iter().map(|it| it.domain).filter(|it| spelled.contains(it)).collect();
        if blocked.is_empty() {
            return Err(Error::NotFound);
        }
        for domain in &blocked {
            store::blocked_domains::delete(&mut tx, actor.workspace, domain).await?;
        }
        let before = Some(json!({ "domain": readable_domain(domain) }));
        let target = Target::Workspace(actor.workspace);
        self.record(&mut tx, actor, AuditAction::DomainUnblocked, target, before, None).await?;
        tx.commit().await?;
        self.tell_stops(actor.workspace);
        Ok(())
    }
}

/// `https://Rival.example/contact`, `@rival.example` and `rival.example` all mean the same.
fn domain_name(text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let authority = text.split(['/', '?', '#']).next().unwrap_or(text);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let domain = host.split(':').next().unwrap_or(host).trim_end_matches('.');
    let not_a_domain = || Error::from(Invalid::new("domain", Code::NotAHost));
    if !domain.contains('.') {
        return Err(not_a_domain());
    }
    EmailAddress::parse("domain", &format!("x@{domain}")).map_err(|_| not_a_domain())?;
    Ok(readable_domain(domain))
}

#[cfg(test)]
mod tests {
    use super::domain_name;

    #[test]
    fn a_domain_is_understood_however_it_is_pasted() {
        for text in [
            "rival.example",
            " Rival.Example. ",
            "@rival.example",
            "https://rival.example:8443/contact?a@b",
            "a@rival.example",
        ] {
            assert_eq!(domain_name(text).unwrap(), "rival.example", "{text}");
        }
        for text in ["Bücher.example", "https://xn--bcher-kva.example/"] {
            assert_eq!(domain_name(text).unwrap(), "bücher.example", "{text}");
        }
        for text in ["", "example", "rival example.com", "..", "https://"] {
            assert!(domain_name(text).is_err(), "{text}");
        }
    }
}
