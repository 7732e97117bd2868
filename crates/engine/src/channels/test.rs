//! Trying a channel out: connecting as mail would, and showing what was said.

use std::time::Duration;

use domain::{ChannelId, authorization::Actor};
use mail::smtp::{Credentials, Patience, Probe, ProbeStep, Problem, Server, Step, probe};

use super::{ChannelChange, ChannelInput, Secret, ServerError, change_of, credentials::server};
use crate::{Engine, Result};

impl Engine {
    /// Tries a saved channel out, and keeps the largest message its server takes.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn test_channel(&self, actor: &Actor, id: ChannelId) -> Result<Probe> {
        let channel = self.channel_to_change(actor, id).await?;
        let probe = self.try_out(self.server_of(&channel).await).await;
        if probe.is_ok() {
            let mut tx = self.db().begin().await?;
            let limit = probe.size_limit.filter(|limit| *limit > 0);
            store::channels::set_size_limit(&mut tx, actor.workspace, id, limit).await?;
            tx.commit().await?;
        }
        Ok(probe)
    }

    /// Tries out what a saved channel is to become, with what signs in now unless `change` brings something else. Nothing is
    /// kept of it.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`], [`crate::Error::NotFound`].
    pub async fn test_changed_channel(&self, actor: &Actor, id: ChannelId, change: ChannelChange) -> Result<Probe> {
        let before = self.channel_to_change(actor, id).await?;
        let checked = self.check_channel(change.of(&before), Some(&before)).await?;
        let after = self.changed(&before, checked)?;
        Ok(self.try_out(self.server_of(&after).await).await)
    }

    /// Tries a channel out that is not saved yet.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`].
    pub async fn test_described_channel(&self, actor: &Actor, input: ChannelInput) -> Result<Probe> {
        let owner_id = (!input.team).then_some(actor.user);
        self.allow(actor, change_of(owner_id))?;
        let mut checked = self.check_channel(input, None).await?;
        let username = checked.username.clone().unwrap_or_default();
        let secret = checked.secret.take();
        let channel = self.new_channel(actor, owner_id, checked)?;
        let credentials = match secret {
            None | Some(Secret::Consent(_)) => Ok(None),
            Some(Secret::Password(password)) => Ok(Some(Credentials::Password { username, password })),
            Some(Secret::Oauth(grant)) => {
                let granted = self.access_token(&grant).await.map_err(ServerError::from);
                granted.map(|granted| Some(Credentials::AccessToken { username, token: granted.token }))
            }
        };
        Ok(self.try_out(credentials.map(|credentials| server(&channel, credentials))).await)
    }

    /// Without an access token there is nothing to connect for: that is where the conversation ends.
    async fn try_out(&self, server: std::result::Result<Server, ServerError>) -> Probe {
        match server {
            Ok(server) => probe(&server, &self.smtp_client(Patience::short())).await,
            Err(error) => {
                let (code, detail) = error.parts();
                let problem = Some(Problem { code, detail });
                let step = ProbeStep { step: Step::Auth, took: Duration::ZERO, lines: Vec::new(), problem };
                Probe { steps: vec![step], size_limit: None }
            }
        }
    }
}
