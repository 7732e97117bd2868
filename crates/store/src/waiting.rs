//! The emails that wait for a channel, as a forecast and the workers read them.

use domain::{ChannelId, EmailId, Timestamp, UserId, WorkspaceId, forecast::Waiting, turns::Lane};
use sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, raw},
    emails,
};

/// The copies of an email that are still to go.
const COPIES: &str = "(SELECT COUNT(*) FROM recipients r
    WHERE r.workspace_id = emails.workspace_id AND r.email_id = emails.id
        AND r.kind <> 'to' AND r.outcome IN ('waiting', 'deferred'))";

struct Row {
    id: EmailId,
    owner_id: UserId,
    bulk: bool,
    next_at: Timestamp,
    to_domain: Option<String>,
    copies: u32,
}
from_row!(Row { id, owner_id, bulk, next_at, to_domain, copies });

impl From<Row> for Waiting {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            lane: Lane { owner: row.owner_id, bulk: row.bulk },
            next_at: row.next_at,
            domain: row.to_domain.unwrap_or_default(),
            recipients: row.copies.saturating_add(1),
        }
    }
}

/// Every email that waits for a channel, in no order. `with_domains` says whether anybody will read their domains: without
/// them no email is looked up beside its index.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId, with_domains: bool) -> Result<Vec<Waiting>> {
    let domain = if with_domains { Expr::col("to_domain") } else { Expr::cust("NULL") };
    let mut select = waiting(workspace, channel, domain);
    select.and_where(Expr::col("next_at").is_not_null());
    read(tx, &select).await
}

/// The first `each` due emails of every one of `lanes`, from the one that is called its first, without those to the domains
/// `full`: however many wait, no more are in memory.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn due(
    tx: &mut Tx,
    workspace: WorkspaceId,
    lanes: &[emails::Waiting],
    now: Timestamp,
    full: impl Iterator<Item = &str> + Clone,
    each: u64,
) -> Result<Vec<Waiting>> {
    let domain = || Expr::expr(Func::coalesce([Expr::col("to_domain"), Expr::val("")]));
    let mut due = Vec::new();
    for lane in lanes {
        let mut select = waiting(workspace, lane.channel_id, Expr::col("to_domain"));
        select
            .and_where(Expr::col("owner_id").eq(raw(lane.owner_id)))
            .and_where(Expr::col("bulk").eq(lane.bulk))
            .and_where(Expr::col("next_at").lte(raw(now)))
            .and_where(lane.first_or_later())
            .and_where(domain().is_not_in(full.clone()))
            .order_by("next_at", Order::Asc)
            .order_by("id", Order::Asc)
            .limit(each);
        due.extend(read(tx, &select).await?);
    }
    Ok(due)
}

fn waiting(workspace: WorkspaceId, channel: ChannelId, domain: Expr) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "owner_id", "bulk", "next_at"])
        .expr_as(domain, "to_domain")
        .expr_as(Expr::cust(COPIES), "copies")
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("channel_id").eq(raw(channel)))
        // Written out, because the index of the lanes is for what is scheduled only.
        .and_where(Expr::col("status").eq(Expr::cust("'scheduled'")));
    select
}

async fn read(tx: &mut Tx, select: &SelectStatement) -> Result<Vec<Waiting>> {
    let rows: Vec<Row> = fetch_built!(tx, select)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channels, emails,
        emails::Email,
        recipients::{self, Recipient},
        testing::{Backend, channel, database, id, member},
    };
    use domain::{
        RecipientId, Status,
        authorization::Role,
        ledger::{Outcome, RecipientKind},
    };
    use rstest::rstest;

    const WORKSPACE: WorkspaceId = WorkspaceId(id(1));

    fn recipient(n: u128, email: EmailId, kind: RecipientKind, outcome: Outcome) -> Recipient {
        Recipient {
            id: RecipientId(id(n)),
            email_id: email,
            kind,
            name: String::new(),
            address: "kim@far.example".into(),
            outcome,
            send_number: 1,
            channel_id: None,
            attempted_at: None,
            settled_at: None,
            reply: None,
        }
    }

    #[rstest]
    #[tokio::test]
    async fn what_waits_for_a_channel_is_listed_with_what_it_costs(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 1, Role::Member).await;
        for n in [7, 8] {
            channels::insert(&mut tx, &channel(1, n, None)).await.unwrap();
        }
        for (n, channel_n, status) in [(1, 7, Status::Scheduled), (2, 7, Status::Draft), (3, 8, Status::Scheduled)] {
            let mut email = Email::draft(WORKSPACE, EmailId(id(n)), UserId(id(1)), Timestamp(5));
            email.to_address = Some("Kim@Far.example".into());
            email.bulk = n == 1;
            emails::insert(&mut tx, &email).await.unwrap();
            email.channel_id = Some(ChannelId(id(channel_n)));
            email.status = status;
            email.next_at = Some(Timestamp(9));
            emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
        }
        let email = EmailId(id(1));
        for (n, kind, outcome) in [
            (21, RecipientKind::To, Outcome::Waiting),
            (22, RecipientKind::Cc, Outcome::Waiting),
            (23, RecipientKind::Bcc, Outcome::Deferred),
            (24, RecipientKind::Cc, Outcome::Accepted),
        ] {
            recipients::insert(&mut tx, WORKSPACE, &recipient(n, email, kind, outcome)).await.unwrap();
        }
        let mut expected = Waiting {
            id: email,
            lane: Lane { owner: UserId(id(1)), bulk: true },
            next_at: Timestamp(9),
            domain: "far.example".into(),
            recipients: 3,
        };
        assert_eq!(list(&mut tx, WORKSPACE, ChannelId(id(7)), true).await.unwrap(), [expected.clone()]);
        expected.domain = String::new();
        assert_eq!(list(&mut tx, WORKSPACE, ChannelId(id(7)), false).await.unwrap(), [expected]);
        assert_eq!(list(&mut tx, WORKSPACE, ChannelId(id(9)), true).await.unwrap(), []);
    }

    #[rstest]
    #[tokio::test]
    async fn the_first_due_emails_of_each_lane_are_found_behind_those_to_full_domains(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        for user in [1, 2] {
            member(&mut tx, 1, user, Role::Member).await;
        }
        for n in [7, 8] {
            channels::insert(&mut tx, &channel(1, n, None)).await.unwrap();
        }
        let mail = [
            (1, 1, 7, "far.example", 1),
            (2, 1, 7, "far.example", 2),
            (3, 1, 7, "near.example", 3),
            (4, 1, 7, "far.example", 4),
            (5, 1, 7, "near.example", 5),
            (6, 1, 7, "near.example", 50),
            (7, 2, 7, "far.example", 6),
            (8, 1, 8, "near.example", 1),
        ];
        for (n, owner, channel, to, next_at) in mail {
            let mut email = Email::draft(WORKSPACE, EmailId(id(n)), UserId(id(owner)), Timestamp(0));
            email.to_address = Some(format!("kim@{to}"));
            emails::insert(&mut tx, &email).await.unwrap();
            email.channel_id = Some(ChannelId(id(channel)));
            email.status = Status::Scheduled;
            email.next_at = Some(Timestamp(next_at));
            emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
        }
        let crowd = recipient(21, EmailId(id(3)), RecipientKind::Cc, Outcome::Waiting);
        recipients::insert(&mut tx, WORKSPACE, &crowd).await.unwrap();
        let mut lanes = emails::lanes(&mut tx, WORKSPACE).await.unwrap();
        lanes.retain(|lane| lane.channel_id == ChannelId(id(7)));
        let mut found = async |full: &[&str], each| {
            let due = due(&mut tx, WORKSPACE, &lanes, Timestamp(10), full.iter().copied(), each).await.unwrap();
            due.into_iter().map(|it| (it.id.0.as_u128(), it.recipients)).collect::<Vec<_>>()
        };
        assert_eq!(found(&[], 9).await, [(1, 1), (2, 1), (3, 2), (4, 1), (5, 1), (7, 1)]);
        assert_eq!(found(&[], 2).await, [(1, 1), (2, 1), (7, 1)]);
        assert_eq!(found(&["far.example"], 9).await, [(3, 2), (5, 1)]);
        assert_eq!(found(&["far.example", "near.example"], 9).await, []);
        lanes[0].next_at = Timestamp(4);
        let due = due(&mut tx, WORKSPACE, &lanes[..1], Timestamp(10), [].into_iter(), 1).await.unwrap();
        assert_eq!(due.iter().map(|it| it.id).collect::<Vec<_>>(), [EmailId(id(4))]);
    }
}
