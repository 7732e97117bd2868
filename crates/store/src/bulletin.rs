//! Short messages between the nodes of one `PostgreSQL`: `NOTIFY` and `LISTEN`. `SQLite` has one node, which hears itself.

use sqlx::postgres::{PgListener, PgPoolOptions};

use crate::{Db, Result};

/// The longest message, in bytes: `PostgreSQL` takes less than 8,000.
pub const LONGEST: usize = 7_999;

/// What the messages are called in the database.
const NAME: &str = "quarterdeck";

/// Hands messages to every node that listens; on `SQLite` to nobody. Messages longer than [`LONGEST`] are refused.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn post(db: &Db, messages: &[String]) -> Result<()> {
    if let Db::Postgres { write: pool, .. } = db {
        sqlx::query("SELECT pg_notify($1, message) FROM UNNEST($2::text[]) AS message")
            .bind(NAME)
            .bind(messages)
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// Hears what nodes post from now on, until its connection is lost.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// Begins to listen, on a connection of its own; `None` on `SQLite`.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn open(db: &Db) -> Result<Option<Self>> {
        let Db::Postgres { read: pool, .. } = db else { return Ok(None) };
        let own = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let own = own.connect_with(pool.connect_options().as_ref().clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.eager_reconnect(false);
        listener.listen(NAME).await?;
        Ok(Some(Self(listener)))
    }

    /// The next message; `None` when the connection is lost, and with it maybe messages.
    pub async fn next(&mut self) -> Option<String> {
        match self.0.try_recv().await {
            Ok(message) => message.map(|message| message.payload().to_owned()),
            Err(error) => {
                tracing::debug!(%error, "the connection that listens is lost");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database};

    #[rstest]
    #[tokio::test]
    async fn nodes_of_a_postgresql_hear_what_one_of_them_posts_and_a_sqlite_has_one_node(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let listener = Listener::open(&db).await.unwrap();
        let messages = ["first".to_owned(), "x".repeat(LONGEST)];
        post(&db, &messages).await.unwrap();
        assert_eq!(listener.is_some(), matches!(backend, Backend::Postgres));
        if let Some(mut listener) = listener {
            assert_eq!(listener.next().await.as_ref(), Some(&messages[0]));
            assert_eq!(listener.next().await.as_ref(), Some(&messages[1]));
            assert!(post(&db, &["x".repeat(LONGEST + 1)]).await.is_err());
        }
    }
}
