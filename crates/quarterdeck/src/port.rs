//! The SMTP port for what comes back: where it listens, its name, and the certificate it shows.

use std::{fs, path::Path};

use engine::feedback::{PortLimits, PortOptions, Tls};
use tokio::net::TcpListener;
use tracing::info;

use crate::{
    configuration::Configuration,
    error::{Error, Result},
    server,
};

/// A port that was opened, before anybody answers there.
pub(crate) struct Port {
    pub(crate) listener: TcpListener,
    pub(crate) options: PortOptions,
}

/// Opens the port, if there is to be one.
pub(crate) async fn open(configuration: &Configuration, public_url: &str) -> Result<Option<Port>> {
    let Some(address) = configuration.inbound.value else { return Ok(None) };
    let name = configuration.inbound_name.value.clone().unwrap_or_else(|| host_of(public_url).to_owned());
    let files = (&configuration.inbound_certificate.value, &configuration.inbound_key.value);
    let tls = match files {
        (Some(certificate), Some(key)) => Tls::from_pem(&read(certificate)?, &read(key)?)?,
        _ => Tls::self_made(&name)?,
    };
    let (listener, address) = server::listen(address).await?;
    info!(%address, name, "taking bounces and complaints by SMTP");
    Ok(Some(Port { listener, options: PortOptions { name, tls: Some(tls), limits: PortLimits::default() } }))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source })
}

/// The host in a URL, without its port.
fn host_of(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    match host.split_once(']') {
        Some((address, _)) => address.trim_start_matches('['),
        None => host.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_host_alone() {
        assert_eq!(host_of("https://deck.example"), "deck.example");
        assert_eq!(host_of("http://127.0.0.1:4080"), "127.0.0.1");
        assert_eq!(host_of("http://[::1]:4080"), "::1");
    }
}
