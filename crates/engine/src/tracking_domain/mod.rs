//! The workspace's own tracking host: entered, checked from outside, switched on, and checked again for as long as it is.
//!
//! A host that is not checked would break every link of every mail. So new mail uses it only after a request through it
//! was answered as only we can, and uses the default host again as soon as it breaks links or fails for a while. Links that were sent
//! work through whatever host still leads here.

mod answer;
mod certificate;
mod check;
mod recheck;
mod save;

use domain::{
    Timestamp,
    address::readable_domain,
    authorization::{Action, Actor},
    deliverability::{DnsRecord, RecordKind},
    text_enum,
};
use store::{Tx, tracking_domains::TrackingDomain};

pub use answer::CHALLENGE_PATH;
pub use certificate::HostCertificate;
pub(crate) use certificate::ends_soon;
pub use check::HostCheck;
pub use mail::tracking_host::{HostStep, ProbeStep, Problem};

use crate::{Engine, Result};

text_enum!(
    /// Whether new mail uses the host.
    HostState {
        /// Not yet: it has not been switched on.
        Waiting = "waiting",
        /// Yes.
        Active = "active",
        /// Yes, and its certificate ends soon.
        Expiring = "expiring",
        /// Yes, and the last check failed.
        Failing = "failing",
        /// No more: it broke the links, or checks failed for too long.
        SwitchedOff = "switched_off",
    }
);

/// The workspace's tracking host as it is shown.
#[derive(Debug, Clone)]
pub struct TrackingDomainView {
    /// Where links lead without a host of one's own, without a trailing slash.
    pub default_url: String,
    /// The host of one's own, if one was entered.
    pub own: Option<OwnHost>,
}

/// A host of one's own.
#[derive(Debug, Clone)]
pub struct OwnHost {
    /// The host, with a port where it is not 443.
    pub host: String,
    /// The same as people read it: `ö` where DNS says `xn--nda`.
    pub readable: String,
    /// Whether new mail uses it.
    pub state: HostState,
    /// Since when.
    pub active_since: Option<Timestamp>,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// Since when checks fail.
    pub failing_since: Option<Timestamp>,
    /// What was wrong at the last check.
    pub problem: Option<(String, String)>,
    /// The certificate that was last seen there.
    pub certificate: Option<HostCertificate>,
    /// What has to be published for it.
    pub record: DnsRecord,
}

impl Engine {
    /// The workspace's tracking host.
    ///
    /// # Errors
    /// [`crate::Error::Denied`] for anybody but an administrator.
    pub async fn tracking_domain(&self, actor: &Actor) -> Result<TrackingDomainView> {
        self.allow(actor, Action::AdministerWorkspace)?;
        let mut tx = self.db().read().await?;
        let own = store::tracking_domains::find(&mut tx, actor.workspace).await?;
        Ok(TrackingDomainView {
            default_url: self.settings().tracking_url.clone(),
            own: match own {
                Some(domain) => Some(self.own_host(&mut tx, domain).await?),
                None => None,
            },
        })
    }

    async fn own_host(&self, tx: &mut Tx, domain: TrackingDomain) -> Result<OwnHost> {
        let state = match (domain.active_since, domain.failing_since) {
            (Some(_), None) if ends_soon(&domain, self.now()) => HostState::Expiring,
            (Some(_), None) => HostState::Active,
            (Some(_), Some(_)) => HostState::Failing,
            // A problem is forgotten when another host is entered; what failed since then was on before.
            (None, Some(_)) => HostState::SwitchedOff,
            (None, None) => HostState::Waiting,
        };
        Ok(OwnHost {
            certificate: self.certificate_of(tx, &domain).await?,
            record: record_for(&domain.host, &self.settings().tracking_url),
            readable: readable(&domain.host),
            host: domain.host,
            state,
            active_since: domain.active_since,
            checked_at: domain.checked_at,
            failing_since: domain.failing_since,
            problem: domain.problem.map(|code| (code, domain.problem_text.unwrap_or_default())),
        })
    }
}

fn readable(host: &str) -> String {
    let (name, port) = mail::tracking_host::name_and_port(host);
    let name = readable_domain(name);
    if port == 443 { name } else { format!("{name}:{port}") }
}

/// What leads `host` to the server that answers at `url`.
fn record_for(host: &str, url: &str) -> DnsRecord {
    let (name, _) = mail::tracking_host::name_and_port(host);
    let target = url::Url::parse(url).ok();
    let (kind, value) = match target.as_ref().and_then(url::Url::host) {
        Some(url::Host::Ipv4(address)) => (RecordKind::A, address.to_string()),
        Some(url::Host::Ipv6(address)) => (RecordKind::Aaaa, address.to_string()),
        Some(url::Host::Domain(domain)) => (RecordKind::Cname, format!("{domain}.")),
        None => (RecordKind::Cname, String::new()),
    };
    DnsRecord { name: name.to_owned(), kind, value }
}
