//! Stops: who is not to be mailed any more, and why.
//!
//! | room | what happens there |
//! |---|---|
//! | `stop` | somebody is stopped: recorded once, and what waits for them fails |
//! | `gate` | whom an email must not go to, asked at queueing, at retry and before the first byte |
//! | `resume` | mail goes again, with a reason |
//! | `list` | who is stopped, and a person's history |
//! | `by_hand` | a user unsubscribes a person, undoable for a moment |
//! | `domains` | domains nobody in the workspace writes to |
//! | `note` | what was said about it |

mod by_hand;
mod domains;
mod gate;
mod list;
mod note;
mod resume;
mod stop;

pub use domains::{BlockedDomain, DomainBlocked};
pub use list::PersonStops;
pub use stop::NewStop;
pub use store::stops::{Changed, Listed};

pub(crate) use gate::{Gate, held_of};
