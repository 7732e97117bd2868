//! By which ids our messages are known, beside our own, which begin with a mark that names the sending: those that servers
//! gave them instead.

use std::collections::HashMap;

use domain::{EmailId, WorkspaceId};
use sea_query::{Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
};

/// One sending of an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// The email.
    pub email_id: EmailId,
    /// Which sending of it.
    pub send_number: u32,
}
from_row!(Sending { email_id, send_number });

struct Given {
    message_id: String,
    sending: Sending,
}
from_row!(Given { ..sending: Sending, message_id });

/// Keeps an id that a server gave to a message of ours; one that is known stays as it is.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, message_id: &str, sending: Sending) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO sent_ids (workspace_id, message_id, email_id, send_number)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, message_id) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(message_id)
        .bind(raw(sending.email_id))
        .bind(raw(sending.send_number))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Which of `ids` servers gave to messages of ours, and to which.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, ids: &[&str]) -> Result<HashMap<String, Sending>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut select = Query::select();
    select
        .columns(["message_id", "email_id", "send_number"])
        .from("sent_ids")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("message_id").is_in(ids.iter().copied()));
    let given: Vec<Given> = fetch_built!(tx, select)?;
    Ok(given.into_iter().map(|it| (it.message_id, it.sending)).collect())
}

/// Whether this sending has been begun: its message is kept.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn was_sent(tx: &mut Tx, workspace: WorkspaceId, sending: Sending) -> Result<bool> {
    let found: Option<(i64,)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT send_number FROM sent_messages WHERE workspace_id = $1 AND email_id = $2 AND send_number = $3
    "))
        .bind(raw(workspace))
        .bind(raw(sending.email_id))
        .bind(raw(sending.send_number))
        .fetch_optional(c).await)?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use domain::{Timestamp, UserId, authorization::Role};
    use rstest::rstest;

    use super::*;
    use crate::{
        bodies::{Difference, Sent, keep_sent},
        emails::{self, Email},
        testing::{Backend, database, id, member},
    };

    #[rstest]
    #[tokio::test]
    async fn the_first_id_that_a_server_gave_stays_and_what_began_is_known(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let workspace = member(&mut tx, 1, 2, Role::Member).await.workspace_id;
        let email = Email::draft(workspace, EmailId(id(10)), UserId(id(2)), Timestamp(1));
        emails::insert(&mut tx, &email).await.unwrap();
        let sent = Sent {
            email_id: email.id,
            send_number: 2,
            message_id: "ours@x.example".into(),
            subject: String::new(),
            html: Difference::default(),
            from_name: String::new(),
            from_address: "a@x.example".into(),
            at: Timestamp(1),
        };
        keep_sent(&mut tx, workspace, &[&sent]).await.unwrap();
        let second = Sending { email_id: email.id, send_number: 2 };
        let third = Sending { send_number: 3, ..second };
        keep(&mut tx, workspace, "given", third).await.unwrap();
        keep(&mut tx, workspace, "given", second).await.unwrap();
        let found = find(&mut tx, workspace, &["else", "given", "ours@x.example"]).await.unwrap();
        assert_eq!(found, [("given".to_owned(), third)].into());
        assert_eq!(find(&mut tx, workspace, &[]).await.unwrap(), [].into());
        assert_eq!(find(&mut tx, WorkspaceId(id(9)), &["given"]).await.unwrap(), [].into());
        assert!(was_sent(&mut tx, workspace, second).await.unwrap());
        assert!(!was_sent(&mut tx, workspace, third).await.unwrap());
    }
}
