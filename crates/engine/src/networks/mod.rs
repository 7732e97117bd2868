//! Whose network a request comes from: scanners, Apple's proxies, and, where the operator has the files, any network and
//! its place.
//!
//! A short list of scanners is a part of the program. Everything else is a file that the operator refreshes; a changed file
//! is read again while the server runs. Nothing is guessed without one.

mod files;
mod ranges;
mod scanners;

pub use files::{Files, NetworkError};

use std::{
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::engagement::{AppleList, Source};
use maxminddb::{Reader, path};
use tokio_util::sync::CancellationToken;

use crate::Engine;
use ranges::Ranges;
use scanners::Scanners;

/// How often the files are looked at for changes.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Everything that is known of networks.
pub struct Networks {
    scanners: Scanners,
    apple: Option<Ranges>,
    numbers: Option<Reader<Vec<u8>>>,
    places: Option<Reader<Vec<u8>>>,
}

/// What is known of one address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// What the rules look at.
    pub source: Source,
    /// Whose network it is.
    pub name: Option<String>,
    /// Where it is, in English: `Lyon, France`.
    pub place: Option<String>,
}

impl Default for Networks {
    fn default() -> Self {
        Self { scanners: Scanners::shipped(), apple: None, numbers: None, places: None }
    }
}

impl Networks {
    /// What is known of `ip`.
    pub fn look_up(&self, ip: IpAddr) -> Known {
        let ip = ip.to_canonical();
        let number = self.numbers.as_ref().and_then(|file| autonomous_system(file, ip));
        let (mut source, listed) = self.scanners.look_up(ip, number);
        source.apple = match &self.apple {
            None => AppleList::Missing,
            Some(list) if list.contains(ip) => AppleList::Inside,
            Some(_) => AppleList::Outside,
        };
        let apple = (source.apple == AppleList::Inside).then(|| "Apple".to_owned());
        let named = || self.numbers.as_ref().and_then(|file| organisation(file, ip));
        Known {
            source,
            name: listed.or(apple).or_else(named),
            place: self.places.as_ref().and_then(|file| place(file, ip)),
        }
    }

    /// How many ranges and numbers of scanners are known, and how many of Apple's ranges, if its list is there.
    pub fn sizes(&self) -> (usize, Option<usize>) {
        (self.scanners.len(), self.apple.as_ref().map(Ranges::len))
    }
}

/// Vendors write small numbers in two bytes or in four.
fn autonomous_system(file: &Reader<Vec<u8>>, ip: IpAddr) -> Option<u32> {
    let number: serde_json::Value = file.lookup(ip).ok()?.decode_path(&path!["autonomous_system_number"]).ok()??;
    u32::try_from(number.as_u64()?).ok()
}

fn organisation(file: &Reader<Vec<u8>>, ip: IpAddr) -> Option<String> {
    file.lookup(ip).ok()?.decode_path(&path!["autonomous_system_organization"]).ok()?
}

/// City and country; only what the file says.
fn place(file: &Reader<Vec<u8>>, ip: IpAddr) -> Option<String> {
    let found = file.lookup(ip).ok()?;
    let city: Option<String> = found.decode_path(&path!["city", "names", "en"]).ok().flatten();
    let country: Option<String> = found.decode_path(&path!["country", "names", "en"]).ok().flatten();
    let parts: Vec<String> = [city, country].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The networks known at this moment.
#[derive(Default)]
pub(crate) struct Current(RwLock<Arc<Networks>>);

impl Engine {
    /// What is known of networks now.
    pub fn networks(&self) -> Arc<Networks> {
        self.shared.networks.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From here on `networks` is what is known.
    pub fn use_networks(&self, networks: Networks) {
        *self.shared.networks.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(networks);
    }

    /// Reads the files now and whenever one of them changes, until `stop`. What cannot be read is logged, and what was known
    /// stays known.
    pub async fn follow_networks_until(self, files: Files, stop: CancellationToken) {
        let mut seen = None;
        loop {
            let stamps = files.stamps();
            if seen.as_ref() != Some(&stamps) {
                let wanted = files.clone();
                match tokio::task::spawn_blocking(move || wanted.load()).await {
                    Ok(Ok(networks)) => {
                        let (scanners, apple) = networks.sizes();
                        tracing::info!(scanners, apple, "the lists of networks were read");
                        self.use_networks(networks);
                    }
                    Ok(Err(error)) => tracing::error!(%error, "a list of networks was not read; what was known stays"),
                    Err(error) => tracing::error!(%error, "reading the lists of networks ended badly"),
                }
                seen = Some(stamps);
            }
            if stop.run_until_cancelled(tokio::time::sleep(LOOK_AGAIN)).await.is_none() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
