//! Why an email is undelivered, and whether that may be mended by sending it again.

use domain::{Status, reasons::FailureReason};
use engine::emails::Listed;
use serde::Serialize;
use utoipa::ToSchema;

use crate::text::Text;

type FailureReasonText = Text<FailureReason>;

/// Why an email is undelivered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FailureView {
    reason: FailureReasonText,
    /// The codes of the answer: `550 5.1.1`.
    #[schema(required)]
    code: Option<String>,
    /// The server's words.
    #[schema(required)]
    server_text: Option<String>,
    /// The name that belongs to the reason, such as the dynamic field or the channel.
    #[schema(required)]
    param: Option<String>,
    /// Whether sending it again may succeed without a change.
    retry_may_help: bool,
    /// Why its recipient is not to be mailed now, so that it cannot be sent again; `null` when it can.
    #[schema(required)]
    held_back: Option<FailureReasonText>,
}

impl FailureView {
    /// Why an email is undelivered, if it is; its recipient may be `held` back now.
    pub(super) fn of(listed: &Listed, held: Option<FailureReason>) -> Option<Self> {
        let email = &listed.email;
        let undelivered = matches!(email.status, Status::Failed | Status::Bounced | Status::Spam);
        email.failure_reason.filter(|_| undelivered).map(|reason| Self {
            reason: Text(reason),
            code: email.failure_code.clone(),
            server_text: email.failure_text.clone(),
            param: email.failure_param.clone(),
            retry_may_help: reason.retry_may_help() && held.is_none(),
            held_back: held.map(Text),
        })
    }
}
