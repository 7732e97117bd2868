//! The mark by which a message of ours is known, whatever a provider makes of its Message-ID.

use domain::EmailId;
use store::{emails::Email, sent_ids::Sending};
use uuid::Uuid;

/// The header that carries it.
pub(crate) use mail::message::MARK_HEADER;

/// The mark: the email's id and its send number.
pub(crate) fn mark(email: &Email) -> String {
    format!("{}.{}", email.id.0.simple(), email.send_number)
}

/// The sending that `mark` names, whether there is one or not.
pub(crate) fn parse_mark(mark: &str) -> Option<Sending> {
    let (id, number) = mark.trim().split_once('.').filter(|(id, _)| id.len() == 32)?;
    Some(Sending { email_id: EmailId(Uuid::try_parse(id).ok()?), send_number: number.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_its_sending_and_nothing_else_is_one() {
        let id = Uuid::from_u128(7);
        let email = Email {
            send_number: 3,
            ..Email::draft(domain::WorkspaceId(id), EmailId(id), domain::UserId(id), domain::Timestamp(0))
        };
        assert_eq!(parse_mark(&mark(&email)), Some(Sending { email_id: email.id, send_number: 3 }));
        for wrong in ["", ".", "7.1", "00000000-0000-0000-0000-000000000007.1", "x0000000000000000000000000000007.1"] {
            assert_eq!(parse_mark(wrong), None, "{wrong}");
        }
    }
}
