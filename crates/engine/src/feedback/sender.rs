//! What a channel's way of learning does to its messages: who is given at `MAIL FROM`, and by which header the provider
//! knows the message again.

use domain::feedback::WebhookProvider;
use store::{Tx, channels::Channel, emails::Claimed};

use super::addresses::return_address;
use crate::{Engine, Result};

/// What a channel's messages carry so that we hear of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Returns {
    domain: Option<String>,
    provider: Option<WebhookProvider>,
}

impl Returns {
    /// As it is set up for `channel`.
    pub(crate) async fn of(tx: &mut Tx, channel: &Channel) -> Result<Self> {
        let set_up = store::feedback::find(tx, channel.workspace_id, channel.id).await?;
        Ok(Self { domain: set_up.return_domain, provider: set_up.provider })
    }

    /// The header by which the provider shows `mark` with what it tells, if it needs one.
    pub(crate) fn mark_header(&self, mark: &str) -> Option<(&'static str, String)> {
        mail::webhooks::mark_header(self.provider?, mark)
    }
}

impl Engine {
    /// The address at `MAIL FROM`: our own return address where the channel has a domain for them, else the sender's.
    pub(crate) fn envelope_sender(&self, returns: &Returns, email: &Claimed, from: &str) -> String {
        let signed = returns.domain.as_ref().map(|domain| {
            return_address(self.keys(), domain, email.workspace_id, email.id, email.send_number, self.now())
        });
        match signed {
            Some(Ok(Some(address))) => address,
            Some(Err(error)) => {
                tracing::error!(%error, "no return address can be signed; bounces go to the sender");
                from.to_owned()
            }
            Some(Ok(None)) | None => from.to_owned(),
        }
    }
}
