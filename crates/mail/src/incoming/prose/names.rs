//! Names without a domain, where a system writes about users of its own: AOL.

use super::super::{letter::Letter, refusal::Refusal, sender::Sender};

/// The longest name (RFC 5321 §4.5.3.1.1).
const LONGEST: usize = 64;

/// What stands in a paragraph that announces recipients, lower case.
const ANNOUNCED: &[&str] = &["recipient", "address"];

/// The refusals in `report`, of those who stand alone on a line below the words that announce them.
pub(super) fn refusals(report: &str, letter: &Letter) -> Vec<Refusal> {
    let Some((_, domain)) = letter.from.split_once('@').filter(|_| Sender::of(letter) == Sender::Machine) else {
        return Vec::new();
    };
    let mut lines = report.lines().map(str::trim);
    let mut said = String::new();
    if !lines.by_ref().any(|line| announces(line, &mut said)) {
        return Vec::new();
    }
    let below = lines.skip_while(|line| line.is_empty()).take_while(|line| is_name(line));
    below.take(super::MOST_RECIPIENTS).map(|name| Refusal::of(&format!("{name}@{domain}"), "")).collect()
}

/// Whether `line` ends what announces recipients; `said` is what the paragraph has said before.
fn announces(line: &str, said: &mut String) -> bool {
    said.push_str(&line.to_lowercase());
    said.push(' ');
    let announced = line.ends_with(':') && ANNOUNCED.iter().any(|word| said.contains(word));
    if line.is_empty() || line.ends_with(':') {
        said.clear();
    }
    announced
}

fn is_name(line: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=LONGEST).contains(&line.len()) && line.bytes().all(allowed) && line.bytes().any(|b| b.is_ascii_alphanumeric())
}
