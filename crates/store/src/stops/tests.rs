use domain::{
    PersonId, StopChangeId, StopId, Timestamp, UserId,
    authorization::Role,
    reasons::FailureReason,
    stops::{Cause, Change, Scope, Source},
};
use rstest::rstest;

use super::*;
use crate::{
    Tx, blocked_domains,
    blocked_domains::BlockedDomain,
    people::{self, Person},
    testing::{Backend, database, id, member, plan, plan_built},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const ELENA: UserId = UserId(id(2));
const MARTA: PersonId = PersonId(id(10));

fn stop(n: u128, address: &str, person: Option<PersonId>, cause: Cause) -> Stop {
    Stop {
        id: StopId(id(n)),
        address: address.into(),
        person_id: person,
        cause,
        scope: Scope::Workspace,
        source: Source::Link,
        motive: Some(Motive::TooMany),
        email_id: None,
        by_user: None,
        note: Some("enough".into()),
        at: Timestamp(100),
    }
}

/// Marta, who has two addresses.
async fn marta(tx: &mut Tx) {
    member(tx, 1, 2, Role::Admin).await;
    let person = Person {
        workspace_id: WORKSPACE,
        id: MARTA,
        version: 1,
        owner_id: ELENA,
        first_name: Some("Marta".into()),
        last_name: Some("Silva".into()),
        company: None,
        title: None,
        phone: None,
        time_zone: None,
        language: None,
        linkedin_url: None,
        address: "Marta@Brisamar.example".into(),
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
    };
    people::insert(tx, &person).await.unwrap();
    on!(tx, c => sqlx::query("
        INSERT INTO person_addresses (workspace_id, normalised, address, person_id, is_primary)
        VALUES ($1, 'm@home.example', 'm@home.example', $2, FALSE)
    ").bind(raw(WORKSPACE)).bind(raw(MARTA)).execute(c).await.map(drop))
    .unwrap();
}

#[rstest]
#[tokio::test]
async fn the_gate_and_a_persons_stops_are_found_by_indexes_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let gate = plan_built(&db, &held::question(WORKSPACE, ["m@home.example", "x@y.example"], [MARTA])).await;
    let of_person = plan_built(&db, &lists::of_person(WORKSPACE, MARTA)).await;
    let waiting = plan(&db, "to_domain LIKE", "gen_random_uuid(), 'rival.example'").await;
    let history = plan(&db, "FROM stop_changes h", "gen_random_uuid(), gen_random_uuid(), 100").await;
    for text in [&gate, &of_person, &waiting, &history] {
        assert!(!text.contains("Seq Scan") && !text.lines().any(|line| line.starts_with("SCAN ")), "{text}");
    }
    if matches!(backend, Backend::Sqlite) {
        assert!(waiting.contains("emails_lanes"), "{waiting}");
        // Nowhere everything of the workspace. (Without rows PostgreSQL does not care.)
        for text in [gate, of_person, history] {
            assert!(!text.contains("(workspace_id=?)"), "{text}");
        }
    }
}

async fn against(tx: &mut Tx, address: &str, person: Option<PersonId>, non_commercial: bool) -> Option<FailureReason> {
    let held = held(tx, WORKSPACE, [address], person).await.unwrap();
    held.against(ELENA, address, person, non_commercial)
}

#[rstest]
#[tokio::test]
async fn who_unsubscribed_is_stopped_at_all_addresses_and_a_bounce_stops_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    assert!(held(&mut tx, WORKSPACE, ["marta@brisamar.example"], [MARTA]).await.unwrap().is_empty());

    insert(&mut tx, WORKSPACE, &stop(20, "marta@brisamar.example", Some(MARTA), Cause::HardBounce)).await.unwrap();
    let bounced = Some(FailureReason::AddressBounced);
    assert_eq!(against(&mut tx, "MARTA@brisamar.example", None, false).await, bounced);
    assert_eq!(against(&mut tx, "m@home.example", Some(MARTA), false).await, None);

    insert(&mut tx, WORKSPACE, &stop(21, "marta@brisamar.example", Some(MARTA), Cause::Unsubscribed)).await.unwrap();
    let unsubscribed = Some(FailureReason::Unsubscribed);
    assert_eq!(against(&mut tx, "m@home.example", None, false).await, unsubscribed);
    assert_eq!(against(&mut tx, "new@elsewhere.example", Some(MARTA), false).await, unsubscribed);
    assert_eq!(against(&mut tx, "m@home.example", None, true).await, None);
    assert_eq!(against(&mut tx, "marta@brisamar.example", None, true).await, bounced);

    delete(&mut tx, WORKSPACE, StopId(id(21))).await.unwrap();
    assert_eq!(against(&mut tx, "m@home.example", None, false).await, None);
    assert!(matches!(delete(&mut tx, WORKSPACE, StopId(id(21))).await, Err(crate::Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn a_stop_of_one_sender_holds_nobody_elses_mail_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    let only = Stop { scope: Scope::Sender(UserId(id(3))), ..stop(20, "m@home.example", None, Cause::Unsubscribed) };
    assert!(insert(&mut tx, WORKSPACE, &only).await.unwrap());
    assert!(!insert(&mut tx, WORKSPACE, &Stop { id: StopId(id(21)), ..only.clone() }).await.unwrap());
    assert_eq!(find(&mut tx, WORKSPACE, only.id).await.unwrap(), only);
    let held = held(&mut tx, WORKSPACE, ["m@home.example"], []).await.unwrap();
    assert_eq!(held.against(ELENA, "m@home.example", None, false), None);
    assert!(held.against(UserId(id(3)), "m@home.example", None, false).is_some());
    for _ in 0..2 {
        hand_over(&mut tx, WORKSPACE, UserId(id(3)), ELENA).await.unwrap();
    }
    assert!(against(&mut tx, "m@home.example", None, false).await.is_some(), "the heir writes to nobody who left");
}

#[rstest]
#[tokio::test]
async fn a_blocked_domain_holds_back_what_is_below_it_also_when_non_commercial(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    let blocked = BlockedDomain { domain: "rival.example".into(), by_user: ELENA, at: Timestamp(1) };
    blocked_domains::insert(&mut tx, WORKSPACE, &blocked).await.unwrap();
    let reason = Some(FailureReason::BlockedDomain);
    assert_eq!(against(&mut tx, "a@Rival.example", None, true).await, reason);
    assert_eq!(against(&mut tx, "a@mail.rival.example", None, false).await, reason);
    assert_eq!(against(&mut tx, "a@notrival.example", None, false).await, None);
}

#[rstest]
#[tokio::test]
async fn a_domain_that_was_blocked_in_punycode_is_blocked_in_letters_and_the_reverse(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    for domain in ["xn--bcher-kva.example", "zürich.example"] {
        let blocked = BlockedDomain { domain: domain.into(), by_user: ELENA, at: Timestamp(1) };
        blocked_domains::insert(&mut tx, WORKSPACE, &blocked).await.unwrap();
    }
    let reason = Some(FailureReason::BlockedDomain);
    let addresses =
        ["a@Bücher.example", "a@mail.xn--bcher-kva.example", "a@xn--zrich-kva.example", "a@mail.zürich.example"];
    for address in addresses {
        assert_eq!(against(&mut tx, address, None, true).await, reason, "{address}");
    }
    assert_eq!(against(&mut tx, "a@bucher.example", None, false).await, None);
}

#[rstest]
#[tokio::test]
async fn the_list_is_newest_first_and_found_by_address_or_name(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    insert(&mut tx, WORKSPACE, &stop(20, "m@home.example", Some(MARTA), Cause::Unsubscribed)).await.unwrap();
    insert(&mut tx, WORKSPACE, &Stop { at: Timestamp(200), ..stop(21, "x_y@z.example", None, Cause::Complaint) })
        .await
        .unwrap();
    let mut ids = async |which: Which| {
        let listed = list(&mut tx, WORKSPACE, &which, 10).await.unwrap();
        listed.into_iter().map(|it| it.stop.id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(Which::default()).await, [21, 20]);
    assert_eq!(ids(Which { before: Some(StopId(id(21))), ..Which::default() }).await, [20]);
    assert_eq!(ids(Which { text: Some("silva".into()), ..Which::default() }).await, [20]);
    assert_eq!(ids(Which { text: Some("x_y".into()), ..Which::default() }).await, [21]);
    assert_eq!(ids(Which { text: Some("x%y".into()), ..Which::default() }).await, [0_u128; 0]);
    assert_eq!(ids(Which { owner: Some(ELENA), ..Which::default() }).await, [20]);
    assert_eq!(ids(Which { person: Some(MARTA), ..Which::default() }).await, [20]);
}

#[rstest]
#[tokio::test]
async fn who_left_one_sender_and_then_everybody_is_listed_once_until_only_the_first_holds(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    let narrow = Stop { scope: Scope::Sender(ELENA), ..stop(20, "m@home.example", Some(MARTA), Cause::Unsubscribed) };
    let wide = stop(21, "marta@brisamar.example", Some(MARTA), Cause::Unsubscribed);
    let bounced = stop(22, "m@home.example", Some(MARTA), Cause::HardBounce);
    for stop in [&narrow, &wide, &bounced] {
        insert(&mut tx, WORKSPACE, stop).await.unwrap();
    }
    let ids = async |tx: &mut Tx, which: &Which| {
        let listed = list(tx, WORKSPACE, which, 10).await.unwrap();
        listed.into_iter().map(|it| it.stop.id.0.as_u128()).collect::<Vec<_>>()
    };
    let of_person = Which { person: Some(MARTA), ..Which::default() };
    for which in [&of_person, &Which::default()] {
        assert_eq!(ids(&mut tx, which).await, [22, 21]);
    }
    delete(&mut tx, WORKSPACE, wide.id).await.unwrap();
    assert_eq!(ids(&mut tx, &of_person).await, [22, 20]);
}

#[rstest]
#[tokio::test]
async fn the_history_remembers_what_holds_no_more(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    let held = stop(20, "m@home.example", Some(MARTA), Cause::Unsubscribed);
    insert(&mut tx, WORKSPACE, &held).await.unwrap();
    let stopped = StopChange {
        id: StopChangeId(id(30)),
        stop_id: held.id,
        change: Change::Stopped,
        address: held.address,
        person_id: Some(MARTA),
        cause: held.cause,
        scope: held.scope,
        source: held.source,
        motive: held.motive,
        resume_reason: None,
        email_id: None,
        by_user: None,
        note: held.note,
        at: held.at,
    };
    add_change(&mut tx, WORKSPACE, &stopped).await.unwrap();
    let resumed = StopChange {
        id: StopChangeId(id(31)),
        change: Change::Resumed,
        resume_reason: Some(domain::stops::ResumeReason::TheyAsked),
        by_user: Some(ELENA),
        at: Timestamp(200),
        ..stopped.clone()
    };
    assert!(changes_of_person(&mut tx, WORKSPACE, MARTA, 10).await.unwrap()[0].holds);
    delete(&mut tx, WORKSPACE, held.id).await.unwrap();
    add_change(&mut tx, WORKSPACE, &resumed).await.unwrap();
    let history = changes_of_person(&mut tx, WORKSPACE, MARTA, 10).await.unwrap();
    assert_eq!(history[0].by_name.as_deref(), Some("User 2"));
    assert!(history.iter().all(|changed| !changed.holds));
    assert_eq!(history.into_iter().map(|it| it.change).collect::<Vec<_>>(), [resumed, stopped]);
}

#[rstest]
#[tokio::test]
async fn who_is_stopped_is_stopped_however_their_domain_is_spelled(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    marta(&mut tx).await;
    let bounced = Some(FailureReason::AddressBounced);
    // The second as a version kept it that knew of lower case alone.
    for (n, kept) in [(20, "anna@bücher.example"), (21, "ben@xn--bcher-kva.example")] {
        insert(&mut tx, WORKSPACE, &stop(n, kept, None, Cause::HardBounce)).await.unwrap();
        let local = kept.split('@').next().unwrap();
        for spelled in ["Bücher.example", "bücher.example", "xn--bcher-kva.example", "XN--Bcher-KVA.example"] {
            let address = format!("{local}@{spelled}");
            assert_eq!(against(&mut tx, &address, None, false).await, bounced, "{address}");
            let named = of_address(&mut tx, WORKSPACE, &address).await.unwrap();
            assert_eq!(named.iter().map(|it| it.id).collect::<Vec<_>>(), [StopId(id(n))], "{address}");
        }
        assert_eq!(against(&mut tx, &format!("{local}@bucher.example"), None, false).await, None);
    }
    on!(&mut tx, c => sqlx::query("
        UPDATE person_addresses SET normalised = 'm@xn--hme-kna.example' WHERE normalised = 'm@home.example'
    ").execute(c).await.map(drop))
    .unwrap();
    insert(&mut tx, WORKSPACE, &stop(22, "marta@brisamar.example", Some(MARTA), Cause::Unsubscribed)).await.unwrap();
    assert_eq!(against(&mut tx, "m@hôme.example", None, false).await, Some(FailureReason::Unsubscribed));
}
