//! Where answers and bounces go.

use super::{
    Answer, Dns,
    report::{Finding, FindingCode as Code, FindingSubject as Subject, FindingVerdict as Verdict},
};

/// A server that takes mail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mx {
    /// The lowest is asked first.
    pub preference: u16,
    /// Its name; empty for the root, which says "no mail" (RFC 7505).
    pub host: String,
}

pub(super) fn judge(domain: &str, dns: &Dns) -> Finding {
    let of = |verdict, code| Finding::new(Subject::Mx, verdict, code).about(domain);
    match dns.mx.get(domain) {
        Some(Answer::Found(servers)) => {
            let mut sorted = servers.clone();
            sorted.sort();
            let found: Vec<String> = sorted.iter().map(|mx| format!("{} {}.", mx.preference, mx.host)).collect();
            if servers.iter().all(|mx| mx.host.is_empty()) {
                of(Verdict::Bad, Code::MxNull).found(&found)
            } else {
                of(Verdict::Good, Code::MxGood).found(&found)
            }
        }
        Some(Answer::Nothing) if dns.with_address.contains(domain) => of(Verdict::Advice, Code::MxImplicit),
        Some(Answer::Nothing) => of(Verdict::Bad, Code::MxMissing),
        Some(Answer::Unknown) | None => of(Verdict::Unknown, Code::MxUnknown),
    }
}
