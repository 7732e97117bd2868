//! Who works here, how their mail leaves, and whom they write to: set up as an administrator would, link by link.

use domain::{
    IdentityId, PersonId,
    authorization::{Actor, Role},
    channel::{Auth, Security},
    limits::Limits,
};
use engine::{
    accounts::{Acceptance, Client, FirstAdministrator},
    channels::ChannelInput,
    feedback::FeedbackWish,
    identities::NewIdentity,
    people::{NewPerson, PersonChange},
    workspace::WorkspaceChange,
};
use simulator::{Answer, PostOffice, Recipient, World};

use super::{Demo, text};
use crate::error::{Error, Result};

const COMPANY: &str = "Northlight Sensors";
const DOMAIN: &str = "northlight.example";
const ZONE: &str = "Europe/London";

/// First name, last name, role, telephone.
const MEMBERS: [(&str, &str, Role, &str); 3] = [
    ("Ada", "Marlow", Role::Admin, "+44 20 7946 0101"),
    ("Jonas", "Lindqvist", Role::Manager, "+44 20 7946 0102"),
    ("Noor", "Haddad", Role::Member, "+44 20 7946 0103"),
];

/// How an address of this many people begins, so that somebody tries for days and gives up.
const NEVER_REACHED: &[usize] = &[11, 43];

/// Somebody who works here.
pub(super) struct Member {
    pub(super) actor: Actor,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) identity: IdentityId,
}

/// Somebody to write to.
pub(super) struct Contact {
    pub(super) id: PersonId,
    /// Whose contact it is: an index into [`Cast::members`].
    pub(super) owner: usize,
    pub(super) recipient: Recipient,
}

/// Everybody.
pub(super) struct Cast {
    pub(super) members: Vec<Member>,
    pub(super) contacts: Vec<Contact>,
    /// Of every member.
    pub(super) password: String,
}

/// Sets the workspace up.
pub(super) async fn set_up(demo: &Demo) -> Result<Cast> {
    let password = demo.engine.random().secret().shown[..16].to_owned();
    let admin = first_administrator(demo, &password).await?;
    let channel = demo.engine.create_channel(&admin, to_simulator(&demo.world)).await?.channel;
    let wish = FeedbackWish { return_domain: Some(format!("bounces.{DOMAIN}")), webhook: None };
    let complaints = demo.engine.set_feedback(&admin, channel.id, wish).await?.feedback_address;
    demo.world.mail_goes_to(PostOffice { server: demo.letters_to, complaints });
    let mut members = vec![member(demo, admin.clone(), 0).await?];

    let workspace = demo.engine.workspace(&admin).await?;
    let by_channel = WorkspaceChange { system_channel_id: Some(Some(channel.id)), ..WorkspaceChange::default() };
    demo.engine.change_workspace(&admin, workspace.version, by_channel).await?;
    let team = demo.engine.create_team(&admin, "Field sales").await?;
    for n in 1..MEMBERS.len() {
        let actor = invited(demo, &admin, n, &password).await?;
        demo.engine.add_to_team(&admin, team, actor.user).await?;
        members.push(member(demo, actor, n).await?);
    }

    let mut contacts = Vec::new();
    for (n, recipient) in simulator::people(demo.options.seed, demo.options.people.into()).into_iter().enumerate() {
        contacts.push(contact(demo, &members, n, recipient).await?);
    }
    Ok(Cast { members, contacts, password })
}

async fn first_administrator(demo: &Demo, password: &str) -> Result<Actor> {
    let missing = || Error::Demo("there is a user already".to_owned());
    let first = FirstAdministrator {
        token: demo.engine.setup_token().await?.ok_or_else(missing)?,
        name: name(0),
        email: address(&demo.world, 0)?,
        password: password.to_owned(),
        workspace_name: COMPANY.to_owned(),
        time_zone: ZONE.to_owned(),
    };
    Ok(demo.engine.set_up(&first, &Client::default()).await?.actor)
}

/// Invites somebody, and accepts in their place, with the link they got.
async fn invited(demo: &Demo, admin: &Actor, n: usize, password: &str) -> Result<Actor> {
    let email = address(&demo.world, n)?;
    let (_, handed) = demo.engine.invite(admin, &email, MEMBERS[n].2, Vec::new()).await?;
    let token = match handed.link {
        Some(link) => text::after(link.as_bytes(), "#token="),
        None => mailed(&demo.world, &email, "/invitation#token="),
    };
    let token = token.ok_or_else(|| Error::Demo(format!("no invitation reached {email}")))?;
    let acceptance = Acceptance { token, name: name(n), password: password.to_owned(), time_zone: ZONE.to_owned() };
    Ok(demo.engine.accept_invitation(&acceptance, &Client::default()).await?.actor)
}

/// Gives somebody an identity, and verifies it with the link that was mailed to it.
async fn member(demo: &Demo, actor: Actor, n: usize) -> Result<Member> {
    let email = address(&demo.world, n)?;
    let (first, _, role, phone) = MEMBERS[n];
    let signature = format!("<p>{}<br>{COMPANY}<br>{phone}</p>", name(n));
    let wanted =
        NewIdentity { name: name(n), address: email.clone(), signature_html: signature, ..NewIdentity::default() };
    let identity = demo.engine.create_identity(&actor, wanted).await?.identity;
    let token = mailed(&demo.world, &email, "/verify-identity#token=");
    let token = token.ok_or_else(|| Error::Demo(format!("no verification reached {first}")))?;
    demo.engine.verify_identity(&token).await?;
    Ok(Member { actor, email, role, identity: identity.id })
}

async fn contact(demo: &Demo, members: &[Member], n: usize, recipient: Recipient) -> Result<Contact> {
    // Three in five belong to the administrator, whose screen is looked at first.
    let owner = [0, 0, 1, 0, 2][n % 5];
    let actor = &members[owner].actor;
    let prefix = if NEVER_REACHED.contains(&n) { "quota." } else { "" };
    let new = NewPerson {
        address: format!("{prefix}{}", recipient.address),
        first_name: Some(recipient.first_name.clone()),
        last_name: Some(recipient.last_name.clone()),
        company: Some(recipient.company.clone()),
    };
    let person = demo.engine.create_person(actor, new).await?.person;
    let (_, host) = recipient.address.rsplit_once('@').unwrap_or_default();
    let change = PersonChange {
        title: Some(recipient.title.clone()),
        time_zone: Some(recipient.time_zone.clone()),
        language: Some(recipient.language.clone()),
        phone: (!n.is_multiple_of(3)).then(|| format!("+1 555 01{:02} {:03}", n % 100, n)),
        linkedin_url: (n.is_multiple_of(2)).then(|| format!("https://{host}/people/{n}")),
        ..PersonChange::default()
    };
    demo.engine.change_person(actor, person.id, person.version, change).await?;
    Ok(Contact { id: person.id, owner, recipient })
}

fn to_simulator(world: &World) -> ChannelInput {
    ChannelInput {
        name: "Simulator".to_owned(),
        team: true,
        host: world.address().ip().to_string(),
        port: world.address().port().into(),
        security: Security::None,
        auth: Auth::None,
        username: None,
        password: None,
        oauth: None,
        limits: Limits { per_minute: Some(120), per_day: Some(2000), ..Limits::default() },
    }
}

fn name(n: usize) -> String {
    format!("{} {}", MEMBERS[n].0, MEMBERS[n].1)
}

/// An address at which mail arrives in this world.
fn address(world: &World, n: usize) -> Result<String> {
    let (first, last) = (MEMBERS[n].0.to_lowercase(), MEMBERS[n].1.to_lowercase());
    let initial = &first[..1];
    [format!("{first}@{DOMAIN}"), format!("{first}.{last}@{DOMAIN}"), format!("{initial}.{last}@{DOMAIN}")]
        .into_iter()
        .chain((1..100).map(|n| format!("{first}{n}@{DOMAIN}")))
        .find(|address| world.behaviour(address).answer == Answer::Accept)
        .ok_or_else(|| Error::Demo(format!("no mail would reach {first}")))
}

/// What follows `marker` in the newest letter to `address`.
fn mailed(world: &World, address: &str, marker: &str) -> Option<String> {
    world.inbox(address).iter().rev().find_map(|letter| text::after(&letter.raw, marker))
}
