//! What somebody signed in sees of themselves, and what they change about it.

use domain::{
    TextEnum, Timestamp, UserId,
    authorization::{Action, Actor, Role},
    input::{self, Code, Invalid, MAX_ENCODED_BYTES, MAX_NAME},
    text_enum,
};
use store::{
    Tx, members, teams,
    tracking_domains::TrackingDomain,
    users::{self, User},
    workspaces::{self, Workspace},
};

use crate::{Engine, Result, faults::Faults, mailboxes::is_refusal, tracking_domain::ends_soon};

/// The longest undo window, in seconds.
const MAX_UNDO_WINDOW_S: i64 = 120;

text_enum!(
    /// The languages of the interface.
    Language {
        /// English.
        English = "en",
    }
);

text_enum!(
    /// What an operator should know before mail goes out.
    Warning {
        /// Links to the interface lead to this machine only.
        PublicUrlLoopback = "public_url_loopback",
        /// Links to the interface are not encrypted.
        PublicUrlNotHttps = "public_url_not_https",
        /// Pixels and links lead to this machine only.
        TrackingUrlLoopback = "tracking_url_loopback",
        /// Pixels and links are not encrypted.
        TrackingUrlNotHttps = "tracking_url_not_https",
        /// The clock jumped, and delivery waits for an administrator.
        ClockJumped = "clock_jumped",
        /// A mailbox of the user's own is not read until they sign in to it anew.
        MailboxLapsed = "mailbox_lapsed",
        /// Links and pixels of mail that was sent lead to a tracking host that fails; administrators are told.
        TrackingDomainFails = "tracking_domain_fails",
        /// The certificate of the tracking host ends soon and was not renewed; administrators are told.
        TrackingCertificateEnds = "tracking_certificate_ends",
    }
);

/// A user by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedUser {
    /// Their id.
    pub id: UserId,
    /// What colleagues call them.
    pub name: String,
}

/// What somebody signed in sees of themselves.
#[derive(Debug, Clone)]
pub struct Profile {
    /// They.
    pub user: User,
    /// Their role.
    pub role: Role,
    /// The workspace they are signed in to.
    pub workspace: Workspace,
    /// Whose mail they look at.
    pub view_as: Option<NamedUser>,
    /// Whose mail they could look at.
    pub can_view_as: Vec<NamedUser>,
    /// What they should know before mail goes out.
    pub warnings: Vec<Warning>,
    /// How large a message may become.
    pub max_encoded_bytes: u64,
}

/// What a user changes about themselves; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// What colleagues call them.
    pub name: Option<String>,
    /// The IANA time zone that times are shown in.
    pub time_zone: Option<String>,
    /// The language of the interface.
    pub language: Option<String>,
    /// For how many seconds Send can be undone.
    pub undo_window_s: Option<i64>,
}

impl Engine {
    /// What the actor sees of themselves.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn profile(&self, actor: &Actor) -> Result<Profile> {
        let mut tx = self.db().read().await?;
        let view_as = match actor.view_as {
            Some(user) => Some(named(users::find(&mut tx, user).await?)),
            None => None,
        };
        Ok(Profile {
            user: users::find(&mut tx, actor.user).await?,
            role: actor.role,
            workspace: workspaces::find(&mut tx, actor.workspace).await?,
            view_as,
            can_view_as: viewable(&mut tx, actor).await?,
            warnings: self.warnings(&mut tx, actor).await?,
            max_encoded_bytes: MAX_ENCODED_BYTES,
        })
    }

    /// Changes what the actor says about themselves.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`].
    pub async fn change_profile(&self, actor: &Actor, change: &ProfileChange) -> Result<()> {
        self.allow(actor, Action::ChangeOwnSettings)?;
        let mut tx = self.db().begin().await?;
        let before = users::find(&mut tx, actor.user).await?;
        users::update_profile(&mut tx, &changed(before, change)?).await?;
        tx.commit().await?;
        self.tell_session(actor.into(), Some(actor.user));
        Ok(())
    }

    async fn warnings(&self, tx: &mut Tx, actor: &Actor) -> Result<Vec<Warning>> {
        let mut warnings = Vec::new();
        if actor.view_as.is_none() && has_lapsed_mailbox(tx, actor).await? {
            warnings.push(Warning::MailboxLapsed);
        }
        if self.allow(actor, Action::AdministerWorkspace).is_ok() {
            let host = store::tracking_domains::find(tx, actor.workspace).await?;
            warnings.extend(host.and_then(|host| warning_of(&host, self.now())));
        }
        let public_url = self.settings().public_url.as_str();
        let tracking_url = self.tracking_url(actor.workspace);
        for (url, loopback, not_https) in [
            (public_url, Warning::PublicUrlLoopback, Warning::PublicUrlNotHttps),
            (&*tracking_url, Warning::TrackingUrlLoopback, Warning::TrackingUrlNotHttps),
        ] {
            if is_loopback(url) {
                warnings.push(loopback);
            } else if !url.starts_with("https://") {
                warnings.push(not_https);
            }
        }
        if self.clock_jumped() {
            warnings.push(Warning::ClockJumped);
        }
        Ok(warnings)
    }
}

/// Whether the user has to do something before a mailbox of theirs is read again.
async fn has_lapsed_mailbox(tx: &mut Tx, actor: &Actor) -> Result<bool> {
    for mailbox in store::mailboxes::list(tx, actor.workspace, actor.user).await? {
        let watch = store::mailbox_watches::find(tx, actor.workspace, mailbox.id).await?;
        let problems = [mailbox.problem, watch.and_then(|watch| watch.problem)];
        if problems.iter().flatten().any(|code| is_refusal(code)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is to be said of the workspace's own tracking host: that it fails, or was switched off because it did, or that its
/// certificate ends while it is in use.
fn warning_of(host: &TrackingDomain, now: Timestamp) -> Option<Warning> {
    if host.failing_since.is_some() {
        Some(Warning::TrackingDomainFails)
    } else {
        (host.active_since.is_some() && ends_soon(host, now)).then_some(Warning::TrackingCertificateEnds)
    }
}

fn changed(mut user: User, change: &ProfileChange) -> Result<User> {
    let mut faults = Faults::default();
    if let Some(name) = &change.name {
        user.name = faults.check(input::line("name", name, MAX_NAME));
    }
    if let Some(zone) = &change.time_zone {
        user.time_zone = faults.check(input::time_zone("time_zone", zone));
    }
    if let Some(language) = &change.language {
        let known = Language::parse(language).ok_or(Invalid::new("language", Code::Unknown));
        user.language = faults.check(known.map(|language| language.to_string()));
    }
    if let Some(seconds) = change.undo_window_s {
        let seconds = faults.check(input::range("undo_window_s", seconds, 0, MAX_UNDO_WINDOW_S));
        user.undo_window_s = u32::try_from(seconds).unwrap_or_default();
    }
    faults.refuse()?;
    Ok(user)
}

/// Whom the actor may view as: an administrator everybody, a manager their teams.
async fn viewable(tx: &mut Tx, actor: &Actor) -> Result<Vec<NamedUser>> {
    let mut users = match actor.role {
        Role::Admin => all(tx, actor).await?,
        Role::Manager => teammates(tx, actor).await?,
        Role::Member => Vec::new(),
    };
    users.retain(|user| user.id != actor.user);
    Ok(users)
}

async fn all(tx: &mut Tx, actor: &Actor) -> Result<Vec<NamedUser>> {
    let members = members::list(tx, actor.workspace).await?.into_iter();
    let active = members.filter(|member| member.deactivated_at.is_none());
    Ok(active.map(|member| NamedUser { id: member.user_id, name: member.name }).collect())
}

async fn teammates(tx: &mut Tx, actor: &Actor) -> Result<Vec<NamedUser>> {
    let rows = teams::list_members(tx, actor.workspace).await?;
    let own: Vec<_> = rows.iter().filter(|row| row.user_id == actor.user).map(|row| row.team_id).collect();
    let in_own = rows.into_iter().filter(|row| own.contains(&row.team_id) && row.deactivated_at.is_none());
    let mut users: Vec<_> = in_own.map(|row| NamedUser { id: row.user_id, name: row.user_name }).collect();
    users.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    users.dedup();
    Ok(users)
}

fn named(user: User) -> NamedUser {
    NamedUser { id: user.id, name: user.name }
}

/// Whether a URL leads to the machine that opens it.
fn is_loopback(url: &str) -> bool {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_known_in_every_spelling() {
        for url in [
            "http://localhost:8080",
            "http://127.0.0.1",
            "https://127.8.9.1:1/x",
            "http://[::1]:3000",
            "http://app.localhost",
            "http://0.0.0.0:80",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["https://sales.example", "http://10.0.0.1", "https://localhost.example", "http://[2001:db8::1]"] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
