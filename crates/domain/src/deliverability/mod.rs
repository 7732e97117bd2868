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

use std::collections::BTreeMap;

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
    /// The MX records of the domain that is judged.
    pub mx: Option<Answer<Mx>>,
    /// Whether that domain has an address of its own, to which mail goes when there is no MX.
    pub has_address: bool,
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
    /// The domain of the return address that we hand over.
    pub envelope_domain: String,
    /// What is known of the channel's provider.
    pub relay: Option<&'static Relay>,
    /// Our own DKIM keys for this domain on this channel.
    pub keys: Vec<OwnKey>,
}

impl Case {
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
        let mx = mx::judge(&self.from_domain, dns);
        let refusals = refusal::foresee(&spf, &dkim, &dmarc, &alignment, &mx);
        let mut findings = vec![spf.finding];
        findings.extend(dkim.findings);
        findings.extend([dmarc.finding, alignment.finding, mx]);
        Report { findings, refusals }
    }
}
