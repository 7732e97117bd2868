//! The log: on standard error, as text or JSON. What stands in it is `docs/logging.md`'s business.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::configuration::LogFormat;

/// Says of each certificate it refuses that it did, and not whose: the email, the mailbox or the test of a channel says both.
const VERIFIER: &str = "rustls_platform_verifier";

/// Begins to log what `filter` lets through.
pub(crate) fn begin(filter: &str, format: LogFormat) {
    let filter = EnvFilter::new(without_verifier(filter));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => subscriber.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
}

/// `filter` without the lines of the certificates' verifier, unless it asks for them.
fn without_verifier(filter: &str) -> String {
    if filter.contains(VERIFIER) { filter.to_owned() } else { format!("{filter},{VERIFIER}=off") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_of_certificates_is_heard_only_when_somebody_asks_for_it() {
        assert_eq!(without_verifier("info"), "info,rustls_platform_verifier=off");
        let asked = "info,rustls_platform_verifier=debug";
        assert_eq!(without_verifier(asked), asked);
    }
}
