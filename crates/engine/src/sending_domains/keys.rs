//! Keys that sign a domain's mail: made, published, switched on, replaced.

use domain::{
    ChannelId, DkimKeyId, Timestamp,
    authorization::Actor,
    deliverability::{Algorithm, DnsRecord, RecordState, record_state},
    text_enum,
    time::DAY,
};
use serde_json::{Value, json};
use store::{
    Tx,
    dkim_keys::{self, DkimKey},
};

use super::{checked_domain, own_key};
use crate::{
    Engine, Error, Purpose, Result,
    accounts::audit::{AuditAction, Target},
};

/// How long the record of a replaced key stays published: mail that bears its signature is still on its way.
pub const PUBLISHED_AFTER: i64 = 7 * DAY;

text_enum!(
    /// Where a key stands.
    KeyState {
        /// It signs nothing yet.
        Waiting = "waiting",
        /// Mail is signed with it.
        Signing = "signing",
        /// It signs no more; its record is still needed.
        Replaced = "replaced",
        /// Its record may be taken down.
        Retired = "retired",
    }
);

/// A key as it is shown.
#[derive(Debug, Clone)]
pub struct KeyView {
    /// Its id.
    pub id: DkimKeyId,
    /// How it signs.
    pub algorithm: Algorithm,
    /// Where it stands.
    pub state: KeyState,
    /// The record to publish.
    pub record: DnsRecord,
    /// What was published when it was last looked for.
    pub record_state: Option<RecordState>,
    /// When that was.
    pub checked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it signs, or when it began to.
    pub signs_since: Option<Timestamp>,
    /// Until when the record of a replaced key is needed.
    pub needed_until: Option<Timestamp>,
}

pub(super) fn view(key: &DkimKey, now: Timestamp) -> KeyView {
    let needed_until = key.replaced_at.map(|at| at.plus(PUBLISHED_AFTER));
    let state = match needed_until {
        Some(until) if until <= now => KeyState::Retired,
        Some(_) => KeyState::Replaced,
        None if key.signs_since.is_some() => KeyState::Signing,
        None => KeyState::Waiting,
    };
    KeyView {
        id: key.id,
        algorithm: key.algorithm,
        state,
        record: own_key(key).record(&key.domain),
        record_state: key.record_state,
        checked_at: key.checked_at,
        created_at: key.created_at,
        signs_since: key.signs_since,
        needed_until,
    }
}

impl Engine {
    /// Makes a key for `domain` on `channel`. It signs nothing until it is switched on; then it takes over from the one of
    /// its kind.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`]; [`Error::Conflict`] when one waits already.
    pub async fn create_dkim_key(
        &self,
        actor: &Actor,
        channel: ChannelId,
        domain: &str,
        algorithm: Algorithm,
    ) -> Result<KeyView> {
        let mut tx = self.db().read().await?;
        let channel = self.channel_of_domain(&mut tx, actor, channel).await?;
        drop(tx);
        let domain = checked_domain(domain)?;
        let made = tokio::task::spawn_blocking(move || mail::dkim::generate(algorithm)).await;
        let made = made.map_err(internal)?.map_err(internal)?;
        let secret = self.keys().seal(Purpose::Secrets, &made.private).map_err(internal)?;
        let key = DkimKey {
            workspace_id: actor.workspace,
            id: self.new_id(),
            channel_id: channel.id,
            domain,
            selector: self.new_selector(),
            algorithm,
            public_key: made.public,
            secret: Some(secret),
            created_at: self.now(),
            checked_at: None,
            record_state: None,
            signs_since: None,
            replaced_at: None,
        };
        let mut tx = self.db().begin().await?;
        let is_waiting = |it: &DkimKey| {
            (it.channel_id, &it.domain, it.algorithm) == (key.channel_id, &key.domain, key.algorithm)
                && it.signs_since.is_none()
        };
        if dkim_keys::list(&mut tx, actor.workspace).await?.iter().any(is_waiting) {
            return Err(Error::Conflict("a key of this kind waits to be published"));
        }
        dkim_keys::insert(&mut tx, &key).await?;
        self.record_key(&mut tx, actor, AuditAction::DkimKeyCreated, &key).await?;
        tx.commit().await?;
        self.tell_domains(actor.workspace);
        Ok(view(&key, self.now()))
    }

    /// Signs with the key from now on, once its record is found in DNS, or at once when `unchecked`.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Conflict`] when the record is not as it should be, or the key has
    /// been replaced.
    pub async fn begin_dkim_signing(&self, actor: &Actor, id: DkimKeyId, unchecked: bool) -> Result<KeyView> {
        let key = self.dkim_key(actor, id).await?;
        if key.replaced_at.is_some() {
            return Err(Error::Conflict("the key has been replaced"));
        }
        let own = own_key(&key);
        let state = record_state(&own, &self.dns().txt(&own.name(&key.domain)).await);
        let mut tx = self.db().begin().await?;
        dkim_keys::keep_check(&mut tx, &key, state, self.now()).await?;
        let may_sign = unchecked || state == RecordState::Matches;
        if may_sign {
            dkim_keys::begin_signing(&mut tx, &key, self.now()).await?;
            self.record_key(&mut tx, actor, AuditAction::DkimSigningStarted, &key).await?;
        }
        let key = dkim_keys::find(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        if may_sign { Ok(view(&key, self.now())) } else { Err(Error::Conflict("the key's record is not published")) }
    }

    /// Signs with the key no more. Its record is needed for some days.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when it does not sign.
    pub async fn end_dkim_signing(&self, actor: &Actor, id: DkimKeyId) -> Result<KeyView> {
        let key = self.dkim_key(actor, id).await?;
        let mut tx = self.db().begin().await?;
        dkim_keys::end_signing(&mut tx, &key, self.now()).await?;
        self.record_key(&mut tx, actor, AuditAction::DkimSigningEnded, &key).await?;
        let key = dkim_keys::find(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        self.learn_domains().await?;
        self.tell_domains(actor.workspace);
        Ok(view(&key, self.now()))
    }

    /// Deletes a key that does not sign.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Conflict`] while it signs.
    pub async fn delete_dkim_key(&self, actor: &Actor, id: DkimKeyId) -> Result<()> {
        let key = self.dkim_key(actor, id).await?;
        let mut tx = self.db().begin().await?;
        match dkim_keys::delete(&mut tx, &key).await {
            Err(store::Error::NotFound) => return Err(Error::Conflict("mail is signed with this key")),
            deleted => deleted?,
        }
        self.record_key(&mut tx, actor, AuditAction::DkimKeyDeleted, &key).await?;
        tx.commit().await?;
        self.tell_domains(actor.workspace);
        Ok(())
    }

    async fn dkim_key(&self, actor: &Actor, id: DkimKeyId) -> Result<DkimKey> {
        let mut tx = self.db().read().await?;
        self.allow(actor, domain::authorization::Action::AdministerWorkspace)?;
        Ok(dkim_keys::find(&mut tx, actor.workspace, id).await?)
    }

    /// A name that no other key of the domain has, and that says when the key was made.
    fn new_selector(&self) -> String {
        let date = self.now().to_string().chars().filter(char::is_ascii_digit).take(8).collect::<String>();
        let unique = u16::from_be_bytes(self.random().bytes());
        format!("qd{date}-{unique:04x}")
    }

    async fn record_key(&self, tx: &mut Tx, actor: &Actor, action: AuditAction, key: &DkimKey) -> Result<()> {
        let said: Value = json!({ "domain": key.domain, "selector": key.selector, "algorithm": key.algorithm });
        self.record(tx, actor, action, Target::DkimKey(key.id), None, Some(said)).await
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}
