//! API tokens: a program acts in its owner's name, until the token is revoked.

use std::net::IpAddr;

use domain::{
    ApiTokenId,
    authorization::{Action, Actor},
    input::{self, Code, Invalid, MAX_NAME},
    time::MINUTE,
};
use serde_json::json;
use store::{
    Tx,
    api_tokens::{self, ApiToken},
    members::Member,
};

use super::{
    audit::{AuditAction, By, Target},
    sessions::{active_member, actor, is_due},
};
use crate::{Engine, Result, random};

/// So that a token is known for what it is wherever it turns up.
const PREFIX: &str = "qdt_";
/// How exactly it is kept when a token was last used.
const USED_EVERY: i64 = MINUTE;
/// So many tokens a user may have.
const MAX_TOKENS: usize = 100;

/// A token that was just made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What is kept of it.
    pub token: ApiToken,
    /// The token itself, shown once.
    pub shown: String,
}

impl Engine {
    /// Who asks with this bearer token, from `ip`; `None` when it is revoked or its owner is deactivated.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn actor_of_token(&self, token: &str, ip: Option<IpAddr>) -> Result<Option<Actor>> {
        let mut tx = self.db().read().await?;
        let Some(token) = api_tokens::find_by_hash(&mut tx, &random::hash(token)).await? else { return Ok(None) };
        let member = active_member(&mut tx, token.workspace_id, token.user_id).await?;
        drop(tx);
        let now = self.now();
        if member.is_some() && is_due(token.last_used_at, now, USED_EVERY) {
            let mut tx = self.db().begin().await?;
            api_tokens::touch(&mut tx, token.workspace_id, token.id, now).await?;
            tx.commit().await?;
        }
        Ok(member.map(|member| actor(&member, ip)))
    }

    /// The actor's own tokens.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn api_tokens(&self, actor: &Actor) -> Result<Vec<ApiToken>> {
        self.allow(actor, Action::UseWorkspace)?;
        let mut tx = self.db().read().await?;
        Ok(api_tokens::list(&mut tx, actor.workspace, actor.user).await?)
    }

    /// Makes a token that acts as the actor.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`].
    pub async fn create_api_token(&self, actor: &Actor, name: &str) -> Result<NewToken> {
        self.allow(actor, Action::ChangeOwnSettings)?;
        let mut tx = self.db().begin().await?;
        let made = self.add_token(&mut tx, actor.into(), actor.user, name).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Makes a token of `user` on behalf of `by`.
    pub(super) async fn add_token(&self, tx: &mut Tx, by: By, user: domain::UserId, name: &str) -> Result<NewToken> {
        let name = input::line("name", name, MAX_NAME)?;
        if api_tokens::list(tx, by.workspace, user).await?.len() >= MAX_TOKENS {
            return Err(Invalid::new("name", Code::TooMany { max: MAX_TOKENS }).into());
        }
        let shown = format!("{PREFIX}{}", self.random().secret().shown);
        let token = ApiToken {
            workspace_id: by.workspace,
            id: self.new_id(),
            user_id: user,
            name,
            token_hash: random::hash(&shown),
            created_at: self.now(),
            last_used_at: None,
            revoked_at: None,
        };
        api_tokens::insert(tx, &token).await?;
        let after = Some(json!({ "name": token.name, "user_id": user }));
        self.record(tx, by, AuditAction::TokenCreated, Target::ApiToken(token.id), None, after).await?;
        Ok(NewToken { token, shown })
    }

    /// Revokes one of the actor's tokens.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn revoke_api_token(&self, actor: &Actor, id: ApiTokenId) -> Result<()> {
        self.allow(actor, Action::ChangeOwnSettings)?;
        let mut tx = self.db().begin().await?;
        api_tokens::revoke(&mut tx, actor.workspace, actor.user, id, self.now()).await?;
        self.record(&mut tx, actor, AuditAction::TokenRevoked, Target::ApiToken(id), None, None).await?;
        Ok(tx.commit().await?)
    }

    /// Ends everything by which the member acts without signing in again.
    pub(super) async fn end_access(&self, tx: &mut Tx, member: &Member) -> Result<()> {
        store::sessions::delete_of_member(tx, member.workspace_id, member.user_id).await?;
        Ok(api_tokens::revoke_all(tx, member.workspace_id, member.user_id, self.now()).await?)
    }
}
