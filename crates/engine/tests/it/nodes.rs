//! Several nodes on one PostgreSQL: what one does, screens open at another hear.

use std::time::Duration;

use domain::{EmailId, Timestamp, WorkspaceId};
use engine::{
    Engine,
    live::{Change, Topic},
};
use store::{Db, Location};
use tokio::{sync::broadcast::Receiver, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{Backend, World, engine_on};

/// Longer than changes are gathered, and than a lost connection is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What shows that a node listens. It may be heard late and more than once, and is gathered with nothing else, because its
/// topic is its own.
fn trial() -> Change {
    Change { topic: Topic::Feed, ..emails(WorkspaceId(Uuid::nil()), 0..1) }
}

/// A node that relays until it is stopped.
struct Node {
    engine: Engine,
    heard: Receiver<Change>,
    stop: CancellationToken,
    relay: JoinHandle<()>,
}

impl Node {
    fn start(engine: Engine) -> Self {
        let stop = CancellationToken::new();
        let relay = tokio::spawn(engine.clone().relay_changes_until(stop.clone()));
        Self { heard: engine.live().listen(), engine, stop, relay }
    }

    /// The next that is heard.
    async fn hears(&mut self) -> Change {
        let next = async {
            loop {
                match self.heard.recv().await.unwrap() {
                    heard if heard == trial() => {}
                    heard => return heard,
                }
            }
        };
        timeout(PATIENCE, next).await.expect("nothing was heard")
    }

    /// Whether nothing has come that was not heard yet.
    fn heard_all(&mut self) -> bool {
        while let Ok(heard) = self.heard.try_recv() {
            if heard != trial() {
                return false;
            }
        }
        true
    }

    /// Tells until the other listens: it needs a moment at its start.
    async fn reach(&self, other: &mut Self) {
        let tell = async {
            loop {
                self.engine.live().tell(trial());
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        let hear = async { while other.heard.recv().await.unwrap() != trial() {} };
        let reached = async {
            tokio::select! {
                () = tell => {}
                () = hear => {}
            }
        };
        timeout(PATIENCE, reached).await.expect("the other node hears nothing");
    }

    async fn end(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.relay).await.expect("it ends when told").unwrap();
    }
}

fn emails(workspace: WorkspaceId, ids: std::ops::Range<u128>) -> Change {
    let emails = ids.map(|n| EmailId(Uuid::from_u128(n))).collect();
    Change { workspace, owner: None, topic: Topic::Emails, emails }
}

async fn two_nodes(url: String) -> (Node, Node, WorkspaceId) {
    let location = Location::Postgres(url);
    let world = World::on(&location).await;
    let (second, _) = engine_on(&location, 8).await;
    let workspace = world.admin.workspace;
    let (here, mut there) = (Node::start(world.engine), Node::start(second));
    here.reach(&mut there).await;
    (here, there, workspace)
}

#[tokio::test]
async fn a_screen_at_one_node_hears_what_happens_at_another_and_each_change_once() {
    let (mut here, mut there, workspace) = two_nodes(testbed::postgres::fresh_database()).await;
    here.engine.live().tell(emails(workspace, 1..3));
    here.engine.live().tell(emails(workspace, 2..5));
    assert_eq!(there.hears().await, emails(workspace, 1..5), "gathered");
    here.engine.live().tell(emails(workspace, 0..1000));
    assert_eq!(there.hears().await, emails(workspace, 0..0), "many are any");
    for told in [emails(workspace, 1..3), emails(workspace, 2..5), emails(workspace, 0..1000)] {
        assert_eq!(here.hears().await, told);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(here.heard_all(), "a node does not repeat what it told itself");
    assert!(there.heard_all());

    here.engine.live().tell(emails(workspace, 7..8));
    here.end().await;
    assert_eq!(there.hears().await, emails(workspace, 7..8), "what was told before the end is told");
    there.end().await;
}

#[tokio::test]
async fn after_a_lost_connection_every_screen_loads_everything_anew() {
    let cluster = testbed::postgres::Cluster::durable();
    let (here, mut there, _) = two_nodes(cluster.create_database()).await;
    cluster.stop();
    cluster.start_again();
    let everything = there.hears().await;
    assert_eq!((everything.owner, &everything.emails), (None, &Vec::new()));
    here.reach(&mut there).await;
    here.end().await;
    there.end().await;
}

#[tokio::test]
async fn a_sqlite_has_nobody_to_relay_to() {
    let world = World::new(Backend::Sqlite).await;
    let relay = world.engine.clone().relay_changes_until(CancellationToken::new());
    timeout(PATIENCE, relay).await.expect("it ends by itself");
    assert!(matches!(world.engine.db(), Db::Sqlite { .. }));
}

#[tokio::test]
async fn a_node_that_stops_takes_its_leave_so_that_nobody_waits_for_it() {
    let world = World::new(Backend::Postgres).await;
    let known = async || {
        let mut tx = world.engine.db().read().await.unwrap();
        store::nodes::seen_since(&mut tx, Timestamp(0)).await.unwrap()
    };
    let stop = CancellationToken::new();
    let workers = world.engine.start_workers(&stop);
    let came = async {
        while known().await != [world.engine.node()] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, came).await.expect("it says that it is there");
    stop.cancel();
    timeout(PATIENCE, workers.stopped()).await.expect("it ends when told");
    assert_eq!(known().await, []);
}
