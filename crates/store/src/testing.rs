//! What the store's tests share: a fresh database of either kind, rows to begin with, and the test of all statements.

use domain::{
    ChannelId, MailboxId, Timestamp, UserId, WorkspaceId,
    authorization::Role,
    channel::{Auth, Security},
};
use rstest::rstest;
use sea_query::{PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder};
use sqlx::{Executor, SqlSafeStr};
use uuid::Uuid;

use crate::{
    Db, Location, Tx,
    channels::Channel,
    mailboxes::Mailbox,
    members::{self, Member},
    users::{self, User},
    workspaces::{self, Workspace},
};

/// Every statement marked with `sql!`, collected at link time.
#[linkme::distributed_slice]
pub(crate) static STATEMENTS: [(&str, &str)];

#[derive(Debug, Clone, Copy)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

pub(crate) async fn database(backend: Backend) -> Db {
    Db::open(&location(backend)).await.unwrap()
}

/// A database as a version before this one left it: with the migrations up to `version`.
pub(crate) async fn old_database(backend: Backend, version: i64) -> Db {
    Db::of_version(&location(backend), version).await.unwrap()
}

fn location(backend: Backend) -> Location {
    match backend {
        Backend::Sqlite => Location::SqliteMemory,
        Backend::Postgres => Location::Postgres(testbed::postgres::fresh_database()),
    }
}

pub(crate) const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn workspace(n: u128) -> Workspace {
    Workspace {
        id: WorkspaceId(id(n)),
        version: 1,
        name: format!("Workspace {n}"),
        tracking: true,
        give_up_after_h: 48,
        system_channel_id: None,
        traces_days: 90,
        created_at: Timestamp(1),
    }
}

pub(crate) fn user(n: u128) -> User {
    User {
        id: UserId(id(n)),
        email: format!("user{n}@example.com"),
        name: format!("User {n}"),
        password_hash: None,
        time_zone: "UTC".into(),
        language: "en".into(),
        undo_window_s: 10,
        created_at: Timestamp(1),
    }
}

/// A new user in a workspace, which is made when it is missing.
pub(crate) async fn member(tx: &mut Tx, workspace_n: u128, user_n: u128, role: Role) -> Member {
    let workspace = workspace(workspace_n);
    if workspaces::find(tx, workspace.id).await.is_err() {
        workspaces::insert(tx, &workspace).await.unwrap();
    }
    let user = user(user_n);
    users::insert(tx, &user).await.unwrap();
    let member = Member {
        workspace_id: workspace.id,
        user_id: user.id,
        role,
        created_at: Timestamp(1),
        last_seen_at: None,
        deactivated_at: None,
    };
    members::insert(tx, &member).await.unwrap();
    member
}

/// A mailbox of the first user of the first workspace.
pub(crate) fn mailbox(n: u128) -> Mailbox {
    Mailbox {
        workspace_id: WorkspaceId(id(1)),
        id: MailboxId(id(n)),
        version: 1,
        owner_id: UserId(id(1)),
        name: format!("Mailbox {n}"),
        host: "imap.example.com".into(),
        port: 993,
        security: Security::Tls,
        username: "ada".into(),
        secret: Some(vec![1, 2, 3]),
        provider: None,
        reads: true,
        read_folders: None,
        sent_folder: None,
        append_since: None,
        last_checked_at: None,
        problem: None,
        problem_text: None,
        visit_after: None,
        created_at: Timestamp(1),
        deleted_at: None,
    }
}

/// The same, kept, with its owner.
pub(crate) async fn mailbox_of_ada(tx: &mut Tx) -> Mailbox {
    member(tx, 1, 1, Role::Member).await;
    let mailbox = mailbox(3);
    crate::mailboxes::insert(tx, &mailbox).await.unwrap();
    mailbox
}

/// A channel of a user, or of the team.
pub(crate) fn channel(workspace_n: u128, n: u128, owner_n: Option<u128>) -> Channel {
    Channel {
        workspace_id: WorkspaceId(id(workspace_n)),
        id: ChannelId(id(n)),
        version: 1,
        owner_id: owner_n.map(|n| UserId(id(n))),
        name: format!("Channel {n}"),
        host: "smtp.example.com".into(),
        port: 465,
        security: Security::Tls,
        auth: Auth::Password,
        username: None,
        secret: None,
        connections: 4,
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
        created_at: Timestamp(1),
        deleted_at: None,
    }
}

#[rstest]
#[tokio::test]
async fn every_statement_prepares(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    assert!(STATEMENTS.len() > 3);
    let mut failures = Vec::new();
    for (place, text) in STATEMENTS {
        let text = sqlx::AssertSqlSafe((*text).to_owned()).into_sql_str();
        let mut tx = db.read().await.unwrap();
        let prepared = match &mut tx {
            Tx::Sqlite(tx) => (&mut **tx).prepare(text).await.map(drop),
            Tx::Postgres(tx) => (&mut **tx).prepare(text).await.map(drop),
        };
        if let Err(error) = prepared {
            failures.push(format!("{place}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// How the database runs the one marked statement that holds `part`, with `values` for its parameters, where it may walk
/// along indexes only.
pub(crate) async fn plan(db: &Db, part: &str, values: &str) -> String {
    let mut found: Vec<&str> = STATEMENTS.iter().map(|(_, text)| *text).filter(|text| text.contains(part)).collect();
    // It is marked once for each database.
    found.dedup();
    let [text] = found[..] else { panic!("{part:?} stands in {} statements", found.len()) };
    let mut tx = db.begin().await.unwrap();
    let safe = |text: String| sqlx::AssertSqlSafe(text);
    let lines: Vec<String> = match &mut tx {
        Tx::Sqlite(tx) => {
            let asked = sqlx::query_as(safe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(&mut **tx).await;
            asked.unwrap().into_iter().map(|(_, _, _, line): (i64, i64, i64, String)| line).collect()
        }
        Tx::Postgres(tx) => {
            for command in ["SET LOCAL enable_seqscan = off".to_owned(), format!("PREPARE asked AS {text}")] {
                (&mut **tx).execute(safe(command)).await.unwrap();
            }
            let asked = safe(format!("EXPLAIN EXECUTE asked ({values})"));
            let lines: Vec<(String,)> = sqlx::query_as(asked).fetch_all(&mut **tx).await.unwrap();
            lines.into_iter().map(|(line,)| line).collect()
        }
    };
    lines.join("\n")
}

/// The same of a statement that is put together.
pub(crate) async fn plan_built(db: &Db, select: &SelectStatement) -> String {
    let mut tx = db.begin().await.unwrap();
    let safe = |text: String| sqlx::AssertSqlSafe(text);
    let lines: Vec<String> = match &mut tx {
        Tx::Sqlite(tx) => {
            let asked = safe(format!("EXPLAIN QUERY PLAN {}", select.to_string(SqliteQueryBuilder)));
            let lines: Vec<(i64, i64, i64, String)> = sqlx::query_as(asked).fetch_all(&mut **tx).await.unwrap();
            lines.into_iter().map(|(_, _, _, line)| line).collect()
        }
        Tx::Postgres(tx) => {
            (&mut **tx).execute("SET LOCAL enable_seqscan = off").await.unwrap();
            let asked = safe(format!("EXPLAIN {}", select.to_string(PostgresQueryBuilder)));
            let lines: Vec<(String,)> = sqlx::query_as(asked).fetch_all(&mut **tx).await.unwrap();
            lines.into_iter().map(|(line,)| line).collect()
        }
    };
    lines.join("\n")
}

/// Name and nullability of every column of every table.
pub(crate) async fn shape(db: &Db) -> Vec<(String, String, bool)> {
    let mut tx = db.read().await.unwrap();
    let rows: Vec<(String, String, i64)> = match &mut tx {
        Tx::Sqlite(tx) => sqlx::query_as(
            "SELECT t.name, c.name, CASE WHEN c.\"notnull\" = 1 THEN 0 ELSE 1 END
             FROM sqlite_master t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx%' ORDER BY 1, 2",
        )
        .fetch_all(&mut **tx)
        .await
        .unwrap(),
        Tx::Postgres(tx) => sqlx::query_as(
            "SELECT table_name::text, column_name::text, CASE WHEN is_nullable = 'YES' THEN 1::bigint ELSE 0::bigint END
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' ORDER BY 1, 2",
        )
        .fetch_all(&mut **tx)
        .await
        .unwrap(),
    };
    let mut rows: Vec<_> = rows.into_iter().map(|(table, column, nullable)| (table, column, nullable == 1)).collect();
    rows.sort();
    rows
}

#[tokio::test]
async fn the_migrations_of_both_databases_make_the_same_tables() {
    let names = |folder: &str| {
        let mut names: Vec<_> = std::fs::read_dir(format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert_eq!(shape(&database(Backend::Sqlite).await).await, shape(&database(Backend::Postgres).await).await);
}
