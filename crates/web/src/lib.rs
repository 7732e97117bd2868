//! Everything over HTTP: the API, live events, tracking endpoints, the embedded interface. Thin: parse, ask the engine,
//! answer.

mod app;
mod caller;
mod challenges;
mod connections;
mod docs;
mod health;
mod hooks;
mod interface;
mod limits;
mod live;
mod metrics;
mod observe;
mod openapi;
mod origin;
mod outage;
mod patch;
mod problem;
mod router;
mod security;
mod text;
mod tls;
mod tracking;
mod unsubscribe;
mod version;

pub mod api;

pub use self::metrics::Figures;
pub use app::Options;
pub use connections::Patience;
pub use openapi::openapi;
pub use router::{router, serve};
pub use tls::serve_tls;
