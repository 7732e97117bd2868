//! The mark by which a message of ours is known, whatever a provider makes of its Message-ID.

use store::emails::Email;

/// The header that carries it.
pub(crate) const MARK_HEADER: &str = "X-Quarterdeck-Email";

/// The mark: the email's id and its send number.
pub(crate) fn mark(email: &Email) -> String {
    format!("{}.{}", email.id.0.simple(), email.send_number)
}
