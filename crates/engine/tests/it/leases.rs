//! Emails that are taken out of a node's hands while they wait for a server, or while it answers: the others go on.

use std::{sync::Arc, time::Duration};

use domain::{EmailId, NodeId, Status, authorization::Role, channel::Security, ledger::Outcome, limits::Limits};
use engine::emails::EmailDetails;
use rstest::rstest;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    bad_input::{Server, lead_to},
    mailroom::Mailroom,
    support::{Backend, join},
};

/// More permits than are used.
const OPEN: usize = 100;

/// More emails than may be claimed for one connection.
const MORE_THAN_A_CLAIM: usize = 60;

/// A room whose server greets, and answers a message, when the gate lets it.
async fn gated(backend: Backend, limits: Limits) -> (Mailroom, Arc<Semaphore>) {
    let room = Mailroom::with_limits(backend, limits).await;
    let gate = Arc::new(Semaphore::new(0));
    let server = Server { gate: Some(Arc::clone(&gate)), ..Server::greeting("220 mx.example ESMTP\r\n") };
    lead_to(&room, server, Security::None).await;
    (room, gate)
}

async fn queued(room: &Mailroom) -> Vec<EmailId> {
    let mut ids = Vec::new();
    for name in ["ana", "bo", "cleo"] {
        ids.push(room.send(&format!("accept.{name}@b.example")).await);
    }
    ids
}

async fn until(room: &Mailroom, ids: &[EmailId], holds: impl Fn(&EmailDetails) -> bool) {
    for id in ids {
        let mut looks = 0;
        while !holds(&room.email(*id).await) {
            looks += 1;
            assert!(looks < 3000, "it never came to that: {id}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[rstest]
#[tokio::test]
async fn what_another_node_took_does_not_begin_and_the_others_do(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, gate) = gated(backend, Limits::default()).await;
    let ids = queued(&room).await;
    let (engine, workspace) = (room.engine.clone(), room.actor.workspace);
    let delivery = tokio::spawn(async move { engine.deliver_due(&CancellationToken::new()).await });
    until(&room, &ids, |it| it.listed.email.status == Status::InProgress).await;

    let other = NodeId(Uuid::from_u128(9));
    let mut tx = room.engine.db().begin().await.unwrap();
    store::emails::release(&mut tx, workspace, room.engine.node(), &ids[1..2], None).await.unwrap();
    assert_eq!(store::emails::claim_these(&mut tx, workspace, other, &ids[1..2]).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    gate.add_permits(OPEN);
    until(&room, &[ids[0], ids[2]], |it| it.listed.email.status == Status::Delivered).await;
    delivery.await.unwrap().unwrap();

    let theirs = room.email(ids[1]).await;
    assert_eq!((theirs.listed.email.status, theirs.listed.email.attempts), (Status::InProgress, 0));
    assert_eq!(theirs.listed.email.leased_by, Some(other));
    assert_eq!(theirs.recipients[0].outcome, Outcome::Waiting);
}

#[rstest]
#[tokio::test]
async fn what_another_node_gives_back_when_the_crew_has_passed_it_leaves_as_well(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, gate) = gated(backend, Limits { connections: 1, ..Limits::default() }).await;
    let mut ids = Vec::new();
    for n in 0..MORE_THAN_A_CLAIM {
        ids.push(room.send(&format!("accept.n{n}@b.example")).await);
    }
    // All of them are due at the same moment, and leave in this order.
    ids.sort_unstable();
    let (engine, workspace, other) = (room.engine.clone(), room.actor.workspace, NodeId(Uuid::from_u128(9)));
    let mut tx = engine.db().begin().await.unwrap();
    store::nodes::beat(&mut tx, other, engine.now(), engine.now()).await.unwrap();
    store::emails::claim_these(&mut tx, workspace, other, &ids[..1]).await.unwrap();
    tx.commit().await.unwrap();
    let delivery = tokio::spawn(async move { engine.deliver_due(&CancellationToken::new()).await });
    until(&room, &ids[..7], |it| it.listed.email.status == Status::InProgress).await;

    let mut tx = room.engine.db().begin().await.unwrap();
    store::emails::release(&mut tx, workspace, other, &ids[..1], None).await.unwrap();
    tx.commit().await.unwrap();
    gate.add_permits(2 * MORE_THAN_A_CLAIM);
    delivery.await.unwrap().unwrap();
    until(&room, &ids, |it| it.listed.email.status == Status::Delivered).await;
}

#[rstest]
#[tokio::test]
async fn what_gets_a_new_owner_while_a_server_answers_is_delivered_and_counted_as_theirs(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, gate) = gated(backend, Limits::default()).await;
    let ids = queued(&room).await;
    let mia = join(&room.engine, &room.actor, "Mia Member", Role::Member).await;
    let engine = room.engine.clone();
    let delivery = tokio::spawn(async move { engine.deliver_due(&CancellationToken::new()).await });
    // Each connection is greeted; no message is answered.
    gate.add_permits(ids.len());
    until(&room, &ids, |it| it.recipients[0].outcome == Outcome::Attempting).await;

    let (workspace, elena) = (room.actor.workspace, room.actor.user);
    let mut tx = room.engine.db().begin().await.unwrap();
    assert_eq!(store::hand_over::emails(&mut tx, workspace, elena, mia.user).await.unwrap(), 3);
    tx.commit().await.unwrap();
    gate.add_permits(OPEN);
    delivery.await.unwrap().unwrap();

    let mut tx = room.engine.db().read().await.unwrap();
    for id in ids {
        let email = store::emails::find(&mut tx, workspace, id).await.unwrap();
        assert_eq!((email.owner_id, email.status, email.attempts), (mia.user, Status::Delivered, 1));
    }
    assert_eq!(store::folder_counts::list(&mut tx, workspace, elena).await.unwrap(), []);
    let counts = store::folder_counts::list(&mut tx, workspace, mia.user).await.unwrap();
    assert!(counts.contains(&(Status::Delivered, 3)) && counts.contains(&(Status::InProgress, 0)), "{counts:?}");
}
