//! What somebody may say, in the same words as a flag, in the environment and in the file.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use serde::Deserialize;

/// Under which heading of a command's help they stand.
pub(crate) const SETTINGS: &str = "Settings";

/// Settings as they are said; what is `None` was not.
#[derive(Debug, Default, Args, Deserialize)]
#[serde(deny_unknown_fields)]
#[command(next_help_heading = SETTINGS)]
pub(crate) struct Settings {
    /// A TOML file with settings, named as the flags but with `_`; by default quarterdeck.toml in the data folder
    #[arg(long, env = "QUARTERDECK_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,

    /// Folder of the database, the keys and the settings [default: data]
    #[arg(long, env = "QUARTERDECK_DATA_DIR", value_name = "DIR", global = true)]
    pub(crate) data_dir: Option<PathBuf>,

    /// `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME` [default: quarterdeck.db in the data folder]
    #[arg(long, env = "QUARTERDECK_DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub(crate) database_url: Option<String>,

    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:4080]
    #[arg(long, env = "QUARTERDECK_LISTEN", value_name = "ADDRESS", global = true)]
    pub(crate) listen: Option<SocketAddr>,

    /// Where people open the interface, such as `https://deck.example.com` [default: http:// and the listen address]
    #[arg(long, env = "QUARTERDECK_PUBLIC_URL", value_name = "URL", global = true)]
    pub(crate) public_url: Option<String>,

    /// Where pixels and links of sent mail point; a host of its own serves nothing else [default: the public URL]
    #[arg(long, env = "QUARTERDECK_TRACKING_URL", value_name = "URL", global = true)]
    pub(crate) tracking_url: Option<String>,

    /// Address and port at which bounces and complaints are taken by SMTP, such as 0.0.0.0:25 [default: none]
    #[arg(long, env = "QUARTERDECK_INBOUND", value_name = "ADDRESS", global = true)]
    pub(crate) inbound: Option<SocketAddr>,

    /// The host name that this SMTP port gives [default: the host of the public URL]
    #[arg(long, env = "QUARTERDECK_INBOUND_NAME", value_name = "HOST", global = true)]
    pub(crate) inbound_name: Option<String>,

    /// The certificate that this SMTP port shows, with its chain, in PEM [default: one made at start]
    #[arg(long, env = "QUARTERDECK_INBOUND_CERTIFICATE", value_name = "FILE", global = true)]
    pub(crate) inbound_certificate: Option<PathBuf>,

    /// The private key of this certificate, in PEM
    #[arg(long, env = "QUARTERDECK_INBOUND_KEY", value_name = "FILE", global = true)]
    pub(crate) inbound_key: Option<PathBuf>,

    /// Addresses of proxies that say truly whom they speak for, separated by commas
    #[arg(long, env = "QUARTERDECK_TRUSTED_PROXIES", value_name = "IP", value_delimiter = ',', global = true)]
    pub(crate) trusted_proxies: Option<Vec<IpAddr>>,

    /// Whether channels and mailboxes may point at private and loopback addresses [default: false]
    #[arg(
        long,
        env = "QUARTERDECK_ALLOW_PRIVATE_HOSTS",
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        global = true
    )]
    pub(crate) allow_private_hosts: Option<bool>,

    /// Autonomous systems by address, a file in the mmdb format: knows networks by their number
    #[arg(long, env = "QUARTERDECK_ASN_FILE", value_name = "FILE", global = true)]
    pub(crate) asn_file: Option<PathBuf>,

    /// Places by address, a file in the mmdb format: views and clicks then say near which city
    #[arg(long, env = "QUARTERDECK_PLACE_FILE", value_name = "FILE", global = true)]
    pub(crate) place_file: Option<PathBuf>,

    /// Address and port to answer https at, such as 0.0.0.0:443, with certificates that are ordered as needed; this agrees to
    /// the terms of their authority [default: none, a proxy does]
    #[arg(long, env = "QUARTERDECK_HTTPS_LISTEN", value_name = "ADDRESS", global = true)]
    pub(crate) https_listen: Option<SocketAddr>,

    /// The ACME directory that certificates are ordered from [default: Let's Encrypt's]
    #[arg(long, env = "QUARTERDECK_ACME_DIRECTORY", value_name = "URL", global = true)]
    pub(crate) acme_directory: Option<String>,

    /// DNS servers to ask about sending and tracking domains, separated by commas, such as 9.9.9.9:53 [default: the system's]
    #[arg(long, env = "QUARTERDECK_DNS_SERVERS", value_name = "ADDRESS", value_delimiter = ',', global = true)]
    pub(crate) dns_servers: Option<Vec<SocketAddr>>,

    /// Certificate authorities to trust besides the system's, in PEM [default: none]
    #[arg(long, env = "QUARTERDECK_TRUSTED_CA", value_name = "FILE", global = true)]
    pub(crate) trusted_ca: Option<PathBuf>,

    /// What is logged: error, warn, info, debug, trace, or a filter such as info,engine=debug [default: info]
    #[arg(long, env = "QUARTERDECK_LOG", value_name = "FILTER", global = true)]
    pub(crate) log: Option<String>,

    /// How it is logged [default: text]
    #[arg(long, env = "QUARTERDECK_LOG_FORMAT", value_enum, value_name = "FORMAT", global = true)]
    pub(crate) log_format: Option<LogFormat>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For programs, one object a line
    Json,
}

impl LogFormat {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}
