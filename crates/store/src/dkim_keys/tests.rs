use domain::authorization::Role;
use rstest::rstest;

use super::*;
use crate::{
    Error, channels,
    testing::{Backend, channel, database, id, member},
};

fn key(n: u128, algorithm: Algorithm) -> DkimKey {
    DkimKey {
        workspace_id: WorkspaceId(id(1)),
        id: DkimKeyId(id(n)),
        channel_id: ChannelId(id(7)),
        domain: "shop.example".into(),
        selector: format!("qd{n}"),
        algorithm,
        public_key: "cHVibGlj".into(),
        secret: Some(vec![1, 2, 3]),
        created_at: Timestamp(1),
        checked_at: None,
        record_state: None,
        signs_since: None,
        replaced_at: None,
    }
}

async fn signing(tx: &mut Tx) -> Vec<DkimKeyId> {
    list_signing(tx).await.unwrap().into_iter().map(|key| key.id).collect()
}

#[rstest]
#[tokio::test]
async fn a_new_key_takes_over_from_the_one_of_its_kind_whose_secret_is_forgotten(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 2, Role::Admin).await;
    channels::insert(&mut tx, &channel(1, 7, None)).await.unwrap();
    let [old, other, new] = [key(11, Algorithm::Rsa), key(12, Algorithm::Ed25519), key(13, Algorithm::Rsa)];
    for key in [&old, &other, &new] {
        insert(&mut tx, key).await.unwrap();
    }
    assert_eq!(find(&mut tx, old.workspace_id, old.id).await.unwrap(), old);
    begin_signing(&mut tx, &old, Timestamp(5)).await.unwrap();
    begin_signing(&mut tx, &other, Timestamp(5)).await.unwrap();
    assert_eq!(signing(&mut tx).await, [old.id, other.id]);

    begin_signing(&mut tx, &new, Timestamp(9)).await.unwrap();
    assert_eq!(signing(&mut tx).await, [other.id, new.id]);
    let replaced = find(&mut tx, old.workspace_id, old.id).await.unwrap();
    assert_eq!(
        (replaced.replaced_at, replaced.secret, replaced.signs_since),
        (Some(Timestamp(9)), None, Some(Timestamp(5)))
    );
    assert!(matches!(begin_signing(&mut tx, &old, Timestamp(10)).await, Err(Error::NotFound)));

    assert!(matches!(delete(&mut tx, &new).await, Err(Error::NotFound)));
    delete(&mut tx, &old).await.unwrap();
    end_signing(&mut tx, &new, Timestamp(11)).await.unwrap();
    assert_eq!(signing(&mut tx).await, [other.id]);
    assert_eq!(list(&mut tx, WorkspaceId(id(1))).await.unwrap().len(), 2);
}

#[rstest]
#[tokio::test]
async fn what_was_published_is_kept_with_the_key(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 2, Role::Admin).await;
    channels::insert(&mut tx, &channel(1, 7, None)).await.unwrap();
    let key = key(11, Algorithm::Rsa);
    insert(&mut tx, &key).await.unwrap();
    keep_check(&mut tx, &key, RecordState::Differs, Timestamp(4)).await.unwrap();
    let found = find(&mut tx, key.workspace_id, key.id).await.unwrap();
    assert_eq!((found.record_state, found.checked_at), (Some(RecordState::Differs), Some(Timestamp(4))));
}
