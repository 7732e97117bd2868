//! Emails: writing, sending, filing, and reading about them.

mod actions;
mod attachments;
mod change;
mod context;
mod drafts;
mod fields;
mod follow_up;
mod images;
mod lists;
mod preview;
mod read;
mod sending;
mod uncertain;
mod undo;

pub use actions::{ActionKind, ActionResult, SkipReason, Skipped};
pub use attachments::Upload;
pub use drafts::DraftChange;
pub use fields::{DYNAMIC_FIELDS, DynamicField};
pub use lists::{Folder, FolderCounts, ListQuery, Page, SortKey};
pub use preview::Preview;
pub use read::{EmailDetails, MessageAsSent, wait_of};
pub use uncertain::Settlement;
pub use undo::UndoResult;

pub use mail::template::FILTERS;
pub use store::{attachments::Attachment, bodies::Copy, emails::Listed, events::Event, recipients::Recipient};

pub(crate) use change::stop_waiting;
pub(crate) use context::Context;
pub(crate) use images::{content_id, path as image_path};
