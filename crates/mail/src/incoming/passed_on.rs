//! A server's words as a provider passes them on, together with the provider's own opinion.

use domain::incoming::Kind;

use super::{
    Recipient,
    codes::Status,
    reason,
    refusal::{Refusal, Stage},
    verdict,
};

/// What it means that mail to `address` was refused with the words `said` and the enhanced `status`. Where neither says
/// anything, `class` is believed, which is what the provider makes of it.
pub(crate) fn judge(address: &str, said: &str, status: Option<&str>, class: Kind) -> Recipient {
    let mut refusal = Refusal::of(address, said);
    refusal.status = refusal.status.or_else(|| Status::at_start(status.unwrap_or_default().trim()));
    // Who calls it hard has asked the recipient's server.
    refusal.stage = (class == Kind::HardBounce).then_some(Stage::Recipient);
    let understood =
        reason::in_answer(&refusal.said).is_some() || refusal.status.is_some_and(|status| !status.is_vague());
    let mut judged = verdict::judge(&refusal, &mut Vec::new());
    if !understood {
        judged.kind = class;
    }
    judged
}
