//! A store as it stands after two years of hard work: one salesperson, two thousand people, all emails of one owner,
//! which is the worst that a list can meet.
//!
//! Rows are written by the store's own functions, in large transactions. Bodies, recipients and events stand in tables of
//! their own, which no list reads; they are left out.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use domain::{
    ChannelId, IdentityId, PersonId, Timestamp,
    authorization::Actor,
    channel::{Auth, Security},
};
use engine::{
    Engine, SystemClock,
    accounts::{Client, FirstAdministrator},
};
use rand::{SeedableRng as _, rngs::StdRng};
use store::{Tx, channels::Channel, identities::Identity, people::Person};
use tokio::time::Instant;

use super::{
    failed,
    letters::{Letters, new_id},
    sending::CONNECTIONS,
};
use crate::{
    configuration::{Configuration, Settings, Sources},
    error::Result,
    open,
};

const SEED: u64 = 7;
const PEOPLE: usize = 2000;
/// Where nothing of this store will go: what is scheduled is due long after the bench.
const SMTP: u16 = 25;
/// Emails in one transaction; in larger ones `PostgreSQL` looks ever longer for the newest version of a folder count.
const BATCH: u32 = 1000;
const EMAIL: &str = "ada@northlight.example";

/// A full store.
pub(super) struct Filled {
    /// An API token of the owner of all emails.
    pub(super) token: String,
    /// How long writing the emails took.
    pub(super) took: Duration,
}

/// Fills the empty store at `database_url`, else in `data_dir`.
pub(super) async fn fill(data_dir: &Path, database_url: Option<&str>, emails: u32) -> Result<Filled> {
    let engine = open_store(data_dir, database_url).await?;
    let actor = administrator(&engine).await?;
    let token = engine.operator_creates_token(EMAIL, "bench").await?;

    let mut dice = StdRng::seed_from_u64(SEED);
    let mut tx = engine.db().begin().await?;
    let (identity, channel) = way_out(&mut tx, &actor, SMTP, engine.now(), &mut dice).await?;
    let people = people(&mut tx, &actor, PEOPLE, engine.now(), &mut dice).await?;
    tx.commit().await?;

    let began = Instant::now();
    let mut letters = Letters { actor, people, identity, channel, now: engine.now(), dice };
    write(&engine, &mut letters, emails).await?;
    let took = began.elapsed();
    engine.db().close().await;
    Ok(Filled { token, took })
}

/// The store at `database_url`, else in `data_dir`, with all that the product does in it.
pub(super) async fn open_store(data_dir: &Path, database_url: Option<&str>) -> Result<Engine> {
    let settings = Settings {
        data_dir: Some(data_dir.to_owned()),
        database_url: database_url.map(str::to_owned),
        ..Settings::default()
    };
    let configuration = Configuration::load(settings, &Sources::default())?;
    open::engine(&configuration, SocketAddr::from(([127, 0, 0, 1], 0)), Arc::new(SystemClock)).await
}

/// Who owns everything.
pub(super) async fn administrator(engine: &Engine) -> Result<Actor> {
    let first = FirstAdministrator {
        token: engine.setup_token().await?.ok_or_else(|| failed("the store is not empty"))?,
        name: "Ada Marlow".to_owned(),
        email: EMAIL.to_owned(),
        password: engine.random().secret().shown,
        workspace_name: "Northlight Sensors".to_owned(),
        time_zone: "Europe/London".to_owned(),
    };
    Ok(engine.set_up(&first, &Client::default()).await?.actor)
}

/// An identity, and a channel to `port` of this machine.
pub(super) async fn way_out(
    tx: &mut Tx,
    actor: &Actor,
    port: u16,
    now: Timestamp,
    dice: &mut StdRng,
) -> Result<(IdentityId, ChannelId)> {
    let (identity, channel) = (new_id(now, dice), new_id(now, dice));
    store::channels::insert(tx, &local_channel(actor, channel, port, now)).await?;
    store::identities::insert(tx, &default_identity(actor, identity, channel, now)).await?;
    store::identities::verify(tx, actor.workspace, identity, now).await?;
    Ok((identity, channel))
}

fn local_channel(actor: &Actor, id: ChannelId, port: u16, now: Timestamp) -> Channel {
    Channel {
        workspace_id: actor.workspace,
        id,
        version: 1,
        owner_id: None,
        name: "Relay".to_owned(),
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        auth: Auth::None,
        username: None,
        secret: None,
        connections: CONNECTIONS,
        batch_size: None,
        batch_pause_s: None,
        per_minute: None,
        per_day: None,
        day_reset_minute: None,
        day_reset_zone: None,
        domain_rules: Vec::new(),
        size_limit: None,
        paused_reason: None,
        paused_text: None,
        paused_at: None,
        paused_until: None,
        created_at: now,
        deleted_at: None,
    }
}

fn default_identity(actor: &Actor, id: IdentityId, channel: ChannelId, now: Timestamp) -> Identity {
    Identity {
        workspace_id: actor.workspace,
        id,
        version: 1,
        user_id: actor.user,
        name: "Ada Marlow".to_owned(),
        address: EMAIL.to_owned(),
        signature_html: String::new(),
        channel_id: Some(channel),
        mailbox_id: None,
        is_default: true,
        verified_at: None,
        verification_hash: None,
        verification_sent_at: None,
        verification_expires_at: None,
        verification_problem: None,
        created_at: now,
        deleted_at: None,
    }
}

/// People to write to, `count` of them.
pub(super) async fn people(
    tx: &mut Tx,
    actor: &Actor,
    count: usize,
    now: Timestamp,
    dice: &mut StdRng,
) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(count);
    for (n, recipient) in simulator::people(SEED, count).into_iter().enumerate() {
        let person = Person {
            workspace_id: actor.workspace,
            id: new_id::<PersonId>(now, dice),
            version: 1,
            owner_id: actor.user,
            first_name: Some(recipient.first_name),
            last_name: Some(recipient.last_name),
            company: Some(recipient.company),
            title: Some(recipient.title),
            phone: (n % 3 != 0).then(|| format!("+1 555 01{:02} {n:04}", n % 100)),
            time_zone: Some(recipient.time_zone),
            language: Some(recipient.language),
            linkedin_url: None,
            address: recipient.address,
            created_at: now,
            updated_at: now,
        };
        store::people::insert(tx, &person).await?;
        people.push(person);
    }
    Ok(people)
}

async fn write(engine: &Engine, letters: &mut Letters, emails: u32) -> Result<()> {
    let mut left = emails;
    while left > 0 {
        let batch = left.min(BATCH);
        let mut tx = engine.db().begin().await?;
        for _ in 0..batch {
            letters.write(&mut tx).await?;
        }
        tx.commit().await?;
        left -= batch;
    }
    Ok(())
}
