//! Delivery status notifications (RFC 3464), their international form (RFC 6533), and read receipts (RFC 8098).

use super::{
    Incoming, Kind, Recipient,
    codes::Status,
    fields::Fields,
    letter::Letter,
    refusal::{Action, Refusal},
};

/// How many recipients of one report are read.
const MOST_RECIPIENTS: usize = 200;

/// What the report says about each recipient, and how we know.
pub(super) fn refusals(letter: &Letter) -> (Vec<Refusal>, Vec<String>) {
    let mut refusals: Vec<Refusal> = Vec::new();
    for block in letter.delivery_status.iter().flat_map(|status| blocks(status)) {
        if refusals.len() == MOST_RECIPIENTS {
            break;
        }
        if let Some(refusal) = refusal(&Fields::parse(&block))
            && !refusals.iter().any(|known| known.address.eq_ignore_ascii_case(&refusal.address))
        {
            refusals.push(refusal);
        }
    }
    let evidence =
        if refusals.is_empty() { Vec::new() } else { vec!["a delivery status report (RFC 3464)".to_owned()] };
    (refusals, evidence)
}

/// The blocks of a report. Some systems leave out the empty line before the next recipient.
fn blocks(status: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    let mut has_recipient = false;
    for line in status.lines() {
        let is_recipient = line.get(..16).is_some_and(|start| start.eq_ignore_ascii_case("final-recipient:"));
        if line.trim().is_empty() || (is_recipient && has_recipient) {
            blocks.push(String::new());
            has_recipient = false;
        }
        has_recipient |= is_recipient;
        if let Some(block) = blocks.last_mut() {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

/// What one block says about its recipient. The block about the whole message has none.
pub(super) fn refusal(block: &Fields) -> Option<Refusal> {
    let mut names = ["final-recipient", "original-recipient", "x-actual-recipient"]
        .iter()
        .filter_map(|name| block.get(name))
        .filter_map(address);
    let (address, aliases) = (names.next()?, names.collect());
    let mut refusal = Refusal { address, aliases, action: block.get("action").and_then(action), ..Refusal::default() };
    refusal.status = block.get("status").and_then(Status::at_start);
    if let Some(said) = block.get("diagnostic-code") {
        let words = match said.split_once(';') {
            Some((kind, words)) if kind.len() < 30 && !kind.contains(' ') => words.trim(),
            _ => said,
        };
        refusal.hear(words);
    }
    // PowerMTA sorts refusals itself.
    if let Some(category) = block.get("x-powermta-bouncecategory") {
        category.clone_into(&mut refusal.context);
    }
    if let Some(comment) = block.get("status").and_then(|status| status.split_once('(')) {
        refusal.context.push(' ');
        refusal.context.push_str(comment.1.trim_end_matches(')'));
    }
    Some(refusal)
}

/// The address in a field like `rfc822; ana@example.org`, as it stands there: it may be in UTF-8 (RFC 6533 §3), or in any
/// form that a mail system has for what is not.
fn address(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address).trim();
    let address = address.split([' ', '(']).next()?.trim_matches(['<', '>']);
    let (local, domain) = address.split_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then(|| address.to_owned())
}

fn action(value: &str) -> Option<Action> {
    let word = value.trim().split([' ', '(', ';']).next()?.to_ascii_lowercase();
    match word.as_str() {
        "failed" | "failure" => Some(Action::Failed),
        "delayed" | "deferred" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" | "deliverable" => Some(Action::Delivered),
        _ => None,
    }
}

/// A report that the mail was shown, or deleted unread (RFC 8098).
pub(super) fn read_receipt(letter: &Letter) -> Option<Incoming> {
    let report = Fields::parse(letter.disposition.as_deref()?);
    let disposition = report.get("disposition").unwrap_or("nothing");
    let who = report.get("final-recipient").and_then(address).map(|address| Recipient::who(address, Kind::Receipt));
    let evidence = format!("a read receipt (RFC 8098) that says {disposition}");
    Some(Incoming::new(Kind::Receipt, evidence).about(who.into_iter().collect()))
}
