//! Proof of the send ledger: the real binary suffers, and then the recipients' own record is compared with ours.
//!
//! [`Run`] is one kind of misfortune, again and again, while somebody writes all the time. The recipients are the
//! simulator's: it shares no code with what is tested, and it alone says what was received. [`compare`] weighs both
//! records, [`table`] prints what came of it. [`power_loss`] looks at what SIGKILL cannot show: what a disk holds when
//! the power goes; [`pixels`] at what a view costs when the process dies.
//!
//! `make torture` is the long form, `cargo test -p torture` the short one. Both print the seed they began with.

mod api;
mod clock;
pub mod compare;
mod desk;
mod error;
mod misfortune;
pub mod pixels;
pub mod power_loss;
mod program;
mod recipients;
mod report;
mod run;

pub use error::{Error, Result};
pub use misfortune::Misfortune;
pub use program::beside_us;
pub use recipients::Letter;
pub use report::{is_clean, table};
pub use run::{Database, Finding, Run};
