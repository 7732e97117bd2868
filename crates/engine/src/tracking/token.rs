//! Sealed tokens: workspace, email, and for a link its number and address. Nobody but us can make or change one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{EmailId, LongLinkId, WorkspaceId};
use uuid::Uuid;

use crate::{Keys, Purpose};

/// The longest address a link carries itself; longer ones are looked up. Mail programs and gateways cut long URLs.
pub(crate) const MAX_SEALED_URL: usize = 1500;

/// What a pixel or a link says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// The pixel of an email.
    Pixel {
        /// The workspace.
        workspace: WorkspaceId,
        /// The email.
        email: EmailId,
    },
    /// A link of an email.
    Link {
        /// The workspace.
        workspace: WorkspaceId,
        /// The email.
        email: EmailId,
        /// Which link, from 0 in the order of the body.
        number: u16,
        /// Where it leads.
        url: String,
    },
    /// A link whose address is too long to carry.
    LongLink {
        /// The workspace.
        workspace: WorkspaceId,
        /// The email.
        email: EmailId,
        /// Which link.
        number: u16,
        /// Where its address is kept.
        id: LongLinkId,
    },
}

impl Token {
    /// The workspace and the email.
    pub fn email(&self) -> (WorkspaceId, EmailId) {
        match self {
            Self::Pixel { workspace, email }
            | Self::Link { workspace, email, .. }
            | Self::LongLink { workspace, email, .. } => (*workspace, *email),
        }
    }

    /// The token as it stands in a URL; `None` when there is no key.
    pub fn seal(&self, keys: &Keys) -> Option<String> {
        let (workspace, email) = self.email();
        let mut plain = Vec::with_capacity(64);
        plain.push(match self {
            Self::Pixel { .. } => 0,
            Self::Link { .. } => 1,
            Self::LongLink { .. } => 2,
        });
        plain.extend_from_slice(workspace.0.as_bytes());
        plain.extend_from_slice(email.0.as_bytes());
        match self {
            Self::Pixel { .. } => {}
            Self::Link { number, url, .. } => {
                plain.extend_from_slice(&number.to_be_bytes());
                plain.extend_from_slice(url.as_bytes());
            }
            Self::LongLink { number, id, .. } => {
                plain.extend_from_slice(&number.to_be_bytes());
                plain.extend_from_slice(id.0.as_bytes());
            }
        }
        Some(URL_SAFE_NO_PAD.encode(keys.seal(Purpose::Tracking, &plain).ok()?))
    }

    /// Reads a token that we sealed; anything else is `None`.
    pub(crate) fn open(keys: &Keys, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = keys.open(Purpose::Tracking, &sealed).ok()?;
        let (&kind, rest) = plain.split_first()?;
        let (workspace, rest) = rest.split_at_checked(16)?;
        let (email, rest) = rest.split_at_checked(16)?;
        let workspace = WorkspaceId(Uuid::from_slice(workspace).ok()?);
        let email = EmailId(Uuid::from_slice(email).ok()?);
        if kind == 0 {
            return rest.is_empty().then_some(Self::Pixel { workspace, email });
        }
        let (number, rest) = rest.split_first_chunk::<2>()?;
        let number = u16::from_be_bytes(*number);
        match kind {
            1 => Some(Self::Link { workspace, email, number, url: String::from_utf8(rest.to_vec()).ok()? }),
            2 => Some(Self::LongLink { workspace, email, number, id: LongLinkId(Uuid::from_slice(rest).ok()?) }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    fn tokens() -> [Token; 3] {
        let (workspace, email) = (WorkspaceId(Uuid::from_u128(1)), EmailId(Uuid::from_u128(2)));
        [
            Token::Pixel { workspace, email },
            Token::Link { workspace, email, number: 3, url: "https://example.org/ü?a=b".into() },
            Token::LongLink { workspace, email, number: 4, id: LongLinkId(Uuid::from_u128(5)) },
        ]
    }

    #[test]
    fn a_token_says_the_same_after_the_keys_rotated() {
        let random = Random::new([1; 32]);
        let mut keys = Keys::generate(&random);
        for token in tokens() {
            let text = token.seal(&keys).unwrap();
            keys.rotate(Purpose::Tracking, &random).unwrap();
            assert_eq!(Token::open(&keys, &text), Some(token));
        }
    }

    #[test]
    fn nobody_else_makes_a_token_and_nobody_changes_one() {
        let keys = Keys::generate(&Random::new([1; 32]));
        let text = tokens()[1].seal(&keys).unwrap();
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(Token::open(&keys, &changed).is_none_or(|token| token == tokens()[1]), "{position}");
        }
        for junk in ["", "A", "%%%", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(Token::open(&keys, junk), None);
        }
    }
}
