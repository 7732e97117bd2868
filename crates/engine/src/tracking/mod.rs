//! Tracking: a pixel and rewritten links, sealed so that the redirect needs no store and goes nowhere else.
//!
//! | room | what happens there |
//! |---|---|
//! | `token` | what a pixel or a link says about itself |
//! | `wire` | putting both into a body |
//! | `quotes` | taking them out of what is quoted or shown |
//! | `visits` | what was asked waits for a moment, bounded |
//! | `frames`, `frame_file` | in portions, on the disk as well, until it is recorded |
//! | `record` | it is judged and recorded, many at a time |
//! | `settle` | it is judged together with what came around it, and becomes news |
//! | `rejudge` | everything is judged once more, by today's rules |
//! | `traces` | who it was is forgotten after some time |

mod frame_file;
mod frames;
#[cfg(fuzzing)]
pub mod fuzzing;
mod quotes;
mod record;
mod rejudge;
mod settle;
mod token;
mod traces;
mod visits;
mod wire;

pub use token::Token;
pub use visits::{Visit, VisitKind};

pub(crate) use visits::Visits;
