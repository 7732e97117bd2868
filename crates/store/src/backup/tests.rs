use std::{collections::BTreeSet, sync::Arc, sync::atomic::AtomicBool, sync::atomic::Ordering};

use domain::{EmailId, authorization::Role};
use rstest::rstest;
use sea_query::{PostgresQueryBuilder, Query, SqliteQueryBuilder};
use sea_query_sqlx::SqlxBinder as _;
use serde_json::Value;

use super::{
    cells::Kind,
    tables::{Column, Table},
    *,
};
use crate::{
    Db, Location, Tx, db, emails,
    testing::{Backend, database, id, member, shape},
};

const NOW: Timestamp = Timestamp(1_760_000_000_000_000);

/// A database with no tables.
async fn empty(backend: Backend) -> Db {
    let location = match backend {
        Backend::Sqlite => Location::SqliteMemory,
        Backend::Postgres => Location::Postgres(testbed::postgres::fresh_database()),
    };
    Db::untouched(&location).await.unwrap()
}

async fn tables_of(db: &Db) -> Vec<Table> {
    tables::list(&mut db.read().await.unwrap()).await.unwrap()
}

/// A value of the nth row. Every id and every column of bytes of a row is the same, so that whatever refers, finds.
fn value(column: &Column, n: u8, absent: bool) -> Value {
    match column.kind {
        _ if absent => Value::Null,
        Kind::Integer => Value::from(i64::MAX - i64::from(n)),
        Kind::Boolean => Value::from(n % 2 == 1),
        Kind::Text => Value::from(format!("{n}: \"ü\\\n漢字 😀 'x'; --")),
        Kind::Bytes | Kind::Id => cells::encoded(Some(id(u128::from(n)).as_bytes())),
    }
}

/// Two rows in every table there is: one with a value in every column, one with none where none is needed.
async fn fill(db: &Db) {
    let nullable: BTreeSet<(String, String)> =
        shape(db).await.into_iter().filter(|it| it.2).map(|it| (it.0, it.1)).collect();
    let mut tx = db.begin().await.unwrap();
    for table in tables::list(&mut tx).await.unwrap() {
        let mut insert = Query::insert();
        insert.into_table(table.name.clone()).columns(table.columns.iter().map(|column| column.name.clone()));
        for n in [1, 2] {
            let absent = |column: &Column| n == 2 && nullable.contains(&(table.name.clone(), column.name.clone()));
            let bound = table.columns.iter().map(|it| it.kind.bind(&value(it, n, absent(it))).unwrap().into());
            insert.values_panic(bound);
        }
        match &mut tx {
            Tx::Sqlite(tx) => {
                let (text, values) = insert.build_sqlx(SqliteQueryBuilder);
                sqlx::query_with(db::built(text), values).execute(&mut **tx).await.unwrap();
            }
            Tx::Postgres(tx) => {
                let (text, values) = insert.build_sqlx(PostgresQueryBuilder);
                sqlx::query_with(db::built(text), values).execute(&mut **tx).await.unwrap();
            }
        }
    }
    tx.commit().await.unwrap();
}

async fn written(db: &Db) -> Vec<u8> {
    let mut file = Vec::new();
    write(db, "0.1.0", NOW, &mut file, |_, _| {}).await.unwrap();
    file
}

async fn loaded(file: &[u8], backend: Backend) -> Db {
    let db = empty(backend).await;
    load(&db, file, |_, _| {}).await.unwrap().commit().await.unwrap();
    db
}

/// Every line, in no particular order.
fn lines(file: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8(zstd::decode_all(file).unwrap()).unwrap();
    // The order of rows is the database's business, and the sum hangs on it.
    text.lines().filter(|line| !line.contains("\"sha256\"")).map(str::to_owned).collect()
}

/// The backup with its text changed.
fn changed(file: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8(zstd::decode_all(file).unwrap()).unwrap();
    zstd::encode_all(change(&text).as_bytes(), 1).unwrap()
}

#[tokio::test]
async fn every_table_of_the_migrations_is_in_a_backup_with_every_column() {
    let folder = format!("{}/migrations/postgres", env!("CARGO_MANIFEST_DIR"));
    let made: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|file| {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let made = text.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
            made.map(|rest| rest.split([' ', '(']).next().unwrap().to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert!(made.len() > 20);
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let db = database(backend).await;
        fill(&db).await;
        let (manifest, rows) = check(&*written(&db).await).unwrap();
        assert_eq!(rows.keys().cloned().collect::<BTreeSet<_>>(), made);
        assert!(rows.values().all(|&count| count == 2), "{rows:?}");
        assert_eq!((manifest.schema, manifest.taken_at), (db::newest_schema(), NOW));
        let columns: usize = tables_of(&db).await.iter().map(|table| table.columns.len()).sum();
        assert_eq!(columns, shape(&db).await.len());
    }
}

#[rstest]
#[tokio::test]
async fn what_was_restored_is_what_was_backed_up_whichever_database_it_was(
    #[values(Backend::Sqlite, Backend::Postgres)] from: Backend,
    #[values(Backend::Sqlite, Backend::Postgres)] to: Backend,
) {
    let db = database(from).await;
    fill(&db).await;
    let before = written(&db).await;
    let after = written(&loaded(&before, to).await).await;
    assert_eq!(lines(&before), lines(&after));
    assert!(lines(&before).len() > 60);
}

#[rstest]
#[tokio::test]
async fn a_backup_of_an_older_version_is_brought_up_to_date(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let old = empty(backend).await;
    let mut tx = old.begin().await.unwrap();
    db::migrate_to(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    fill(&old).await;
    let file = written(&old).await;
    assert_eq!(check(&*file).unwrap().0.schema, 1);
    let new = loaded(&file, backend).await;
    assert_eq!(tables::schema(&mut new.read().await.unwrap()).await.unwrap(), db::newest_schema());
    assert_eq!(check(&*written(&new).await).unwrap().1["emails"], 2);
}

#[rstest]
#[tokio::test]
async fn a_backup_is_not_restored_over_anything(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let file = written(&database(backend).await).await;
    let there = database(backend).await;
    assert!(matches!(load(&there, &*file, |_, _| {}).await, Err(Error::NotEmpty)));
    let nothing = empty(backend).await;
    let refused = write(&nothing, "0.1.0", NOW, Vec::new(), |_, _| {}).await;
    assert!(matches!(refused, Err(Error::NothingThere)));
}

#[rstest]
#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_nothing_behind(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    fill(&db).await;
    let file = written(&db).await;
    let last_row = |text: &str| text.rfind("\n[").unwrap() + 1;
    let without_a_row = changed(&file, |text| {
        let (before, rest) = text.split_at(last_row(text));
        [before, rest.split_once('\n').unwrap().1].concat()
    });
    let with_another_value = changed(&file, |text| text.replacen("😀", "🙁", 1));
    let mut with_another_byte = file.clone();
    let middle = file.len() / 2;
    with_another_byte[middle] ^= 0x40;
    for damaged in
        [&file[..file.len() - 1], &file[..file.len() / 2], &without_a_row, &with_another_value, &with_another_byte]
    {
        assert!(matches!(check(damaged), Err(Error::Damaged(_))), "{:?}", check(damaged));
        let target = empty(backend).await;
        assert!(load(&target, damaged, |_, _| {}).await.is_err());
        assert!(tables_of(&target).await.is_empty());
    }
}

#[tokio::test]
async fn other_files_and_newer_backups_are_told_apart() {
    let file = written(&database(Backend::Sqlite).await).await;
    for other in [b"".as_slice(), b"SQLite format 3\0", &zstd::encode_all(b"{}\n".as_slice(), 1).unwrap()] {
        assert!(matches!(check(other), Err(Error::NotABackup)));
    }
    let schema = format!("\"schema\":{}", db::newest_schema());
    for newer in [("\"format\":1", "\"format\":2"), (schema.as_str(), "\"schema\":9999")] {
        let newer = changed(&file, |text| text.replacen(newer.0, newer.1, 1).replacen("0.1.0", "9.0.0", 1));
        let refused = check(&*newer);
        assert!(matches!(&refused, Err(Error::Newer { version }) if version == "9.0.0"), "{refused:?}");
    }
}

/// Writes email after email, each together with the count of its folder, until told to stop.
async fn write_on(db: Db, stop: Arc<AtomicBool>) -> u64 {
    let mut tx = db.begin().await.unwrap();
    let ada = member(&mut tx, 1, 11, Role::Member).await;
    tx.commit().await.unwrap();
    let mut written = 0;
    while !stop.load(Ordering::SeqCst) {
        written += 1;
        let mut tx = db.begin().await.unwrap();
        let email = emails::Email::draft(ada.workspace_id, EmailId(id(1000 + u128::from(written))), ada.user_id, NOW);
        emails::insert(&mut tx, &email).await.unwrap();
        tx.commit().await.unwrap();
    }
    written
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_others_write_is_of_one_moment(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let folder = tempfile::tempdir().unwrap();
    let location = match backend {
        Backend::Sqlite => Location::SqliteFile(folder.path().join("busy.db")),
        Backend::Postgres => Location::Postgres(testbed::postgres::fresh_database()),
    };
    let db = Db::open(&location).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn(write_on(db.clone(), stop.clone()));
    let mut sizes = Vec::new();
    while sizes.iter().filter(|&&size| size > 0).count() < 3 {
        let file = written(&Db::look(&location).await.unwrap()).await;
        sizes.push(check(&*file).unwrap().1["emails"]);
        let copy = loaded(&file, backend).await;
        let mut tx = copy.read().await.unwrap();
        let count = "SELECT (SELECT COUNT(*) FROM emails), (SELECT CAST(COALESCE(SUM(emails), 0) AS BIGINT) FROM folder_counts)";
        let (emails, counted): (i64, i64) =
            crate::columns::on!(&mut tx, c => sqlx::query_as(count).fetch_one(c).await).unwrap();
        assert_eq!(emails, counted);
    }
    stop.store(true, Ordering::SeqCst);
    let all = writer.await.unwrap();
    assert!(sizes.is_sorted() && sizes.last() < Some(&all) && sizes.first() < sizes.last(), "{sizes:?} of {all}");
}
