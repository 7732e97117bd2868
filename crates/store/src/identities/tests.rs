use super::*;
use crate::{
    channels,
    testing::{Backend, channel, database, id, member},
};
use domain::authorization::Role;
use rstest::rstest;

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const ADA: UserId = UserId(id(1));
const BOB: UserId = UserId(id(2));

fn identity(n: u128, user: UserId) -> Identity {
    Identity {
        workspace_id: WORKSPACE,
        id: IdentityId(id(n)),
        version: 1,
        user_id: user,
        name: format!("Identity {n}"),
        address: format!("identity{n}@example.com"),
        signature_html: "<p>Kind regards</p>".into(),
        channel_id: None,
        mailbox_id: None,
        is_default: false,
        verified_at: None,
        verification_hash: None,
        verification_sent_at: None,
        verification_expires_at: None,
        verification_problem: None,
        created_at: Timestamp(1),
        deleted_at: None,
    }
}

async fn begin(backend: Backend) -> Tx {
    let mut tx = database(backend).await.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    member(&mut tx, 1, 2, Role::Member).await;
    tx
}

async fn channel_of(tx: &mut Tx, n: u128) -> Option<ChannelId> {
    find(tx, WORKSPACE, IdentityId(id(n))).await.unwrap().channel_id
}

#[rstest]
#[tokio::test]
async fn an_identity_comes_back_as_it_was_saved(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let mut tx = begin(backend).await;
    let mut saved = identity(5, ADA);
    insert(&mut tx, &saved).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap(), saved);
    assert!(matches!(find(&mut tx, WorkspaceId(id(2)), saved.id).await, Err(Error::NotFound)));
    saved.name = "Ada L.".into();
    saved.signature_html = String::new();
    update(&mut tx, &saved).await.unwrap();
    assert!(matches!(update(&mut tx, &saved).await, Err(Error::Changed)));
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap(), Identity { version: 2, ..saved });
}

#[rstest]
#[tokio::test]
async fn one_identity_of_a_user_is_the_default_and_stands_first(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    insert(&mut tx, &Identity { is_default: true, ..identity(5, ADA) }).await.unwrap();
    insert(&mut tx, &identity(6, ADA)).await.unwrap();
    insert(&mut tx, &Identity { is_default: true, ..identity(7, BOB) }).await.unwrap();
    make_default(&mut tx, WORKSPACE, ADA, IdentityId(id(6))).await.unwrap();
    let listed = list(&mut tx, WORKSPACE, ADA).await.unwrap();
    assert_eq!(listed.iter().map(|i| (i.id.0, i.is_default)).collect::<Vec<_>>(), [(id(6), true), (id(5), false)]);
    let default = default_of(&mut tx, WORKSPACE, ADA).await.unwrap();
    assert_eq!(default.as_ref(), listed.first());
    assert!(list(&mut tx, WORKSPACE, BOB).await.unwrap()[0].is_default);

    delete(&mut tx, WORKSPACE, IdentityId(id(6)), Timestamp(9)).await.unwrap();
    assert!(matches!(delete(&mut tx, WORKSPACE, IdentityId(id(6)), Timestamp(9)).await, Err(Error::NotFound)));
    assert_eq!(list(&mut tx, WORKSPACE, ADA).await.unwrap().len(), 1);
    assert_eq!(default_of(&mut tx, WORKSPACE, ADA).await.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn the_newest_link_verifies_and_only_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let mut tx = begin(backend).await;
    let saved = identity(5, ADA);
    insert(&mut tx, &saved).await.unwrap();
    begin_verification(&mut tx, WORKSPACE, saved.id, b"old", Timestamp(2), Timestamp(50)).await.unwrap();
    begin_verification(&mut tx, WORKSPACE, saved.id, b"new", Timestamp(3), Timestamp(51)).await.unwrap();
    assert!(matches!(find_by_verification(&mut tx, b"old").await, Err(Error::NotFound)));
    fail_verification(&mut tx, WORKSPACE, b"old", "too late to matter").await.unwrap();
    let found = find_by_verification(&mut tx, b"new").await.unwrap();
    assert_eq!((found.verification_sent_at, found.verification_expires_at), (Some(Timestamp(3)), Some(Timestamp(51))));
    assert_eq!(found.verification_problem, None);

    fail_verification(&mut tx, WORKSPACE, b"new", "535 5.7.8 no").await.unwrap();
    let found = find_by_verification(&mut tx, b"new").await.unwrap();
    assert_eq!((found.verification_sent_at, found.verification_problem.as_deref()), (None, Some("535 5.7.8 no")));

    verify(&mut tx, WORKSPACE, saved.id, Timestamp(7)).await.unwrap();
    let verified = find(&mut tx, WORKSPACE, saved.id).await.unwrap();
    assert_eq!((verified.verified_at, verified.verification_problem), (Some(Timestamp(7)), None));
    assert!(matches!(find_by_verification(&mut tx, b"new").await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn the_only_channel_of_a_user_is_given_to_their_identities(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    for n in [5, 6] {
        insert(&mut tx, &identity(n, ADA)).await.unwrap();
    }
    insert(&mut tx, &identity(7, BOB)).await.unwrap();
    let first = channel(1, 10, Some(1));
    channels::insert(&mut tx, &first).await.unwrap();
    assign_only_channel(&mut tx, &first, ADA).await.unwrap();
    assert_eq!([channel_of(&mut tx, 5).await, channel_of(&mut tx, 6).await], [Some(first.id); 2]);
    assert_eq!(channel_of(&mut tx, 7).await, None);

    insert(&mut tx, &identity(8, ADA)).await.unwrap();
    let second = channel(1, 11, Some(1));
    channels::insert(&mut tx, &second).await.unwrap();
    assign_only_channel(&mut tx, &second, ADA).await.unwrap();
    assert_eq!(channel_of(&mut tx, 8).await, None);

    take_channel(&mut tx, &first).await.unwrap();
    assert_eq!(channel_of(&mut tx, 5).await, None);
}

#[rstest]
#[tokio::test]
async fn a_team_channel_is_given_to_default_identities_and_to_those_without_choice(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    let own = channel(1, 10, Some(1));
    channels::insert(&mut tx, &own).await.unwrap();
    insert(&mut tx, &Identity { is_default: true, ..identity(5, ADA) }).await.unwrap();
    insert(&mut tx, &identity(6, ADA)).await.unwrap();
    insert(&mut tx, &identity(7, BOB)).await.unwrap();
    let team = channel(1, 11, None);
    channels::insert(&mut tx, &team).await.unwrap();
    assign_team_channel(&mut tx, &team).await.unwrap();
    assert_eq!(channel_of(&mut tx, 5).await, Some(team.id));
    assert_eq!(channel_of(&mut tx, 6).await, None);
    assert_eq!(channel_of(&mut tx, 7).await, Some(team.id));

    assert_eq!(list_verified_through(&mut tx, &team).await.unwrap(), []);
    verify(&mut tx, WORKSPACE, IdentityId(id(7)), Timestamp(3)).await.unwrap();
    assert_eq!(list_verified_through(&mut tx, &team).await.unwrap()[0].id, IdentityId(id(7)));
}
