//! Which servers may send for a domain (RFC 7208).

use super::{
    Answer, Dns,
    relay::Relay,
    report::{DnsRecord, Finding, FindingCode as Code, FindingSubject as Subject, FindingVerdict as Verdict},
};

/// Terms that ask DNS, at the most (RFC 7208 §4.6.4).
const MAX_LOOKUPS: u32 = 10;

/// What is known of a domain's record.
pub(super) struct Judged {
    pub(super) finding: Finding,
    /// Whether a receiver can follow it; `None` where DNS did not answer.
    pub(super) usable: Option<bool>,
}

/// What following a record comes to.
#[derive(Default)]
struct Walk {
    /// Names that are not known yet.
    unknown: Vec<String>,
    lookups: u32,
    /// Domains whose records it includes, at any depth.
    includes: Vec<String>,
    /// Whether it also names servers by what only a receiver knows (§7): nobody else can say which those are.
    by_macro: bool,
    everybody: bool,
    fault: Option<(Code, String)>,
    unanswered: bool,
}

/// The records of `domain` that are SPF.
fn records<'a>(domain: &str, dns: &'a Dns) -> Option<(&'a Answer<String>, Vec<&'a str>)> {
    let answer = dns.txt(domain)?;
    let is_spf = |text: &&String| {
        let mut words = text.split(' ');
        words.next().is_some_and(|version| version.eq_ignore_ascii_case("v=spf1"))
    };
    Some((answer, answer.records().iter().filter(is_spf).map(String::as_str).collect()))
}

pub(super) fn questions(domain: &str, dns: &Dns) -> Vec<String> {
    let mut walk = Walk::default();
    walk.follow(domain, dns, true);
    walk.unknown
}

impl Walk {
    fn follow(&mut self, domain: &str, dns: &Dns, is_first: bool) {
        let Some((answer, found)) = records(domain, dns) else {
            self.unknown.push(domain.to_owned());
            return;
        };
        match (found.as_slice(), answer) {
            ([record], _) => self.read(record, dns, is_first),
            ([], Answer::Unknown) => self.unanswered = true,
            _ if is_first => {}
            _ => self.fail(Code::SpfBrokenInclude, domain),
        }
    }

    fn read(&mut self, record: &str, dns: &Dns, is_first: bool) {
        let mut redirect = None;
        let mut has_all = false;
        for term in record.split_ascii_whitespace().skip(1) {
            let lower = term.to_ascii_lowercase();
            let (qualifier, mechanism) = match lower.strip_prefix(['+', '-', '~', '?']) {
                Some(rest) => (lower.chars().next().unwrap_or('+'), rest),
                None => ('+', lower.as_str()),
            };
            let (name, value) = match mechanism.find([':', '/', '=']) {
                Some(at) => (&mechanism[..at], mechanism[at..].trim_start_matches([':', '='])),
                None => (mechanism, ""),
            };
            match name {
                "all" if value.is_empty() => {
                    has_all = true;
                    self.everybody |= is_first && qualifier == '+';
                }
                "include" if !value.is_empty() => self.include(value, dns),
                "redirect" if !value.is_empty() => redirect = Some(value.to_owned()),
                "a" | "mx" | "ptr" => self.lookups += 1,
                "exists" if !value.is_empty() => {
                    self.lookups += 1;
                    self.by_macro = true;
                }
                "ip4" if is_network::<std::net::Ipv4Addr>(value, 32) => {}
                "ip6" if is_network::<std::net::Ipv6Addr>(value, 128) => {}
                // Unknown modifiers are skipped, unknown mechanisms are an error (§4.6.1).
                _ if mechanism.contains('=') && name != "all" => {}
                _ => self.fail(Code::SpfBroken, term),
            }
        }
        // With "all" in the record a redirect is never followed (§6.1).
        if let Some(domain) = redirect.filter(|_| !has_all) {
            self.include(&domain, dns);
        }
        if self.lookups > MAX_LOOKUPS {
            self.fail(Code::SpfTooManyLookups, &self.lookups.to_string());
        }
    }

    fn include(&mut self, domain: &str, dns: &Dns) {
        self.lookups += 1;
        let domain = domain.trim_end_matches('.');
        // What a macro stands for only the receiver knows.
        if domain.contains('%') {
            self.by_macro = true;
        } else if self.lookups <= MAX_LOOKUPS {
            self.includes.push(domain.to_owned());
            self.follow(domain, dns, false);
        }
    }

    fn fail(&mut self, code: Code, about: &str) {
        // Too many lookups is what the whole comes to, so it stands before what was met on the way.
        if self.fault.is_none() || code == Code::SpfTooManyLookups {
            self.fault = Some((code, about.to_owned()));
        }
    }
}

fn is_network<A: std::str::FromStr>(value: &str, max: u8) -> bool {
    let (address, length) = value.split_once('/').unwrap_or((value, "0"));
    address.parse::<A>().is_ok() && length.parse::<u8>().is_ok_and(|length| length <= max)
}

pub(super) fn judge(domain: &str, relay: Option<&Relay>, dns: &Dns) -> Judged {
    let of = |verdict, code| Finding::new(Subject::Spf, verdict, code);
    let unknown = || Judged { finding: of(Verdict::Unknown, Code::SpfUnknown).about(domain), usable: None };
    let Some((answer, found)) = records(domain, dns) else { return unknown() };
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    let bad = |finding: Finding| Judged { finding: finding.found(&shown), usable: Some(false) };
    let record = match (found.as_slice(), answer) {
        ([record], _) => *record,
        ([], Answer::Unknown) => return unknown(),
        ([], _) => {
            let finding = of(Verdict::Bad, Code::SpfMissing).about(domain).publish(fresh(domain, relay));
            return bad(finding);
        }
        _ => return bad(of(Verdict::Bad, Code::SpfSeveral).about(found.len().to_string())),
    };
    let mut walk = Walk::default();
    walk.read(record, dns, true);
    if let Some((code, about)) = walk.fault {
        return bad(of(Verdict::Bad, code).about(about));
    }
    if walk.unanswered || !walk.unknown.is_empty() {
        return unknown();
    }
    if walk.everybody {
        return Judged {
            finding: of(Verdict::Bad, Code::SpfEverybody)
                .found(&shown)
                .publish(DnsRecord::txt(domain, narrowed(record))),
            usable: Some(true),
        };
    }
    let finding = match relay {
        Some(relay) if walk.includes.iter().any(|name| name == relay.include) => {
            of(Verdict::Good, Code::SpfNamesRelay).about(relay.include)
        }
        // A relay that puts its own return address there is never looked up in ours.
        Some(relay) if !relay.replaces_return_address && !walk.by_macro => of(Verdict::Bad, Code::SpfWithoutRelay)
            .about(relay.include)
            .publish(DnsRecord::txt(domain, with_include(record, relay.include))),
        _ => of(Verdict::Good, Code::SpfGood).about(walk.lookups.to_string()),
    };
    let usable = Some(finding.code != Code::SpfWithoutRelay);
    Judged { finding: finding.found(&shown), usable }
}

/// A record for a domain that has none.
fn fresh(domain: &str, relay: Option<&Relay>) -> DnsRecord {
    let who = relay.map_or_else(|| "mx".to_owned(), |relay| format!("include:{}", relay.include));
    DnsRecord::txt(domain, format!("v=spf1 {who} ~all"))
}

/// The record with one more domain, before what it says of everybody else.
fn with_include(record: &str, include: &str) -> String {
    let mut terms: Vec<&str> = record.split_ascii_whitespace().collect();
    let included = format!("include:{include}");
    let is_last = |term: &&str| {
        let term = term.trim_start_matches(['+', '-', '~', '?']).to_ascii_lowercase();
        term == "all" || term.starts_with("redirect=")
    };
    let place = terms.iter().position(is_last).unwrap_or(terms.len());
    terms.insert(place, &included);
    terms.join(" ")
}

/// The record with everybody else doubted instead of allowed.
fn narrowed(record: &str) -> String {
    let doubted = |term| if matches!(term, "all" | "+all") { "~all" } else { term };
    record.split_ascii_whitespace().map(doubted).collect::<Vec<_>>().join(" ")
}
