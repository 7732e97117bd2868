//! The lists of the Command Center: one folder of one user, by keyset.

use domain::{EmailId, Status, UserId, WorkspaceId};
use sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_query_sqlx::SqlxBinder;

use super::Email;
use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, raw},
};

/// An email with the names a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The email.
    pub email: Email,
    /// The person's first name.
    pub person_first_name: Option<String>,
    /// The person's last name.
    pub person_last_name: Option<String>,
    /// The person's company.
    pub person_company: Option<String>,
    /// The person's job title.
    pub person_title: Option<String>,
    /// The person's phone.
    pub person_phone: Option<String>,
    /// The person's profile.
    pub person_linkedin_url: Option<String>,
    /// The person's time zone.
    pub person_time_zone: Option<String>,
    /// The identity's name.
    pub identity_name: Option<String>,
    /// The identity's address.
    pub identity_address: Option<String>,
    /// The channel's name.
    pub channel_name: Option<String>,
    /// Why the channel is paused, if it is.
    pub channel_paused_reason: Option<domain::reasons::PauseReason>,
}
from_row!(Listed {
    ..email: Email,
    person_first_name, person_last_name, person_company, person_title, person_phone, person_linkedin_url, person_time_zone,
    identity_name, identity_address, channel_name, channel_paused_reason,
});

/// What a list is ordered by. Each has an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The last human event.
    Activity,
    /// When it was sent.
    Sent,
    /// When it was first saved.
    Created,
    /// When it was last changed.
    Updated,
    /// When it goes out.
    Due,
    /// When it became undelivered.
    Failed,
}

impl Sort {
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Activity => "last_activity_at",
            Self::Sent => "sent_at",
            Self::Created => "created_at",
            Self::Updated => "updated_at",
            Self::Due => "next_at",
            Self::Failed => "failed_at",
        }
    }

    /// The value of `email` this sorts by.
    pub fn key(self, email: &Email) -> i64 {
        let moment = match self {
            Self::Activity => Some(email.last_activity_at),
            Self::Sent => email.sent_at,
            Self::Created => Some(email.created_at),
            Self::Updated => Some(email.updated_at),
            Self::Due => email.next_at,
            Self::Failed => email.failed_at,
        };
        moment.map_or(0, raw)
    }
}

/// One page of a folder of `owner`, after the row with the key `after`, at most `limit` rows. Rows without the value that
/// is sorted by are not listed; no folder has such rows for the sorts it offers.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
    status: Status,
    (sort, order): (Sort, Order),
    after: Option<(i64, EmailId)>,
    limit: u64,
) -> Result<Vec<Listed>> {
    let mut select = rows();
    let key = Expr::col(("e", sort.column()));
    select
        .and_where(Expr::col(("e", "workspace_id")).eq(raw(workspace)))
        .and_where(Expr::col(("e", "owner_id")).eq(raw(owner)))
        // Written out, because the order of a folder is in an index for that folder only.
        .and_where(Expr::col(("e", "status")).eq(Expr::cust(format!("'{status}'"))))
        .order_by(("e", sort.column()), order.clone())
        .order_by(("e", "id"), order.clone())
        .limit(limit);
    if status != Status::InProgress {
        // Two indexes leave out what is in progress.
        select.and_where(Expr::col(("e", "status")).ne(Expr::cust("'in_progress'")));
    }
    match after {
        Some((value, id)) => {
            let here = Expr::tuple([key, Expr::col(("e", "id"))]);
            let there = Expr::tuple([Expr::value(value), Expr::value(raw(id))]);
            select.and_where(if order == Order::Desc { here.lt(there) } else { here.gt(there) });
        }
        None => {
            select.and_where(key.is_not_null());
        }
    }
    Ok(fetch_built!(tx, select)?)
}

/// One email with the names a row shows.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find_listed(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<Listed> {
    let mut select = rows();
    select.and_where(Expr::col(("e", "workspace_id")).eq(raw(workspace))).and_where(Expr::col(("e", "id")).eq(raw(id)));
    let mut found: Vec<Listed> = fetch_built!(tx, select)?;
    found.pop().ok_or(crate::Error::NotFound)
}

/// Some emails with the names a row shows, in no particular order.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_listed_each(tx: &mut Tx, workspace: WorkspaceId, ids: &[EmailId]) -> Result<Vec<Listed>> {
    let mut select = rows();
    select
        .and_where(Expr::col(("e", "workspace_id")).eq(raw(workspace)))
        .and_where(Expr::col(("e", "id")).is_in(ids.iter().map(|id| raw(*id))));
    Ok(fetch_built!(tx, select)?)
}

fn rows() -> SelectStatement {
    let joined = |table: &'static str, column: &'static str| {
        Expr::col((table, "workspace_id"))
            .equals(("e", "workspace_id"))
            .and(Expr::col((table, "id")).equals(("e", column)))
    };
    let mut select = Query::select();
    select.column(("e", sea_query::Asterisk)).from_as("emails", "e");
    for (table, column, name) in [
        ("p", "first_name", "person_first_name"),
        ("p", "last_name", "person_last_name"),
        ("p", "company", "person_company"),
        ("p", "title", "person_title"),
        ("p", "phone", "person_phone"),
        ("p", "linkedin_url", "person_linkedin_url"),
        ("p", "time_zone", "person_time_zone"),
        ("i", "name", "identity_name"),
        ("i", "address", "identity_address"),
        ("c", "name", "channel_name"),
        ("c", "paused_reason", "channel_paused_reason"),
    ] {
        select.expr_as(Expr::col((table, column)), Alias::new(name));
    }
    select
        .join_as(sea_query::JoinType::LeftJoin, "people", "p", joined("p", "person_id"))
        .join_as(sea_query::JoinType::LeftJoin, "identities", "i", joined("i", "identity_id"))
        .join_as(sea_query::JoinType::LeftJoin, "channels", "c", joined("c", "channel_id"));
    select
}
