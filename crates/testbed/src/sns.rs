//! Amazon SNS as its subscribers see it: messages signed with RSA, and over https on a loopback port the certificate of the
//! signature and the address that confirms a subscription.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto, pki_types::PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use crate::or_fail;

/// The name it is reached by.
pub const HOST: &str = "sns.eu-west-1.amazonaws.com";
/// The topic that it tells about.
pub const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:ses-events";
/// Where the certificate of its signatures is.
pub const CERTIFICATE_PATH: &str = "/SimpleNotificationService-0001.pem";

/// What messages are signed with, and the certificate of it: made for this place, and known to everybody.
const KEY: &[u8] = include_bytes!("sns/key.der");
const CERTIFICATE: &str = include_str!("sns/certificate.pem");

/// A running SNS; it ends with the test process.
pub struct Sns {
    address: SocketAddr,
    root: String,
    key: RsaKeyPair,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Sns {
    /// Starts it.
    ///
    /// # Panics
    /// If no port is free.
    pub fn start() -> Self {
        or_fail(Self::try_start())
    }

    fn try_start() -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("SNS cannot be played: {error}.");
        let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).map_err(|error| failed(&error))?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .map_err(|error| failed(&error))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| failed(&error))?;
        let address = listener.local_addr().map_err(|error| failed(&error))?;
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (config, heard) = (Arc::new(config), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever hangs up ends the conversation.
                let _ = serve(stream, &config, &heard);
            }
        });
        let key = RsaKeyPair::from_pkcs8(KEY).map_err(|error| failed(&error))?;
        Ok(Self { address, root: made.cert.pem(), key, asked })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority (PEM) to trust about its name.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The paths and queries that it was asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something that was published, with its id and the moment (RFC 3339) of its signature.
    pub fn notification(&self, id: &str, message: &str, at: &str) -> String {
        self.signed("Notification", id, message, at, &[])
    }

    /// The question whether a subscription to the topic is wanted; asking for `url` says yes.
    pub fn confirmation(&self, id: &str, url: &str, at: &str) -> String {
        let more = [("SubscribeURL", url), ("Token", "2336412f37fb687f")];
        self.signed("SubscriptionConfirmation", id, "You have chosen to subscribe.", at, &more)
    }

    fn signed(&self, kind: &str, id: &str, message: &str, at: &str, more: &[(&str, &str)]) -> String {
        let own = [("Message", message), ("MessageId", id), ("Timestamp", at), ("TopicArn", TOPIC), ("Type", kind)];
        let mut fields: Vec<(&str, &str)> = own.iter().chain(more).copied().collect();
        fields.sort_unstable();
        let text: String = fields.iter().flat_map(|(name, value)| [*name, "\n", *value, "\n"]).collect();
        let mut signature = vec![0; self.key.public().modulus_len()];
        let signing = self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature);
        or_fail(signing.map_err(|error| format!("SNS cannot sign: {error}.")));
        let mut body: Value = fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        body["SignatureVersion"] = json!("2");
        body["Signature"] = json!(STANDARD.encode(signature));
        body["SigningCertURL"] = json!(format!("https://{HOST}{CERTIFICATE_PATH}"));
        body.to_string()
    }
}

/// Answers one request.
fn serve(stream: TcpStream, config: &Arc<ServerConfig>, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    let (mut first, mut line) = (String::new(), String::new());
    stream.read_line(&mut first)?;
    while stream.read_line(&mut line)? > 2 {
        line.clear();
    }
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let body = if target == CERTIFICATE_PATH { CERTIFICATE } else { "<ConfirmSubscriptionResponse/>" };
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(target);
    let mut stream = stream.into_inner();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
    stream.conn.send_close_notify();
    stream.flush()
}
