//! What a check comes to.

use super::refusal::Refusal;
use crate::text_enum;

text_enum!(
    /// What a finding is about.
    FindingSubject {
        /// Which servers may send for the domain (RFC 7208).
        Spf = "spf",
        /// Signatures (RFC 6376).
        Dkim = "dkim",
        /// What receivers are to do with mail that proves nothing (RFC 9989).
        Dmarc = "dmarc",
        /// Whether what is proved is about the From address.
        Alignment = "alignment",
        /// Where answers and bounces go.
        Mx = "mx",
    }
);

text_enum!(
    /// How good a finding is.
    FindingVerdict {
        /// As it should be.
        Good = "good",
        /// It works, and could be better.
        Advice = "advice",
        /// Mail suffers from it.
        Bad = "bad",
        /// It cannot be known from here.
        Unknown = "unknown",
    }
);

text_enum!(
    /// What was found.
    FindingCode {
        /// One SPF record that can be followed.
        SpfGood = "spf_good",
        /// It names the servers of the channel's provider.
        SpfNamesRelay = "spf_names_relay",
        /// It does not name the servers of the channel's provider.
        SpfWithoutRelay = "spf_without_relay",
        /// There is none.
        SpfMissing = "spf_missing",
        /// There are several, which counts as none.
        SpfSeveral = "spf_several",
        /// A term that no receiver understands.
        SpfBroken = "spf_broken",
        /// A domain that it includes has no record.
        SpfBrokenInclude = "spf_broken_include",
        /// Following it takes more than ten lookups.
        SpfTooManyLookups = "spf_too_many_lookups",
        /// It lets everybody send.
        SpfEverybody = "spf_everybody",
        /// DNS did not answer.
        SpfUnknown = "spf_unknown",
        /// Our key is published and signs.
        DkimGood = "dkim_good",
        /// Our key is published and does not sign yet.
        DkimReady = "dkim_ready",
        /// Our key is not published.
        DkimMissing = "dkim_missing",
        /// Something else is published under our selector.
        DkimDiffers = "dkim_differs",
        /// We have no key; the provider signs by itself once it was told to.
        DkimByRelay = "dkim_by_relay",
        /// We have no key, and whether the relay signs only a message shows.
        DkimNone = "dkim_none",
        /// DNS did not answer.
        DkimUnknown = "dkim_unknown",
        /// A policy is published.
        DmarcGood = "dmarc_good",
        /// The policy of the domain above holds.
        DmarcInherited = "dmarc_inherited",
        /// There is none.
        DmarcMissing = "dmarc_missing",
        /// There are several, which counts as none.
        DmarcSeveral = "dmarc_several",
        /// It cannot be understood.
        DmarcBroken = "dmarc_broken",
        /// DNS did not answer.
        DmarcUnknown = "dmarc_unknown",
        /// Our signature is about the From address.
        AlignedByDkim = "aligned_by_dkim",
        /// The return address is, as long as nobody replaces it.
        AlignedBySpf = "aligned_by_spf",
        /// Only a signature of the provider's can be.
        AlignedByRelayOnly = "aligned_by_relay_only",
        /// Nothing is.
        NotAligned = "not_aligned",
        /// Servers take mail for the domain.
        MxGood = "mx_good",
        /// No MX; mail goes to the domain's own address.
        MxImplicit = "mx_implicit",
        /// Nobody takes mail for the domain.
        MxMissing = "mx_missing",
        /// The domain says that it takes no mail (RFC 7505).
        MxNull = "mx_null",
        /// DNS did not answer.
        MxUnknown = "mx_unknown",
    }
);

text_enum!(
    /// A kind of DNS record.
    RecordKind {
        /// Text.
        Txt = "TXT",
        /// Another name.
        Cname = "CNAME",
        /// An IPv4 address.
        A = "A",
        /// An IPv6 address.
        Aaaa = "AAAA",
    }
);

/// A record to publish, exactly as it has to stand in DNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    /// The whole name, without a final dot.
    pub name: String,
    /// Its kind.
    pub kind: RecordKind,
    /// Its value.
    pub value: String,
}

impl DnsRecord {
    pub(super) fn txt(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), kind: RecordKind::Txt, value: value.into() }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub subject: FindingSubject,
    /// How good it is.
    pub verdict: FindingVerdict,
    /// What it is.
    pub code: FindingCode,
    /// The name, term or number that it is about.
    pub param: Option<String>,
    /// What DNS holds now.
    pub found: Vec<String>,
    /// What to publish.
    pub publish: Option<DnsRecord>,
}

impl Finding {
    pub(super) fn new(subject: FindingSubject, verdict: FindingVerdict, code: FindingCode) -> Self {
        Self { subject, verdict, code, param: None, found: Vec::new(), publish: None }
    }

    pub(super) fn about(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    pub(super) fn found(self, found: &[String]) -> Self {
        Self { found: found.to_vec(), ..self }
    }

    pub(super) fn publish(self, record: DnsRecord) -> Self {
        Self { publish: Some(record), ..self }
    }
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One for each subject, one for each of our keys, and one for the MX of each domain that mail comes back to.
    pub findings: Vec<Finding>,
    /// Who would refuse mail, and why; empty where nothing speaks for it.
    pub refusals: Vec<Refusal>,
}
