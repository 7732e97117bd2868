use domain::authorization::Role;
use rstest::rstest;

use super::*;
use crate::testing::{Backend, database, id, member};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));

/// As the engine makes them: the time in milliseconds first.
fn made_at(ms: u64) -> EmailActionId {
    EmailActionId(Builder::from_unix_timestamp_millis(ms, &[7; 10]).into_uuid())
}

const STATE: RowState =
    RowState { status: Status::Scheduled, due_at: None, wait_reason: None, success_at: None, send_number: 1 };

/// An action on two emails.
fn action(ms: u64, user: u128, undo_until: i64, emails: [u128; 2]) -> EmailAction {
    let row = |n| RowBefore { id: EmailId(id(n)), before: STATE, after: STATE, sending: None };
    EmailAction {
        id: made_at(ms),
        user_id: UserId(id(user)),
        kind: "archive".into(),
        at: Timestamp(i64::try_from(ms).unwrap() * 1000),
        undo_until: Timestamp(undo_until),
        undone_at: None,
        rows_before: emails.map(row).into(),
    }
}

#[rstest]
#[tokio::test]
async fn what_can_still_be_undone_of_an_email_is_found_the_latest_first(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    member(&mut tx, 1, 2, Role::Member).await;
    let now = 50_000_000;
    for kept in [
        action(9_999, 1, now, [7, 8]),
        action(10_000, 1, now, [7, 8]),
        action(20_000, 1, now - 1, [7, 8]),
        action(30_000, 2, now, [7, 8]),
        action(40_000, 1, now, [6, 7]),
        action(42_000, 1, now, [6, 8]),
        action(45_000, 1, now, [7, 8]),
    ] {
        insert(&mut tx, WORKSPACE, &kept).await.unwrap();
    }
    mark_undone(&mut tx, WORKSPACE, made_at(45_000), Timestamp(now)).await.unwrap();
    let (user, email, since) = (UserId(id(1)), EmailId(id(7)), Timestamp(10_000_000));
    let found = undoable(&mut tx, WORKSPACE, user, email, since, Timestamp(now)).await.unwrap();
    assert_eq!(found, [action(40_000, 1, now, [6, 7]), action(10_000, 1, now, [7, 8])]);
}

#[test]
fn an_action_that_an_earlier_version_kept_is_read() {
    let state = r#"{"status":"in_progress","due_at":null,"wait_reason":null,"success_at":null,"send_number":1}"#;
    let email = id(7);
    let with = |more: &str| format!(r#"[{{"id":"{email}","before":{state},"after":{state}{more}}}]"#);
    let read = |json: &str| serde_json::from_str::<Vec<RowBefore>>(json).unwrap().remove(0);
    assert_eq!(read(&with("")).sending, None);
    let recipient =
        format!(r#"{{"id":"{email}","outcome":"uncertain","send_number":1,"settled_at":"1970-01-01T00:00:05Z"}}"#);
    let doubt = format!(
        r#","doubt":{{"channel_id":null,"last_activity_at":"1970-01-01T00:00:09Z","recipients":[{recipient}]}}"#
    );
    let recipients = vec![RecipientBefore {
        id: RecipientId(email),
        outcome: Outcome::Uncertain,
        send_number: 1,
        settled_at: Some(Timestamp(5_000_000)),
    }];
    let sending = SendingBefore { channel_id: None, last_activity_at: Timestamp(9_000_000), recipients };
    let row = read(&with(&doubt));
    assert_eq!(row.sending, Some(sending));
    assert_eq!(read(&serde_json::to_string(&[&row]).unwrap()), row);
}
