//! Passwords: argon2id, and never as many at once as would use up the memory.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::{
    UserId,
    authorization::{Action, Actor},
    input::{self, Code, Invalid},
};
use store::{Tx, sessions, users};

use super::audit::{AuditAction, Target};
use crate::{Engine, Error, Result};

/// Hashes computed at the same time; each takes 19 MiB for its moment.
pub(super) const AT_ONCE: usize = 4;

/// What is checked when there is no such account, so that this takes as long. No password fits it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Engine {
    /// What is kept of a password.
    pub(super) async fn hash_password(&self, password: &str) -> Result<String> {
        let salt = self.random().bytes::<16>();
        let password = password.to_owned();
        self.while_hashing(move || {
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| Error::Internal(format!("password: {error}")))
        })
        .await?
    }

    /// Whether `password` is the one that `hash` was kept of. Takes as long without a hash.
    pub(super) async fn password_fits(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let password = password.to_owned();
        self.while_hashing(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await
    }

    async fn while_hashing<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let internal = |error: &dyn std::error::Error| Error::Internal(format!("password: {error}"));
        let _permit = self.door().hashing.acquire().await.map_err(|error| internal(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))
    }

    /// Changes the actor's password; all their other sessions end.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the new one cannot be taken or the current one does not fit; [`Error::TooManyAttempts`].
    pub async fn change_password(&self, actor: &Actor, session: &[u8], current: &str, new: &str) -> Result<()> {
        self.allow(actor, Action::ChangeOwnSettings)?;
        input::password("new", new)?;
        let user = users::find(&mut self.db().read().await?, actor.user).await?;
        let attempt = self.begin_attempt(&user.email, actor.ip).await?;
        if !self.password_fits(current, user.password_hash.as_deref()).await? {
            return Err(Invalid::new("current", Code::Wrong).into());
        }
        let hash = self.hash_password(new).await?;
        let mut tx = self.db().begin().await?;
        self.attempt_succeeded(&mut tx, attempt).await?;
        replace_password(&mut tx, actor.user, &hash, Some(session)).await?;
        self.record(&mut tx, actor, AuditAction::PasswordChanged, Target::User(actor.user), None, None).await?;
        Ok(tx.commit().await?)
    }
}

/// Replaces the password and ends what was signed in or handed out under the old one, except the session `keep`.
pub(super) async fn replace_password(tx: &mut Tx, user: UserId, hash: &str, keep: Option<&[u8]>) -> Result<()> {
    users::set_password(tx, user, hash).await?;
    store::password_resets::delete_of_user(tx, user).await?;
    sessions::delete_of_user(tx, user, keep).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_nobody_is_checked_as_any_other_and_fits_nothing() {
        use argon2::password_hash::phc::PasswordHash;
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let somebody = Argon2::default().hash_password_with_salt(b"correct horse", &[7; 16]).unwrap();
        assert_eq!(
            (&nobody.algorithm, &nobody.version, &nobody.params),
            (&somebody.algorithm, &somebody.version, &somebody.params)
        );
        assert!(Argon2::default().verify_password(b"", NOBODY).is_err());
    }
}
