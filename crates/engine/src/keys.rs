//! Keys kept outside the database: one ring for secrets at rest, one for tracking tokens.
//!
//! The file holds several keys a ring; the last one seals, all of them open. So keys rotate while old links work. Losing
//! the file loses the channels' passwords and old tracking links, and nothing else.

mod known;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Random;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Passwords and tokens of channels and mailboxes, at rest.
    Secrets,
    /// Tracking tokens in links and pixels.
    Tracking,
}

impl Purpose {
    /// Both.
    const ALL: [Self; 2] = [Self::Secrets, Self::Tracking];

    /// What its ring is called in the file and in the store.
    const fn ring(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::Tracking => "tracking",
        }
    }
}

/// The keys.
#[derive(Clone, Serialize, Deserialize)]
pub struct Keys {
    secrets: Vec<Key>,
    tracking: Vec<Key>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Key {
    id: u8,
    #[serde(with = "as_base64")]
    key: [u8; 32],
}

/// How a key stands in the file.
mod as_base64 {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(key: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(key))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let bytes = STANDARD.decode(String::deserialize(from)?).ok();
        bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| D::Error::custom("a key is not 32 bytes in base64"))
    }
}

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key file {path} cannot be used: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("the key file {path} is damaged: {reason}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// How.
        reason: String,
    },
    /// What was sealed cannot be opened: another key, or changed bytes.
    #[error("sealed with another key, or damaged")]
    NotOurs,
    /// The store was served with keys that the file does not hold.
    #[error(
        "{path} is not the key file that this database was served with ({missing}): the passwords in the database could \
         not be opened, and the links of mail already sent would lead nowhere. Put the keys.json of the other nodes or of \
         the old server there. If it is lost for good, `quarterdeck key replace` goes on without it"
    )]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// What is missing, for people.
        missing: String,
    },
    /// A server works with the keys that are to be replaced.
    #[error("a server runs on this database: stop it first")]
    Served,
    /// There are no keys where some are to be changed.
    #[error("there is no key file at {path}; the first start of a server makes it")]
    Missing {
        /// Which file.
        path: PathBuf,
    },
    /// What the keys are compared with cannot be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// 255 keys have been made.
    #[error("no more key ids are left")]
    Full,
}

impl Keys {
    /// Fresh keys.
    pub fn generate(random: &Random) -> Self {
        Self { secrets: vec![Key::generate(1, random)], tracking: vec![Key::generate(1, random)] }
    }

    /// Reads the file, or makes it (mode 0600) when it is missing.
    ///
    /// # Errors
    /// [`KeyError::File`] and [`KeyError::Damaged`].
    pub fn load_or_create(path: &Path, random: &Random) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::Missing { .. }) => {
                let keys = Self::generate(random);
                keys.save(path)?;
                Ok(keys)
            }
            loaded => loaded,
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`KeyError::Missing`], [`KeyError::File`] and [`KeyError::Damaged`].
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => KeyError::Missing { path: path.to_owned() },
            _ => KeyError::File { path: path.to_owned(), source },
        })?;
        serde_json::from_str(&text)
            .map_err(|error| error.to_string())
            .and_then(|keys: Self| keys.check().map(|()| keys))
            .map_err(|reason| KeyError::Damaged { path: path.to_owned(), reason })
    }

    /// Adds a new key to a ring; from now on it seals.
    ///
    /// # Errors
    /// [`KeyError::Full`].
    pub fn rotate(&mut self, purpose: Purpose, random: &Random) -> Result<(), KeyError> {
        let ring = match purpose {
            Purpose::Secrets => &mut self.secrets,
            Purpose::Tracking => &mut self.tracking,
        };
        let id = ring.iter().map(|key| key.id).max().unwrap_or(0).checked_add(1).ok_or(KeyError::Full)?;
        ring.push(Key::generate(id, random));
        Ok(())
    }

    /// Writes the file anew, so that a crash leaves the old or the new one.
    ///
    /// # Errors
    /// [`KeyError::File`].
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        let failed = |source| KeyError::File { path: path.to_owned(), source };
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| KeyError::Damaged { path: path.to_owned(), reason: error.to_string() })?;
        let fresh = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(&fresh, path).map_err(failed)?;
        // The name too has to outlast a power cut: the store knows these keys from here on.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    /// Seals `plain`: key id, nonce, ciphertext. The nonce is derived from key and content, so the same content gives
    /// the same bytes and no nonce is ever used for two contents.
    ///
    /// # Errors
    /// [`KeyError::NotOurs`] when the ring is empty.
    pub fn seal(&self, purpose: Purpose, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = self.ring(purpose).last().ok_or(KeyError::NotOurs)?;
        let digest = Sha256::new().chain_update(key.key).chain_update(plain).finalize();
        let nonce = XNonce::try_from(&digest[..24]).map_err(|_| KeyError::NotOurs)?;
        let cipher = XChaCha20Poly1305::new(&key.key.into()).encrypt(&nonce, plain).map_err(|_| KeyError::NotOurs)?;
        Ok([&[key.id], nonce.as_slice(), &cipher].concat())
    }

    /// Opens what [`Keys::seal`] sealed with any key of the ring.
    ///
    /// # Errors
    /// [`KeyError::NotOurs`].
    pub fn open(&self, purpose: Purpose, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (id, rest) = sealed.split_first().ok_or(KeyError::NotOurs)?;
        let (nonce, cipher) = rest.split_at_checked(24).ok_or(KeyError::NotOurs)?;
        let key = self.ring(purpose).iter().find(|key| key.id == *id).ok_or(KeyError::NotOurs)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| KeyError::NotOurs)?;
        XChaCha20Poly1305::new(&key.key.into()).decrypt(&nonce, cipher).map_err(|_| KeyError::NotOurs)
    }

    /// Sixteen bytes that nobody without the key can make for `message`, and the key's id: HMAC-SHA-256, cut in half
    /// (RFC 2104 §5). What is signed can be read by everybody.
    ///
    /// # Errors
    /// [`KeyError::NotOurs`] when the ring is empty.
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> Result<(u8, [u8; 16]), KeyError> {
        let key = self.ring(purpose).last().ok_or(KeyError::NotOurs)?;
        Ok((key.id, key.mark(message)?))
    }

    /// Whether [`Keys::sign`] made `mark` for `message` with the key `id`. Takes as long for a wrong mark as for a right one.
    pub fn is_signed(&self, purpose: Purpose, message: &[u8], id: u8, mark: &[u8]) -> bool {
        let key = self.ring(purpose).iter().find(|key| key.id == id);
        key.and_then(|key| key.hmac(message).ok())
            .is_some_and(|hmac| mark.len() == 16 && hmac.verify_truncated_left(mark).is_ok())
    }

    fn ring(&self, purpose: Purpose) -> &[Key] {
        match purpose {
            Purpose::Secrets => &self.secrets,
            Purpose::Tracking => &self.tracking,
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.secrets.is_empty() || self.tracking.is_empty() {
            return Err("a ring is empty".into());
        }
        Ok(())
    }
}

impl Key {
    fn generate(id: u8, random: &Random) -> Self {
        Self { id, key: random.bytes() }
    }

    fn hmac(&self, message: &[u8]) -> Result<Hmac<Sha256>, KeyError> {
        let mut hmac = Hmac::<Sha256>::new_from_slice(&self.key).map_err(|_| KeyError::NotOurs)?;
        hmac.update(message);
        Ok(hmac)
    }

    fn mark(&self, message: &[u8]) -> Result<[u8; 16], KeyError> {
        let whole = self.hmac(message)?.finalize().into_bytes();
        whole[..16].try_into().map_err(|_| KeyError::NotOurs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_seals_open_after_a_rotation_and_other_keys_open_nothing() {
        let random = Random::new([7; 32]);
        let mut keys = Keys::generate(&random);
        let old = keys.seal(Purpose::Secrets, b"hunter2").unwrap();
        keys.rotate(Purpose::Secrets, &random).unwrap();
        let new = keys.seal(Purpose::Secrets, b"hunter2").unwrap();
        assert_ne!(old[0], new[0]);
        for sealed in [&old, &new] {
            assert_eq!(keys.open(Purpose::Secrets, sealed).unwrap(), b"hunter2");
            assert!(keys.open(Purpose::Tracking, sealed).is_err());
            assert!(Keys::generate(&random).open(Purpose::Secrets, sealed).is_err());
        }
    }

    #[test]
    fn a_changed_byte_anywhere_is_noticed() {
        let keys = Keys::generate(&Random::new([7; 32]));
        let sealed = keys.seal(Purpose::Tracking, b"link").unwrap();
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(keys.open(Purpose::Tracking, &changed).is_err(), "{position}");
        }
        for length in 0..sealed.len() {
            assert!(keys.open(Purpose::Tracking, &sealed[..length]).is_err());
        }
    }

    #[test]
    fn a_signature_holds_after_a_rotation_and_for_nothing_else() {
        let random = Random::new([7; 32]);
        let mut keys = Keys::generate(&random);
        let (id, mark) = keys.sign(Purpose::Tracking, b"message").unwrap();
        keys.rotate(Purpose::Tracking, &random).unwrap();
        assert!(keys.is_signed(Purpose::Tracking, b"message", id, &mark));
        assert!(!keys.is_signed(Purpose::Tracking, b"massage", id, &mark));
        assert!(!keys.is_signed(Purpose::Tracking, b"message", id + 1, &mark));
        assert!(!keys.is_signed(Purpose::Secrets, b"message", id, &mark));
        assert!(!keys.is_signed(Purpose::Tracking, b"message", id, &mark[..15]));
        assert!(!keys.is_signed(Purpose::Tracking, b"message", id, &[]));
    }

    #[test]
    fn the_file_is_private_and_comes_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let random = Random::new([7; 32]);
        let sealed = Keys::load_or_create(&path, &random).unwrap().seal(Purpose::Secrets, b"x").unwrap();
        assert_eq!(Keys::load_or_create(&path, &random).unwrap().open(Purpose::Secrets, &sealed).unwrap(), b"x");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "{}").unwrap();
        assert!(matches!(Keys::load_or_create(&path, &random), Err(KeyError::Damaged { .. })));
    }
}
