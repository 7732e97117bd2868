//! The certificate of a tracking host, whose end is warned of while there is time to renew it.

use domain::{Timestamp, time::DAY};
use mail::tracking_host::name_and_port;
use store::{Tx, certificates, tracking_domains::TrackingDomain};

use crate::{Engine, Result};

/// How long before its end a certificate is warned of.
const NOTICE: i64 = 14 * DAY;

/// The certificate that was last seen at a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCertificate {
    /// Until when it is good.
    pub ends_at: Timestamp,
    /// Whether it is ordered and renewed here, and not by a proxy of the operator's.
    pub ordered_here: bool,
    /// Why it was not renewed, in the words of who was asked.
    pub problem: Option<String>,
}

impl Engine {
    pub(super) async fn certificate_of(&self, tx: &mut Tx, domain: &TrackingDomain) -> Result<Option<HostCertificate>> {
        let Some(ends_at) = domain.certificate_ends_at else { return Ok(None) };
        let order = certificates::find(tx, name_and_port(&domain.host).0).await?;
        let order = order.filter(|order| self.orders_certificates() && order.chain.is_some());
        Ok(Some(HostCertificate {
            ends_at,
            ordered_here: order.is_some(),
            problem: order.and_then(|order| order.problem_text),
        }))
    }
}

/// Whether the certificate that was last seen at the host ends so soon that it should have been renewed.
pub(crate) fn ends_soon(domain: &TrackingDomain, now: Timestamp) -> bool {
    let (Some(begins), Some(ends)) = (domain.certificate_begins_at, domain.certificate_ends_at) else { return false };
    notice_from(begins, ends) <= now
}

/// Certificates are renewed in the last third of their time at the latest, so those of a few weeks are warned of later.
fn notice_from(begins: Timestamp, ends: Timestamp) -> Timestamp {
    ends.plus(-NOTICE.min(ends.since(begins) / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_warned_of_two_weeks_before_it_and_of_a_short_one_in_its_last_quarter() {
        for (days, notice) in [(398, 14 * DAY), (90, 14 * DAY), (56, 14 * DAY), (40, 10 * DAY), (6, DAY / 2 * 3)] {
            assert_eq!(notice_from(Timestamp(0), Timestamp(days * DAY)), Timestamp(days * DAY - notice), "{days}");
        }
    }
}
