//! Certificates of the hosts that this server answers for by itself: ordered, renewed, and shown to whoever connects.
//!
//! A certificate stands in the store, its key sealed, so that every node shows the same. One node orders at a time.

mod order;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{Timestamp, time::MINUTE};
use mail::acme::Identity;
use store::certificates::{self, Certificate};

pub use mail::acme::{PROTOCOL, ServerConfig};

use crate::{Engine, Error, Purpose, Result};

/// How long another node's new certificate may go unnoticed.
const FRESH: i64 = MINUTE;

/// What is shown for a host, and when that was read; `None` where there is nothing to show.
type Reading = (Timestamp, Option<Arc<ServerConfig>>);

/// What was shown lately, by host.
#[derive(Default)]
pub(crate) struct Shown(Mutex<HashMap<String, Reading>>);

impl Shown {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Reading>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// What is shown to a client that asks for `host`: its certificate, or `None` where it has none or is not ours.
    ///
    /// # Errors
    /// When the store fails, or the certificate cannot be used.
    pub async fn tls_of(&self, host: &str) -> Result<Option<Arc<ServerConfig>>> {
        if !self.answers_for(host) {
            return Ok(None);
        }
        let now = self.now();
        let shown = self.shared.shown.kept().get(host).cloned();
        if let Some((_, config)) = shown.filter(|(at, _)| *at <= now && now < at.plus(FRESH)) {
            return Ok(config);
        }
        let mut tx = self.db().read().await?;
        let certificate = certificates::find(&mut tx, host).await?;
        drop(tx);
        let config = certificate.map(|certificate| self.config_of(&certificate)).transpose()?.flatten();
        self.shared.shown.kept().insert(host.to_owned(), (now, config.clone()));
        Ok(config)
    }

    /// What is shown to a certificate authority that looks whether `host` is ours, while an order runs.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tls_of_challenge(&self, host: &str) -> Result<Option<Arc<ServerConfig>>> {
        let mut tx = self.db().read().await?;
        let Some(digest) = certificates::find_challenge(&mut tx, host).await? else { return Ok(None) };
        let config = Identity::of_challenge(host, &digest).and_then(|identity| identity.server_config(&[PROTOCOL]));
        config.map(Some).map_err(|error| Error::Internal(error.to_string()))
    }

    fn config_of(&self, certificate: &Certificate) -> Result<Option<Arc<ServerConfig>>> {
        let (Some(chain), Some(secret)) = (&certificate.chain, &certificate.secret) else { return Ok(None) };
        let unusable = |error: &dyn std::fmt::Display| Error::Internal(format!("{}: {error}", certificate.host));
        let key = self.keys().open(Purpose::Secrets, secret).map_err(|error| unusable(&error))?;
        let identity = Identity::from_pem(chain, &key).map_err(|error| unusable(&error))?;
        identity.server_config(&[b"http/1.1"]).map(Some).map_err(|error| unusable(&error))
    }

    /// Whether `host` leads here: a tracking host of a workspace, or one of the operator's.
    fn answers_for(&self, host: &str) -> bool {
        self.is_tracking_host(host) || self.own_hosts().iter().any(|own| own == host)
    }

    /// The operator's hosts that have a name and are reached by https.
    fn own_hosts(&self) -> Vec<String> {
        let settings = self.settings();
        let name = |url: &String| match url::Url::parse(url).ok()? {
            url if url.scheme() == "https" => url.domain().map(str::to_owned),
            _ => None,
        };
        let mut hosts: Vec<String> =
            [&settings.public_url, &settings.tracking_url].into_iter().filter_map(name).collect();
        hosts.dedup();
        hosts
    }
}
