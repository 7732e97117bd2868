//! Whether receivers will believe a domain's mail: what its DNS says, judged, and what to publish.
//!
//! Pure: a [`Case`] says which names it has to know of ([`Case::questions`]), somebody asks DNS, and [`Case::judge`] turns
//! the answers into findings. What DNS cannot show, such as whether a relay signs, is said to be unknown and not guessed.

mod alignment;
mod dkim;
mod dmarc;
mod mx;
mod refusal;
mod relay;
mod report;
mod spf;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use dkim::{Algorithm, OwnKey, RecordState, record_state};
pub use dmarc::Policy;
pub use mx::Mx;
pub use refusal::{Receiver, Refusal, RefusalCause, RefusedWhen};
pub use relay::Relay;
pub use report::{DnsRecord, Finding, FindingCode, FindingSubject, FindingVerdict, RecordKind, Report};

/// What DNS answered to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// These records, at least one.
    Found(Vec<T>),
    /// There is no such record.
    Nothing,
    /// Nobody answered, or not in a way that says anything.
    Unknown,
}

impl<T> Answer<T> {
    /// The records; none where nothing was found or nobody answered.
    pub fn records(&self) -> &[T] {
        match self {
            Self::Found(records) => records,
            Self::Nothing | Self::Unknown => &[],
        }
    }
}

/// What is known of DNS so far; names are lower case and without a final dot.
#[derive(Debug, Clone, Default)]
pub struct Dns {
    /// TXT records, the strings of each joined.
    pub txt: BTreeMap<String, Answer<String>>,
    /// MX records.
    pub mx: BTreeMap<String, Answer<Mx>>,
    /// Domains without MX that have an address of their own, to which mail goes then.
    pub with_address: BTreeSet<String>,
}

impl Dns {
    fn txt(&self, name: &str) -> Option<&Answer<String>> {
        self.txt.get(name)
    }
}

/// What is judged: mail of a domain through a channel.
#[derive(Debug, Clone)]
pub struct Case {
    /// The domain of the From address, ASCII, lower case.
    pub from_domain: String,
    /// The domain of the return address that we hand over (`MAIL FROM`): SPF is about that one.
    pub envelope_domain: String,
    /// What is known of the channel's provider.
    pub relay: Option<&'static Relay>,
    /// Our own DKIM keys for this domain on this channel.
    pub keys: Vec<OwnKey>,
}

impl Case {
    /// The domains whose MX matters: where answers go, and where bounces do.
    pub fn mail_domains(&self) -> impl Iterator<Item = &str> {
        let returns = Some(self.envelope_domain.as_str()).filter(|domain| *domain != self.from_domain);
        std::iter::once(self.from_domain.as_str()).chain(returns)
    }

    /// The TXT names that have to be asked for next; empty once everything is known.
    pub fn questions(&self, dns: &Dns) -> Vec<String> {
        let mut names = spf::questions(&self.envelope_domain, dns);
        names.extend(dmarc::names(&self.from_domain));
        names.extend(dmarc::names(&self.envelope_domain));
        names.extend(self.keys.iter().map(|key| key.name(&self.from_domain)));
        names.retain(|name| !dns.txt.contains_key(name));
        names.sort();
        names.dedup();
        names
    }

    /// What the answers say.
    pub fn judge(&self, dns: &Dns) -> Report {
        let spf = spf::judge(&self.envelope_domain, self.relay, dns);
        let dkim = dkim::judge(self, dns);
        let dmarc = dmarc::judge(&self.from_domain, dns);
        let alignment = alignment::judge(self, &spf, &dkim, &dmarc, dns);
        let mx: Vec<Finding> = self.mail_domains().map(|domain| mx::judge(domain, dns)).collect();
        let refusals = refusal::foresee(&spf, &dkim, &dmarc, &alignment, &mx);
        let mut findings = vec![spf.finding];
        findings.extend(dkim.findings);
        findings.extend([dmarc.finding, alignment.finding]);
        findings.extend(mx);
        Report { findings, refusals }
    }
}
