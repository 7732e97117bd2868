//! Addresses in lines like `RCPT TO: ana@example.org`, and report blocks that were written into the text.

use std::collections::HashSet;

use super::super::{
    addresses, dsn,
    fields::{self, Fields},
    letter::Letter,
    refusal::Refusal,
};

/// Names of fields that hold the recipient, lower case.
const NAMES: &[&str] = &[
    "rcpt to",
    "recipient",
    "recipients",
    "failed recipient",
    "failed recipients",
    "failed address",
    "failed addresses",
    "recipient address",
    "delivery to",
    "intended recipient",
    "addressee",
    "受信者",
    "宛先",
    "收件人",
    "收件者",
    "수신자",
    "받는 사람",
    "получатель",
    "odbiorca",
    "ontvanger",
    "mottagare",
    "modtager",
    "empfänger",
    "destinataire",
    "destinatario",
];

/// The refusals in `report`.
pub(super) fn refusals(report: &str, letter: &Letter) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = report
        .split("\n\n")
        .filter(|block| block.to_ascii_lowercase().contains("-recipient:"))
        .filter_map(|block| dsn::refusal(&Fields::parse(from_field(block))))
        .collect();
    if refusals.is_empty() {
        refusals = named(report)
            // A report may come in the name of the very recipient that it names so.
            .filter(|address| !letter.to.contains(&address.to_lowercase()))
            .map(|address| Refusal::of(address, ""))
            .collect();
    }
    let mut seen = HashSet::new();
    refusals.retain(|refusal| seen.insert(refusal.address.to_ascii_lowercase()));
    refusals
}

/// The block from its first field on.
fn from_field(block: &str) -> &str {
    let mut start = 0;
    for line in block.split_inclusive('\n') {
        if fields::split(line.trim_end())
            .is_some_and(|(name, _)| name.contains('-') || name.eq_ignore_ascii_case("action"))
        {
            break;
        }
        start += line.len();
    }
    &block[start..]
}

/// The addresses in lines whose name says that they are recipients.
pub(super) fn named(report: &str) -> impl Iterator<Item = &str> {
    report.lines().filter_map(|line| {
        let (name, value) = line.split_once([':', '：'])?;
        if name.trim_start().starts_with('>') {
            return None;
        }
        let name = name.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let value = value.trim_start_matches([' ', '\t', '<', '"', '[', '\'']);
        NAMES.contains(&name.as_str()).then(|| addresses::at_start(value).map(|(address, _)| address)).flatten()
    })
}
