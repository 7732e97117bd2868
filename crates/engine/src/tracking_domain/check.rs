//! Looking at a tracking host from outside.

use domain::{
    Timestamp,
    authorization::{Action, Actor},
};
use mail::tracking_host::{self, Probe, ProbeStep, Problem, name_and_port};
use store::tracking_domains::{self, TrackingDomain};

use super::{HostStep, OwnHost};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

/// What a check came to.
#[derive(Debug, Clone)]
pub struct HostCheck {
    /// Every step that was taken, in order; only the last can have failed.
    pub steps: Vec<ProbeStep<HostStep>>,
    /// The host as it is now.
    pub own: OwnHost,
}

impl HostCheck {
    /// Whether the host can be used.
    pub fn is_ok(&self) -> bool {
        self.steps.iter().all(|step| step.problem.is_none())
    }
}

impl Engine {
    /// Checks the workspace's tracking host, and changes nothing else about it.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is none.
    pub async fn check_tracking_domain(&self, actor: &Actor) -> Result<HostCheck> {
        let domain = self.tracking_domain_to_change(actor).await?;
        let probe = self.probe_tracking_host(&domain.host).await?;
        let checked = with_outcome(domain, &probe, self.now());
        let mut tx = self.db().begin().await?;
        tracking_domains::keep_check(&mut tx, &checked).await?;
        tx.commit().await?;
        self.tell_domains(actor.workspace);
        Ok(HostCheck { steps: probe.steps, own: self.own_host(checked) })
    }

    /// Checks the workspace's tracking host, and uses it for new mail if nothing is wrong with it.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is none.
    pub async fn activate_tracking_domain(&self, actor: &Actor) -> Result<HostCheck> {
        let domain = self.tracking_domain_to_change(actor).await?;
        let probe = self.probe_tracking_host(&domain.host).await?;
        let mut checked = with_outcome(domain, &probe, self.now());
        let mut tx = self.db().begin().await?;
        if probe.problem().is_none() && checked.active_since.is_none() {
            checked.active_since = Some(self.now());
            let (target, after) = (Target::Workspace(actor.workspace), Some(checked.host.clone().into()));
            self.record(&mut tx, actor, AuditAction::TrackingDomainActivated, target, None, after).await?;
        }
        tracking_domains::keep_check(&mut tx, &checked).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        Ok(HostCheck { steps: probe.steps, own: self.own_host(checked) })
    }

    pub(super) async fn tracking_domain_to_change(&self, actor: &Actor) -> Result<TrackingDomain> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().read().await?;
        tracking_domains::find(&mut tx, actor.workspace).await?.ok_or(Error::NotFound)
    }

    pub(super) async fn probe_tracking_host(&self, host: &str) -> Result<Probe> {
        let riddle = self.riddle(host)?;
        let probe = tracking_host::probe(host, &riddle, self.network(), self.dns()).await;
        let stops_at_tls = probe.steps.last().is_some_and(|it| it.step == HostStep::Tls && it.problem.is_some());
        if !stops_at_tls || !self.orders_certificates() {
            return Ok(probe);
        }
        // The host leads somewhere: if it is here, it gets a certificate.
        match self.see_to_certificate(name_and_port(host).0).await? {
            None => Ok(tracking_host::probe(host, &riddle, self.network(), self.dns()).await),
            Some(detail) => Ok(without_certificate(probe, detail)),
        }
    }
}

/// A check that ends because no certificate could be got.
fn without_certificate(mut probe: Probe, detail: String) -> Probe {
    if let Some(last) = probe.steps.last_mut() {
        last.step = HostStep::Certificate;
        last.problem = Some(Problem { code: "order_failed", detail });
    }
    probe
}

/// `domain` with what a check came to. Only what is in use can begin to fail.
pub(super) fn with_outcome(domain: TrackingDomain, probe: &Probe, now: Timestamp) -> TrackingDomain {
    let problem = probe.problem();
    let was_failing = domain.failing_since;
    TrackingDomain {
        checked_at: Some(now),
        failing_since: match (problem, domain.active_since) {
            (None, _) => None,
            (Some(_), Some(_)) => was_failing.or(Some(now)),
            (Some(_), None) => was_failing,
        },
        problem: problem.map(|problem| problem.code.to_owned()),
        problem_text: problem.map(|problem| problem.detail.clone()),
        ..domain
    }
}
