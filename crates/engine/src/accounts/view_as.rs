//! Looking at somebody else's mail: read-only, and recorded.

use domain::{
    UserId,
    authorization::{Action, Actor},
};
use store::{sessions, teams};

use super::{
    audit::{AuditAction, Target},
    sessions::active_member,
};
use crate::{Engine, Error, Result};

impl Engine {
    /// From here on the session looks at the mail of `user`.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is no such active member.
    pub async fn view_as(&self, actor: &Actor, session: &[u8], user: UserId) -> Result<Actor> {
        let mut tx = self.db().begin().await?;
        let shares_team = teams::share(&mut tx, actor.workspace, actor.user, user).await?;
        self.allow(actor, Action::ViewAs { user, shares_team })?;
        active_member(&mut tx, actor.workspace, user).await?.ok_or(Error::NotFound)?;
        sessions::set_view_as(&mut tx, session, Some(user)).await?;
        self.record(&mut tx, actor, AuditAction::ViewAsStarted, Target::User(user), None, None).await?;
        tx.commit().await?;
        self.tell_session(actor.into(), Some(actor.user));
        Ok(Actor { view_as: Some(user), ..actor.clone() })
    }

    /// Back to the actor's own mail.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn stop_viewing(&self, actor: &Actor, session: &[u8]) -> Result<Actor> {
        self.allow(actor, Action::Leave)?;
        let mut tx = self.db().begin().await?;
        sessions::set_view_as(&mut tx, session, None).await?;
        if let Some(user) = actor.view_as {
            self.record(&mut tx, actor, AuditAction::ViewAsEnded, Target::User(user), None, None).await?;
        }
        tx.commit().await?;
        self.tell_session(actor.into(), Some(actor.user));
        Ok(Actor { view_as: None, ..actor.clone() })
    }
}
