//! How a delivery channel speaks to its server, and which servers it may be given.

use std::net::IpAddr;

use crate::{
    address::readable_domain,
    input::{Code, Invalid, range, time_zone},
    limits::{DayReset, DomainRule, EVERY_OTHER_DOMAIN, Limits},
    text_enum,
};

text_enum!(
    /// How the conversation with the server is protected.
    Security {
        /// TLS from the first byte.
        Tls = "tls",
        /// TLS after `STARTTLS`, required.
        StartTls = "starttls",
        /// None; only for a server on this machine.
        None = "none",
    }
);

text_enum!(
    /// How the channel proves who it is.
    Auth {
        /// Not at all.
        None = "none",
        /// User name and password.
        Password = "password",
        /// An `OAuth` access token.
        Xoauth2 = "xoauth2",
    }
);

/// The longest host name RFC 1035 allows.
const MAX_HOST: usize = 253;
/// The highest limit that is taken for a limit.
const MAX_COUNT: i64 = 1_000_000;
/// The most connections at once; more would look like an attack to any provider.
const MAX_CONNECTIONS: i64 = 50;
/// The most rules for recipient domains.
const MAX_RULES: usize = 100;
/// The longest pause between batches: a day.
const MAX_PAUSE_S: i64 = 86_400;

/// A host name or an IP address, without port, path or spaces.
///
/// # Errors
/// [`Code::Required`], [`Code::TooLong`] or [`Code::NotAHost`].
pub fn host(field: &'static str, text: &str) -> Result<String, Invalid> {
    let host = text.trim().trim_end_matches('.');
    if host.is_empty() {
        Err(Invalid::new(field, Code::Required))
    } else if host.len() > MAX_HOST {
        Err(Invalid::new(field, Code::TooLong { max: MAX_HOST }))
    } else if ip_address(host).is_some() || host.split('.').all(is_label) {
        Ok(host.to_lowercase())
    } else {
        Err(Invalid::new(field, Code::NotAHost))
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn ip_address(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Whether a host, as written, is this machine.
pub fn is_this_machine(host: &str) -> bool {
    host == "localhost" || ip_address(host).is_some_and(|address| address.to_canonical().is_loopback())
}

/// What is wrong with limits as somebody typed them. Zero is a limit too: it lets nothing through. A batch needs a pause
/// and a pause needs a batch.
pub fn faults_of(limits: &Limits) -> Vec<Invalid> {
    let counts = [
        ("connections", Some(limits.connections), 1, MAX_CONNECTIONS),
        ("batch_size", limits.batch_size, 0, MAX_COUNT),
        ("batch_pause_s", limits.batch_pause_s, 1, MAX_PAUSE_S),
        ("per_minute", limits.per_minute, 0, MAX_COUNT),
        ("per_day", limits.per_day, 0, MAX_COUNT),
    ];
    let mut wrong: Vec<Invalid> =
        counts.into_iter().filter_map(|(field, count, min, max)| range(field, count?.into(), min, max).err()).collect();
    match (limits.batch_size, limits.batch_pause_s) {
        (Some(_), None) => wrong.push(Invalid::new("batch_pause_s", Code::Required)),
        (None, Some(_)) => wrong.push(Invalid::new("batch_size", Code::Required)),
        _ => {}
    }
    if let DayReset::At { minute_of_day, zone } = &limits.day_reset {
        wrong.extend(range("day_reset", (*minute_of_day).into(), 0, 24 * 60 - 1).err());
        wrong.extend(time_zone("day_reset", zone).err());
    }
    wrong.extend(fault_of_rules(&limits.domain_rules));
    wrong
}

/// A domain as rules name it: as [`crate::address::domain_of`] an address.
pub fn rule_domain(text: &str) -> String {
    readable_domain(text.trim().trim_start_matches('@').trim_end_matches('.'))
}

fn fault_of_rules(rules: &[DomainRule]) -> Option<Invalid> {
    let field = "domain_rules";
    if rules.len() > MAX_RULES {
        return Some(Invalid::new(field, Code::TooMany { max: MAX_RULES }));
    }
    let mut seen = std::collections::HashSet::new();
    rules.iter().find_map(|rule| {
        let figures = [rule.per_minute, rule.per_day].into_iter().flatten();
        if rule.domain != EVERY_OTHER_DOMAIN && (host(field, &rule.domain).is_err() || !rule.domain.contains('.')) {
            Some(Invalid::new(field, Code::NotAHost))
        } else if !seen.insert(rule.domain.as_str()) {
            Some(Invalid::new(field, Code::Taken))
        } else {
            figures.into_iter().find_map(|figure| range(field, figure.into(), 0, MAX_COUNT).err())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_and_addresses_and_nothing_around_them() {
        for good in [
            "smtp.example.org",
            "SMTP.Example.ORG.",
            "localhost",
            "10.0.0.1",
            "::1",
            "[::1]",
            "bücher.example",
            "mail_pit",
        ] {
            assert!(host("host", good).is_ok(), "{good}");
        }
        for bad in
            ["smtp.example.org:25", "https://smtp.example.org", "a b", "user@host", "a..b", "-a.b", "a\r\nb", "a/b"]
        {
            assert_eq!(host("host", bad), Err(Invalid::new("host", Code::NotAHost)), "{bad:?}");
        }
        assert_eq!(host("host", " "), Err(Invalid::new("host", Code::Required)));
        assert!(host("host", &"a.".repeat(200)).is_err());
    }

    #[test]
    fn this_machine_has_several_names() {
        for here in ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1"] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in ["smtp.example.org", "10.0.0.1", "localhost.example.org"] {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_batch_needs_a_pause_and_zero_is_a_limit() {
        assert_eq!(faults_of(&Limits::default()), []);
        assert_eq!(faults_of(&Limits { per_day: Some(0), ..Limits::default() }), []);
        let lonely = Limits { batch_size: Some(25), ..Limits::default() };
        assert_eq!(faults_of(&lonely), [Invalid::new("batch_pause_s", Code::Required)]);
        let wild = Limits {
            batch_size: Some(1),
            batch_pause_s: Some(100_000),
            per_minute: Some(2_000_000),
            ..Limits::default()
        };
        let fields: Vec<_> = faults_of(&wild).into_iter().map(|invalid| invalid.field).collect();
        assert_eq!(fields, ["batch_pause_s", "per_minute"]);
        let crowd = Limits { connections: 51, ..Limits::default() };
        assert_eq!(faults_of(&crowd), [Invalid::new("connections", Code::OutOfRange { min: 1, max: 50 })]);
    }

    #[test]
    fn a_day_begins_at_a_time_that_exists_in_a_zone_that_exists() {
        let at = |minute_of_day, zone: &str| Limits {
            day_reset: DayReset::At { minute_of_day, zone: zone.into() },
            ..Limits::default()
        };
        assert_eq!(faults_of(&at(1439, "Asia/Seoul")), []);
        assert_eq!(
            faults_of(&at(1440, "Asia/Seoul")),
            [Invalid::new("day_reset", Code::OutOfRange { min: 0, max: 1439 })]
        );
        assert_eq!(faults_of(&at(0, "Mars/Olympus")), [Invalid::new("day_reset", Code::UnknownTimeZone)]);
    }

    #[test]
    fn each_domain_has_one_rule() {
        let rules = |names: &[&str]| Limits {
            domain_rules: names
                .iter()
                .map(|name| DomainRule { domain: rule_domain(name), per_minute: Some(1), per_day: None })
                .collect(),
            ..Limits::default()
        };
        assert_eq!(faults_of(&rules(&["@Gmail.com", "*", "bücher.example"])), []);
        let spelled_twice = faults_of(&rules(&["bücher.example", "xn--bcher-kva.example"]));
        assert_eq!(spelled_twice, [Invalid::new("domain_rules", Code::Taken)]);
        for bad in [&["gmail"][..], &["a b.example"], &[""], &["**"]] {
            assert_eq!(faults_of(&rules(bad)), [Invalid::new("domain_rules", Code::NotAHost)], "{bad:?}");
        }
        let twice = faults_of(&rules(&["gmail.com", "GMAIL.com"]));
        assert_eq!(twice, [Invalid::new("domain_rules", Code::Taken)]);
    }
}
