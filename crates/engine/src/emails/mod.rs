//! Emails: writing, sending, filing, and reading about them.

mod actions;
mod attachments;
mod change;
mod context;
mod copy;
mod drafts;
mod erasing;
mod fields;
mod follow_up;
mod forecast;
mod held;
mod images;
mod lists;
mod mark;
mod preview;
mod read;
mod reply;
mod retry;
mod sending;
mod uncertain;
mod undo;

pub use actions::{ActionKind, ActionResult, SkipReason, Skipped};
pub use attachments::Upload;
pub use drafts::{Beginning, DraftChange};
pub use fields::{DYNAMIC_FIELDS, DynamicField};
pub use forecast::ActionForecast;
pub use lists::{Folder, FolderCounts, FolderIds, ListQuery, Page, SortKey};
pub use preview::Preview;
pub use read::{EmailDetails, MessageAsSent};
pub use uncertain::Settlement;
pub use undo::UndoResult;

pub use mail::template::FILTERS;
pub use store::{
    attachments::Attachment, bodies::Copy, emails::Listed, events::Event, recipients::Recipient, visits::Visit,
};

pub(crate) use actions::row_before;
pub(crate) use change::{forget_failure, stop_waiting, visible};
pub(crate) use context::{Context, Letter, SNIPPET, snippet};
pub(crate) use fields::values as dynamic_values;
pub(crate) use forecast::Forecasts;
pub(crate) use images::{content_id, path as image_path};
pub(crate) use mark::{MARK_HEADER, id_left, mark, parse_mark};
