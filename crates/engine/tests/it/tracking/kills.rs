//! A process is killed while visits wait.

use std::{fs, path::Path};

use domain::time::DAY;
use rstest::rstest;
use store::Location;

use super::*;
use crate::support::{Backend, engine_on};

const SOMEWHERE: &str = "198.51.100.7";

/// A room with a delivered email, on a database that another process may share.
async fn room_on(backend: Backend, folder: &Path) -> (Location, Mailroom, EmailId) {
    let location = match backend {
        Backend::Sqlite => Location::SqliteFile(folder.join("quarterdeck.db")),
        Backend::Postgres => backend.fresh(),
    };
    let room = Mailroom::on(&location, domain::limits::Limits::default(), engine::DomainSettings::default()).await;
    let (id, _, _) = delivered(&room, "accept.marta@brisamar.example").await;
    room.clock.advance(DAY);
    (location, room, id)
}

/// What a process leaves that answered `requests` while its database was away, and was killed.
async fn killed(location: &Location, folder: &Path, seed: u8, visits: Vec<Visit>) {
    let (engine, _) = engine_on(location, seed).await;
    engine.keep_visits_in(folder).unwrap();
    engine.db().close().await;
    for visit in visits {
        engine.note_visit(visit);
    }
    engine.record_visits().await;
}

async fn counted(room: &Mailroom, id: EmailId) -> (u32, u32, u64) {
    let email = room.email(id).await;
    let requests = email.visits.iter().map(|visit| visit.requests).sum();
    (email.listed.email.views, email.listed.email.clicks, requests)
}

#[rstest]
#[tokio::test]
async fn what_was_answered_while_the_database_was_away_is_recorded_after_the_kill_and_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let place = tempfile::tempdir().unwrap();
    let (location, room, id) = room_on(backend, place.path()).await;
    let (folder, kept) = (place.path().join("visits"), place.path().join("kept"));
    let view = visit_to(&room, id, VisitKind::View, SOMEWHERE);
    let visits = vec![view.clone(), view.clone(), visit_to(&room, id, click(1), SOMEWHERE)];
    killed(&location, &folder, 8, visits).await;
    fs::create_dir(&kept).unwrap();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), kept.join(file.file_name())).unwrap();
    }

    room.engine.keep_visits_in(&folder).unwrap();
    room.engine.record_visits().await;
    assert_eq!(counted(&room, id).await, (1, 1, 3));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "what is recorded is not kept");

    // Killed once more, after it was recorded and before the file was gone.
    room.engine.keep_visits_in(&kept).unwrap();
    room.engine.record_visits().await;
    assert_eq!(counted(&room, id).await, (1, 1, 3), "nor are repetitions counted twice");
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 0);

    // Another process has frames of the same numbers.
    killed(&location, &folder, 9, vec![view]).await;
    room.engine.keep_visits_in(&folder).unwrap();
    room.engine.record_visits().await;
    assert_eq!(counted(&room, id).await, (1, 1, 4));
}

#[rstest]
#[tokio::test]
async fn nothing_is_lost_when_two_record_at_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    const OF_EACH: usize = 900;
    let room = Mailroom::open(backend).await;
    let mut emails = Vec::new();
    for n in 0..5 {
        emails.push(delivered(&room, &format!("accept.marta{n}@brisamar.example")).await.0);
    }
    for (email, n) in emails.iter().flat_map(|email| (0..OF_EACH).map(move |n| (*email, n))) {
        let agent = Some(format!("Reader/{n}"));
        room.engine.note_visit(Visit { user_agent: agent, ..visit_to(&room, email, VisitKind::View, SOMEWHERE) });
    }
    tokio::join!(room.engine.record_visits(), room.engine.record_visits(), room.engine.record_visits());
    for email in emails {
        assert_eq!(room.email(email).await.visits.len(), OF_EACH);
    }
}

#[rstest]
#[tokio::test]
async fn what_is_recorded_leaves_no_files(#[values(Backend::Sqlite)] backend: Backend) {
    let place = tempfile::tempdir().unwrap();
    let (_, room, id) = room_on(backend, place.path()).await;
    let folder = place.path().join("visits");
    room.engine.keep_visits_in(&folder).unwrap();
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    visit(&room, visit_to(&room, id, click(1), SOMEWHERE)).await;
    assert_eq!(counted(&room, id).await, (1, 1, 2));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}
