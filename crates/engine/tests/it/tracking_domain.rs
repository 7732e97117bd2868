//! Where links of new mail lead.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    Timestamp,
    authorization::Actor,
    limits::Limits,
    time::{DAY, MINUTE, SECOND},
};
use engine::{DomainSettings, Engine, accounts::Warning, tracking_domain::HostState};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rstest::rstest;
use store::tracking_domains::TrackingDomain;
use testbed::dns::{DnsServer, Record};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
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

const NAME: &str = "go.northlight.example";

/// Behind the engine's back: what a check by another node comes to.
async fn own_host(room: &Mailroom, active_since: Option<Timestamp>) {
    let domain = TrackingDomain {
        workspace_id: room.actor.workspace,
        host: NAME.into(),
        created_at: room.engine.now(),
        active_since,
        checked_at: None,
        failing_since: None,
        problem: None,
        problem_text: None,
        certificate_begins_at: None,
        certificate_ends_at: None,
    };
    let mut tx = room.engine.db().begin().await.unwrap();
    store::tracking_domains::save(&mut tx, &domain).await.unwrap();
    tx.commit().await.unwrap();
    room.engine.recheck_tracking_domains().await.unwrap();
}

/// How many links and pixels of a new email to `address` lead through `own`, and how many through the default host.
async fn leads_through(room: &Mailroom, own: &str, address: &str) -> (usize, usize) {
    room.send(address).await;
    room.deliver().await;
    let raw = room.world.inbox(address).last().expect("an email").raw.clone();
    let text = String::from_utf8_lossy(&raw).replace("=\r\n", "");
    let count = |host: &str| ["/c/", "/o/"].iter().map(|path| text.matches(&format!("{host}{path}")).count()).sum();
    (count(own), count("http://127.0.0.1:4080"))
}

#[tokio::test]
async fn new_mail_leads_through_the_own_host_only_while_it_is_switched_on() {
    let room = Mailroom::open(Backend::Sqlite).await;
    let own = "https://go.northlight.example";
    own_host(&room, None).await;
    let (through_own, default) = leads_through(&room, own, "accept.a@a.example").await;
    assert_eq!(through_own, 0);
    assert!(default >= 2);
    own_host(&room, Some(room.engine.now())).await;
    assert_eq!(leads_through(&room, own, "accept.b@b.example").await, (default, 0));
    own_host(&room, None).await;
    assert_eq!(leads_through(&room, own, "accept.c@c.example").await, (0, default));
}

/// A server of https that may be ours behind a proxy, or somebody else's.
struct Proxy {
    shows: Arc<Mutex<Arc<ServerConfig>>>,
    parked: Arc<AtomicBool>,
    /// Who switches the host off while it is being asked.
    meanwhile: Arc<Mutex<Option<Actor>>>,
    host: String,
    _dns: DnsServer,
}

/// Who signs what it shows.
struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut wanted = CertificateParams::new([]).unwrap();
        wanted.distinguished_name.push(DnType::CommonName, name);
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        wanted.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let certificate = wanted.self_signed(&key).unwrap().der().clone();
        Self { certificate, issuer: Issuer::new(wanted, key) }
    }

    /// Something to show for `name`, good from the first day of one year to that of another.
    fn issues(&self, name: &str, from: i32, until: i32) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut wanted = CertificateParams::new([name.to_owned()]).unwrap();
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        (wanted.not_before, wanted.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        let certificate = wanted.signed_by(&key, &self.issuer).unwrap().der().clone();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Arc::new(config)
    }
}

/// A workspace whose tracking host is in use, behind a proxy that shows a certificate of `authority`.
async fn behind_a_proxy(backend: Backend, authority: &Authority, first: Arc<ServerConfig>) -> (Mailroom, Proxy) {
    let dns = DnsServer::start();
    dns.publish(NAME, Record::Address("127.0.0.1".parse().unwrap()));
    let domains = DomainSettings {
        dns_servers: vec![dns.address()],
        trusted_roots: vec![authority.certificate.clone()],
        ..DomainSettings::default()
    };
    let room = Mailroom::with(backend, Limits::default(), domains).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = Proxy {
        shows: Arc::new(Mutex::new(first)),
        parked: Arc::default(),
        meanwhile: Arc::default(),
        host: format!("{NAME}:{port}"),
        _dns: dns,
    };
    let (shows, parked, meanwhile) = (proxy.shows.clone(), proxy.parked.clone(), proxy.meanwhile.clone());
    let engine = room.engine.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = TlsAcceptor::from(shows.lock().unwrap().clone());
            let answerer = (!parked.load(Ordering::SeqCst)).then(|| engine.clone());
            let switching_off = meanwhile.lock().unwrap().take();
            if let Some(actor) = switching_off {
                engine.deactivate_tracking_domain(&actor).await.unwrap();
            }
            // Who is not convinced hangs up.
            tokio::spawn(answer(stream, acceptor, answerer));
        }
    });
    room.engine.enter_tracking_domain(&room.actor, &proxy.host).await.unwrap();
    let activated = room.engine.activate_tracking_domain(&room.actor).await.unwrap();
    assert!(activated.is_ok(), "{activated:?}");
    (room, proxy)
}

/// Answers one request, as `engine` does or with a page for passers-by.
async fn answer(stream: TcpStream, acceptor: TlsAcceptor, engine: Option<Engine>) -> std::io::Result<()> {
    let mut stream = BufReader::new(acceptor.accept(stream).await?);
    let mut request = String::new();
    stream.read_line(&mut request).await?;
    let token = request.split(' ').nth(1).and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let said = engine.and_then(|engine| engine.answer_challenge(NAME, token));
    let body = said.unwrap_or_else(|| "This domain is for sale.".to_owned());
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// What the worker makes of the host some time later, and what administrators are told on every page.
async fn looks_after(room: &Mailroom, pause: i64) -> (HostState, Vec<Warning>) {
    room.clock.advance(pause);
    room.engine.recheck_tracking_domains().await.unwrap();
    let own = room.engine.tracking_domain(&room.actor).await.unwrap().own.unwrap();
    let mut warnings = room.engine.profile(&room.actor).await.unwrap().warnings;
    warnings.retain(|it| matches!(it, Warning::TrackingDomainFails | Warning::TrackingCertificateEnds));
    (own.state, warnings)
}

#[rstest]
#[case::expired("certificate_expired")]
#[case::of_another_name("certificate_wrong_name")]
#[case::of_an_unknown_issuer("certificate_unknown_issuer")]
#[case::of_a_foreign_server("somebody_else")]
#[tokio::test]
async fn new_mail_leaves_a_host_that_breaks_its_links_at_the_first_check_and_comes_back_once_it_works(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] problem: &str,
) {
    let authority = Authority::new("Harbour");
    let good = authority.issues(NAME, 2020, 4096);
    let (room, proxy) = behind_a_proxy(backend, &authority, good.clone()).await;
    let own = format!("https://{}", proxy.host);
    let (through_own, _) = leads_through(&room, &own, "accept.a@a.example").await;
    assert!(through_own >= 2);
    let bad = match problem {
        "certificate_expired" => authority.issues(NAME, 2019, 2020),
        "certificate_wrong_name" => authority.issues("parked.example", 2020, 4096),
        "certificate_unknown_issuer" => Authority::new("Nobody").issues(NAME, 2020, 4096),
        _ => good.clone(),
    };
    *proxy.shows.lock().unwrap() = bad;
    proxy.parked.store(problem == "somebody_else", Ordering::SeqCst);
    assert_eq!(looks_after(&room, 10 * MINUTE).await, (HostState::SwitchedOff, vec![Warning::TrackingDomainFails]));
    let said = room.engine.tracking_domain(&room.actor).await.unwrap().own.unwrap().problem;
    assert_eq!(said.map(|(code, _)| code).as_deref(), Some(problem));
    assert_eq!(leads_through(&room, &own, "accept.b@b.example").await, (0, through_own));

    *proxy.shows.lock().unwrap() = good;
    proxy.parked.store(false, Ordering::SeqCst);
    assert_eq!(looks_after(&room, 5 * MINUTE).await, (HostState::Active, vec![]));
    assert_eq!(leads_through(&room, &own, "accept.c@c.example").await, (through_own, 0));
}

#[rstest]
#[tokio::test]
async fn the_end_of_a_certificate_is_warned_of_and_looked_at_when_it_comes(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let authority = Authority::new("Harbour");
    let (room, proxy) = behind_a_proxy(backend, &authority, authority.issues(NAME, 2020, 2100)).await;
    let ends_at = async || {
        let own = room.engine.tracking_domain(&room.actor).await.unwrap().own.unwrap();
        own.certificate.unwrap().ends_at
    };
    let end = ends_at().await;
    assert_eq!(end.to_string(), "2100-01-01T00:00:00Z");
    let two_weeks_before = end.since(room.engine.now()) - 14 * DAY;
    assert_eq!(looks_after(&room, two_weeks_before - MINUTE).await, (HostState::Active, vec![]));
    assert_eq!(looks_after(&room, 10 * MINUTE).await, (HostState::Expiring, vec![Warning::TrackingCertificateEnds]));
    let renewed = authority.issues(NAME, 2020, 2101);
    *proxy.shows.lock().unwrap() = renewed;
    assert_eq!(looks_after(&room, 10 * MINUTE).await, (HostState::Active, vec![]));

    let just_before = ends_at().await.since(room.engine.now()) - SECOND;
    assert_eq!(looks_after(&room, just_before).await.0, HostState::Expiring);
    *proxy.shows.lock().unwrap() = authority.issues(NAME, 2019, 2020);
    assert_eq!(looks_after(&room, SECOND).await, (HostState::SwitchedOff, vec![Warning::TrackingDomainFails]));
}

#[rstest]
#[case::works(false)]
#[case::is_broken(true)]
#[tokio::test]
async fn a_host_that_is_switched_off_while_it_is_asked_stays_off(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] broken: bool,
) {
    let authority = Authority::new("Harbour");
    let (room, proxy) = behind_a_proxy(backend, &authority, authority.issues(NAME, 2020, 4096)).await;
    proxy.parked.store(broken, Ordering::SeqCst);
    *proxy.meanwhile.lock().unwrap() = Some(room.actor.clone());
    assert_eq!(looks_after(&room, 10 * MINUTE).await, (HostState::Waiting, vec![]));
    assert_eq!(looks_after(&room, 10 * MINUTE).await, (HostState::Waiting, vec![]));
}
