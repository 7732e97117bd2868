use domain::{NodeId, time::SECOND};
use rstest::rstest;
use store::{Location, workspaces::Workspace};
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp(1_780_000_000 * SECOND);

fn random(seed: u8) -> Random {
    Random::new([seed; 32])
}

/// An empty database of either kind, the first of all or one that several nodes share.
async fn database(shared: bool) -> Db {
    let location =
        if shared { Location::Postgres(testbed::postgres::fresh_database()) } else { Location::SqliteMemory };
    Db::open(&location).await.unwrap()
}

fn lacks(opened: Result<Keys, KeyError>) -> String {
    match opened.map(drop) {
        Err(KeyError::Foreign { missing, .. }) => missing,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn a_server_without_the_keys_of_its_store_does_not_begin_and_makes_none(#[values(false, true)] shared: bool) {
    let (db, folder) = (database(shared).await, tempfile::tempdir().unwrap());
    let [first, second] = ["first.json", "second.json"].map(|name| folder.path().join(name));
    Keys::open_for(&db, &first, &random(1)).await.unwrap();
    Keys::open_for(&db, &first, &random(2)).await.unwrap();
    assert_eq!(lacks(Keys::open_for(&db, &second, &random(3)).await), "it lacks secrets key 1, tracking key 1");
    assert!(!second.exists());
    Keys::generate(&random(4)).save(&second).unwrap();
    assert_eq!(lacks(Keys::open_for(&db, &second, &random(5)).await), "it lacks secrets key 1, tracking key 1");
    std::fs::copy(&first, &second).unwrap();
    Keys::open_for(&db, &second, &random(6)).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_rotated_key_has_to_be_given_to_every_node(#[values(false, true)] shared: bool) {
    let (db, folder) = (database(shared).await, tempfile::tempdir().unwrap());
    let [ours, theirs] = ["ours.json", "theirs.json"].map(|name| folder.path().join(name));
    let mut keys = Keys::open_for(&db, &ours, &random(1)).await.unwrap();
    std::fs::copy(&ours, &theirs).unwrap();
    keys.rotate(Purpose::Secrets, &random(2)).unwrap();
    keys.save(&ours).unwrap();
    Keys::open_for(&db, &theirs, &random(3)).await.unwrap();
    Keys::open_for(&db, &ours, &random(4)).await.unwrap();
    assert_eq!(lacks(Keys::open_for(&db, &theirs, &random(5)).await), "it lacks secrets key 2");
}

#[tokio::test]
async fn a_store_that_was_used_before_fingerprints_gets_no_new_keys_but_notes_those_there_are() {
    let (db, folder) = (database(false).await, tempfile::tempdir().unwrap());
    let mut tx = db.begin().await.unwrap();
    let workspace = Workspace {
        id: domain::WorkspaceId(Uuid::from_u128(1)),
        version: 1,
        name: "Northlight".into(),
        tracking: true,
        give_up_after_h: 48,
        system_channel_id: None,
        traces_days: 90,
        created_at: NOW,
    };
    workspaces::insert(&mut tx, &workspace).await.unwrap();
    tx.commit().await.unwrap();
    let [old, other] = ["old.json", "other.json"].map(|name| folder.path().join(name));
    assert_eq!(lacks(Keys::open_for(&db, &old, &random(1)).await), "there is no such file");
    Keys::generate(&random(2)).save(&old).unwrap();
    Keys::open_for(&db, &old, &random(3)).await.unwrap();
    lacks(Keys::open_for(&db, &other, &random(4)).await);
}

#[rstest]
#[tokio::test]
async fn lost_keys_are_replaced_while_no_server_runs(#[values(false, true)] shared: bool) {
    let (db, folder) = (database(shared).await, tempfile::tempdir().unwrap());
    let [lost, new] = ["lost.json", "new.json"].map(|name| folder.path().join(name));
    Keys::open_for(&db, &lost, &random(1)).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    store::nodes::beat(&mut tx, NodeId(Uuid::from_u128(1)), NOW, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let early = Keys::replace_in(&db, &new, &random(2), NOW.plus(SECOND)).await;
    // Who has the lock of a file knows that nobody serves it.
    assert!(if shared { matches!(early, Err(KeyError::Served)) } else { matches!(early, Ok(true)) }, "{early:?}");
    assert_eq!(new.exists(), !shared);
    let replace = async || Keys::replace_in(&db, &new, &random(3), NOW.plus(2 * MINUTE)).await.unwrap();
    assert_eq!((replace().await, replace().await), (shared, false), "only the first time there are others");
    Keys::open_for(&db, &new, &random(4)).await.unwrap();
    lacks(Keys::open_for(&db, &lost, &random(5)).await);
}
