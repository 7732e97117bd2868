//! Sessions: from the cookie's token to the actor, and the end of it.

use std::net::IpAddr;

use domain::{
    Timestamp, UserId,
    authorization::{Action, Actor, authorize},
    time::{DAY, MINUTE},
};
use store::{
    Tx,
    members::{self, Member},
    sessions::{self, Session},
    teams,
};

use super::audit::{AuditAction, By, Target};
use crate::{Engine, Result, random};

/// A session ends after this long without use.
const LIFETIME: i64 = 30 * DAY;
/// How exactly it is kept when a session was last used; each request would otherwise write.
const SEEN_EVERY: i64 = 5 * MINUTE;
/// What is kept of a browser's name for itself.
const MAX_USER_AGENT: usize = 300;

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The network address.
    pub ip: Option<IpAddr>,
    /// The browser's name for itself.
    pub user_agent: Option<String>,
}

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What the cookie carries.
    pub token: String,
    /// Who signed in.
    pub actor: Actor,
}

impl Engine {
    /// Who asks with this session token, from `ip`; `None` when the session has ended or the member is deactivated.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn actor_of_session(&self, token: &str, ip: Option<IpAddr>) -> Result<Option<(Actor, Vec<u8>)>> {
        let hash = random::hash(token);
        let mut tx = self.db().read().await?;
        let Some(session) = sessions::find(&mut tx, &hash, self.now()).await? else { return Ok(None) };
        let Some(member) = active_member(&mut tx, session.workspace_id, session.user_id).await? else {
            return Ok(None);
        };
        let actor = actor(&member, ip);
        let view_as = still_viewed(&mut tx, &actor, session.view_as).await?;
        drop(tx);
        if self.now().since(session.seen_at) >= SEEN_EVERY {
            self.note_presence(&session, ip).await?;
        }
        Ok(Some((Actor { view_as, ..actor }, hash)))
    }

    /// Whose mail is looked at from where the session is now is their own.
    async fn note_presence(&self, session: &Session, ip: Option<IpAddr>) -> Result<()> {
        let now = self.now();
        let ip = ip.map_or_else(|| session.ip.clone(), |ip| ip.to_string());
        let mut tx = self.db().begin().await?;
        sessions::touch(&mut tx, &session.token_hash, now, now.plus(LIFETIME), &ip).await?;
        members::set_last_seen(&mut tx, session.workspace_id, session.user_id, now).await?;
        Ok(tx.commit().await?)
    }

    /// Begins a session of `member` in the caller's transaction.
    pub(super) async fn begin_session(&self, tx: &mut Tx, member: &Member, client: &Client) -> Result<SignedIn> {
        let now = self.now();
        let secret = self.random().secret();
        let session = Session {
            token_hash: secret.hash,
            workspace_id: member.workspace_id,
            user_id: member.user_id,
            view_as: None,
            ip: client.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            user_agent: client.user_agent.as_ref().map(|name| name.chars().take(MAX_USER_AGENT).collect()),
            created_at: now,
            seen_at: now,
            expires_at: now.plus(LIFETIME),
        };
        sessions::delete_expired(tx, member.user_id, now).await?;
        sessions::insert(tx, &session).await?;
        members::set_last_seen(tx, member.workspace_id, member.user_id, now).await?;
        let actor = actor(member, client.ip);
        self.record(tx, &actor, AuditAction::SignedIn, Target::User(actor.user), None, None).await?;
        Ok(SignedIn { token: secret.shown, actor })
    }

    /// Ends this session.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn sign_out(&self, actor: &Actor, session: &[u8]) -> Result<()> {
        self.allow(actor, Action::Leave)?;
        let mut tx = self.db().begin().await?;
        sessions::delete(&mut tx, session).await?;
        self.record(&mut tx, actor, AuditAction::SignedOut, Target::User(actor.user), None, None).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of the user, in every browser.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Result<()> {
        self.allow(actor, Action::Leave)?;
        let mut tx = self.db().begin().await?;
        let ended = sessions::delete_of_user(&mut tx, actor.user, None).await?;
        let after = Some(serde_json::json!({ "sessions_ended": ended }));
        self.record(&mut tx, actor, AuditAction::SignedOutEverywhere, Target::User(actor.user), None, after).await?;
        tx.commit().await?;
        self.tell_session(By::from(actor), Some(actor.user));
        Ok(())
    }

    /// Open screens of `user`, or of everybody, look at their session anew.
    pub(super) fn tell_session(&self, by: By, user: Option<UserId>) {
        let topic = crate::live::Topic::Session;
        self.live().tell(crate::live::Change { workspace: by.workspace, owner: user, topic, emails: Vec::new() });
    }
}

/// The member, if they are active.
pub(super) async fn active_member(tx: &mut Tx, workspace: domain::WorkspaceId, user: UserId) -> Result<Option<Member>> {
    match members::find(tx, workspace, user).await {
        Ok(member) => Ok(Some(member).filter(|member| member.deactivated_at.is_none())),
        Err(store::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn actor(member: &Member, ip: Option<IpAddr>) -> Actor {
    Actor { workspace: member.workspace_id, user: member.user_id, role: member.role, view_as: None, ip }
}

/// Whom the actor still may view as: roles and teams change while somebody looks.
async fn still_viewed(tx: &mut Tx, actor: &Actor, viewed: Option<UserId>) -> Result<Option<UserId>> {
    let Some(user) = viewed else { return Ok(None) };
    let shares_team = teams::share(tx, actor.workspace, actor.user, user).await?;
    let allowed = authorize(actor, Action::ViewAs { user, shares_team }).is_ok();
    Ok(viewed.filter(|_| allowed).and(active_member(tx, actor.workspace, user).await?.map(|member| member.user_id)))
}

/// Whether enough time has passed since `last` to write it down again.
pub(super) fn is_due(last: Option<Timestamp>, now: Timestamp, every: i64) -> bool {
    last.is_none_or(|last| now.since(last) >= every)
}
