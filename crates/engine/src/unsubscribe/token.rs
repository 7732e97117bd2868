//! What an unsubscribe link carries: the workspace, and the email for its To or the recipient for a copy, signed. Whose address
//! is meant stands in the row.
//!
//! Signed, not sealed: 66 characters instead of 98, so that the header's line need not be folded inside the address.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{EmailId, RecipientId, WorkspaceId};
use uuid::Uuid;

use crate::{Engine, Keys, Purpose};

/// So that nothing else that is signed with the same key can be taken for a link.
pub(super) const SUBJECT: &[u8] = b"unsubscribe";
/// The same for the link of a copy.
const SUBJECT_OF_COPY: &[u8] = b"unsubscribe copy";

/// Who has a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The To of an email.
    To(EmailId),
    /// One of its copies.
    Copy(RecipientId),
}

/// Whose mail is meant by a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) workspace: WorkspaceId,
    pub(super) holder: Holder,
}

impl Token {
    pub(super) fn sign(self, keys: &Keys) -> Option<String> {
        let (subject, id) = match self.holder {
            Holder::To(email) => (SUBJECT, email.0),
            Holder::Copy(recipient) => (SUBJECT_OF_COPY, recipient.0),
        };
        let ids = [self.workspace.0.as_bytes().as_slice(), id.as_bytes()].concat();
        let (key, mark) = keys.sign(Purpose::Tracking, &[subject, &ids].concat()).ok()?;
        Some(URL_SAFE_NO_PAD.encode([&[key], ids.as_slice(), &mark].concat()))
    }

    /// Reads a token that we signed; anything else is `None`.
    pub(super) fn open(keys: &Keys, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&key, rest) = bytes.split_first()?;
        let (ids, mark) = rest.split_at_checked(32)?;
        let (workspace, id) = ids.split_at_checked(16)?;
        let id = Uuid::from_slice(id).ok()?;
        let signed = |subject: &[u8]| keys.is_signed(Purpose::Tracking, &[subject, ids].concat(), key, mark);
        let holder = if signed(SUBJECT) {
            Holder::To(EmailId(id))
        } else if signed(SUBJECT_OF_COPY) {
            Holder::Copy(RecipientId(id))
        } else {
            return None;
        };
        Some(Self { workspace: WorkspaceId(Uuid::from_slice(workspace).ok()?), holder })
    }
}

impl Engine {
    /// The address behind which the To of an email unsubscribes.
    pub fn unsubscribe_link(&self, workspace: WorkspaceId, email: EmailId) -> String {
        self.unsubscribe_link_of(workspace, Holder::To(email))
    }

    /// The address behind which `holder` unsubscribes.
    pub(crate) fn unsubscribe_link_of(&self, workspace: WorkspaceId, holder: Holder) -> String {
        let token = Token { workspace, holder }.sign(self.keys());
        format!("{}{}", self.unsubscribe_base(workspace), token.unwrap_or_default())
    }

    /// What every unsubscribe link of a workspace begins with.
    pub(crate) fn unsubscribe_base(&self, workspace: WorkspaceId) -> String {
        format!("{}/u/", self.tracking_url(workspace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    fn token() -> Token {
        Token { workspace: WorkspaceId(Uuid::from_u128(1)), holder: Holder::To(EmailId(Uuid::from_u128(2))) }
    }

    #[test]
    fn a_link_is_short_and_works_after_the_keys_rotated() {
        let random = Random::new([1; 32]);
        let mut keys = Keys::generate(&random);
        let text = token().sign(&keys).unwrap();
        assert!("/u/".len() + text.len() < 70, "{text}");
        keys.rotate(Purpose::Tracking, &random).unwrap();
        assert_eq!(Token::open(&keys, &text), Some(token()));
    }

    #[test]
    fn a_copy_is_never_taken_for_the_to() {
        let keys = Keys::generate(&Random::new([1; 32]));
        let copy = Token { holder: Holder::Copy(RecipientId(Uuid::from_u128(2))), ..token() };
        let text = copy.sign(&keys).unwrap();
        assert_eq!(Token::open(&keys, &text), Some(copy));
        assert_eq!(text.len(), token().sign(&keys).unwrap().len());
    }

    #[test]
    fn nobody_else_makes_a_link_and_nobody_changes_one() {
        let keys = Keys::generate(&Random::new([1; 32]));
        let text = token().sign(&keys).unwrap();
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            assert_eq!(Token::open(&keys, &String::from_utf8(changed).unwrap()), None, "{position}");
        }
        let other = Keys::generate(&Random::new([2; 32]));
        for junk in ["", "A", "%%%", &text[..text.len() - 2], &token().sign(&other).unwrap()] {
            assert_eq!(Token::open(&keys, junk), None, "{junk}");
        }
    }
}
