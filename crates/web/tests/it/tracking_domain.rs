//! A workspace's own tracking host, answered over https by the server itself with certificates of a real authority.

use axum::http::{Method, StatusCode, header};
use domain::{
    authorization::Actor,
    time::{DAY, MINUTE},
};
use engine::{
    DomainSettings, Error,
    accounts::Warning,
    tracking_domain::{HostCheck, HostState, HostStep},
};
use rstest::rstest;
use serde_json::json;
use store::Location;
use testbed::{
    dns::{DnsServer, Record},
    pebble::Pebble,
};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::support::{
    Site, router,
    world::{Backend, World, engine_with},
};

const NAME: &str = "go.shop.example";

/// A server that answers https, the authority it orders from, and the DNS that both ask.
struct Place {
    world: World,
    dns: DnsServer,
    port: u16,
    pebble: Pebble,
}

impl Place {
    async fn open(location: &Location) -> Self {
        let dns = DnsServer::start();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let pebble = Pebble::start(port, dns.address());
        let domains = DomainSettings {
            dns_servers: vec![dns.address()],
            trusted_roots: DomainSettings::read_roots(pebble.trusted().as_bytes()).unwrap(),
            acme_directory: Some(pebble.directory_url().to_owned()),
            hosts: Vec::new(),
        };
        let (engine, clock) = engine_with(location, 7, domains).await;
        tokio::spawn(web::serve_tls(listener, engine.clone(), web::Options::default()));
        Self { world: World::of(engine, clock).await, dns, port, pebble }
    }

    fn host(&self) -> String {
        format!("{NAME}:{}", self.port)
    }

    /// Leads the name here.
    fn publish(&self) {
        self.dns.publish(NAME, Record::Cname("links.sales.example".into()));
        self.dns.publish("links.sales.example", Record::Address("127.0.0.1".parse().unwrap()));
    }

    async fn enter(&self) {
        self.world.engine.enter_tracking_domain(&self.world.admin, &self.host()).await.unwrap();
    }

    async fn activate(&self) -> HostCheck {
        self.world.engine.activate_tracking_domain(&self.world.admin).await.unwrap()
    }

    async fn state(&self) -> HostState {
        self.world.engine.tracking_domain(&self.world.admin).await.unwrap().own.unwrap().state
    }

    async fn certificate(&self) -> Option<store::certificates::Certificate> {
        let mut tx = self.world.engine.db().read().await.unwrap();
        store::certificates::find(&mut tx, NAME).await.unwrap()
    }
}

fn steps(check: &HostCheck) -> Vec<HostStep> {
    check.steps.iter().map(|step| step.step).collect()
}

fn problem(check: &HostCheck) -> Option<&'static str> {
    check.steps.last().and_then(|step| step.problem.as_ref()).map(|problem| problem.code)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_host_gets_its_certificate_and_is_used_once_it_answers_as_only_we_can(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let place = match backend {
        Backend::Postgres => Place::open(&backend.fresh()).await,
        // In memory it has one connection only, which the https side needs for itself.
        Backend::Sqlite => {
            let folder = tempfile::tempdir().unwrap().keep();
            Place::open(&Location::SqliteFile(folder.join("deck.db"))).await
        }
    };
    place.enter().await;
    let unknown = place.activate().await;
    assert_eq!((steps(&unknown), problem(&unknown)), (vec![HostStep::Resolve], Some("unknown_host")));
    assert_eq!(place.state().await, HostState::Waiting);

    place.publish();
    let known = place.activate().await;
    let all = [HostStep::Resolve, HostStep::Connect, HostStep::Tls, HostStep::Request];
    assert_eq!((steps(&known), problem(&known)), (all.to_vec(), None), "{known:?}");
    assert_eq!(place.state().await, HostState::Active);
    let certificate = place.certificate().await.unwrap();
    let key = certificate.secret.clone().unwrap();
    assert!(!String::from_utf8_lossy(&key).contains("PRIVATE"), "the key stands in the store in clear");

    let renew_at = certificate.renew_at.unwrap();
    place.world.clock.advance(renew_at.since(place.world.engine.now()));
    place.world.engine.renew_certificates().await.unwrap();
    let renewed = place.certificate().await.unwrap();
    assert_ne!(renewed.chain, certificate.chain);
    let after = place.world.engine.check_tracking_domain(&place.world.admin).await.unwrap();
    assert!(after.is_ok(), "{after:?}");

    let shown = async || place.world.engine.tracking_domain(&place.world.admin).await.unwrap().own.unwrap().certificate;
    let renewed_here = shown().await.unwrap();
    assert_eq!((renewed_here.ordered_here, renewed_here.problem), (true, None));
    let mut tx = place.world.engine.db().begin().await.unwrap();
    let retry_at = place.world.engine.now().plus(DAY);
    store::certificates::fail(&mut tx, NAME, retry_at, "too many certificates").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(shown().await.unwrap().problem.as_deref(), Some("too many certificates"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_with_lost_keys_is_ordered_anew() {
    let place = Place::open(&Backend::Postgres.fresh()).await;
    place.enter().await;
    place.publish();
    assert!(place.activate().await.is_ok());
    let before = place.certificate().await.unwrap();
    let (chain, expires_at) = (before.chain.unwrap(), before.expires_at.unwrap());
    let mut tx = place.world.engine.db().begin().await.unwrap();
    let lost = b"sealed with another key";
    store::certificates::keep(&mut tx, NAME, &chain, lost, expires_at, before.renew_at.unwrap()).await.unwrap();
    store::certificates::save_account(&mut tx, place.pebble.directory_url(), lost).await.unwrap();
    tx.commit().await.unwrap();
    place.world.clock.advance(2 * MINUTE);
    place.world.engine.renew_certificates().await.unwrap();
    let after = place.certificate().await.unwrap();
    assert_ne!(after.chain, Some(chain), "{:?}", after.problem_text);
    let checked = place.world.engine.check_tracking_domain(&place.world.admin).await.unwrap();
    assert!(checked.is_ok(), "{checked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_breaks_is_used_no_more_after_a_while_and_again_once_it_works() {
    let place = Place::open(&Backend::Postgres.fresh()).await;
    place.enter().await;
    place.publish();
    assert!(place.activate().await.is_ok());
    place.dns.take_down(NAME);
    let looks_after = async |pause| {
        place.world.clock.advance(pause);
        place.world.engine.recheck_tracking_domains().await.unwrap();
        place.state().await
    };
    let is_told = async |actor: &Actor| {
        let warnings = place.world.engine.profile(actor).await.unwrap().warnings;
        warnings.contains(&Warning::TrackingDomainFails)
    };
    let (admin, member) = (&place.world.admin, &place.world.member);
    assert_eq!((looks_after(MINUTE).await, is_told(admin).await), (HostState::Active, false));
    assert_eq!((looks_after(10 * MINUTE).await, is_told(admin).await), (HostState::Failing, true));
    assert!(!is_told(member).await, "who cannot mend it is not told");
    assert_eq!(looks_after(5 * MINUTE).await, HostState::Failing);
    assert_eq!((looks_after(10 * MINUTE).await, is_told(admin).await), (HostState::SwitchedOff, true));
    place.publish();
    assert_eq!((looks_after(5 * MINUTE).await, is_told(admin).await), (HostState::Active, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leads_elsewhere_gets_no_certificate_and_the_authority_is_not_asked_at_once_again() {
    let place = Place::open(&Backend::Postgres.fresh()).await;
    place.enter().await;
    // Something of somebody else's listens there: it accepts, and says nothing that is TLS.
    let elsewhere = TcpListener::bind(("127.0.0.2", place.port)).await.unwrap();
    tokio::spawn(async move { while elsewhere.accept().await.is_ok() {} });
    place.dns.publish(NAME, Record::Address("127.0.0.2".parse().unwrap()));
    let first = place.activate().await;
    assert_eq!((steps(&first).last(), problem(&first)), (Some(&HostStep::Certificate), Some("order_failed")));
    assert_eq!(place.certificate().await.unwrap().failures, 1);
    let second = place.activate().await;
    assert_eq!((problem(&second), place.certificate().await.unwrap().failures), (Some("order_failed"), 1));
    place.world.clock.advance(DAY);
    place.activate().await;
    assert_eq!(place.certificate().await.unwrap().failures, 2);
    assert_eq!(place.state().await, HostState::Waiting);
}

#[tokio::test]
async fn a_tracking_host_serves_nothing_else_even_after_it_was_left() {
    let site = Site::new(Backend::Sqlite).await;
    let engine = &site.world.engine;
    let ask = async |host: &str, path: &str| {
        let request = axum::http::Request::builder().uri(path).header(header::HOST, host);
        let response = router(engine).oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
        response.status()
    };
    let paths = ["/", "/signin", "/api/v1/setup", "/metrics"];
    assert_eq!(ask(NAME, "/api/v1/setup").await, StatusCode::OK);
    engine.enter_tracking_domain(&site.world.admin, NAME).await.unwrap();
    for path in paths {
        assert_eq!(ask(NAME, path).await, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(ask("GO.shop.example:8443", path).await, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ask(NAME, "/healthz").await, StatusCode::OK);
    engine.remove_tracking_domain(&site.world.admin).await.unwrap();
    assert_eq!(ask(NAME, "/").await, StatusCode::NOT_FOUND);
    assert_eq!(ask("sales.example", "/api/v1/setup").await, StatusCode::OK);
    for token in ["x", "%20", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(ask(NAME, &format!("/.well-known/quarterdeck/{token}")).await, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_cannot_be_a_tracking_host_is_refused() {
    let site = Site::new(Backend::Sqlite).await;
    let ada = site.signed_in("ada@north.example").await;
    for host in
        ["", "localhost", "a b.example", "127.0.0.1", "[::1]", "sales.example", "links.sales.example", "x/y.example"]
    {
        let answer = ada.send(Method::PUT, "/tracking-domain", Some(json!({ "host": host }))).await;
        assert_eq!((answer.status, answer.problem()), (422, "invalid"), "{host:?}");
    }
    let answer = ada.send(Method::PUT, "/tracking-domain", Some(json!({ "host": "https://Go.Shop.example/" }))).await;
    assert_eq!(answer.body["own"]["host"], NAME, "{answer:?}");
    assert_eq!(answer.body["own"]["record"]["kind"], "CNAME");
    assert_eq!(answer.body["own"]["record"]["value"], "links.sales.example.");
    for spelled in ["Links.Bücher.example:8443", "links.xn--bcher-kva.example:8443"] {
        let answer = ada.send(Method::PUT, "/tracking-domain", Some(json!({ "host": spelled }))).await;
        let own = &answer.body["own"];
        assert_eq!(own["host"], "links.xn--bcher-kva.example:8443", "{answer:?}");
        assert_eq!(own["record"]["name"], "links.xn--bcher-kva.example");
        assert_eq!(own["readable"], "links.bücher.example:8443");
    }
}

#[tokio::test]
async fn without_a_tracking_host_there_is_nothing_to_check() {
    let site = Site::new(Backend::Sqlite).await;
    let checked = site.world.engine.check_tracking_domain(&site.world.admin).await;
    assert!(matches!(checked, Err(Error::NotFound)), "{checked:?}");
}
