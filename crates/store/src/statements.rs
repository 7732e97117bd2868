//! Statements about different rows, executed in one go.
//!
//! To hand a database a statement and to hear that it is done takes longer than most statements do: `SQLite` works in a thread
//! of its own, `PostgreSQL` in another process. So `SQLite` gets all of them as one text, and `PostgreSQL` as parts of one
//! statement (`WITH`), none of which sees what another has changed.

use sqlx::{
    Arguments as _, Encode, Postgres, Sqlite, Type, error::BoxDynError, postgres::PgArguments, sqlite::SqliteArguments,
};

use crate::{
    Error, Result, Tx,
    db::built,
    rows::{self, Run},
};

/// Statements about different rows, with their values.
pub(crate) struct Statements {
    all: All,
    /// Which of them are counted.
    counted: Vec<usize>,
    /// For how many rows those about many rows have room at least.
    room: usize,
    /// The first value that could not be bound.
    unbound: Option<BoxDynError>,
}

enum All {
    Sqlite(String, SqliteArguments),
    Postgres(Vec<String>, PgArguments),
}

impl Statements {
    /// None yet, for the database that `tx` is on.
    pub(crate) fn on(tx: &Tx) -> Self {
        let all = match tx {
            Tx::Sqlite(_) => All::Sqlite(String::new(), SqliteArguments::default()),
            Tx::Postgres(_) => All::Postgres(Vec::new(), PgArguments::default()),
        };
        Self { all, counted: Vec::new(), room: 1, unbound: None }
    }

    /// None yet; those about many rows all have the room that `rows` rows need. Otherwise each number of rows of one would
    /// meet each number of rows of another, and the database would see ever new statements.
    pub(crate) fn with_room(tx: &Tx, rows: usize) -> Self {
        Self { room: rows, ..Self::on(tx) }
    }

    /// `rows` in runs, for a statement about many rows.
    pub(crate) fn runs<'a, T>(&self, rows: &'a [T]) -> impl Iterator<Item = Run<'a, T>> + use<'a, T> {
        rows::roomy_runs(rows, self.room)
    }

    /// Adds a statement with `?` for each of its values, which are bound next, in the order in which they stand.
    pub(crate) fn add(&mut self, text: &str) {
        match &mut self.all {
            All::Sqlite(all, _) => {
                all.push_str(text);
                all.push(';');
            }
            All::Postgres(all, values) => all.push(rows::numbered_from(1 + values.len(), text)),
        }
    }

    /// As [`Self::add`]; the rows that it changes are counted.
    pub(crate) fn add_counted(&mut self, text: &str) {
        self.add(text);
        match &mut self.all {
            All::Sqlite(all, _) => all.push_str("SELECT changes();"),
            All::Postgres(all, _) => {
                if let Some(last) = all.last_mut() {
                    last.push_str(" RETURNING 1");
                }
                self.counted.push(all.len() - 1);
            }
        }
    }

    /// Adds a query for rows of `table`, which nobody else may change before the transaction ends; they are counted.
    pub(crate) fn add_lock(&mut self, text: &str, table: &str) {
        match &mut self.all {
            // Who writes to SQLite is alone.
            All::Sqlite(all, _) => {
                all.push_str("SELECT COUNT(*) FROM (");
                all.push_str(text);
                all.push_str(");");
            }
            All::Postgres(all, values) => {
                let text = format!("{text} FOR NO KEY UPDATE OF {table}");
                self.counted.push(all.len());
                all.push(rows::numbered_from(1 + values.len(), &text));
            }
        }
    }

    /// Binds the next value of the statement that was added last.
    pub(crate) fn bind<'q, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>,
    {
        let bound = match &mut self.all {
            All::Sqlite(_, values) => values.add(value),
            All::Postgres(_, values) => values.add(value),
        };
        self.unbound = self.unbound.take().or(bound.err());
        self
    }

    /// Executes all of them. No row may be changed by two of them: on `PostgreSQL` neither would see what the other did.
    pub(crate) async fn execute(self, tx: &mut Tx) -> Result<()> {
        match (self.bound()?, tx) {
            (All::Sqlite(text, values), Tx::Sqlite(tx)) if !text.is_empty() => {
                sqlx::query_with(built(text), values).execute(&mut **tx).await?;
            }
            (All::Postgres(all, values), Tx::Postgres(tx)) if !all.is_empty() => {
                sqlx::query_with(built(parts(&all) + " SELECT 1"), values).execute(&mut **tx).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// As [`Self::execute`]; answers how many rows the counted ones have changed.
    pub(crate) async fn count(self, tx: &mut Tx) -> Result<u64> {
        let counted: Vec<_> = self.counted.iter().map(|it| format!("(SELECT COUNT(*) FROM part_{it})")).collect();
        let counts: Vec<(i64,)> = match (self.bound()?, tx) {
            (All::Sqlite(text, values), Tx::Sqlite(tx)) if !text.is_empty() => {
                sqlx::query_as_with(built(text), values).fetch_all(&mut **tx).await?
            }
            (All::Postgres(all, values), Tx::Postgres(tx)) if !all.is_empty() => {
                let text = format!("{} SELECT {}", parts(&all), counted.join(" + "));
                sqlx::query_as_with(built(text), values).fetch_all(&mut **tx).await?
            }
            _ => Vec::new(),
        };
        Ok(counts.into_iter().map(|(count,)| count.unsigned_abs()).sum())
    }

    fn bound(self) -> Result<All> {
        match self.unbound {
            Some(error) => Err(Error::Database(sqlx::Error::Encode(error))),
            None => Ok(self.all),
        }
    }
}

/// Statements as parts of one.
fn parts(all: &[String]) -> String {
    let parts = all.iter().enumerate().map(|(number, text)| format!("part_{number} AS ({text})"));
    format!("WITH {}", parts.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use domain::{Timestamp, WorkspaceId, authorization::Role};
    use rstest::rstest;

    use super::*;
    use crate::{
        columns::raw,
        emails,
        testing::{Backend, database, id, member},
    };

    #[rstest]
    #[tokio::test]
    async fn each_statement_gets_its_own_values_and_all_are_executed(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let owner = member(&mut tx, 1, 2, Role::Member).await.user_id;
        let workspace = WorkspaceId(id(1));
        let email = emails::Email::draft(workspace, domain::EmailId(id(3)), owner, Timestamp(1));
        emails::insert(&mut tx, &email).await.unwrap();
        Statements::on(&tx).execute(&mut tx).await.unwrap();

        let mut both = Statements::on(&tx);
        both.add("UPDATE emails SET subject = ? WHERE workspace_id = ?");
        both.bind("Hello").bind(raw(workspace));
        both.add("UPDATE workspaces SET name = ? WHERE id = ?");
        both.bind("Acme").bind(raw(workspace));
        both.execute(&mut tx).await.unwrap();
        assert_eq!(emails::find(&mut tx, workspace, email.id).await.unwrap().subject, "Hello");
        assert_eq!(crate::workspaces::find(&mut tx, workspace).await.unwrap().name, "Acme");

        assert_eq!(Statements::on(&tx).count(&mut tx).await.unwrap(), 0);
        let mut some = Statements::on(&tx);
        some.add_counted("UPDATE emails SET snippet = ? WHERE workspace_id = ?");
        some.bind("Hi").bind(raw(workspace));
        some.add("UPDATE workspaces SET name = ? WHERE id = ?");
        some.bind("Brisamar").bind(raw(workspace));
        some.add_counted("UPDATE users SET name = ? WHERE id = ?");
        some.bind("Ada").bind(raw(owner));
        some.add_counted("UPDATE members SET role = ? WHERE workspace_id = ?");
        some.bind("admin").bind(raw(owner));
        assert_eq!(some.count(&mut tx).await.unwrap(), 2);
        assert_eq!(crate::workspaces::find(&mut tx, workspace).await.unwrap().name, "Brisamar");

        let mut wrong = Statements::on(&tx);
        wrong.add("UPDATE emails SET subject = ?");
        wrong.bind("Bye");
        wrong.add("UPDATE nothing SET nobody = ?");
        wrong.bind("Bye");
        assert!(matches!(wrong.execute(&mut tx).await, Err(Error::Database(_))));
    }
}
