//! The audit record: who did what, when, from where, and what was so before and after.

use domain::{
    ApiTokenId, AuditId, ChannelId, DkimKeyId, EmailActionId, IdentityId, InvitationId, MailboxId, StopId, TeamId,
    TextEnum, Timestamp, UserId, WorkspaceId,
    authorization::{Action, Actor},
    text_enum,
};
use serde_json::Value;
use std::{collections::HashMap, net::IpAddr};
use store::{Tx, audit, members};

use crate::{Engine, Error, Result};

text_enum!(
    /// What the audit record knows of.
    AuditAction {
        /// The workspace was made by its first administrator.
        WorkspaceCreated = "workspace_created",
        /// The workspace's settings were changed.
        WorkspaceChanged = "workspace_changed",
        /// Somebody signed in.
        SignedIn = "signed_in",
        /// Somebody tried to sign in and was refused.
        SignInRefused = "sign_in_refused",
        /// Somebody signed out.
        SignedOut = "signed_out",
        /// Somebody ended all their sessions.
        SignedOutEverywhere = "signed_out_everywhere",
        /// Somebody changed their password.
        PasswordChanged = "password_changed",
        /// A link to choose a new password was asked for.
        PasswordResetRequested = "password_reset_requested",
        /// A new password was chosen with such a link.
        PasswordReset = "password_reset",
        /// A member was added at the command line.
        MemberAdded = "member_added",
        /// A member's role was changed.
        RoleChanged = "role_changed",
        /// A member was deactivated; says who took over.
        MemberDeactivated = "member_deactivated",
        /// A deactivated member was made active again.
        MemberReactivated = "member_reactivated",
        /// Somebody was invited.
        Invited = "invited",
        /// An invitation was withdrawn.
        InvitationWithdrawn = "invitation_withdrawn",
        /// An invitation was accepted.
        InvitationAccepted = "invitation_accepted",
        /// A team was made.
        TeamCreated = "team_created",
        /// A team was renamed.
        TeamRenamed = "team_renamed",
        /// A team was deleted.
        TeamDeleted = "team_deleted",
        /// A member joined a team.
        TeamMemberAdded = "team_member_added",
        /// A member left a team.
        TeamMemberRemoved = "team_member_removed",
        /// An API token was made.
        TokenCreated = "token_created",
        /// An API token was revoked.
        TokenRevoked = "token_revoked",
        /// Somebody began to view as another user.
        ViewAsStarted = "view_as_started",
        /// Somebody stopped viewing as another user.
        ViewAsEnded = "view_as_ended",
        /// A channel was made.
        ChannelCreated = "channel_created",
        /// A channel was changed.
        ChannelChanged = "channel_changed",
        /// A channel was deleted.
        ChannelDeleted = "channel_deleted",
        /// A channel was paused.
        ChannelPaused = "channel_paused",
        /// A paused channel was let go on.
        ChannelResumed = "channel_resumed",
        /// A mailbox was made.
        MailboxCreated = "mailbox_created",
        /// A mailbox was changed.
        MailboxChanged = "mailbox_changed",
        /// A mailbox was deleted.
        MailboxDeleted = "mailbox_deleted",
        /// The registration at a provider was made or changed.
        ProviderRegistered = "provider_registered",
        /// The registration at a provider was deleted.
        ProviderForgotten = "provider_forgotten",
        /// An identity was made.
        IdentityCreated = "identity_created",
        /// An identity's address was verified.
        IdentityVerified = "identity_verified",
        /// An identity was deleted.
        IdentityDeleted = "identity_deleted",
        /// A key to sign a domain's mail with was made.
        DkimKeyCreated = "dkim_key_created",
        /// A domain's mail is signed with a key from now on.
        DkimSigningStarted = "dkim_signing_started",
        /// A domain's mail is signed with a key no more.
        DkimSigningEnded = "dkim_signing_ended",
        /// A key that does not sign was deleted.
        DkimKeyDeleted = "dkim_key_deleted",
        /// Another tracking domain was entered.
        TrackingDomainChanged = "tracking_domain_changed",
        /// New mail uses the workspace's own tracking domain.
        TrackingDomainActivated = "tracking_domain_activated",
        /// New mail uses the default tracking host again.
        TrackingDomainDeactivated = "tracking_domain_deactivated",
        /// The tracking domain was removed.
        TrackingDomainRemoved = "tracking_domain_removed",
        /// An administrator let delivery go on after a jump of the clock.
        ClockConfirmed = "clock_confirmed",
        /// Emails were deleted.
        EmailsDeleted = "emails_deleted",
        /// Deleted emails were brought back.
        EmailsRestored = "emails_restored",
        /// A person was unsubscribed by hand.
        PersonUnsubscribed = "person_unsubscribed",
        /// Mail goes again to somebody who was not to be mailed.
        StopResumed = "stop_resumed",
        /// A domain was blocked.
        DomainBlocked = "domain_blocked",
        /// A domain was unblocked.
        DomainUnblocked = "domain_unblocked",
        /// The words with the unsubscribe link were changed.
        UnsubscribeMessageChanged = "unsubscribe_message_changed",
    }
);

/// What something was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The workspace itself.
    Workspace(WorkspaceId),
    /// A user.
    User(UserId),
    /// A team.
    Team(TeamId),
    /// An invitation.
    Invitation(InvitationId),
    /// An API token.
    ApiToken(ApiTokenId),
    /// A delivery channel.
    Channel(ChannelId),
    /// A mailbox.
    Mailbox(MailboxId),
    /// A key that signs a domain's mail.
    DkimKey(DkimKeyId),
    /// An identity.
    Identity(IdentityId),
    /// What was done to one or more emails at once.
    EmailAction(EmailActionId),
    /// A reason not to mail somebody.
    Stop(StopId),
}

impl Target {
    fn parts(self) -> (&'static str, String) {
        match self {
            Self::Workspace(id) => ("workspace", id.to_string()),
            Self::User(id) => ("user", id.to_string()),
            Self::Team(id) => ("team", id.to_string()),
            Self::Invitation(id) => ("invitation", id.to_string()),
            Self::ApiToken(id) => ("api_token", id.to_string()),
            Self::Channel(id) => ("channel", id.to_string()),
            Self::Mailbox(id) => ("mailbox", id.to_string()),
            Self::DkimKey(id) => ("dkim_key", id.to_string()),
            Self::Identity(id) => ("identity", id.to_string()),
            Self::EmailAction(id) => ("email_action", id.to_string()),
            Self::Stop(id) => ("stop", id.to_string()),
        }
    }
}

/// On whose behalf something is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct By {
    pub(crate) workspace: WorkspaceId,
    /// `None`: the operator, the server itself, or somebody not signed in.
    pub(crate) user: Option<UserId>,
    pub(crate) ip: Option<IpAddr>,
}

impl From<&Actor> for By {
    fn from(actor: &Actor) -> Self {
        Self { workspace: actor.workspace, user: Some(actor.user), ip: actor.ip }
    }
}

/// One line, as administrators read it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, by id and name.
    pub actor: Option<(UserId, String)>,
    /// The network address it came from.
    pub ip: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// What kind of thing it was done to.
    pub target_kind: String,
    /// The thing's id.
    pub target_id: String,
    /// What was so before.
    pub before: Option<Value>,
    /// What was so after.
    pub after: Option<Value>,
}

impl Engine {
    /// Adds a line to the audit record, in the transaction of what it tells of. `before` and `after` hold what changed
    /// and no secrets.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx,
        by: impl Into<By>,
        action: AuditAction,
        target: Target,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<()> {
        let by = by.into();
        let (target_kind, target_id) = target.parts();
        let record = audit::Record {
            workspace_id: by.workspace,
            id: self.new_id(),
            at: self.now(),
            user_id: by.user,
            ip: by.ip.map(|ip| ip.to_string()),
            action: action.to_string(),
            target_kind: target_kind.to_owned(),
            target_id,
            before: before.map(|value| value.to_string()),
            after: after.map(|value| value.to_string()),
        };
        Ok(audit::insert(tx, &record).await?)
    }

    /// The newest `limit` lines older than the one with the id `before`, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn audit(&self, actor: &Actor, before: Option<AuditId>, limit: u32) -> Result<Vec<AuditEntry>> {
        self.allow(actor, Action::ReadAudit)?;
        let mut tx = self.db().read().await?;
        let records = audit::list(&mut tx, actor.workspace, before, limit).await?;
        let members = members::list(&mut tx, actor.workspace).await?;
        let names: HashMap<_, _> = members.into_iter().map(|member| (member.user_id, member.name)).collect();
        records.into_iter().map(|record| entry(record, &names)).collect()
    }
}

fn entry(record: audit::Record, names: &HashMap<UserId, String>) -> Result<AuditEntry> {
    let parsed = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose().map_err(internal);
    Ok(AuditEntry {
        id: record.id,
        at: record.at,
        actor: record.user_id.map(|user| (user, names.get(&user).cloned().unwrap_or_default())),
        ip: record.ip,
        action: AuditAction::parse(&record.action).ok_or_else(|| internal(record.action))?,
        target_kind: record.target_kind,
        target_id: record.target_id,
        before: parsed(record.before)?,
        after: parsed(record.after)?,
    })
}

fn internal(what: impl std::fmt::Display) -> Error {
    Error::Internal(format!("audit record: {what}"))
}
