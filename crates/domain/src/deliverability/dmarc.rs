//! What a domain asks receivers to do with mail that proves nothing (RFC 9989, which replaced RFC 7489).

use super::{
    Answer, Dns,
    report::{DnsRecord, Finding, FindingCode as Code, FindingSubject as Subject, FindingVerdict as Verdict},
};
use crate::text_enum;

/// Labels of the longest name that is asked for on the way up, and so the most questions but one (RFC 9989 §4.10).
const MAX_LABELS: usize = 7;

text_enum!(
    /// What receivers are asked to do.
    Policy {
        /// Nothing.
        None = "none",
        /// Put it under spam.
        Quarantine = "quarantine",
        /// Refuse it.
        Reject = "reject",
    }
);

/// A published policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    policy: Option<Policy>,
    subdomains: Option<Policy>,
    strict_spf: bool,
    public_suffix: Option<bool>,
}

/// What is known of a domain's policy.
pub(super) struct Judged {
    pub(super) finding: Finding,
    /// The policy that holds; `None` where there is none or DNS did not answer.
    pub(super) policy: Option<Policy>,
    /// Whether there is one; `None` where DNS did not answer.
    pub(super) published: Option<bool>,
    pub(super) strict_spf: bool,
}

/// Whether `name` is `domain` or lies under it.
pub(super) fn is_under(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The names that are asked on the way up from `domain` (the tree walk of RFC 9989 §4.10).
pub(super) fn names(domain: &str) -> Vec<String> {
    walk(domain).into_iter().map(|domain| format!("_dmarc.{domain}")).collect()
}

fn walk(domain: &str) -> Vec<&str> {
    let labels = domain.split('.').count();
    let skipped = if labels > MAX_LABELS { labels - MAX_LABELS } else { 1 };
    let mut rest = domain.splitn(skipped + 1, '.').nth(skipped);
    let mut domains = vec![domain];
    while let Some(parent) = rest {
        domains.push(parent);
        rest = parent.split_once('.').map(|(_, parent)| parent);
    }
    domains
}

/// The first domain on the way up from `domain` for which DNS did not answer.
fn unanswered<'a>(domain: &'a str, dns: &Dns) -> Option<&'a str> {
    let is_unknown =
        |domain: &&str| dns.txt(&format!("_dmarc.{domain}")).is_none_or(|answer| *answer == Answer::Unknown);
    walk(domain).into_iter().find(is_unknown)
}

/// The one record of a name; several count as none.
fn record_at(domain: &str, dns: &Dns) -> Option<Record> {
    let answer = dns.txt(&format!("_dmarc.{domain}"))?;
    match texts(answer).as_slice() {
        [text] => parse(text),
        _ => None,
    }
}

fn texts(answer: &Answer<String>) -> Vec<&String> {
    let is_dmarc = |text: &&String| {
        let (version, _) = text.split_once(';').unwrap_or((text, ""));
        version.split_once('=').is_some_and(|(name, value)| name.trim() == "v" && value.trim() == "DMARC1")
    };
    answer.records().iter().filter(is_dmarc).collect()
}

fn parse(text: &str) -> Option<Record> {
    let tag = |name: &str| {
        let tags = text.split(';').filter_map(|tag| tag.split_once('='));
        tags.map(|(name, value)| (name.trim(), value.trim())).find(|(known, _)| *known == name).map(|(_, value)| value)
    };
    let policy = |name| tag(name).map(|value| <Policy as crate::TextEnum>::parse(&value.to_ascii_lowercase()));
    let strict = |name| tag(name).is_some_and(|value| value.eq_ignore_ascii_case("s"));
    // A policy that nobody understands counts as "none" when reports are asked for, otherwise as no record (§4.7).
    let policy_of_domain = match policy("p") {
        Some(None) | None if tag("rua").is_some() => Some(Policy::None),
        Some(Some(known)) => Some(known),
        Some(None) | None => return None,
    };
    Some(Record {
        policy: policy_of_domain,
        subdomains: policy("sp").flatten(),
        strict_spf: strict("aspf"),
        public_suffix: match tag("psd") {
            Some("y") => Some(true),
            Some("n") => Some(false),
            _ => None,
        },
    })
}

/// The domain that answers for `domain`: its organisation's (RFC 9989 §4.10.2).
pub(super) fn organization<'a>(domain: &'a str, dns: &Dns) -> &'a str {
    let mut highest = domain;
    let mut below = domain;
    for (step, candidate) in walk(domain).into_iter().enumerate() {
        if let Some(record) = record_at(candidate, dns) {
            match record.public_suffix {
                Some(false) => return candidate,
                Some(true) if step > 0 => return below,
                _ => highest = candidate,
            }
        }
        below = candidate;
    }
    highest
}

pub(super) fn judge(domain: &str, dns: &Dns) -> Judged {
    let of = |verdict, code| Finding::new(Subject::Dmarc, verdict, code);
    let without = |finding: Finding, published| Judged { finding, policy: None, published, strict_spf: false };
    let own = dns.txt(&format!("_dmarc.{domain}")).unwrap_or(&Answer::Unknown);
    if *own == Answer::Unknown {
        return without(of(Verdict::Unknown, Code::DmarcUnknown).about(domain), None);
    }
    let shown: Vec<String> = texts(own).into_iter().cloned().collect();
    let suggested = || DnsRecord::txt(format!("_dmarc.{domain}"), "v=DMARC1; p=none");
    if let Some(record) = record_at(domain, dns) {
        let policy = record.policy.unwrap_or(Policy::None);
        let finding = of(Verdict::Good, Code::DmarcGood).about(policy.to_string()).found(&shown);
        return holding(finding, policy, &record);
    }
    match shown.len() {
        0 => {}
        1 => return without(of(Verdict::Bad, Code::DmarcBroken).found(&shown).publish(suggested()), Some(false)),
        several => {
            return without(of(Verdict::Bad, Code::DmarcSeveral).about(several.to_string()).found(&shown), Some(false));
        }
    }
    let above = organization(domain, dns);
    match record_at(above, dns).filter(|_| above != domain) {
        Some(record) => {
            let policy = record.subdomains.or(record.policy).unwrap_or(Policy::None);
            holding(of(Verdict::Good, Code::DmarcInherited).about(format!("{above}: {policy}")), policy, &record)
        }
        None => match unanswered(domain, dns) {
            // The policy that holds may stand there.
            Some(above) => without(of(Verdict::Unknown, Code::DmarcUnknown).about(above), None),
            None => without(of(Verdict::Bad, Code::DmarcMissing).about(domain).publish(suggested()), Some(false)),
        },
    }
}

fn holding(finding: Finding, policy: Policy, record: &Record) -> Judged {
    Judged { finding, policy: Some(policy), published: Some(true), strict_spf: record.strict_spf }
}
