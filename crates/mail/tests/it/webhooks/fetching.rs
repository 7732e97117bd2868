//! How a certificate is fetched: over https, from a host that the network policy allows.

use std::{sync::Arc, time::Duration};

use mail::net::{AddressPolicy, Error, Network};
use rcgen::generate_simple_self_signed;
use rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

/// A server that answers every request with `answer`: its address, and a network that trusts it.
async fn server(answer: String) -> (Url, rustls::pki_types::CertificateDer<'static>) {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.cert.der().clone()],
            PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://localhost:{}/x.pem", listener.local_addr().unwrap().port())).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.flush().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    (url, made.cert.der().clone())
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_file_is_fetched_from_whom_we_trust() {
    let (url, root) = server(ok("a certificate")).await;
    let network = Network::new(AddressPolicy::ANY, [root]);
    assert_eq!(network.get(&url).await, Ok(b"a certificate".to_vec()));
    let strange = Network::new(AddressPolicy::ANY, []);
    assert!(matches!(strange.get(&url).await, Err(Error::Certificate(_))));
}

#[tokio::test]
async fn the_policy_the_scheme_the_status_and_the_size_count() {
    let (url, root) = server(ok(&"x".repeat(100_000))).await;
    let closed = Network::new(AddressPolicy::PUBLIC_ONLY, [root.clone()]);
    assert!(matches!(closed.get(&url).await, Err(Error::ForbiddenAddress(_))));
    let network = Network::new(AddressPolicy::ANY, [root]);
    assert!(matches!(network.get(&url).await, Err(Error::Network(_))));
    let plain = Url::parse("http://localhost/x.pem").unwrap();
    assert!(matches!(network.get(&plain).await, Err(Error::InvalidHost(_))));
    let (url, root) =
        server("HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n".into()).await;
    let network = Network::new(AddressPolicy::ANY, [root]);
    assert!(matches!(network.get(&url).await, Err(Error::Network(_))));
}
