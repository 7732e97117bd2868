//! How a link reaches its person: mailed through the system channel, or shown to be handed over.

use domain::WorkspaceId;

use crate::{Engine, notices::Notice};

/// A link on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// The link, to be handed over, unless it was mailed.
    pub link: Option<String>,
    /// Whether it was mailed.
    pub mailed: bool,
}

impl Engine {
    /// Mails `notice`, which holds `link`, to `email`; where that cannot be done the link is to be shown.
    pub(super) async fn hand(&self, workspace: WorkspaceId, email: &str, link: String, notice: Notice) -> Handed {
        let mailed = self.send_system_notice(workspace, email, &notice).await;
        Handed { link: (!mailed).then_some(link), mailed }
    }
}
