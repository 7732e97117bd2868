//! The signed addresses that bounces and complaints come to.
//!
//! A local part has 64 octets at most, and some servers change its case: so a token is short and in base32. It names an
//! email by its id, and its workspace only by the signature, which is made with the workspace's id. Everybody who gets a
//! message sees its return address; the signature says that we made it, and the day says until when it counts.

use data_encoding::BASE32_NOPAD;
use domain::{EmailId, Timestamp, WorkspaceId, time::DAY};
use uuid::Uuid;

use crate::{KeyError, Keys, Purpose};

/// Before the token of a return address.
const RETURN: &str = "r+";
/// Before the token of a feedback address.
const FEEDBACK: &str = "f+";
/// How many days after sending something may come back: bounces take five at most, replies to the return address more.
const DAYS: u16 = 90;
/// The key's id and the signature.
const TAG: usize = 17;
/// The day that a token of today may be ahead of the clock that reads it.
const AHEAD: u16 = 1;

/// One of our addresses, read and not yet proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Return { email: EmailId, number: u16, day: u16, tag: Vec<u8>, domain: String },
    Feedback { workspace: WorkspaceId, tag: Vec<u8>, domain: String },
}

impl Address {
    /// Reads an address of our form; any other is `None`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let domain = domain.to_ascii_lowercase();
        let prefix = local.get(..2)?.to_ascii_lowercase();
        let bytes = BASE32_NOPAD.decode(local[2..].to_ascii_uppercase().as_bytes()).ok()?;
        let (id, rest) = bytes.split_at_checked(16)?;
        let id = Uuid::from_slice(id).ok()?;
        match (prefix.as_str(), rest.len()) {
            (RETURN, length) if length == 4 + TAG => Some(Self::Return {
                email: EmailId(id),
                number: u16::from_be_bytes([rest[0], rest[1]]),
                day: u16::from_be_bytes([rest[2], rest[3]]),
                tag: rest[4..].to_vec(),
                domain,
            }),
            (FEEDBACK, TAG) => Some(Self::Feedback { workspace: WorkspaceId(id), tag: rest.to_vec(), domain }),
            _ => None,
        }
    }

    /// Whether `workspace` made it, with any of `keys`.
    pub(super) fn is_made_by(&self, workspace: WorkspaceId, keys: &Keys) -> bool {
        match self {
            Self::Return { email, number, day, tag, domain } => {
                is_signed(keys, &return_text(domain, workspace, *email, *number, *day), tag)
            }
            Self::Feedback { workspace: named, tag, domain } => {
                *named == workspace && is_signed(keys, &feedback_text(domain, workspace), tag)
            }
        }
    }

    /// Whether it still counts.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        match self {
            Self::Return { day, .. } => {
                let today = today(now);
                *day <= today.saturating_add(AHEAD) && today <= day.saturating_add(DAYS)
            }
            Self::Feedback { .. } => true,
        }
    }
}

/// The address that bounces of an email's sending come to, at `domain`. `None` when it was sent oftener than a token can
/// say.
///
/// # Errors
/// [`KeyError`].
pub(super) fn return_address(
    keys: &Keys,
    domain: &str,
    workspace: WorkspaceId,
    email: EmailId,
    number: u32,
    now: Timestamp,
) -> Result<Option<String>, KeyError> {
    let Ok(number) = u16::try_from(number) else { return Ok(None) };
    let day = today(now);
    let tag = tag(keys, &return_text(domain, workspace, email, number, day))?;
    let token = [email.0.as_bytes().as_slice(), &number.to_be_bytes(), &day.to_be_bytes(), &tag].concat();
    Ok(Some(spell(RETURN, &token, domain)))
}

/// The address to which a workspace lets complaints be sent, at `domain`.
///
/// # Errors
/// [`KeyError`].
pub(super) fn feedback_address(keys: &Keys, domain: &str, workspace: WorkspaceId) -> Result<String, KeyError> {
    let tag = tag(keys, &feedback_text(domain, workspace))?;
    Ok(spell(FEEDBACK, &[workspace.0.as_bytes().as_slice(), &tag].concat(), domain))
}

/// The id of a key and its signature of `text`: what an address or a token proves itself with.
pub(super) fn tag(keys: &Keys, text: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (key, mark) = keys.sign(Purpose::Tracking, text)?;
    Ok([&[key], mark.as_slice()].concat())
}

/// Whether `tag` proves that we wrote `text`.
pub(super) fn is_signed(keys: &Keys, text: &[u8], tag: &[u8]) -> bool {
    tag.split_first().is_some_and(|(key, mark)| keys.is_signed(Purpose::Tracking, text, *key, mark))
}

pub(super) fn spell(prefix: &str, token: &[u8], domain: &str) -> String {
    format!("{prefix}{}@{domain}", BASE32_NOPAD.encode(token).to_ascii_lowercase())
}

fn return_text(domain: &str, workspace: WorkspaceId, email: EmailId, number: u16, day: u16) -> Vec<u8> {
    let ids = [workspace.0.as_bytes().as_slice(), email.0.as_bytes()].concat();
    [RETURN.as_bytes(), domain.as_bytes(), &[0], &ids, &number.to_be_bytes(), &day.to_be_bytes()].concat()
}

fn feedback_text(domain: &str, workspace: WorkspaceId) -> Vec<u8> {
    [FEEDBACK.as_bytes(), domain.as_bytes(), &[0], workspace.0.as_bytes()].concat()
}

/// Days since 1970.
fn today(now: Timestamp) -> u16 {
    u16::try_from(now.0 / DAY).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
    const OURS: WorkspaceId = WorkspaceId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001));
    const THEIRS: WorkspaceId = WorkspaceId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0002));
    const EMAIL: EmailId = EmailId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0009));

    fn keys(seed: u8) -> Keys {
        Keys::generate(&Random::new([seed; 32]))
    }

    fn made() -> String {
        return_address(&keys(7), "bounces.example", OURS, EMAIL, 2, NOW).unwrap().unwrap()
    }

    #[test]
    fn a_return_address_names_its_email_whatever_its_case() {
        for text in [made(), made().to_uppercase()] {
            let address = Address::parse(&text).unwrap();
            assert!(matches!(address, Address::Return { email: EMAIL, number: 2, .. }));
            assert!(address.is_made_by(OURS, &keys(7)) && address.is_current(NOW));
        }
        let local = made().split('@').next().unwrap().len();
        assert!(local <= 64, "{local}");
    }

    #[test]
    fn a_key_of_others_another_workspace_and_another_domain_make_other_addresses() {
        let address = Address::parse(&made()).unwrap();
        assert!(!address.is_made_by(THEIRS, &keys(7)));
        assert!(!address.is_made_by(OURS, &keys(8)));
        let elsewhere = Address::parse(&made().replace("bounces.example", "evil.example")).unwrap();
        assert!(!elsewhere.is_made_by(OURS, &keys(7)));
    }

    #[test]
    fn a_changed_letter_anywhere_is_noticed() {
        let made = made();
        let at = made.find('@').unwrap();
        for position in 2..at {
            let mut changed = made.clone().into_bytes();
            changed[position] = if changed[position] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            let is_ours = Address::parse(&changed).is_some_and(|address| address.is_made_by(OURS, &keys(7)));
            assert!(!is_ours, "{changed}");
        }
    }

    #[test]
    fn addresses_of_other_forms_are_nobodys() {
        let long = format!("r+{}@bounces.example", "a".repeat(61));
        for text in ["", "@", "r+@x", "r@x", "ana@x.example", "r+aaaa@x.example", &long, "é+aaaa@x.example", "r+ äöü@x"]
        {
            assert_eq!(Address::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_address_is_too_old_one_day() {
        let address = Address::parse(&made()).unwrap();
        assert!(address.is_current(NOW.plus(i64::from(DAYS) * DAY)));
        assert!(!address.is_current(NOW.plus((i64::from(DAYS) + 1) * DAY)));
        assert!(!address.is_current(NOW.plus(-2 * DAY)));
    }

    #[test]
    fn the_address_for_complaints_stays_the_same() {
        let text = feedback_address(&keys(7), "bounces.example", OURS).unwrap();
        let address = Address::parse(&text).unwrap();
        assert!(address.is_made_by(OURS, &keys(7)) && !address.is_made_by(THEIRS, &keys(7)));
        assert!(address.is_current(NOW.plus(4_000 * DAY)));
    }

    #[test]
    fn an_address_made_before_the_keys_were_rotated_is_still_ours() {
        let mut keys = keys(7);
        keys.rotate(Purpose::Tracking, &Random::new([9; 32])).unwrap();
        assert!(Address::parse(&made()).unwrap().is_made_by(OURS, &keys));
    }
}
