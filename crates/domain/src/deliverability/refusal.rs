//! Who would refuse the mail, and why: the published rules of the large receivers (2024 to 2026).

use super::{
    alignment, dkim, dmarc,
    dmarc::Policy,
    report::{Finding, FindingCode as Code},
    spf,
};
use crate::text_enum;

text_enum!(
    /// Who refuses.
    Receiver {
        /// Any receiver that follows the standards.
        Everybody = "everybody",
        /// Gmail.
        Google = "google",
        /// Yahoo and AOL.
        Yahoo = "yahoo",
        /// Outlook.com, Hotmail and Live.
        Microsoft = "microsoft",
    }
);

text_enum!(
    /// How much mail it takes to be refused.
    RefusedWhen {
        /// Any mail.
        Always = "always",
        /// From about 5,000 emails a day to that receiver on.
        Bulk = "bulk",
    }
);

text_enum!(
    /// Why mail is refused.
    RefusalCause {
        /// Neither SPF nor DKIM prove anything.
        Unauthenticated = "unauthenticated",
        /// Bulk mail needs SPF and DKIM, and a DMARC record.
        BulkRules = "bulk_rules",
        /// The domain's own policy asks for it, and nothing is aligned.
        PolicyReject = "policy_reject",
        /// The domain's own policy asks for it to be put under spam.
        PolicyQuarantine = "policy_quarantine",
        /// The domain says that it takes no mail, so nobody could answer.
        NullMx = "null_mx",
    }
);

/// One reason to be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// By whom.
    pub receiver: Receiver,
    /// From how much mail on.
    pub when: RefusedWhen,
    /// Why.
    pub cause: RefusalCause,
    /// The beginning of the answer, as the receiver publishes it.
    pub answer: &'static str,
}

/// What speaks for refusal. Only what is known speaks: what depends on the relay does not.
pub(super) fn foresee(
    spf: &spf::Judged,
    dkim: &dkim::Judged,
    dmarc: &dmarc::Judged,
    alignment: &alignment::Judged,
    mx: &[Finding],
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |receiver, when, cause, answer| refusals.push(Refusal { receiver, when, cause, answer });
    if mx.iter().any(|finding| finding.code == Code::MxNull) {
        refuse(Receiver::Everybody, RefusedWhen::Always, RefusalCause::NullMx, "550 5.7.27");
    }
    if alignment.passes == Some(false) {
        match dmarc.policy {
            Some(Policy::Reject) => {
                refuse(Receiver::Everybody, RefusedWhen::Always, RefusalCause::PolicyReject, "550 5.7.1");
            }
            Some(Policy::Quarantine) => {
                refuse(Receiver::Everybody, RefusedWhen::Always, RefusalCause::PolicyQuarantine, "");
            }
            Some(Policy::None) | None => {}
        }
    }
    if spf.usable == Some(false) && dkim.signed == Some(false) {
        refuse(Receiver::Google, RefusedWhen::Always, RefusalCause::Unauthenticated, "550 5.7.26");
    }
    let falls_short = spf.usable == Some(false)
        || dkim.signed == Some(false)
        || dmarc.published == Some(false)
        || alignment.passes == Some(false);
    if falls_short {
        refuse(Receiver::Google, RefusedWhen::Bulk, RefusalCause::BulkRules, "550 5.7.26");
        refuse(Receiver::Yahoo, RefusedWhen::Bulk, RefusalCause::BulkRules, "554 5.7.9");
        refuse(Receiver::Microsoft, RefusedWhen::Bulk, RefusalCause::BulkRules, "550 5.7.515");
    }
    refusals
}
