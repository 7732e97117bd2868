//! The labelled sample of real mail, which lies beside the repository: the figures that the rules reach on it.
//!
//! It is looked for in the folder that `QUARTERDECK_CORPORA` names, which must be there, else in `shared/corpora` beside the
//! repository or above. Where there is none, the tests say that they were skipped, and fail where `CI` is set.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use domain::incoming::Kind;
use mail::incoming::{Incoming, understand};
use serde::Deserialize;

/// What the sample says of a message. Its README explains the fields.
#[derive(Deserialize)]
struct Label {
    recipients: Vec<String>,
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    reason: String,
    hard: bool,
    feedback: String,
}

fn corpora() -> Option<PathBuf> {
    let found = match env::var_os("QUARTERDECK_CORPORA") {
        Some(named) => Some(PathBuf::from(named)).filter(|folder| folder.is_dir()),
        None => Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|folder| folder.join("shared/corpora"))
            .find(|folder| folder.is_dir()),
    };
    if found.is_none() {
        assert!(env::var_os("QUARTERDECK_CORPORA").is_none(), "QUARTERDECK_CORPORA names a folder that is not there");
        assert!(env::var_os("CI").is_none(), "the labelled mail is not there: its figures must be held in CI");
        eprintln!("skipped: the labelled mail is not beside the repository (QUARTERDECK_CORPORA names its folder)");
    }
    found
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The outcomes that the sample tells apart, of a label.
fn labelled(records: &[Record]) -> &'static str {
    if records.iter().any(|record| record.hard) {
        return "hard";
    }
    let outcomes: BTreeSet<_> = records
        .iter()
        .map(|record| match (record.reason.as_str(), record.feedback.as_str()) {
            ("feedback", "opt-out") => "unsubscribe",
            ("feedback", "auth-failure") => "other",
            ("feedback", _) => "complaint",
            ("vacation", _) => "automatic",
            ("delivered", _) => "receipt",
            _ => "not hard",
        })
        .collect();
    let order = ["not hard", "complaint", "unsubscribe", "automatic", "receipt"];
    order.into_iter().find(|outcome| outcomes.contains(outcome)).unwrap_or("other")
}

/// The same of a verdict.
fn judged(kind: Kind) -> &'static str {
    match kind {
        Kind::HardBounce => "hard",
        Kind::SoftBounce | Kind::Block | Kind::Delay => "not hard",
        Kind::Complaint => "complaint",
        Kind::Unsubscribe => "unsubscribe",
        Kind::AutoReply => "automatic",
        Kind::Receipt => "receipt",
        Kind::Reply => "reply",
        Kind::Other => "other",
    }
}

fn is_bounce(outcome: &str) -> bool {
    matches!(outcome, "hard" | "not hard")
}

fn has_recipients(incoming: &Incoming, expected: &[String]) -> bool {
    let lower = |address: &str| address.to_lowercase();
    let found: BTreeSet<_> = incoming.recipients.iter().map(|recipient| lower(&recipient.address)).collect();
    found == expected.iter().map(|address| lower(address)).collect()
}

#[test]
fn bounces_of_the_sample_are_understood() {
    let Some(folder) = corpora().map(|corpora| corpora.join("bounces")) else {
        return;
    };
    let labels: BTreeMap<String, Label> = serde_json::from_slice(&read(&folder.join("labels.json"))).unwrap();
    let (mut outcomes, mut named, mut with_recipients) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (name, label) in &labels {
        let incoming = understand(&read(&folder.join(name)));
        let (expected, found) = (labelled(&label.records), judged(incoming.kind));
        if expected == found {
            outcomes += 1;
        } else {
            wrong.push(format!("{name}: {expected} taken for {found}"));
        }
        if is_bounce(expected) && !label.recipients.is_empty() {
            with_recipients += 1;
            named += usize::from(has_recipients(&incoming, &label.recipients));
        }
    }
    let share = |part: usize, whole: usize| 1000 * part / whole.max(1);
    assert!(share(outcomes, labels.len()) >= OUTCOMES, "{outcomes} of {}: {wrong:#?}", labels.len());
    assert!(share(named, with_recipients) >= RECIPIENTS, "recipients right in {named} of {with_recipients}");
}

/// What the rules reach, in thousandths.
const OUTCOMES: usize = 990;
const RECIPIENTS: usize = 990;

#[test]
fn replies_of_the_sample_are_trimmed_as_people_trimmed_them() {
    let Some(folder) = corpora().map(|corpora| corpora.join("replies")) else {
        return;
    };
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for entry in fs::read_dir(folder.join("full")).unwrap() {
        let name = entry.unwrap().file_name();
        let body = String::from_utf8_lossy(&read(&folder.join("full").join(&name))).replace('\n', "\r\n");
        let message = format!(
            "From: Ana Reyes <ana@example.org>\r\nSubject: Re: Quick question\r\nIn-Reply-To: <sent@example.com>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
        );
        let incoming = understand(message.as_bytes());
        let expected = String::from_utf8_lossy(&read(&folder.join("trimmed").join(&name))).into_owned();
        let text = incoming.reply_text.unwrap_or_default();
        assert_eq!((incoming.kind, squeezed(&text)), (Kind::Reply, squeezed(&expected)), "{}", name.display());
    }
}
