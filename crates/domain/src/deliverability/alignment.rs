//! Whether what is proved is about the address that recipients read (RFC 9989 §5.1).

use super::{
    Case, Dns, dkim,
    dmarc::{self, is_under, organization},
    report::{Finding, FindingCode as Code, FindingSubject as Subject, FindingVerdict as Verdict},
    spf,
};

/// What is known of alignment.
pub(super) struct Judged {
    pub(super) finding: Finding,
    /// Whether DMARC passes; `None` where it depends on the relay.
    pub(super) passes: Option<bool>,
}

pub(super) fn judge(case: &Case, spf: &spf::Judged, dkim: &dkim::Judged, dmarc: &dmarc::Judged, dns: &Dns) -> Judged {
    let of = |verdict, code| Finding::new(Subject::Alignment, verdict, code).about(case.from_domain.as_str());
    // Our signatures name the From domain itself, which is aligned however strict the policy.
    if dkim.signed == Some(true) {
        return Judged { finding: of(Verdict::Good, Code::AlignedByDkim), passes: Some(true) };
    }
    let (returns, from) = (case.envelope_domain.as_str(), case.from_domain.as_str());
    let related = if dmarc.strict_spf {
        returns == from
    } else if dmarc.published == Some(false) {
        // No policy says yet where the organisation ends. Once the suggested one is published, it holds what is below.
        is_under(returns, from) || is_under(from, returns)
    } else {
        organization(returns, dns) == organization(from, dns)
    };
    let replaced = case.relay.is_some_and(|relay| relay.replaces_return_address);
    if related && !replaced && spf.usable == Some(true) {
        // Only for a known provider is it sure that its servers are among those that the record names.
        let sure = spf.finding.code == Code::SpfNamesRelay;
        let verdict = if sure { Verdict::Good } else { Verdict::Advice };
        return Judged { finding: of(verdict, Code::AlignedBySpf), passes: sure.then_some(true) };
    }
    // Without a signature of ours the server may sign: that is not known, and not held against anybody.
    if dkim.signed.is_none() || spf.usable.is_none() {
        return Judged { finding: of(Verdict::Unknown, Code::AlignedByRelayOnly), passes: None };
    }
    Judged { finding: of(Verdict::Bad, Code::NotAligned), passes: Some(false) }
}
