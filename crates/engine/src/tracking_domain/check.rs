//! Looking at a tracking host from outside.

use domain::{
    Timestamp,
    authorization::{Action, Actor},
    time::MINUTE,
};
use mail::tracking_host::{self, Probe, ProbeStep, Problem, name_and_port};
use store::{
    Tx,
    tracking_domains::{self, TrackingDomain},
};

use super::{HostStep, OwnHost, ends_soon};
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

/// The problem of a host that has no certificate because none was issued.
const ORDER_FAILED: &str = "order_failed";
/// How long a host may fail before new mail uses the default host again: a short disturbance of DNS is over by then.
const PATIENCE: i64 = 15 * MINUTE;

impl Engine {
    /// Checks the workspace's tracking host, as the worker does from time to time.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is none.
    pub async fn check_tracking_domain(&self, actor: &Actor) -> Result<HostCheck> {
        let domain = self.tracking_domain_to_change(actor).await?;
        let probe = self.probe_tracking_host(&domain.host).await?;
        let mut tx = self.db().begin().await?;
        let checked = self.keep_outcome(&mut tx, &domain, &probe).await?;
        let own = self.own_host(&mut tx, checked).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        Ok(HostCheck { steps: probe.steps, own })
    }

    /// Checks the workspace's tracking host, and uses it for new mail if nothing is wrong with it.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is none.
    pub async fn activate_tracking_domain(&self, actor: &Actor) -> Result<HostCheck> {
        let domain = self.tracking_domain_to_change(actor).await?;
        let probe = self.probe_tracking_host(&domain.host).await?;
        let mut tx = self.db().begin().await?;
        let mut checked = self.keep_outcome(&mut tx, &domain, &probe).await?;
        if probe.problem().is_none() && checked.active_since.is_none() {
            checked.active_since = Some(self.now());
            tracking_domains::keep_check(&mut tx, &checked).await?;
            let (target, after) = (Target::Workspace(actor.workspace), Some(checked.host.clone().into()));
            self.record(&mut tx, actor, AuditAction::TrackingDomainActivated, target, None, after).await?;
        }
        let own = self.own_host(&mut tx, checked).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        Ok(HostCheck { steps: probe.steps, own })
    }

    /// Keeps what a check of `asked` came to.
    ///
    /// # Errors
    /// [`Error::NotFound`] when another host was entered meanwhile.
    pub(super) async fn keep_outcome(
        &self,
        tx: &mut Tx,
        asked: &TrackingDomain,
        probe: &Probe,
    ) -> Result<TrackingDomain> {
        // Asking takes seconds, in which somebody may have switched it off.
        let before = tracking_domains::find(tx, asked.workspace_id).await?;
        let before = before.filter(|before| before.host == asked.host).ok_or(Error::NotFound)?;
        let after = after_check(before.clone(), probe, self.now());
        log_change(&before, &after, self.now());
        tracking_domains::keep_check(tx, &after).await?;
        Ok(after)
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
        last.problem = Some(Problem { code: ORDER_FAILED, detail });
    }
    probe
}

/// `before` with what a check came to: only what is in use can begin to fail, and what was switched off because it failed
/// goes on once it works.
fn after_check(before: TrackingDomain, probe: &Probe, now: Timestamp) -> TrackingDomain {
    let problem = probe.problem();
    let failing_since = match (problem, before.active_since) {
        (None, _) => None,
        (Some(_), Some(_)) => before.failing_since.or(Some(now)),
        (Some(_), None) => before.failing_since,
    };
    let active_since = match (problem, failing_since) {
        (None, _) if before.failing_since.is_some() => before.active_since.or(Some(now)),
        (Some(problem), _) if breaks_links(problem) => None,
        (Some(_), Some(since)) if since.plus(PATIENCE) <= now => None,
        _ => before.active_since,
    };
    TrackingDomain {
        active_since,
        failing_since,
        checked_at: Some(now),
        problem: problem.map(|problem| problem.code.to_owned()),
        problem_text: problem.map(|problem| problem.detail.clone()),
        certificate_begins_at: probe.certificate.map(|it| it.begins_at).or(before.certificate_begins_at),
        certificate_ends_at: probe.certificate.map(|it| it.ends_at).or(before.certificate_ends_at),
        ..before
    }
}

/// Whether who follows a link now is warned off by their browser, or led to somebody else. Waiting mends none of this.
fn breaks_links(problem: &Problem) -> bool {
    problem.code.starts_with("certificate_") || matches!(problem.code, ORDER_FAILED | "somebody_else")
}

fn log_change(before: &TrackingDomain, after: &TrackingDomain, now: Timestamp) {
    let (host, was_active, is_active) = (&after.host, before.active_since.is_some(), after.active_since.is_some());
    match &after.problem {
        Some(problem) if was_active && !is_active => {
            tracing::warn!(host, problem, "a tracking host is switched off: it fails");
        }
        Some(problem) if after.failing_since.is_some() => tracing::warn!(host, problem, "a tracking host fails"),
        None if is_active && !was_active => tracing::info!(host, "a tracking host works again"),
        _ => {}
    }
    let knew = before.checked_at.is_some_and(|at| ends_soon(before, at));
    if let Some(ends_at) = after.certificate_ends_at.filter(|_| is_active && !knew && ends_soon(after, now)) {
        tracing::warn!(host, %ends_at, "the certificate of a tracking host ends soon");
    }
}
