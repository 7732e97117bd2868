//! The workspace that the engine's tests know, behind the real router.

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use engine::Engine;
use serde_json::{Value, json};
use tower::ServiceExt;

#[path = "../../../engine/tests/it/support.rs"]
pub(crate) mod world;

use world::{Backend, PASSWORD, World};

/// Where requests come from: a proxy that is not trusted unless a test says so.
const PEER: &str = "192.0.2.99:4711";

/// The router and the workspace behind it.
pub(crate) struct Site {
    pub(crate) world: World,
    router: Router,
}

impl Site {
    pub(crate) async fn new(backend: Backend) -> Self {
        let world = World::new(backend).await;
        Self { router: router(&world.engine), world }
    }

    /// Somebody who is not signed in.
    pub(crate) fn anonymous(&self) -> Caller {
        Caller::new(self.router.clone())
    }

    /// Somebody signed in with the address and the password that all have.
    pub(crate) async fn signed_in(&self, email: &str) -> Caller {
        self.anonymous().sign_in(email).await
    }
}

/// The real router.
pub(crate) fn router(engine: &Engine) -> Router {
    web::router(engine.clone(), web::Options::default())
}

/// Somebody who makes requests.
#[derive(Clone)]
pub(crate) struct Caller {
    router: Router,
    headers: HeaderMap,
}

/// What they hear.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Caller {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, headers: HeaderMap::new() }
    }

    /// The same caller, who also sends this header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    /// The same caller at another router.
    pub(crate) fn at(&self, router: &Router) -> Self {
        Self { router: router.clone(), headers: self.headers.clone() }
    }

    /// A browser with the session of whoever has this address.
    pub(crate) async fn sign_in(self, email: &str) -> Self {
        let answer = self.post("/session", json!({ "email": email, "password": PASSWORD })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let cookie = answer.cookie();
        self.with("cookie", &cookie).with("sec-fetch-site", "same-origin")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let kind = "application/json";
        let body = body.map(|body| (kind, body.to_string()));
        let response = self.respond(method, path, body).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    /// The response as it comes: its body may never end.
    pub(crate) async fn respond(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match body {
            Some((kind, body)) => request.header(header::CONTENT_TYPE, kind).body(Body::from(body)),
            None => request.body(Body::empty()),
        };
        let mut request = request.unwrap();
        request.extensions_mut().insert(ConnectInfo(PEER.parse::<SocketAddr>().unwrap()));
        self.router.clone().oneshot(request).await.unwrap()
    }
}

impl Answer {
    /// The cookie that was set, as a browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        self.set_cookie().split(';').next().unwrap().to_owned()
    }

    pub(crate) fn set_cookie(&self) -> &str {
        self.headers[header::SET_COOKIE].to_str().unwrap()
    }

    /// The last part of the problem's type.
    pub(crate) fn problem(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
    }
}
