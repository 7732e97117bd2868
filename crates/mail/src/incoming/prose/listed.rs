//! Addresses at the beginning of a line, with the reason on the line or below: qmail, Exim, Postfix, Gmail, Exchange…

use super::super::{addresses, letter::Letter, refusal::Refusal};

/// How much is read of what stands below an address.
const MOST_CONTEXT: usize = 4 * 1024;

/// What stands before an address in a list: bullets, brackets, quotes, and the code of a transcript.
const BEFORE: &[char] = &[' ', '\t', '*', '-', '•', '·', '>', '<', '"', '\'', '(', '[', '.', '　', '・'];

/// The refusals in `report`, each with what stands below it as its context.
pub(super) fn refusals(report: &str, letter: &Letter) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut open: Option<usize> = None;
    for line in report.lines() {
        match entry(line) {
            Some((address, said)) if refusals.len() < super::MOST_RECIPIENTS && !is_ours(address, letter) => {
                let known = refusals.iter().position(|known| known.address.eq_ignore_ascii_case(address));
                let index = known.unwrap_or_else(|| {
                    refusals.push(Refusal { address: address.to_owned(), ..Refusal::default() });
                    refusals.len() - 1
                });
                add(&mut refusals[index].context, said);
                open = Some(index);
            }
            _ => {
                if let Some(index) = open {
                    add(&mut refusals[index].context, line);
                }
            }
        }
    }
    refusals
}

/// The address with which a line begins, and what the line says: the words after the address, or the whole line if a
/// code stands before it.
fn entry(line: &str) -> Option<(&str, &str)> {
    let start = line.trim_start_matches(BEFORE);
    let (address, rest, said) = match addresses::at_start(start).filter(|_| !is_continued(start)) {
        // A name that is an address, too: `ana@example.org <a.reyes@example.org>`.
        Some((_, rest))
            if let Some((address, rest)) = rest.trim_start().strip_prefix('<').and_then(addresses::at_start) =>
        {
            (address, rest, None)
        }
        Some((address, rest)) => (address, rest, None),
        None => {
            let (address, rest) = addresses::at_start(without_code(start).trim_start_matches(BEFORE))?;
            (address, rest, Some(line))
        }
    };
    let rest = rest.trim_start_matches(['>', '"', '\'', '*', ')', ']']);
    let ends = rest.is_empty() || rest.starts_with([':', ' ', '\t', ',', ';', '.', '(', '[', '-', '…', '<', '。']);
    ends.then(|| (address, said.unwrap_or_else(|| rest.trim_start_matches([':', ' ', '\t']))))
}

/// Whether the line is one of an answer that goes on (RFC 5321 §4.2.1), whose code would be taken for a part of the address:
/// `550-ana@example.org is no user of ours`.
fn is_continued(line: &str) -> bool {
    let bytes = line.as_bytes();
    matches!(bytes.first(), Some(b'4' | b'5'))
        && bytes.iter().take(3).all(u8::is_ascii_digit)
        && bytes.get(3) == Some(&b'-')
}

/// `550 5.1.1 <ana@example.org>... User unknown` without the numbers.
fn without_code(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '-'))
}

/// Whether the address is the writer's or the reader's: a greeting, not a recipient.
pub(super) fn is_ours(address: &str, letter: &Letter) -> bool {
    let address = address.to_lowercase();
    address == letter.from || letter.to.contains(&address)
}

fn add(context: &mut String, line: &str) {
    if context.len() < MOST_CONTEXT {
        let room = MOST_CONTEXT - context.len();
        context.push_str(&line[..line.floor_char_boundary(room)]);
        context.push('\n');
    }
}
