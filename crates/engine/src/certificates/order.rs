//! Ordering certificates.

use domain::{
    Timestamp,
    time::{DAY, HOUR, MINUTE},
};
use mail::{
    acme::{self, Issued},
    net::{AddressPolicy, Network},
    tracking_host::name_and_port,
};
use store::certificates;

use crate::{Engine, Error, Purpose, Result};

/// For how long a node that orders has it to itself, in case it dies.
const LEASE: i64 = 5 * MINUTE;

/// Pauses after failed orders: authorities count failures, and lock out whoever has too many.
const PAUSES: [i64; 5] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR];

impl Engine {
    /// Whether this server gets certificates by itself.
    pub(crate) fn orders_certificates(&self) -> bool {
        self.settings().domains.acme_directory.is_some()
    }

    /// Sees to it that `host` has a certificate that is good for a while; answers why it has none.
    pub(crate) async fn see_to_certificate(&self, host: &str) -> Result<Option<String>> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let known = certificates::find(&mut tx, host).await?;
        if let Some(known) = &known {
            let is_fresh = known.chain.is_some() && known.renew_at.is_some_and(|at| now < at);
            // One whose key was sealed with keys that are lost is none.
            if is_fresh && self.config_of(known).is_ok() {
                return Ok(None);
            }
            if known.retry_at.is_some_and(|at| now < at) {
                return Ok(Some(known.problem_text.clone().unwrap_or_default()));
            }
        }
        if !certificates::claim(&mut tx, host, now, now.plus(LEASE)).await? {
            return Ok(Some("another order for this host is running".to_owned()));
        }
        tx.commit().await?;
        match self.order(host).await {
            Ok(issued) => self.keep_certificate(host, &issued).await.map(|()| None),
            Err(error) => {
                let problem = error.to_string();
                tracing::warn!(host, problem, "no certificate was issued");
                let failures = known.map_or(0, |known| known.failures);
                self.put_off(host, failures, &problem).await?;
                Ok(Some(problem))
            }
        }
    }

    async fn order(&self, host: &str) -> std::result::Result<Issued, Box<dyn std::error::Error + Send + Sync>> {
        let settings = &self.settings().domains;
        let directory = settings.acme_directory.as_deref().ok_or("certificates are not ordered here")?;
        // The operator named the authority, so it may stand anywhere.
        let network = Network::new(AddressPolicy::ANY, settings.trusted_roots.clone());
        let mut tx = self.db().read().await?;
        let sealed = certificates::find_account(&mut tx, directory).await?;
        drop(tx);
        let known = sealed.and_then(|sealed| {
            let opened = self.keys().open(Purpose::Secrets, &sealed);
            opened.inspect_err(|error| tracing::warn!(%error, "the account is lost; a new one is made")).ok()
        });
        let (account, fresh) = acme::account(directory, known.as_deref(), network).await?;
        if let Some(credentials) = fresh {
            let sealed = self.keys().seal(Purpose::Secrets, &credentials)?;
            let mut tx = self.db().begin().await?;
            certificates::save_account(&mut tx, directory, &sealed).await?;
            tx.commit().await?;
        }
        let show = |digest: Vec<u8>| async move {
            self.show_challenge(host, &digest).await.map_err(|error| error.to_string())
        };
        let issued = acme::order(&account, host, show).await;
        let mut tx = self.db().begin().await?;
        certificates::delete_challenge(&mut tx, host).await?;
        tx.commit().await?;
        Ok(issued?)
    }

    async fn show_challenge(&self, host: &str, digest: &[u8]) -> Result<()> {
        let mut tx = self.db().begin().await?;
        certificates::put_challenge(&mut tx, host, digest, self.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn keep_certificate(&self, host: &str, issued: &Issued) -> Result<()> {
        let secret = self.keys().seal(Purpose::Secrets, issued.key.as_bytes());
        let secret = secret.map_err(|error| Error::Internal(error.to_string()))?;
        let renew_at = renewal(issued.begins_at, issued.expires_at);
        let mut tx = self.db().begin().await?;
        certificates::keep(&mut tx, host, &issued.chain, &secret, issued.expires_at, renew_at).await?;
        tx.commit().await?;
        self.shared.shown.kept().remove(host);
        tracing::info!(host, expires_at = %issued.expires_at, "a certificate was issued");
        Ok(())
    }

    async fn put_off(&self, host: &str, failures: u32, problem: &str) -> Result<()> {
        let pause = PAUSES.get(failures as usize).copied().unwrap_or(DAY);
        let mut tx = self.db().begin().await?;
        certificates::fail(&mut tx, host, self.now().plus(pause), problem).await?;
        Ok(tx.commit().await?)
    }

    /// Orders what is missing and renews what is due: for tracking hosts in use, for those that links of sent mail still lead
    /// through, and for the operator's own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn renew_certificates(&self) -> Result<()> {
        if !self.orders_certificates() {
            return Ok(());
        }
        let mut tx = self.db().read().await?;
        let domains = store::tracking_domains::list(&mut tx).await?;
        let (used, left): (Vec<_>, Vec<_>) = domains.into_iter().partition(|domain| domain.active_since.is_some());
        let mut hosts: Vec<String> = used.iter().map(|domain| name_and_port(&domain.host).0.to_owned()).collect();
        let former = store::tracking_domains::list_former(&mut tx).await?;
        for host in left.into_iter().map(|domain| domain.host).chain(former) {
            let (name, _) = name_and_port(&host);
            // What never had a certificate was never used.
            if certificates::find(&mut tx, name).await?.is_some_and(|it| it.chain.is_some()) {
                hosts.push(name.to_owned());
            }
        }
        drop(tx);
        hosts.extend(self.own_hosts());
        for host in hosts {
            self.see_to_certificate(&host).await?;
        }
        Ok(())
    }
}

/// When two thirds of a certificate's time are over: 30 days before the end of the usual 90.
fn renewal(begins: Timestamp, ends: Timestamp) -> Timestamp {
    begins.plus(ends.since(begins) / 3 * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_of_ninety_days_is_renewed_thirty_days_before_its_end() {
        assert_eq!(renewal(Timestamp(0), Timestamp(90 * DAY)), Timestamp(60 * DAY));
    }
}
