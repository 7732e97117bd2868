//! Servers that cannot prove who they are: mail waits and says why, nothing is said to them, and it leaves once they can.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use domain::{
    Status,
    channel::{Auth, Security},
    limits::Limits,
    reasons::WaitReason,
    time::HOUR,
};
use engine::{DomainSettings, channels::ChannelChange};
use rcgen::{CertificateParams, KeyPair};
use rstest::rstest;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use crate::{mailroom::Mailroom, support::Backend};

/// What a server shows to prove that it is `localhost`.
struct Shown {
    certificate: CertificateDer<'static>,
    config: Arc<ServerConfig>,
}

impl Shown {
    fn new(name: &str, until: i32) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut wanted = CertificateParams::new([name.to_owned()]).unwrap();
        wanted.not_after = rcgen::date_time_ymd(until, 1, 1);
        let certificate = wanted.self_signed(&key).unwrap().der().clone();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .unwrap();
        Self { certificate, config: Arc::new(config) }
    }
}

/// A server that speaks TLS from the first byte, or after STARTTLS.
struct Server {
    address: SocketAddr,
    shows: Arc<Mutex<Arc<ServerConfig>>>,
    messages: Arc<AtomicUsize>,
}

impl Server {
    async fn start(first: &Shown, security: Security) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (shows, messages) = (Arc::new(Mutex::new(first.config.clone())), Arc::<AtomicUsize>::default());
        let (config, count) = (shows.clone(), messages.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = TlsAcceptor::from(config.lock().unwrap().clone());
                // Whoever is not convinced hangs up.
                tokio::spawn(serve(stream, acceptor, security, count.clone()));
            }
        });
        Self { address, shows, messages }
    }

    fn shows(&self, shown: &Shown) {
        *self.shows.lock().unwrap() = shown.config.clone();
    }
}

async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    security: Security,
    messages: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    if security == Security::StartTls {
        stream.write_all(b"220 mx.example ESMTP\r\n").await?;
        converse(&mut stream, &messages).await?;
        stream.write_all(b"220 go on\r\n").await?;
    }
    let mut stream = BufReader::new(acceptor.accept(stream.into_inner()).await?);
    if security == Security::Tls {
        stream.write_all(b"220 mx.example ESMTP\r\n").await?;
    }
    converse(&mut stream, &messages).await
}

/// Until STARTTLS, or the end.
async fn converse<S>(stream: &mut BufReader<S>, messages: &AtomicUsize) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut line, mut content) = (String::new(), false);
    while stream.read_line(&mut line).await? > 0 {
        let answer = match line.as_str() {
            ".\r\n" if content => {
                messages.fetch_add(1, Ordering::SeqCst);
                "250 queued\r\n"
            }
            _ if content => "",
            "DATA\r\n" => "354 go on\r\n",
            "STARTTLS\r\n" => return Ok(()),
            line if line.starts_with("EHLO") => "250-mx.example\r\n250 STARTTLS\r\n",
            _ => "250 ok\r\n",
        };
        content = if content { line != ".\r\n" } else { line == "DATA\r\n" };
        stream.write_all(answer.as_bytes()).await?;
        stream.flush().await?;
        line.clear();
    }
    Ok(())
}

#[rstest]
#[case::of_another_name(Shown::new("other.example", 4096), true, "was issued for another name")]
#[case::expired(Shown::new("localhost", 2020), true, "has expired or is not yet valid")]
#[case::of_an_unknown_issuer(
    Shown::new("localhost", 4096),
    false,
    "is not valid|an authority this machine does not trust"
)]
#[tokio::test]
async fn mail_waits_for_a_server_with_a_bad_certificate_and_leaves_once_it_shows_a_good_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(Security::Tls, Security::StartTls)] security: Security,
    #[case] bad: Shown,
    #[case] known: bool,
    #[case] expected: &str,
) {
    let good = Shown::new("localhost", 4096);
    // As `--trusted-ca` says: the authority of a company's own mail server.
    let mut trusted_roots = vec![good.certificate.clone()];
    trusted_roots.extend(known.then(|| bad.certificate.clone()));
    let domains = DomainSettings { trusted_roots, ..DomainSettings::default() };
    let room = Mailroom::with(backend, Limits::default(), domains).await;
    let server = Server::start(&bad, security).await;
    let channel = &room.channel.channel;
    let change = ChannelChange {
        host: Some("localhost".to_owned()),
        port: Some(i64::from(server.address.port())),
        security: Some(security),
        auth: Some(Auth::None),
        ..ChannelChange::default()
    };
    room.engine.change_channel(&room.actor, channel.id, channel.version, change).await.unwrap();
    let id = room.send("accept.marta@brisamar.example").await;
    for attempts in 1..3 {
        room.deliver().await;
        let email = room.email(id).await.listed.email;
        assert_eq!((email.status, email.wait_reason), (Status::Scheduled, Some(WaitReason::Unreachable)));
        let text = email.wait_text.unwrap();
        assert!(text.contains("certificate") && expected.split('|').any(|words| text.contains(words)), "{text}");
        assert_eq!((email.attempts, server.messages.load(Ordering::SeqCst)), (attempts, 0));
        room.clock.advance(HOUR);
    }
    server.shows(&good);
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    assert_eq!(server.messages.load(Ordering::SeqCst), 1);
}
