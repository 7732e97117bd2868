//! Who may do what: the one place that decides. HTTP and commands ask here and nowhere else.

use crate::{UserId, WorkspaceId, text_enum};

text_enum!(
    /// What somebody is in a workspace.
    Role {
        /// Runs the workspace.
        Admin = "admin",
        /// Sees the teams they belong to.
        Manager = "manager",
        /// Sees their own.
        Member = "member",
    }
);

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The workspace signed in to.
    pub workspace: WorkspaceId,
    /// The user who signed in.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// Whose mail they look at instead of their own. Looking is all they may do then.
    pub view_as: Option<UserId>,
    /// The network address the request came from, for the audit record; `None` from the command line.
    pub ip: Option<std::net::IpAddr>,
}

impl Actor {
    /// Whose mail is shown: their own, or that of the user they view as.
    pub fn seen_user(&self) -> UserId {
        self.view_as.unwrap_or(self.user)
    }
}

/// What is asked for. Things of another workspace are not found, so they are never asked about here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See what belongs to a user: emails, people, identities.
    See {
        /// The owner.
        owner: UserId,
    },
    /// Change what belongs to a user.
    Change {
        /// The owner.
        owner: UserId,
    },
    /// Read a recipient's words about an email where they are kept apart from it, as with a stop that came of it.
    ReadWords {
        /// Whose email that is; `None` when it is no more.
        email_owner: Option<UserId>,
    },
    /// Use or see a team channel, the workspace's name, colleagues' names, own settings.
    UseWorkspace,
    /// Change one's own settings: password, sessions, tokens. Not while viewing as somebody.
    ChangeOwnSettings,
    /// Change team channels and the workspace.
    AdministerWorkspace,
    /// See and change members, invitations, teams.
    AdministerMembers,
    /// Read the audit record.
    ReadAudit,
    /// View as another user.
    ViewAs {
        /// Whom.
        user: UserId,
        /// Whether they share a team with the actor.
        shares_team: bool,
    },
    /// Stop viewing as somebody, sign out.
    Leave,
}

/// Why something is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Not with this role.
    #[error("not allowed for this role")]
    Forbidden,
    /// Viewing as somebody else is looking, not touching.
    #[error("viewing as somebody else is read-only")]
    ReadOnly,
}

/// Decides whether `actor` may do `action`.
///
/// # Errors
/// [`Denied`] with the reason.
pub fn authorize(actor: &Actor, action: Action) -> Result<(), Denied> {
    let admin = actor.role == Role::Admin;
    if actor.view_as.is_some() && changes(action) {
        return Err(Denied::ReadOnly);
    }
    let allowed = match action {
        Action::See { owner } => owner == actor.seen_user(),
        Action::Change { owner } => owner == actor.user,
        // Who decides whether mail goes again has to know why it stopped.
        Action::ReadWords { email_owner } => {
            email_owner == Some(actor.seen_user()) || (admin && actor.view_as.is_none())
        }
        Action::UseWorkspace | Action::ChangeOwnSettings | Action::Leave => true,
        Action::AdministerWorkspace | Action::AdministerMembers | Action::ReadAudit => admin,
        Action::ViewAs { user, shares_team } => {
            user != actor.user && (admin || (actor.role == Role::Manager && shares_team))
        }
    };
    if allowed { Ok(()) } else { Err(Denied::Forbidden) }
}

fn changes(action: Action) -> bool {
    matches!(
        action,
        Action::Change { .. } | Action::ChangeOwnSettings | Action::AdministerWorkspace | Action::AdministerMembers
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn actor(role: Role, view_as: Option<UserId>) -> Actor {
        Actor { workspace: WorkspaceId(Uuid::from_u128(1)), user: UserId(Uuid::from_u128(2)), role, view_as, ip: None }
    }

    const OTHER: UserId = UserId(Uuid::from_u128(3));

    #[test]
    fn nobody_changes_what_is_not_theirs_not_even_an_admin() {
        for role in [Role::Admin, Role::Manager, Role::Member] {
            assert_eq!(authorize(&actor(role, None), Action::Change { owner: OTHER }), Err(Denied::Forbidden));
            assert_eq!(authorize(&actor(role, None), Action::See { owner: OTHER }), Err(Denied::Forbidden));
        }
    }

    #[test]
    fn viewing_as_somebody_shows_theirs_and_changes_nothing() {
        let viewer = actor(Role::Admin, Some(OTHER));
        assert_eq!(authorize(&viewer, Action::See { owner: OTHER }), Ok(()));
        for action in [
            Action::Change { owner: OTHER },
            Action::Change { owner: viewer.user },
            Action::ChangeOwnSettings,
            Action::AdministerMembers,
            Action::AdministerWorkspace,
        ] {
            assert_eq!(authorize(&viewer, action), Err(Denied::ReadOnly), "{action:?}");
        }
        assert_eq!(authorize(&viewer, Action::Leave), Ok(()));
    }

    #[test]
    fn the_words_of_a_recipient_are_for_whoever_may_see_the_email_and_for_administrators() {
        let reads = |actor: &Actor, owner| authorize(actor, Action::ReadWords { email_owner: owner }).is_ok();
        let (member, admin) = (actor(Role::Member, None), actor(Role::Admin, None));
        assert!(reads(&member, Some(member.user)));
        assert!(!reads(&member, Some(OTHER)) && !reads(&member, None));
        assert!(!reads(&actor(Role::Manager, None), Some(OTHER)));
        assert!(reads(&admin, Some(OTHER)) && reads(&admin, None));
        let viewer = actor(Role::Admin, Some(OTHER));
        assert!(reads(&viewer, Some(OTHER)));
        assert!(!reads(&viewer, Some(viewer.user)), "they see what the other sees");
    }

    #[test]
    fn a_manager_views_as_their_team_and_a_member_as_nobody() {
        let view = |role, shares_team| authorize(&actor(role, None), Action::ViewAs { user: OTHER, shares_team });
        assert_eq!(view(Role::Admin, false), Ok(()));
        assert_eq!(view(Role::Manager, true), Ok(()));
        assert_eq!(view(Role::Manager, false), Err(Denied::Forbidden));
        assert_eq!(view(Role::Member, true), Err(Denied::Forbidden));
    }

    #[test]
    fn only_an_admin_administers() {
        for action in [Action::AdministerMembers, Action::AdministerWorkspace, Action::ReadAudit] {
            assert_eq!(authorize(&actor(Role::Admin, None), action), Ok(()));
            assert_eq!(authorize(&actor(Role::Manager, None), action), Err(Denied::Forbidden));
            assert_eq!(authorize(&actor(Role::Member, None), action), Err(Denied::Forbidden));
        }
    }
}
