//! The log: on standard error, as text or JSON. What stands in it is `docs/logging.md`'s business.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::configuration::LogFormat;

/// Begins to log what `filter` lets through.
pub(crate) fn begin(filter: EnvFilter, format: LogFormat) {
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => subscriber.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
}
