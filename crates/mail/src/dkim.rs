//! Signatures by which receivers know whose mail it is (DKIM: RFC 6376, RFC 8301, RFC 8463).
//!
//! RSA keys are made by the `rsa` crate, because `ring` makes none, and never used by it: signing, where timing could tell
//! about a key, is `ring`'s. Keys come from the operating system's randomness.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::deliverability::Algorithm;
use mail_auth::{
    common::{
        crypto::{DkimKey, Ed25519Key, RsaKey, Sha256},
        headers::HeaderWriter,
    },
    dkim::{Canonicalization, DkimSigner, Done, generate::DkimKeyPair},
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer};

/// Bits of an RSA key (RFC 8301 §3.2); more do not fit into one string of a TXT record.
const RSA_BITS: usize = 2048;

/// What stands before the PKCS #1 form of a 2048 bit key to make it a `SubjectPublicKeyInfo`, which records hold.
const RSA_2048_INFO: [u8; 24] = [
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    0x03, 0x82, 0x01, 0x0f, 0x00,
];

/// Header fields that are signed. All stand twice: the second is a promise that there is no other, so that nobody can add
/// one on the way (RFC 6376 §8.15).
const SIGNED: [&str; 14] = [
    "From",
    "Subject",
    "Date",
    "To",
    "Cc",
    "Reply-To",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
];

/// A key pair, fresh.
pub struct NewKey {
    /// The private key, DER; whoever has it can sign in the domain's name.
    pub private: Vec<u8>,
    /// The public key as it stands in the record after `p=`.
    pub public: String,
}

/// Why a key cannot be made or used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the DKIM key cannot be used: {0}")]
pub struct Error(String);

impl From<mail_auth::Error> for Error {
    fn from(error: mail_auth::Error) -> Self {
        Self(error.to_string())
    }
}

/// Makes a key pair. RSA takes up to seconds of a processor.
///
/// # Errors
/// [`Error`] when the system has no randomness.
pub fn generate(algorithm: Algorithm) -> Result<NewKey, Error> {
    let (pair, info): (_, &[u8]) = match algorithm {
        Algorithm::Rsa => (DkimKeyPair::generate_rsa(RSA_BITS)?, &RSA_2048_INFO),
        Algorithm::Ed25519 => (DkimKeyPair::generate_ed25519()?, &[]),
    };
    Ok(NewKey { public: STANDARD.encode([info, pair.public_key()].concat()), private: pair.into_inner().0 })
}

/// Signs messages of one domain with one key.
pub struct Signer(DkimSigner<DkimKey, Done>);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// A signer with a private key of [`generate`].
    ///
    /// # Errors
    /// [`Error`] when it is none.
    pub fn new(algorithm: Algorithm, private: &[u8], domain: &str, selector: &str) -> Result<Self, Error> {
        let key = match algorithm {
            Algorithm::Rsa => {
                let der = PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(private));
                DkimKey::Rsa(RsaKey::<Sha256>::from_key_der(der)?)
            }
            Algorithm::Ed25519 => DkimKey::Ed25519(Ed25519Key::from_pkcs8_der(private)?),
        };
        let signer = DkimSigner::from_key(key)
            .domain(domain)
            .selector(selector)
            .headers(SIGNED.into_iter().chain(SIGNED))
            .header_canonicalization(Canonicalization::Relaxed)
            .body_canonicalization(Canonicalization::Relaxed);
        Ok(Self(signer))
    }
}

/// The signatures of `message`, as they stand before it. Their time (`t=`) is the machine's.
///
/// # Errors
/// [`Error`] when a key does not sign.
pub fn sign(message: &[u8], signers: &[Arc<Signer>]) -> Result<String, Error> {
    let mut signatures = String::new();
    for signer in signers {
        signatures.push_str(&signer.0.sign(message)?.to_header());
    }
    Ok(signatures)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &[u8] = b"From: a@shop.example\r\nSubject:  Hello\r\n\r\nHello.\r\n";

    #[test]
    fn a_signature_promises_that_no_second_from_was_there() {
        let key = generate(Algorithm::Ed25519).unwrap();
        let signer = Signer::new(Algorithm::Ed25519, &key.private, "shop.example", "qd1").unwrap();
        let signatures = sign(MESSAGE, &[Arc::new(signer)]).unwrap();
        let header: String = signatures.split_whitespace().collect();
        let fields = header.split("h=").nth(1).unwrap().split(';').next().unwrap().to_ascii_lowercase();
        let count = |name: &str| fields.split(':').filter(|field| *field == name).count();
        assert_eq!((count("from"), count("subject"), count("list-unsubscribe")), (2, 2, 2), "{fields}");
        assert!(header.contains("c=relaxed/relaxed") && header.contains("d=shop.example"), "{header}");
        assert!(signatures.ends_with("\r\n"));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for algorithm in [Algorithm::Rsa, Algorithm::Ed25519] {
            assert!(Signer::new(algorithm, b"no key", "shop.example", "qd1").is_err());
        }
    }
}
