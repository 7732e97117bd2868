//! Delivery status notifications (RFC 3464), their international form (RFC 6533), and read receipts (RFC 8098).

use super::{
    Incoming, Kind, Recipient,
    codes::Status,
    fields::Fields,
    letter::Letter,
    refusal::{Action, Refusal, Stage},
    sender::Sender,
    verdict,
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

/// What the sender told the first server to name the message by (`ENVID`, RFC 3461 §4.4), as the `report` repeats it: one about
/// delivery (RFC 3464 §2.2.1) or a complaint (RFC 5965 §3.2).
pub(super) fn envelope_id(report: &str) -> Option<String> {
    let about_message = blocks(report).into_iter().next()?;
    Fields::parse(&about_message).get("original-envelope-id").map(|id| id.trim().to_owned())
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
    let names = ["final-recipient", "original-recipient", "x-actual-recipient"];
    let mut aliases: Vec<String> = names.iter().filter_map(|name| block.get(name)).filter_map(self::address).collect();
    // A name that means something only to the system itself stands behind one that others know: `ana@store`.
    let known = aliases.iter().position(|name| has_full_domain(name)).unwrap_or(0);
    let address = (known < aliases.len()).then(|| aliases.remove(known))?;
    let mut refusal = Refusal { address, aliases, action: block.get("action").and_then(action), ..Refusal::default() };
    refusal.status = block.get("status").and_then(Status::at_start);
    if let Some(words) = answer(block) {
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

/// The words of the server: in the field for them, or in the one to which Exchange moves them when it takes a report into a mailbox.
fn answer(block: &Fields) -> Option<&str> {
    let Some(said) = block.get("diagnostic-code") else {
        let (_, words) = block.get("x-supplementary-info")?.split_once("smtp;")?;
        return Some(words.trim_end_matches('>').trim());
    };
    Some(match said.split_once(';') {
        Some((kind, words)) if kind.len() < 30 && !kind.contains(' ') => words.trim(),
        _ => said,
    })
}

/// The address in a field like `rfc822; ana@example.org`, as it stands there: it may be in UTF-8 (RFC 6533 §3), or in any
/// form that a mail system has for what is not.
fn address(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address).trim();
    // Mail programs that passed the report on may have put quotes, stars or a link (`<mailto:…>`) there.
    let address = address.trim_start_matches('<').split([' ', '(', '<', '>']).next()?.trim_matches(['\'', '*']);
    let (local, domain) = address.split_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then(|| address.to_owned())
}

/// Whether the domain of the address is one of the internet, and not the name of a machine.
fn has_full_domain(address: &str) -> bool {
    address.rsplit('@').next().is_some_and(|domain| domain.contains('.'))
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

/// A report that the mail was shown, or deleted unread (RFC 8098), or refused by a rule of the recipient's (RFC 5429 §2.1).
pub(super) fn read_receipt(letter: &Letter) -> Option<Incoming> {
    let report = Fields::parse(letter.disposition.as_deref()?);
    let disposition = report.get("disposition").unwrap_or("nothing");
    let named = report.get("final-recipient");
    let who = named.and_then(address);
    // Outlook says the same, in a person's name, of mail that the person deleted unread.
    let is_refusal = disposition.to_ascii_lowercase().starts_with("automatic-action")
        && disposition.contains("deleted")
        && (letter.fields.has("auto-submitted") || Sender::of(letter) != Sender::Person);
    // A name of the system's own, without a domain, is refused as well.
    let refused = who.as_deref().or_else(|| named?.split_once(';').map(|(_, name)| name.trim()));
    if is_refusal && let Some(who) = refused.filter(|who| !who.is_empty()) {
        return Some(refused_by_rule(who, letter));
    }
    let who = who.map(|address| Recipient::who(address, Kind::Receipt));
    let evidence = format!("a read receipt (RFC 8098) that says {disposition}");
    Some(Incoming::new(Kind::Receipt, evidence).about(who.into_iter().collect()))
}

/// The refusal by a rule of `who`, in the words that stand before the report: a full mailbox, or a wish to have no such mail.
fn refused_by_rule(who: &str, letter: &Letter) -> Incoming {
    let mut evidence = vec!["a rule of the recipient's refused the mail (RFC 5429)".to_owned()];
    let refusal = Refusal { stage: Some(Stage::Content), context: letter.text.clone(), ..Refusal::of(who, "") };
    let mut judged = verdict::judge(&refusal, &mut evidence);
    if judged.obstacle.is_none() {
        judged.kind = Kind::Block;
    }
    Incoming::of_recipients(vec![judged], evidence)
}
