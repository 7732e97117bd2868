//! Our own DKIM keys (RFC 6376, RFC 8463) against what is published under their selectors.

use super::{
    Answer, Case, Dns,
    report::{DnsRecord, Finding, FindingCode as Code, FindingSubject as Subject, FindingVerdict as Verdict},
};
use crate::text_enum;

text_enum!(
    /// How a key signs.
    Algorithm {
        /// RSA with 2048 bits: every receiver understands it.
        Rsa = "rsa",
        /// Ed25519 (RFC 8463): a short record, which not every receiver understands yet.
        Ed25519 = "ed25519",
    }
);

/// A key of ours, as far as the world may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKey {
    /// What it is found by, below `_domainkey`.
    pub selector: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The public key, base64, as it stands after `p=`.
    pub public_key: String,
    /// Whether mail is signed with it.
    pub signs: bool,
}

impl OwnKey {
    /// Where its record stands.
    pub fn name(&self, domain: &str) -> String {
        format!("{}._domainkey.{domain}", self.selector)
    }

    /// The record to publish.
    pub fn record(&self, domain: &str) -> DnsRecord {
        let value = format!("v=DKIM1; k={}; p={}", self.algorithm, self.public_key);
        DnsRecord::txt(self.name(domain), value)
    }
}

text_enum!(
    /// What is published under a selector, compared with our key.
    RecordState {
        /// Our key.
        Matches = "matches",
        /// Nothing.
        Missing = "missing",
        /// Another key, several records, or what is no key at all.
        Differs = "differs",
        /// DNS did not answer.
        Unknown = "unknown",
    }
);

/// Compares what is published with `key`.
pub fn record_state(key: &OwnKey, answer: &Answer<String>) -> RecordState {
    match answer {
        Answer::Unknown => RecordState::Unknown,
        Answer::Nothing => RecordState::Missing,
        Answer::Found(records) => match records.as_slice() {
            [record] if is_key(record, key) => RecordState::Matches,
            _ => RecordState::Differs,
        },
    }
}

fn is_key(record: &str, key: &OwnKey) -> bool {
    let tags: Vec<(&str, String)> = record
        .split(';')
        .filter_map(|tag| tag.split_once('='))
        .map(|(name, value)| (name.trim(), value.split_whitespace().collect()))
        .collect();
    let tag = |name: &str| tags.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    let list_holds = |name: &str, wanted: &str| tag(name).is_none_or(|list| list.split(':').any(|it| it == wanted));
    tag("v").is_none_or(|version| version == "DKIM1")
        && tag("k").unwrap_or("rsa") == key.algorithm.to_string()
        && tag("p") == Some(key.public_key.as_str())
        && list_holds("h", "sha256")
        && tag("s").is_none_or(|services| services.split(':').any(|it| it == "*" || it == "email"))
}

/// What is known of signatures.
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    /// Whether a signature of ours holds; `None` where the relay may sign.
    pub(super) signed: Option<bool>,
}

pub(super) fn judge(case: &Case, dns: &Dns) -> Judged {
    if case.keys.is_empty() {
        let code = if case.relay.is_some() { Code::DkimByRelay } else { Code::DkimNone };
        let finding = Finding::new(Subject::Dkim, Verdict::Unknown, code).about(case.from_domain.as_str());
        return Judged { findings: vec![finding], signed: None };
    }
    let mut signed = None;
    let mut findings = Vec::new();
    for key in &case.keys {
        let name = key.name(&case.from_domain);
        let answer = dns.txt(&name).unwrap_or(&Answer::Unknown);
        let state = record_state(key, answer);
        let (verdict, code) = match (state, key.signs) {
            (RecordState::Matches, true) => (Verdict::Good, Code::DkimGood),
            (RecordState::Matches, false) => (Verdict::Advice, Code::DkimReady),
            (RecordState::Missing, true) => (Verdict::Bad, Code::DkimMissing),
            (RecordState::Missing, false) => (Verdict::Advice, Code::DkimMissing),
            (RecordState::Differs, _) => (Verdict::Bad, Code::DkimDiffers),
            (RecordState::Unknown, _) => (Verdict::Unknown, Code::DkimUnknown),
        };
        if key.signs && state != RecordState::Unknown {
            signed = Some(signed.unwrap_or(false) || state == RecordState::Matches);
        }
        let finding = Finding::new(Subject::Dkim, verdict, code).about(name.as_str()).found(answer.records());
        let wanted = matches!(state, RecordState::Missing | RecordState::Differs);
        findings.push(if wanted { finding.publish(key.record(&case.from_domain)) } else { finding });
    }
    Judged { findings, signed }
}
