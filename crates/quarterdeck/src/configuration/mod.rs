//! Settings: from flags, else from the environment, else from a TOML file, else their defaults.
//!
//! [`Settings`] is what somebody may say, in the same words in all three places; [`Configuration`] is what holds, and
//! whence.

mod checks;
mod settings;
mod source;

#[cfg(test)]
mod tests;

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use store::Location;

pub(crate) use settings::{LogFormat, SETTINGS, Settings};
pub(crate) use source::{Source, Sources};

use crate::error::{Error, Result};

/// Where certificates come from unless somebody says otherwise.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// A value and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Setting<T> {
    pub(crate) name: &'static str,
    pub(crate) value: T,
    pub(crate) source: Source,
}

/// Every setting in force.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    pub(crate) data_dir: Setting<PathBuf>,
    pub(crate) database_url: Setting<String>,
    pub(crate) listen: Setting<SocketAddr>,
    /// Without one: wherever the server listens.
    pub(crate) public_url: Setting<Option<String>>,
    /// Without one: the public URL.
    pub(crate) tracking_url: Setting<Option<String>>,
    /// Without one: bounces and complaints are not taken by SMTP.
    pub(crate) inbound: Setting<Option<SocketAddr>>,
    /// Without one: the host of the public URL.
    pub(crate) inbound_name: Setting<Option<String>>,
    /// Without one: one is made at start.
    pub(crate) inbound_certificate: Setting<Option<PathBuf>>,
    pub(crate) inbound_key: Setting<Option<PathBuf>>,
    pub(crate) trusted_proxies: Setting<Vec<IpAddr>>,
    pub(crate) allow_private_hosts: Setting<bool>,
    /// Without one: a proxy answers https.
    pub(crate) https_listen: Setting<Option<SocketAddr>>,
    pub(crate) acme_directory: Setting<String>,
    /// None: those of the system.
    pub(crate) dns_servers: Setting<Vec<SocketAddr>>,
    pub(crate) trusted_ca: Setting<Option<PathBuf>>,
    /// Without one: networks are known by their ranges only.
    pub(crate) asn_file: Setting<Option<PathBuf>>,
    /// Without one: no place is guessed.
    pub(crate) place_file: Setting<Option<PathBuf>>,
    pub(crate) log: Setting<String>,
    pub(crate) log_format: Setting<LogFormat>,
}

impl Configuration {
    /// Puts together what was said (`said`, with the `sources` of each) and the file.
    pub(crate) fn load(said: Settings, sources: &Sources) -> Result<Self> {
        let (file, path) = read_file(&said)?;
        let configuration = Self::layered(said, sources, file, path);
        checks::check(&configuration)?;
        Ok(configuration)
    }

    fn layered(said: Settings, sources: &Sources, file: Settings, path: Option<PathBuf>) -> Self {
        let layers = Layers { sources, path };
        let data_dir = layers.choose("data_dir", said.data_dir, file.data_dir, || PathBuf::from("data"));
        let database = || format!("sqlite:{}", data_dir.value.join("quarterdeck.db").display());
        Self {
            database_url: layers.choose("database_url", said.database_url, file.database_url, database),
            listen: layers.choose("listen", said.listen, file.listen, || SocketAddr::from(([127, 0, 0, 1], 4080))),
            public_url: layers.choose("public_url", said.public_url.map(Some), file.public_url.map(Some), || None),
            tracking_url: layers.choose(
                "tracking_url",
                said.tracking_url.map(Some),
                file.tracking_url.map(Some),
                || None,
            ),
            inbound: layers.choose("inbound", said.inbound.map(Some), file.inbound.map(Some), || None),
            inbound_name: layers.choose(
                "inbound_name",
                said.inbound_name.map(Some),
                file.inbound_name.map(Some),
                || None,
            ),
            inbound_certificate: layers.choose(
                "inbound_certificate",
                said.inbound_certificate.map(Some),
                file.inbound_certificate.map(Some),
                || None,
            ),
            inbound_key: layers.choose("inbound_key", said.inbound_key.map(Some), file.inbound_key.map(Some), || None),
            trusted_proxies: layers.choose("trusted_proxies", said.trusted_proxies, file.trusted_proxies, Vec::new),
            allow_private_hosts: layers.choose(
                "allow_private_hosts",
                said.allow_private_hosts,
                file.allow_private_hosts,
                || false,
            ),
            asn_file: layers.choose("asn_file", said.asn_file.map(Some), file.asn_file.map(Some), || None),
            place_file: layers.choose("place_file", said.place_file.map(Some), file.place_file.map(Some), || None),
            https_listen: layers.choose(
                "https_listen",
                said.https_listen.map(Some),
                file.https_listen.map(Some),
                || None,
            ),
            acme_directory: layers
                .choose("acme_directory", said.acme_directory, file.acme_directory, || LETS_ENCRYPT.to_owned()),
            dns_servers: layers.choose("dns_servers", said.dns_servers, file.dns_servers, Vec::new),
            trusted_ca: layers.choose("trusted_ca", said.trusted_ca.map(Some), file.trusted_ca.map(Some), || None),
            log: layers.choose("log", said.log, file.log, || "info".to_owned()),
            log_format: layers.choose("log_format", said.log_format, file.log_format, || LogFormat::Text),
            data_dir,
        }
    }

    /// Where the data is.
    pub(crate) fn location(&self) -> Location {
        let url = &self.database_url.value;
        match url.strip_prefix("sqlite:") {
            Some(path) => Location::SqliteFile(path.strip_prefix("//").unwrap_or(path).into()),
            None => Location::Postgres(url.clone()),
        }
    }

    /// The key file.
    pub(crate) fn keys(&self) -> PathBuf {
        self.data_dir.value.join("keys.json")
    }

    /// Where the lists of networks are.
    pub(crate) fn network_files(&self) -> engine::networks::Files {
        engine::networks::Files {
            folder: self.data_dir.value.join("networks"),
            numbers: self.asn_file.value.clone(),
            places: self.place_file.value.clone(),
        }
    }

    /// What an operator decides and a use-case needs to know, for a server that listens at `address`.
    pub(crate) fn engine_settings(&self, address: SocketAddr) -> Result<engine::Settings> {
        let trimmed = |url: &String| url.trim_end_matches('/').to_owned();
        let public_url = self.public_url.value.as_ref().map_or_else(|| reachable(address), trimmed);
        let tracking_url = self.tracking_url.value.as_ref().map_or_else(|| public_url.clone(), trimmed);
        Ok(engine::Settings {
            public_url,
            tracking_url,
            allow_private_hosts: self.allow_private_hosts.value,
            domains: self.domain_settings()?,
        })
    }

    fn domain_settings(&self) -> Result<engine::DomainSettings> {
        let trusted_roots = match &self.trusted_ca.value {
            Some(path) => {
                let failed = |source| Error::File { path: path.clone(), source };
                let pem = std::fs::read(path).map_err(failed)?;
                engine::DomainSettings::read_roots(&pem).map_err(|error| failed(std::io::Error::other(error)))?
            }
            None => Vec::new(),
        };
        Ok(engine::DomainSettings {
            dns_servers: self.dns_servers.value.clone(),
            trusted_roots,
            acme_directory: self.https_listen.value.map(|_| self.acme_directory.value.clone()),
            hosts: Vec::new(),
        })
    }

    /// Every setting as it may be shown: name, value, source.
    pub(crate) fn shown(&self) -> Vec<(&'static str, String, &Source)> {
        let default_url = |url: &Option<String>, default: &str| url.clone().unwrap_or_else(|| default.to_owned());
        vec![
            line(&self.data_dir, self.data_dir.value.display()),
            line(&self.database_url, without_password(&self.database_url.value)),
            line(&self.listen, self.listen.value),
            line(&self.public_url, default_url(&self.public_url.value, &reachable(self.listen.value))),
            line(&self.tracking_url, default_url(&self.tracking_url.value, "(the public URL)")),
            line(&self.inbound, self.inbound.value.map_or_else(|| "(none)".to_owned(), |address| address.to_string())),
            line(&self.inbound_name, default_url(&self.inbound_name.value, "(the host of the public URL)")),
            line(&self.inbound_certificate, file_or(self.inbound_certificate.value.as_ref(), "(made at start)")),
            line(&self.inbound_key, file_or(self.inbound_key.value.as_ref(), "(made at start)")),
            line(&self.trusted_proxies, list(&self.trusted_proxies.value)),
            line(&self.allow_private_hosts, self.allow_private_hosts.value),
            line(&self.asn_file, file_or(self.asn_file.value.as_ref(), "(none)")),
            line(&self.place_file, file_or(self.place_file.value.as_ref(), "(none)")),
            line(
                &self.https_listen,
                self.https_listen.value.map_or_else(|| "(none)".to_owned(), |address| address.to_string()),
            ),
            line(&self.acme_directory, &self.acme_directory.value),
            line(&self.dns_servers, list(&self.dns_servers.value)),
            line(&self.trusted_ca, file_or(self.trusted_ca.value.as_ref(), "(none)")),
            line(&self.log, &self.log.value),
            line(&self.log_format, self.log_format.value.as_str()),
        ]
    }
}

/// What a setting is chosen from, beside the values.
struct Layers<'a> {
    sources: &'a Sources,
    path: Option<PathBuf>,
}

impl Layers<'_> {
    fn choose<T>(
        &self,
        name: &'static str,
        said: Option<T>,
        file: Option<T>,
        default: impl FnOnce() -> T,
    ) -> Setting<T> {
        let (value, source) = match (said, file) {
            (Some(value), _) => (value, self.sources.of(name)),
            (None, Some(value)) => (value, self.path.clone().map_or(Source::Default, Source::File)),
            (None, None) => (default(), Source::Default),
        };
        Setting { name, value, source }
    }
}

fn line<T>(setting: &Setting<T>, shown: impl Display) -> (&'static str, String, &Source) {
    (setting.name, shown.to_string(), &setting.source)
}

fn list<T: ToString>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    if values.is_empty() { "(none)".to_owned() } else { values.join(", ") }
}

fn file_or(file: Option<&PathBuf>, default: &str) -> String {
    file.map_or_else(|| default.to_owned(), |file| file.display().to_string())
}

/// The file named by `--config`, or the data folder's, if it is there.
fn read_file(said: &Settings) -> Result<(Settings, Option<PathBuf>)> {
    let usual = || said.data_dir.clone().unwrap_or_else(|| "data".into()).join("quarterdeck.toml");
    let path = match &said.config {
        Some(path) => path.clone(),
        None if usual().exists() => usual(),
        None => return Ok((Settings::default(), None)),
    };
    let failed = |reason: String| Error::ConfigurationFile { path: path.clone(), reason };
    let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
    let settings = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    Ok((settings, Some(path)))
}

/// A URL by which this machine reaches a server that listens at `address`.
fn reachable(address: SocketAddr) -> String {
    let host = if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address };
    format!("http://{host}")
}

/// `postgres://user:secret@host/db` without its secret.
fn without_password(url: &str) -> String {
    let hidden = || {
        let (scheme, rest) = url.split_once("://")?;
        let (credentials, place) = rest.rsplit_once('@')?;
        let (user, _) = credentials.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{place}"))
    };
    hidden().unwrap_or_else(|| url.to_owned())
}
