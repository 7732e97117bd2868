//! Images in a body: an address of ours while it is written, a content id when it is sent, and back when it is shown.

use domain::{AttachmentId, EmailId};

/// The content id of an inline image: unique for ever, as RFC 2045 asks.
pub(crate) fn content_id(id: AttachmentId) -> String {
    format!("{id}@quarterdeck")
}

/// Where the interface finds an attachment.
pub(crate) fn path(email: EmailId, id: AttachmentId) -> String {
    format!("/api/v1/emails/{email}/attachments/{id}")
}
