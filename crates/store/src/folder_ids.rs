//! The ids of a folder, for acting on all of it: no rows are read, only the index of its order.

use domain::{EmailId, Status, UserId, WorkspaceId};
use sea_query::{Expr, ExprTrait, Order, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{fetch_built, raw},
    emails::Sort,
};

/// The first `limit` emails of a folder of `owner`, each behind the value it is sorted by.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
    status: Status,
    (sort, order): (Sort, Order),
    limit: u64,
) -> Result<Vec<(i64, EmailId)>> {
    let mut select = Query::select();
    select
        .columns([sort.column(), "id"])
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("owner_id").eq(raw(owner)))
        // Written out, because the order of a folder is in an index for that folder only.
        .and_where(Expr::col("status").eq(Expr::cust(format!("'{status}'"))))
        .and_where(Expr::col(sort.column()).is_not_null())
        .order_by(sort.column(), order.clone())
        .order_by("id", order)
        .limit(limit);
    if status != Status::InProgress {
        // Two indexes leave out what is in progress.
        select.and_where(Expr::col("status").ne(Expr::cust("'in_progress'")));
    }
    let found: Vec<(i64, uuid::Uuid)> = fetch_built!(tx, select)?;
    Ok(found.into_iter().map(|(key, id)| (key, EmailId(id))).collect())
}

#[cfg(test)]
mod tests {
    use domain::{Timestamp, authorization::Role};
    use rstest::rstest;

    use super::*;
    use crate::{
        emails::{self, Email},
        testing::{Backend, database, id, member},
    };

    const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
    const OWNER: UserId = UserId(id(2));

    #[rstest]
    #[tokio::test]
    async fn the_ids_of_a_folder_come_in_the_order_of_its_list_and_are_its_owners(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
        #[values(Order::Asc, Order::Desc)] order: Order,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 2, Role::Member).await;
        member(&mut tx, 1, 3, Role::Member).await;
        for (n, owner, status) in [
            (10, OWNER, Status::Draft),
            (11, OWNER, Status::Draft),
            (12, OWNER, Status::Draft),
            (13, OWNER, Status::Failed),
            (14, UserId(id(3)), Status::Draft),
        ] {
            let mut email = Email::draft(WORKSPACE, EmailId(id(n)), owner, Timestamp(7));
            emails::insert(&mut tx, &email).await.unwrap();
            email.status = status;
            emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
        }
        let sorted = (Sort::Updated, order.clone());
        let ids = list(&mut tx, WORKSPACE, OWNER, Status::Draft, sorted, 2).await.unwrap();
        let listed = emails::list(&mut tx, WORKSPACE, OWNER, Status::Draft, (Sort::Updated, order), None, 2).await;
        let rows: Vec<_> = listed.unwrap().iter().map(|row| (Sort::Updated.key(&row.email), row.email.id)).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids, rows);
    }
}
