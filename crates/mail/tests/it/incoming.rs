//! Mail in the dialects of many systems and languages, written for these tests: what each one means.

use std::{fs, path::PathBuf};

use domain::incoming::Kind;
use mail::incoming::{Incoming, understand};

fn fixture(name: &str) -> Incoming {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).with_extension("eml");
    understand(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// A message about one recipient: what it means, and the status and code it names.
type About = (&'static str, Kind, &'static str, u16);

const BOUNCES: &[About] = &[
    ("address-glued-to-words", Kind::HardBounce, "5.0.0", 550),
    ("address-in-brackets", Kind::SoftBounce, "", 550),
    ("amavis", Kind::Block, "5.7.1", 550),
    ("arrived-in-words", Kind::Receipt, "", 0),
    ("broken-header", Kind::HardBounce, "", 0),
    ("called-ascii", Kind::HardBounce, "", 550),
    ("certified-delivered", Kind::Receipt, "", 0),
    ("certified-mail", Kind::HardBounce, "5.1.1", 0),
    ("chinese", Kind::SoftBounce, "4.2.2", 452),
    ("chinese-at-recipient", Kind::HardBounce, "", 550),
    ("chinese-unknown", Kind::SoftBounce, "", 0),
    ("communigate", Kind::SoftBounce, "", 0),
    ("communigate-unknown", Kind::HardBounce, "", 0),
    ("contact-in-help", Kind::HardBounce, "", 0),
    ("continued-code", Kind::HardBounce, "", 550),
    ("courier-delivered", Kind::Receipt, "", 0),
    ("courier-policy", Kind::Block, "5.7.1", 550),
    ("date-in-ut", Kind::HardBounce, "", 0),
    ("domain-by-name", Kind::HardBounce, "", 0),
    ("domino", Kind::HardBounce, "", 0),
    ("dragonfly", Kind::HardBounce, "5.1.1", 550),
    ("embedded-report", Kind::HardBounce, "", 0),
    ("exchange-2003", Kind::HardBounce, "", 0),
    ("exchange-2007", Kind::HardBounce, "5.1.1", 550),
    ("exchange-german", Kind::SoftBounce, "5.2.2", 554),
    ("exchange-online-directory", Kind::HardBounce, "5.4.1", 550),
    ("exchange-online-dmarc", Kind::Block, "5.7.515", 550),
    ("exchange-online-unknown", Kind::HardBounce, "5.1.10", 550),
    ("exchange-polish", Kind::HardBounce, "5.1.1", 0),
    ("exchange-remote-error", Kind::HardBounce, "5.1.1", 550),
    ("exim-blocked", Kind::Block, "", 550),
    ("exim-delayed", Kind::Delay, "", 0),
    ("exim-gave-up", Kind::SoftBounce, "", 0),
    ("exim-in-response", Kind::HardBounce, "", 550),
    ("exim-own-user", Kind::HardBounce, "", 0),
    ("exim-spam", Kind::Block, "", 550),
    ("exim-unknown-user", Kind::HardBounce, "", 550),
    ("exim-unrouteable", Kind::HardBounce, "", 0),
    ("failed-beside-ok", Kind::HardBounce, "2.0.0", 550),
    ("final-name-of-a-machine", Kind::SoftBounce, "5.0.0", 0),
    ("footer-below", Kind::HardBounce, "", 0),
    ("french-orange", Kind::HardBounce, "5.1.1", 550),
    ("french-outlook-full", Kind::SoftBounce, "", 0),
    ("french-prose", Kind::HardBounce, "5.1.1", 550),
    ("french-refused-unknown", Kind::HardBounce, "5.2.0", 550),
    ("gateway-footer", Kind::HardBounce, "5.1.1", 0),
    ("gateway-notice", Kind::SoftBounce, "", 0),
    ("german-prose", Kind::HardBounce, "5.1.1", 550),
    ("gmail-delay", Kind::Delay, "", 0),
    ("gmail-null-mx", Kind::HardBounce, "5.1.2", 0),
    ("gmail-prose", Kind::HardBounce, "5.1.1", 550),
    ("gmail-stars", Kind::HardBounce, "5.1.1", 550),
    ("gmx-quoted-address", Kind::HardBounce, "5.1.1", 0),
    ("groupwise-full", Kind::SoftBounce, "", 0),
    ("groupwise-unknown", Kind::HardBounce, "", 0),
    ("haraka", Kind::HardBounce, "", 550),
    ("haraka-no-server", Kind::HardBounce, "5.1.2", 550),
    ("hmailserver", Kind::HardBounce, "5.1.1", 550),
    ("hmailserver-no-server", Kind::HardBounce, "", 0),
    ("imail", Kind::HardBounce, "", 0),
    ("in-the-recipients-name", Kind::SoftBounce, "", 0),
    ("intermail-no-computer", Kind::HardBounce, "", 0),
    ("intermail-rejected", Kind::HardBounce, "", 0),
    ("interscan", Kind::HardBounce, "5.1.1", 550),
    ("japanese-at-recipient", Kind::HardBounce, "", 550),
    ("japanese-carrier", Kind::HardBounce, "", 0),
    ("japanese-mailbox-full", Kind::SoftBounce, "", 0),
    ("japanese-mobile-full", Kind::SoftBounce, "", 0),
    ("japanese-provider-full", Kind::SoftBounce, "", 0),
    ("japanese-undeclared", Kind::HardBounce, "", 0),
    ("japanese-unknown-after-data", Kind::SoftBounce, "", 550),
    ("kerio", Kind::HardBounce, "5.1.1", 550),
    ("link-behind-address", Kind::HardBounce, "5.1.1", 0),
    ("local-user", Kind::HardBounce, "", 0),
    ("lost-boundary", Kind::HardBounce, "5.1.1", 550),
    ("mail-box", Kind::HardBounce, "5.0.0", 550),
    ("mail-enable", Kind::HardBounce, "", 0),
    ("mail-foundry", Kind::Block, "5.7.1", 550),
    ("mail-marshal", Kind::HardBounce, "5.1.1", 550),
    ("margin-of-blanks", Kind::HardBounce, "5.1.1", 550),
    ("mdaemon", Kind::HardBounce, "", 0),
    ("mdaemon-expired", Kind::SoftBounce, "", 0),
    ("mdaemon-transcript", Kind::HardBounce, "", 550),
    ("messaging-server", Kind::HardBounce, "5.1.1", 550),
    ("mirrored", Kind::SoftBounce, "", 0),
    ("misspelt-recipient", Kind::HardBounce, "", 550),
    ("mms-relay", Kind::SoftBounce, "", 0),
    ("name-without-domain", Kind::Block, "", 0),
    ("no-address-of-its-own", Kind::HardBounce, "", 550),
    ("no-return-path", Kind::SoftBounce, "", 0),
    ("not-accepting-from", Kind::Block, "", 0),
    ("not-expanded", Kind::SoftBounce, "", 0),
    ("notes-japanese", Kind::HardBounce, "", 0),
    ("office-not-found", Kind::HardBounce, "", 0),
    ("opensmtpd-expired", Kind::SoftBounce, "4.4.7", 0),
    ("outlook-by-name", Kind::HardBounce, "", 0),
    ("own-directory", Kind::HardBounce, "", 0),
    ("passed-on", Kind::HardBounce, "5.1.1", 550),
    ("post-office", Kind::SoftBounce, "5.4.7", 466),
    ("postfix-after-data", Kind::SoftBounce, "5.0.0", 550),
    ("postfix-delayed", Kind::Delay, "4.4.1", 0),
    ("postfix-delivered", Kind::Receipt, "2.0.0", 0),
    ("postfix-to-postmaster", Kind::SoftBounce, "4.3.0", 451),
    ("postfix-temporary", Kind::SoftBounce, "5.0.0", 450),
    ("postfix-unknown-host", Kind::HardBounce, "5.4.4", 0),
    ("postfix-unknown-user", Kind::HardBounce, "5.0.0", 550),
    ("product-at-postmaster", Kind::Block, "", 0),
    ("qmail-local-full", Kind::SoftBounce, "", 0),
    ("qmail-short-answer", Kind::HardBounce, "", 550),
    ("quoted-whole", Kind::HardBounce, "", 550),
    ("recipient-by-field", Kind::HardBounce, "5.1.1", 550),
    ("rejected-around", Kind::HardBounce, "5.1.2", 553),
    ("report-without-status", Kind::HardBounce, "5.1.10", 550),
    ("reporter-by-name", Kind::HardBounce, "", 0),
    ("returned-mail-first", Kind::HardBounce, "", 0),
    ("rules-around-a-title", Kind::HardBounce, "", 0),
    ("russian", Kind::HardBounce, "", 550),
    ("security-gateway", Kind::Block, "", 500),
    ("sendmail-after-data", Kind::SoftBounce, "", 550),
    ("sendmail-old-style", Kind::HardBounce, "", 554),
    ("sendmail-sums-up", Kind::SoftBounce, "5.0.0", 550),
    ("sendmail-unknown-user", Kind::HardBounce, "5.1.1", 550),
    ("sendmail-warning", Kind::Delay, "4.4.3", 451),
    ("ses-notification", Kind::HardBounce, "5.1.1", 550),
    ("sieve-quota", Kind::SoftBounce, "", 0),
    ("sieve-reject", Kind::Block, "", 0),
    ("spanish-exchange", Kind::HardBounce, "5.1.1", 550),
    ("spanish-not-found", Kind::HardBounce, "", 0),
    ("spanish-prose", Kind::HardBounce, "5.1.1", 550),
    ("status-as-a-file", Kind::HardBounce, "5.1.1", 550),
    ("sun-messaging", Kind::HardBounce, "", 0),
    ("supplementary-info", Kind::HardBounce, "5.5.0", 550),
    ("system-administrator", Kind::HardBounce, "5.1.1", 550),
    ("tagged-subject", Kind::HardBounce, "", 0),
    ("too-large", Kind::SoftBounce, "", 0),
    ("warning-above", Kind::HardBounce, "", 0),
    ("wrapped-and-tagged", Kind::HardBounce, "5.1.1", 0),
    ("wrapped-report", Kind::HardBounce, "5.1.1", 0),
    ("x400", Kind::HardBounce, "", 0),
    ("x6-sentence", Kind::HardBounce, "5.1.1", 550),
    ("yahoo-deferred", Kind::Block, "4.7.0", 421),
    ("yandex-apology", Kind::Block, "5.7.1", 554),
    ("zoho", Kind::HardBounce, "5.1.1", 550),
    ("zoho-expired", Kind::SoftBounce, "", 0),
];

#[test]
fn a_bounce_is_understood_in_every_dialect() {
    for &(name, kind, status, code) in BOUNCES {
        let incoming = fixture(&format!("bounces/{name}"));
        let addresses: Vec<_> = incoming.recipients.iter().map(|recipient| recipient.address.as_str()).collect();
        assert_eq!(
            (incoming.kind, addresses.as_slice()),
            (kind, ["ana@recipient.example"].as_slice()),
            "{name}: {incoming:?}"
        );
        let about = &incoming.recipients[0];
        let said = (about.status.as_deref().unwrap_or_default(), about.code.unwrap_or_default());
        assert_eq!(said, (status, code), "{name}: {incoming:?}");
        assert!(incoming.reply_text.is_none() && !incoming.evidence.is_empty(), "{name}");
    }
}

#[test]
fn each_recipient_has_a_fate_of_its_own_and_the_gravest_names_the_message() {
    for name in ["postfix-two-recipients", "opensmtpd", "blocks-without-empty-line"] {
        let incoming = fixture(&format!("bounces/{name}"));
        let fates: Vec<_> = incoming.recipients.iter().map(|about| (about.address.as_str(), about.kind)).collect();
        let expected = [("ana@recipient.example", Kind::HardBounce), ("cai@recipient.example", Kind::SoftBounce)];
        assert_eq!((incoming.kind, fates.as_slice()), (Kind::HardBounce, expected.as_slice()), "{name}");
    }
    let qmail = fixture("bounces/qmail-two-recipients");
    let statuses: Vec<_> = qmail.recipients.iter().map(|about| about.status.as_deref()).collect();
    assert_eq!(statuses, [Some("5.1.1"), Some("5.1.2")]);
}

#[test]
fn an_address_in_utf_8_is_read_from_a_report() {
    for name in ["global-status", "accent-in-words"] {
        let incoming = fixture(&format!("bounces/{name}"));
        let about = (incoming.kind, incoming.recipients[0].address.as_str());
        assert_eq!(about, (Kind::HardBounce, "élodie@recipient.example"), "{name}");
    }
}

#[test]
fn the_server_s_sentence_is_kept() {
    let incoming = fixture("bounces/postfix-two-recipients");
    let reason = incoming.recipients[1].reason.as_deref();
    assert_eq!(reason, Some("452 4.2.2 The email account that you tried to reach is over quota"));
    // What qmail says below it is qmail's.
    let incoming = fixture("bounces/qmail-short-answer");
    assert_eq!(incoming.recipients[0].reason.as_deref(), Some("550 <ana@recipient.example> refused"));
}

#[test]
fn a_group_that_takes_no_mail_from_us_is_a_block() {
    for (name, address) in [
        ("google-group", "fair@groups.example"),
        ("list-gives-back", "fair@lists.recipient.example"),
        ("listserv", "FAIR@LISTS.RECIPIENT.EXAMPLE"),
        ("mailing-list", "fair-list@lists.recipient.example"),
        ("mailman-rejected", "fair@lists.recipient.example"),
        ("not-subscribed", "fair-list@lists.recipient.example"),
    ] {
        let incoming = fixture(&format!("bounces/{name}"));
        assert_eq!((incoming.kind, incoming.recipients[0].address.as_str()), (Kind::Block, address), "{name}");
    }
    // Why, says each list in words of its own.
    let reason = fixture("bounces/mailman-rejected").recipients.swap_remove(0).reason;
    assert!(reason.is_some_and(|reason| reason.contains("did not accept mail from you")));
}

#[test]
fn a_report_about_nobody_still_says_what_happened() {
    let incoming = fixture("bounces/about-nobody");
    assert_eq!((incoming.kind, incoming.recipients.len()), (Kind::HardBounce, 0));
}

#[test]
fn complaints_are_told_from_other_reports_about_mail() {
    for (name, kind) in [
        ("complaints/arf-abuse", Kind::Complaint),
        ("complaints/hotmail", Kind::Complaint),
        ("complaints/hotmail-tagged", Kind::Complaint),
        ("complaints/report-in-text", Kind::Complaint),
        ("bounces/ses-complaint", Kind::Complaint),
        ("complaints/arf-opt-out", Kind::Unsubscribe),
        ("complaints/arf-authentication", Kind::Other),
    ] {
        let incoming = fixture(name);
        let addresses: Vec<_> = incoming.recipients.iter().map(|recipient| recipient.address.as_str()).collect();
        assert_eq!((incoming.kind, addresses.as_slice()), (kind, ["ana@recipient.example"].as_slice()), "{name}");
    }
}

#[test]
fn an_automatic_reply_is_no_reply_and_says_when_its_author_is_back() {
    for (name, day) in [
        ("away-english", Some("2026-05-04")),
        ("away-german", Some("2026-05-08")),
        ("away-french", Some("2026-05-08")),
        ("away-spanish", Some("2026-05-11")),
        ("away-japanese", Some("2026-05-06")),
        ("away-without-mark", Some("2026-05-08")),
        ("away-dutch", Some("2026-05-07")),
        ("away-polish", Some("2026-05-08")),
        ("away-tagged", Some("2026-05-08")),
        ("away-by-program", None),
        ("away-nobody-to-answer", None),
        ("away-notes", Some("2026-05-11")),
        ("away-old-default", None),
        ("away-ticket", None),
        ("declared-behind-a-greeting", None),
        ("ticket-generated", None),
        ("ticket-received", None),
        ("left-german", None),
        ("left-the-company", None),
        ("list-waits-for-moderator", None),
    ] {
        let incoming = fixture(&format!("replies/{name}"));
        let back = incoming.return_date.map(|day| day.to_string());
        assert_eq!((incoming.kind, back.as_deref()), (Kind::AutoReply, day), "{name}: {incoming:?}");
    }
}

#[test]
fn who_has_left_is_said_to_have_left() {
    for name in ["left-the-company", "left-german"] {
        let evidence = fixture(&format!("replies/{name}")).evidence;
        assert!(evidence.iter().any(|fact| fact.contains("the person has left")), "{name}: {evidence:?}");
    }
}

#[test]
fn what_a_person_writes_is_a_reply_whatever_it_is_about() {
    for (name, text) in [
        ("person-about-vacation", "Sounds good! I'm out of office until May 5 - could we talk on the 6th?\n\nAna"),
        ("person-quotes-bounce", "Hi Bo, I got this bounce when I answered you. Is your address right?"),
        ("person-forwards-bounce", "FYI, your colleague cannot be reached:"),
        ("person-german", "Gerne, Donnerstag passt.\n\nViele Grüße\nAna"),
        ("person-below-a-warning", "Thursday is fine."),
        ("person-at-postmaster", "Thursday suits us. Write to cai@recipient.example for the room."),
        ("person-html", "Thursday is fine."),
        ("person-attaches-text", "Thursday is fine."),
        ("person-not-unsubscribing", "Please do not remove me from your list, I am only busy."),
    ] {
        let incoming = fixture(&format!("replies/{name}"));
        assert_eq!((incoming.kind, incoming.reply_text.as_deref()), (Kind::Reply, Some(text)), "{name}: {incoming:?}");
    }
    for name in [
        "person-about-unsubscribing",
        "administrator-answers",
        "delivery-company",
        "person-answers-with-report",
        "person-pastes-complaint",
        "postmaster-explains",
        "person-about-colleague-away",
        "person-about-him-away",
        "person-about-spam-filter",
        "postmaster-quotes-report",
        "person-about-undeliverable",
        "person-about-unzustellbar",
        "person-answers-automatic-reply",
        "person-explains-an-automatic-answer",
        "person-quotes-an-automatic-answer",
        "person-quotes-whole-report",
        "person-asks-how-to-unsubscribe",
        "person-left-a-team",
        "person-mirrored",
        "person-says-stop",
    ] {
        let incoming = fixture(&format!("replies/{name}"));
        assert_eq!((incoming.kind, incoming.recipients.len()), (Kind::Reply, 0), "{name}: {incoming:?}");
    }
}

#[test]
fn a_wish_to_be_left_alone_is_understood() {
    let by_people = ["english", "german", "french", "spanish", "japanese", "one-word", "above-a-footer"];
    for name in by_people.into_iter().chain(["button", "tagged", "from-a-list"]) {
        let incoming = fixture(&format!("replies/unsubscribe-{name}"));
        assert_eq!(incoming.kind, Kind::Unsubscribe, "{name}: {incoming:?}");
        assert_eq!(incoming.recipients[0].address, "ana@recipient.example", "{name}");
    }
}

#[test]
fn what_answers_nothing_is_nothing_of_ours() {
    for name in [
        "newsletter",
        "machine-notice",
        "parcel-not-delivered",
        "person-gives-notice",
        "person-passed-on-by-rule",
        "person-passes-report-on",
        "person-pastes-bounce",
        "postmaster-asks",
        "postmaster-writes-first",
    ] {
        assert_eq!(fixture(&format!("replies/{name}")).kind, Kind::Other, "{name}");
    }
    for name in ["read-receipt", "not-read"] {
        assert_eq!(fixture(&format!("replies/{name}")).kind, Kind::Receipt, "{name}");
    }
}

#[test]
fn no_words_make_a_bounce_or_a_complaint_of_what_a_person_sends() {
    for name in [
        "list-owner-gives-back",
        "list-owner-writes",
        "person-attaches-report",
        "person-attaches-whole-report",
        "person-called-daemon",
        "person-sends-complaint",
        "person-sends-notification",
        "person-sends-report",
        "person-with-null-path",
        "postmaster-announces-a-list",
        "postmaster-attaches-report",
        "postmaster-lists-addresses",
        "postmaster-titles-as-a-program",
        "postmaster-under-own-name",
        "program-passes-words-on",
        "ticket-comment",
    ] {
        let incoming = fixture(&format!("replies/{name}"));
        assert_eq!((incoming.kind, incoming.recipients.len()), (Kind::Other, 0), "{name}: {incoming:?}");
    }
}

/// Every bounce of ours, had a person sent it from a mail program of theirs.
#[test]
fn a_report_in_a_person_s_name_is_no_bounce() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bounces");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let report = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let (header, body) = report.split_once("\n\n").unwrap();
        if header.contains("multipart/report") {
            continue;
        }
        let own = [
            "from:",
            "return-path:",
            "auto-submitted:",
            "x-failed-recipients:",
            "x-ms-embedded-report:",
            "x-ms-exchange-message-is-ndr:",
            "x-ricevuta:",
        ];
        let mut header: Vec<&str> = header.lines().collect();
        header.retain(|line| !own.iter().any(|name| line.to_ascii_lowercase().starts_with(name)));
        for from in ["Kim Doe <kim@people.example>", "kim@people.example", "Kim Doe <postmaster@people.example>"] {
            let sent = format!("Return-Path: <kim@people.example>\nFrom: {from}\n{}\n\n{body}", header.join("\n"));
            let kind = understand(sent.as_bytes()).kind;
            assert!(matches!(kind, Kind::Other | Kind::Reply), "{} from {from}: {kind}", path.display());
        }
    }
}

#[test]
fn lines_may_end_as_on_the_wire_or_as_in_a_file() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for entry in fs::read_dir(folder).unwrap().flat_map(|entry| fs::read_dir(entry.unwrap().path()).unwrap()) {
        let path = entry.unwrap().path();
        let in_a_file = fs::read(&path).unwrap();
        let mut on_the_wire = Vec::new();
        for &byte in &in_a_file {
            if byte == b'\n' {
                on_the_wire.push(b'\r');
            }
            on_the_wire.push(byte);
        }
        assert_eq!(understand(&in_a_file), understand(&on_the_wire), "{}", path.display());
    }
}
