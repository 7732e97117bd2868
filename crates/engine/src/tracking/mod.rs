//! Tracking: a pixel and rewritten links, sealed so that the redirect needs no store and goes nowhere else.

mod token;
mod visits;
mod wire;

pub use token::Token;
pub use visits::{Visit, VisitKind};

pub(crate) use visits::Visits;
