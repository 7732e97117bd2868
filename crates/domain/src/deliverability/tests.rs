use super::{FindingCode as Code, FindingSubject as Subject, FindingVerdict as Verdict, *};

const KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A";

fn dns(records: &[(&str, &str)]) -> Dns {
    let mut dns = Dns::default();
    for (name, text) in records {
        match dns.txt.entry((*name).to_owned()).or_insert(Answer::Found(Vec::new())) {
            Answer::Found(texts) => texts.push((*text).to_owned()),
            other => *other = Answer::Found(vec![(*text).to_owned()]),
        }
    }
    dns.mx.insert("shop.example".into(), Answer::Found(vec![Mx { preference: 10, host: "mx.shop.example".into() }]));
    dns
}

fn case(host: &str) -> Case {
    Case {
        from_domain: "shop.example".into(),
        envelope_domain: "shop.example".into(),
        relay: Relay::of_host(host),
        keys: Vec::new(),
    }
}

fn key(signs: bool) -> OwnKey {
    OwnKey { selector: "qd1".into(), algorithm: Algorithm::Rsa, public_key: KEY.into(), signs }
}

/// Answers every question, with nothing where `dns` knows nothing.
fn answered(case: &Case, mut dns: Dns) -> Dns {
    for _ in 0..20 {
        for name in case.questions(&dns) {
            dns.txt.insert(name, Answer::Nothing);
        }
    }
    assert_eq!(case.questions(&dns), Vec::<String>::new());
    dns
}

fn report(case: &Case, dns: Dns) -> Report {
    case.judge(&answered(case, dns))
}

fn finding(case: &Case, dns: Dns, subject: Subject) -> Finding {
    report(case, dns).findings.into_iter().find(|finding| finding.subject == subject).unwrap()
}

fn spf(host: &str, records: &[(&str, &str)]) -> Finding {
    finding(&case(host), dns(records), Subject::Spf)
}

fn dmarc(records: &[(&str, &str)]) -> Finding {
    finding(&case(""), dns(records), Subject::Dmarc)
}

fn published(finding: &Finding) -> &str {
    finding.publish.as_ref().map_or("", |record| record.value.as_str())
}

#[test]
fn a_domain_without_spf_is_told_what_to_publish_for_its_provider() {
    let missing = spf("smtp.gmail.com", &[("shop.example", "something=else")]);
    assert_eq!((missing.code, missing.verdict), (Code::SpfMissing, Verdict::Bad));
    assert_eq!(published(&missing), "v=spf1 include:_spf.google.com ~all");
    assert_eq!(published(&spf("mail.shop.example", &[])), "v=spf1 mx ~all");
}

#[test]
fn a_record_that_names_the_provider_at_any_depth_is_good() {
    let records = [
        ("shop.example", "v=spf1 redirect=_spf.shop.example"),
        ("_spf.shop.example", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.google.com -all"),
        ("_spf.google.com", "v=spf1 ip4:198.51.100.0/24 ~all"),
    ];
    assert_eq!(spf("smtp.gmail.com", &records).code, Code::SpfNamesRelay);
}

#[test]
fn a_record_without_the_provider_is_shown_with_it_and_nothing_else_changed() {
    let without = spf("smtp.office365.com", &[("shop.example", "v=spf1 ip4:192.0.2.1 -all")]);
    assert_eq!(without.code, Code::SpfWithoutRelay);
    assert_eq!(published(&without), "v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com -all");
}

#[test]
fn a_record_that_names_servers_by_macros_is_not_said_to_lack_the_provider() {
    for record in
        ["v=spf1 include:%{i}._ip.%{h}._ehlo.%{d}._spf.flat.example -all", "v=spf1 exists:%{i}._spf.x.example -all"]
    {
        assert_eq!(spf("smtp.office365.com", &[("shop.example", record)]).code, Code::SpfGood, "{record}");
    }
}

#[test]
fn a_provider_that_puts_its_own_return_address_there_needs_no_place_in_the_record() {
    let records = [("shop.example", "v=spf1 mx -all")];
    assert_eq!(spf("smtp.sendgrid.net", &records).code, Code::SpfGood);
}

#[test]
fn several_records_are_none() {
    let several = spf("", &[("shop.example", "v=spf1 mx -all"), ("shop.example", "v=spf1 a -all")]);
    assert_eq!((several.code, several.found.len()), (Code::SpfSeveral, 2));
}

#[test]
fn a_term_that_nobody_understands_is_named() {
    for (record, term) in [
        ("v=spf1 ipv4:192.0.2.1 -all", "ipv4:192.0.2.1"),
        ("v=spf1 ip4:192.0.2.300 -all", "ip4:192.0.2.300"),
        ("v=spf1 include: -all", "include:"),
        ("v=spf1 mx, -all", "mx,"),
    ] {
        let broken = spf("", &[("shop.example", record)]);
        assert_eq!((broken.code, broken.param.as_deref()), (Code::SpfBroken, Some(term)), "{record}");
    }
    assert_eq!(spf("", &[("shop.example", "v=spf1 mx unknown=x exp=e.example -all")]).code, Code::SpfGood);
}

#[test]
fn more_than_ten_lookups_are_too_many_wherever_they_stand() {
    let included: Vec<(String, String)> =
        (0..10).map(|n| (format!("s{n}.example"), "v=spf1 a -all".to_owned())).collect();
    let six: Vec<String> = (0..6).map(|n| format!("include:s{n}.example")).collect();
    let record = format!("v=spf1 {} -all", six.join(" "));
    let mut records: Vec<(&str, &str)> = included.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    records.push(("shop.example", &record));
    assert_eq!(spf("", &records).code, Code::SpfTooManyLookups);
}

#[test]
fn a_record_that_includes_itself_ends() {
    assert_eq!(spf("", &[("shop.example", "v=spf1 include:shop.example -all")]).code, Code::SpfTooManyLookups);
}

#[test]
fn an_include_without_a_record_breaks_the_whole() {
    let broken = spf("", &[("shop.example", "v=spf1 include:gone.example -all")]);
    assert_eq!((broken.code, broken.param.as_deref()), (Code::SpfBrokenInclude, Some("gone.example")));
}

#[test]
fn a_record_that_lets_everybody_send_is_narrowed() {
    let everybody = spf("", &[("shop.example", "v=spf1 mx +all")]);
    assert_eq!((everybody.code, published(&everybody)), (Code::SpfEverybody, "v=spf1 mx ~all"));
}

#[test]
fn where_dns_does_not_answer_nothing_is_claimed() {
    let mut silent = Dns::default();
    let case = case("");
    for name in case.questions(&silent) {
        silent.txt.insert(name, Answer::Unknown);
    }
    let report = case.judge(&silent);
    let verdicts: Vec<Verdict> = report.findings.iter().map(|finding| finding.verdict).collect();
    assert!(!verdicts.contains(&Verdict::Bad) && !verdicts.contains(&Verdict::Good), "{:?}", report.findings);
    assert_eq!(report.refusals, []);
}

#[test]
fn our_key_is_good_once_it_is_published_and_signs() {
    let name = "qd1._domainkey.shop.example";
    let right = format!("v=DKIM1; k=rsa; p={} {}", &KEY[..8], &KEY[8..]);
    let table = [
        (Some(right.as_str()), true, Code::DkimGood, Verdict::Good),
        (Some(right.as_str()), false, Code::DkimReady, Verdict::Advice),
        (Some("v=DKIM1; p="), true, Code::DkimDiffers, Verdict::Bad),
        (Some("v=DKIM1; k=ed25519; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"), true, Code::DkimDiffers, Verdict::Bad),
        (None, true, Code::DkimMissing, Verdict::Bad),
        (None, false, Code::DkimMissing, Verdict::Advice),
    ];
    for (record, signs, code, verdict) in table {
        let case = Case { keys: vec![key(signs)], ..case("") };
        let records: Vec<(&str, &str)> = record.map(|record| (name, record)).into_iter().collect();
        let found = finding(&case, dns(&records), Subject::Dkim);
        assert_eq!((found.code, found.verdict), (code, verdict), "{record:?} {signs}");
        let wanted = matches!(code, Code::DkimMissing | Code::DkimDiffers);
        assert_eq!(published(&found) == "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", wanted);
    }
}

#[test]
fn without_a_key_of_ours_it_is_said_that_only_a_message_shows_whether_the_relay_signs() {
    assert_eq!(finding(&case("smtp.gmail.com"), dns(&[]), Subject::Dkim).code, Code::DkimByRelay);
    let own = finding(&case("mail.shop.example"), dns(&[]), Subject::Dkim);
    assert_eq!((own.code, own.verdict), (Code::DkimNone, Verdict::Unknown));
}

#[test]
fn a_domain_without_dmarc_is_told_the_record() {
    let missing = dmarc(&[]);
    let record = missing.publish.unwrap();
    assert_eq!((missing.code, record.name.as_str()), (Code::DmarcMissing, "_dmarc.shop.example"));
    assert_eq!(record.value, "v=DMARC1; p=none");
}

#[test]
fn dmarc_records_are_read_as_the_standard_says() {
    let at = |text| dmarc(&[("_dmarc.shop.example", text)]);
    let table = [
        ("v=DMARC1; p=reject; pct=20", Code::DmarcGood, "reject"),
        ("v=DMARC1;p=Quarantine ; adkim=s", Code::DmarcGood, "quarantine"),
        ("v=DMARC1; rua=mailto:d@shop.example", Code::DmarcGood, "none"),
        ("v=DMARC1; p=everything; rua=mailto:d@shop.example", Code::DmarcGood, "none"),
        ("v=DMARC1; p=everything", Code::DmarcBroken, ""),
        ("v=spf1 -all", Code::DmarcMissing, "shop.example"),
    ];
    for (text, code, param) in table {
        let found = at(text);
        assert_eq!((found.code, found.param.as_deref().unwrap_or_default()), (code, param), "{text}");
    }
    let several = dmarc(&[("_dmarc.shop.example", "v=DMARC1; p=none"), ("_dmarc.shop.example", "v=DMARC1; p=reject")]);
    assert_eq!(several.code, Code::DmarcSeveral);
}

#[test]
fn the_way_up_asks_eight_names_at_the_most() {
    let long = "a.b.c.d.e.f.g.h.i.mail.example.com";
    let asked = dmarc::names(long);
    assert_eq!(asked.len(), 8);
    assert_eq!(asked[1], "_dmarc.f.g.h.i.mail.example.com");
    assert_eq!(dmarc::names("mail.example.com"), ["_dmarc.mail.example.com", "_dmarc.example.com", "_dmarc.com"]);
}

#[test]
fn a_subdomain_has_the_policy_that_its_organisation_gives_subdomains() {
    let case =
        Case { from_domain: "news.shop.example".into(), envelope_domain: "news.shop.example".into(), ..case("") };
    let found = finding(&case, dns(&[("_dmarc.shop.example", "v=DMARC1; p=reject; sp=quarantine")]), Subject::Dmarc);
    assert_eq!((found.code, found.param.as_deref()), (Code::DmarcInherited, Some("shop.example: quarantine")));
}

#[test]
fn a_policy_that_dns_did_not_tell_is_not_said_to_be_missing() {
    let case = Case { from_domain: "eu.shop.example".into(), ..case("") };
    let mut silent = dns(&[]);
    silent.txt.insert("_dmarc.shop.example".into(), Answer::Unknown);
    let unknown = finding(&case, silent, Subject::Dmarc);
    assert_eq!((unknown.code, unknown.verdict), (Code::DmarcUnknown, Verdict::Unknown));
    assert_eq!((unknown.param.as_deref(), unknown.publish), (Some("shop.example"), None));
    assert_eq!(finding(&case, dns(&[]), Subject::Dmarc).code, Code::DmarcMissing);
}

#[test]
fn public_suffixes_and_organisations_say_themselves_where_the_border_is() {
    let marked =
        dns(&[("_dmarc.example", "v=DMARC1; p=reject; psd=y"), ("_dmarc.a.shop.example", "v=DMARC1; p=none; psd=n")]);
    assert_eq!(dmarc::organization("x.y.example", &marked), "y.example");
    assert_eq!(dmarc::organization("b.a.shop.example", &marked), "a.shop.example");
    assert_eq!(dmarc::organization("other.test", &marked), "other.test");
}

#[test]
fn alignment_is_by_our_signature_or_by_the_return_address_or_up_to_the_relay() {
    let good_spf = ("shop.example", "v=spf1 include:_spf.google.com -all");
    let google = ("_spf.google.com", "v=spf1 ip4:192.0.2.0/24 -all");
    let code = |case: &Case, records: &[(&str, &str)]| finding(case, dns(records), Subject::Alignment).code;

    assert_eq!(code(&case("smtp.gmail.com"), &[good_spf, google]), Code::AlignedBySpf);
    assert_eq!(code(&case("smtp.sendgrid.net"), &[good_spf, google]), Code::AlignedByRelayOnly);
    let record = format!("p={KEY}");
    let signed = Case { keys: vec![key(true)], ..case("smtp.sendgrid.net") };
    assert_eq!(code(&signed, &[("qd1._domainkey.shop.example", &record)]), Code::AlignedByDkim);

    let foreign = Case { envelope_domain: "bounces.other.example".into(), ..case("smtp.gmail.com") };
    let records = [("bounces.other.example", "v=spf1 include:_spf.google.com -all"), google];
    assert_eq!(code(&foreign, &records), Code::AlignedByRelayOnly);
    let unsigned = Case { keys: vec![key(true)], ..foreign };
    assert_eq!(code(&unsigned, &records), Code::NotAligned);
}

#[test]
fn a_strict_policy_wants_the_very_same_domain() {
    let mut case = Case { envelope_domain: "bounces.shop.example".into(), ..case("") };
    case.keys = vec![key(true)];
    let spf = ("bounces.shop.example", "v=spf1 mx -all");
    let code = |text| finding(&case, dns(&[spf, ("_dmarc.shop.example", text)]), Subject::Alignment).code;
    assert_eq!(code("v=DMARC1; p=none"), Code::AlignedBySpf);
    assert_eq!(code("v=DMARC1; p=none; aspf=s"), Code::NotAligned);
}

#[test]
fn a_domain_that_takes_no_mail_is_refused_everywhere() {
    let mut dns = dns(&[]);
    dns.mx.insert("shop.example".into(), Answer::Found(vec![Mx { preference: 0, host: String::new() }]));
    let report = report(&case(""), dns);
    assert_eq!(report.findings.last().unwrap().code, Code::MxNull);
    assert_eq!(report.refusals[0].cause, RefusalCause::NullMx);
}

#[test]
fn a_domain_without_mx_gets_mail_at_its_own_address_or_not_at_all() {
    let code = |has_address: bool| {
        let mut dns = Dns::default();
        dns.mx.insert("shop.example".into(), Answer::Nothing);
        dns.with_address.extend(has_address.then(|| "shop.example".to_owned()));
        finding(&case(""), dns, Subject::Mx).code
    };
    assert_eq!((code(true), code(false)), (Code::MxImplicit, Code::MxMissing));
}

#[test]
fn with_a_return_domain_spf_is_about_that_one_and_bounces_have_to_find_it() {
    let case = Case { envelope_domain: "bounces.shop.example".into(), ..case("smtp.gmail.com") };
    let google = ("_spf.google.com", "v=spf1 ip4:192.0.2.0/24 -all");
    let of_from = ("shop.example", "v=spf1 include:_spf.google.com -all");
    let mut known = dns(&[of_from, google]);
    known.mx.insert("bounces.shop.example".into(), Answer::Nothing);
    let missing = report(&case, known.clone());
    let find = |report: &Report, code| report.findings.iter().find(|finding| finding.code == code).cloned();
    let spf = find(&missing, Code::SpfMissing).unwrap();
    assert_eq!(spf.publish.unwrap().name, "bounces.shop.example");
    let nobody = find(&missing, Code::MxMissing).unwrap();
    assert_eq!(nobody.param.as_deref(), Some("bounces.shop.example"));
    assert!(find(&missing, Code::MxGood).is_some());
    assert!(find(&missing, Code::AlignedBySpf).is_none());

    let of_returns = ("bounces.shop.example", "v=spf1 include:_spf.google.com -all");
    let published = report(&case, dns(&[of_returns, google]));
    assert!(find(&published, Code::SpfNamesRelay).is_some());
    assert!(find(&published, Code::AlignedBySpf).is_some(), "bounces.shop.example is shop.example's");

    known.mx.insert("bounces.shop.example".into(), Answer::Found(vec![Mx { preference: 0, host: String::new() }]));
    assert_eq!(report(&case, known).refusals[0].cause, RefusalCause::NullMx);
}

fn causes(case: &Case, records: &[(&str, &str)]) -> Vec<(Receiver, RefusalCause)> {
    report(case, dns(records)).refusals.iter().map(|refusal| (refusal.receiver, refusal.cause)).collect()
}

#[test]
fn what_receivers_would_refuse_follows_their_rules() {
    let record = format!("v=DKIM1; p={KEY}");
    let everything = [
        ("shop.example", "v=spf1 mx -all"),
        ("_dmarc.shop.example", "v=DMARC1; p=none"),
        ("qd1._domainkey.shop.example", record.as_str()),
    ];
    let signed = Case { keys: vec![key(true)], ..case("") };
    assert_eq!(causes(&signed, &everything), []);

    let bulk = [
        (Receiver::Google, RefusalCause::BulkRules),
        (Receiver::Yahoo, RefusalCause::BulkRules),
        (Receiver::Microsoft, RefusalCause::BulkRules),
    ];
    assert_eq!(
        causes(&signed, &everything[..1]),
        [&[(Receiver::Google, RefusalCause::BulkRules)], &bulk[1..]].concat()
    );
    assert_eq!(causes(&case(""), &everything[..1]), bulk);

    let unproved = causes(&signed, &[]);
    assert!(unproved.contains(&(Receiver::Google, RefusalCause::Unauthenticated)), "{unproved:?}");
    let rejected = causes(&signed, &[("_dmarc.shop.example", "v=DMARC1; p=reject")]);
    assert_eq!(rejected[0], (Receiver::Everybody, RefusalCause::PolicyReject));
    let doubted = causes(&signed, &[("_dmarc.shop.example", "v=DMARC1; p=quarantine")]);
    assert_eq!(doubted[0], (Receiver::Everybody, RefusalCause::PolicyQuarantine));
}
