//! Amazon SNS: the envelope in which SES's events come, signed with RSA by a certificate that Amazon serves.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, alg_id, pem::PemObject,
};
use serde::Deserialize;
use url::Url;
use webpki::{EndEntityCert, ring::RSA_PKCS1_2048_8192_SHA256};

use super::{Refused, check_age, one};

/// A message of SNS as it came, not yet believed.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope {
    #[serde(rename = "Type")]
    kind: String,
    /// SNS's id of it.
    message_id: String,
    topic_arn: String,
    subject: Option<String>,
    message: String,
    timestamp: String,
    token: Option<String>,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL", alias = "SigningCertUrl")]
    signing_cert_url: String,
}

/// What a message of SNS is about, once it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Something that was published to the topic.
    Notification(String),
    /// SNS asks whether we want to hear of the topic: asking for this address says yes.
    Confirmation(Url),
    /// Somebody ended the subscription.
    Farewell,
}

impl Envelope {
    /// Reads a message.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn read(body: &[u8]) -> Result<Self, Refused> {
        one(body)
    }

    /// Where Amazon serves the certificate of the signature.
    ///
    /// # Errors
    /// [`Refused::Forged`] when that is not at Amazon's.
    pub fn certificate_url(&self) -> Result<Url, Refused> {
        at_amazon(&self.signing_cert_url)
            .filter(|url| url.path().to_ascii_lowercase().ends_with("pem"))
            .ok_or(Refused::Forged("its certificate is not Amazon's"))
    }

    /// Whether `certificate` (PEM) signed the message, for `topic`, and lately.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn verify(&self, certificate: &[u8], topic: &str, now: Timestamp) -> Result<(), Refused> {
        if self.topic_arn != topic {
            return Err(Refused::OtherTopic);
        }
        let signature = STANDARD.decode(&self.signature).map_err(|_| Refused::Forged("its signature is no base64"))?;
        let unfit = Refused::Forged("its certificate cannot be used");
        let certificate = CertificateDer::from_pem_slice(certificate).map_err(|_| unfit)?;
        let certificate = EndEntityCert::try_from(&certificate).map_err(|_| unfit)?;
        let algorithm: &dyn SignatureVerificationAlgorithm = match self.signature_version.as_str() {
            "1" => &RsaSha1,
            "2" => RSA_PKCS1_2048_8192_SHA256,
            _ => return Err(Refused::Forged("its signature is of a kind nobody knows")),
        };
        certificate
            .verify_signature(algorithm, self.signed().as_bytes(), &signature)
            .map_err(|_| Refused::Forged("its signature does not fit"))?;
        check_age(self.timestamp.parse().map_err(|_| Refused::Malformed)?, now)
    }

    /// What it is about.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn content(self) -> Result<Content, Refused> {
        match self.kind.as_str() {
            "Notification" => Ok(Content::Notification(self.message)),
            "SubscriptionConfirmation" => self
                .subscribe_url
                .and_then(|url| at_amazon(&url))
                .map(Content::Confirmation)
                .ok_or(Refused::Forged("its subscription is not Amazon's")),
            "UnsubscribeConfirmation" => Ok(Content::Farewell),
            _ => Err(Refused::Malformed),
        }
    }

    /// The text that is signed: names and values in the order of the names.
    fn signed(&self) -> String {
        let is_notification = self.kind == "Notification";
        let parts = [
            ("Message", Some(&self.message)),
            ("MessageId", Some(&self.message_id)),
            ("Subject", self.subject.as_ref().filter(|_| is_notification)),
            ("SubscribeURL", self.subscribe_url.as_ref().filter(|_| !is_notification)),
            ("Timestamp", Some(&self.timestamp)),
            ("Token", self.token.as_ref().filter(|_| !is_notification)),
            ("TopicArn", Some(&self.topic_arn)),
            ("Type", Some(&self.kind)),
        ];
        parts.into_iter().filter_map(|(name, value)| Some(format!("{name}\n{}\n", value?))).collect()
    }
}

/// Whether `topic` is the name of a topic.
pub fn is_topic(topic: &str) -> bool {
    let parts: Vec<&str> = topic.split(':').collect();
    matches!(parts[..], ["arn", partition, "sns", region, account, name]
        if partition.starts_with("aws") && !region.is_empty() && account.len() == 12 && !name.is_empty())
}

/// `text` as an address of SNS at Amazon: `https://sns.<region>.amazonaws.com/…`, or `.com.cn` in China.
fn at_amazon(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let region = host.strip_prefix("sns.")?;
    let region = region.strip_suffix(".amazonaws.com").or_else(|| region.strip_suffix(".amazonaws.com.cn"))?;
    let is_region =
        !region.is_empty() && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let is_plain =
        url.scheme() == "https" && url.port().is_none() && url.username().is_empty() && url.password().is_none();
    (is_region && is_plain).then_some(url)
}

/// Signature version 1. It proves no less that Amazon wrote the text: nobody finds a second text for a given SHA-1.
#[derive(Debug)]
struct RsaSha1;

impl SignatureVerificationAlgorithm for RsaSha1 {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, public_key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        // sha1WithRSAEncryption (RFC 3279 §2.2.1), which the usual lists have left out.
        AlgorithmIdentifier::from_slice(&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_amazons_own_hosts_are_amazons() {
        for good in [
            "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-x.pem",
            "https://sns.cn-north-1.amazonaws.com.cn/x.pem",
        ] {
            assert!(at_amazon(good).is_some(), "{good}");
        }
        for bad in [
            "http://sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com.evil.example/x.pem",
            "https://evil.example/sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com:8443/x.pem",
            "https://sns.us-east-1.amazonaws.com@evil.example/x.pem",
            "https://bucket.s3.amazonaws.com/x.pem",
            "https://sns.evil.s3.amazonaws.com/x.pem",
            "https://sns..amazonaws.com/x.pem",
            "https://127.0.0.1/x.pem",
        ] {
            assert!(at_amazon(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_topic_has_six_parts() {
        assert!(is_topic("arn:aws:sns:eu-west-1:123456789012:ses-events"));
        for bad in ["", "ses-events", "arn:aws:sqs:eu-west-1:123456789012:x", "arn:aws:sns::123456789012:x"] {
            assert!(!is_topic(bad), "{bad}");
        }
    }
}
