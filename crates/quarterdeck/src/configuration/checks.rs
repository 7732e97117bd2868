//! What is wrong with a setting, said before anything starts.

use tracing_subscriber::EnvFilter;

use super::{Configuration, Setting};
use crate::error::{Error, Result};

pub(super) fn check(configuration: &Configuration) -> Result<()> {
    let database = &configuration.database_url;
    let is_known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database.value.starts_with(scheme));
    if !is_known {
        // The value may hold a password, so it is not repeated.
        return Err(refused(database, "***", "it begins with sqlite:, postgres:// or postgresql://"));
    }
    for url in [&configuration.public_url, &configuration.tracking_url] {
        if let Some(value) = &url.value {
            check_url(url, value)?;
        }
    }
    if configuration.inbound_certificate.value.is_some() != configuration.inbound_key.value.is_some() {
        let setting = &configuration.inbound_certificate;
        let value = setting.value.as_ref().map_or_else(String::new, |file| file.display().to_string());
        return Err(refused(setting, &value, "a certificate needs its key, and a key its certificate"));
    }
    EnvFilter::try_new(&configuration.log.value)
        .map(drop)
        .map_err(|error| refused(&configuration.log, &configuration.log.value, &error.to_string()))
}

/// A scheme, a host and perhaps a port: everything is served from the root.
fn check_url(setting: &Setting<Option<String>>, value: &str) -> Result<()> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let rest = rest.ok_or_else(|| refused(setting, value, "it begins with https:// or http://"))?;
    let host = rest.trim_end_matches('/');
    if host.is_empty() || host.contains(['/', '?', '#', '@']) || host.contains(char::is_whitespace) {
        return Err(refused(setting, value, "it is a scheme, a host and perhaps a port, and nothing after that"));
    }
    Ok(())
}

fn refused<T>(setting: &Setting<T>, value: &str, reason: &str) -> Error {
    Error::Setting {
        name: setting.name,
        value: value.to_owned(),
        source_name: setting.source.to_string(),
        reason: reason.to_owned(),
    }
}
