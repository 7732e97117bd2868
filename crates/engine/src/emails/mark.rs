//! The mark by which a message of ours is known, whatever a provider makes of its Message-ID.

use domain::EmailId;
use store::sent_ids::Sending;
use uuid::Uuid;

/// The header that carries it.
pub(crate) use mail::message::MARK_HEADER;

/// The mark: the email's id and its send number.
pub(crate) fn mark(sending: Sending) -> String {
    format!("{}.{}", sending.email_id.0.simple(), sending.send_number)
}

/// The sending that `mark` names, whether there is one or not.
pub(crate) fn parse_mark(mark: &str) -> Option<Sending> {
    let (id, number) = mark.trim().split_once('.').filter(|(id, _)| id.len() == 32)?;
    Some(Sending { email_id: EmailId(Uuid::try_parse(id).ok()?), send_number: number.parse().ok()? })
}

/// What stands before the `@` of a Message-ID (RFC 5322's `id-left`): of ours, the mark.
pub(crate) fn id_left(id: &str) -> &str {
    id.split_once('@').map_or("", |(left, _)| left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_its_sending_and_nothing_else_is_one() {
        let sending = Sending { email_id: EmailId(Uuid::from_u128(7)), send_number: 3 };
        assert_eq!(parse_mark(&mark(sending)), Some(sending));
        for wrong in ["", ".", "7.1", "00000000-0000-0000-0000-000000000007.1", "x0000000000000000000000000000007.1"] {
            assert_eq!(parse_mark(wrong), None, "{wrong}");
        }
    }
}
