//! The emails that wait for a channel, as a forecast reads them.

use std::collections::HashMap;

use domain::{ChannelId, EmailId, Timestamp, UserId, WorkspaceId, forecast::Waiting, turns::Lane};
use uuid::Uuid;

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
};

/// Every email that waits for a channel, in no order. `with_domains` says whether anybody will read their domains: without
/// them the index alone answers.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, channel: ChannelId, with_domains: bool) -> Result<Vec<Waiting>> {
    let rows: Vec<(Uuid, Uuid, bool, i64, Option<String>)> = if with_domains {
        on!(tx, c => sqlx::query_as(sql!("
            SELECT id, owner_id, bulk, next_at, to_domain
            FROM emails
            WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled' AND next_at IS NOT NULL
        "))
            .bind(raw(workspace))
            .bind(raw(channel))
            .fetch_all(c).await)?
    } else {
        on!(tx, c => sqlx::query_as(sql!("
            SELECT id, owner_id, bulk, next_at, NULL
            FROM emails
            WHERE workspace_id = $1 AND channel_id = $2 AND status = 'scheduled' AND next_at IS NOT NULL
        "))
            .bind(raw(workspace))
            .bind(raw(channel))
            .fetch_all(c).await)?
    };
    let copies = if rows.is_empty() { HashMap::new() } else { copies(tx, workspace).await? };
    let waiting = rows.into_iter().map(|(id, owner, bulk, next_at, domain)| Waiting {
        id: EmailId(id),
        lane: Lane { owner: UserId(owner), bulk },
        next_at: Timestamp(next_at),
        domain: domain.unwrap_or_default(),
        recipients: 1 + copies.get(&id).copied().unwrap_or(0),
    });
    Ok(waiting.collect())
}

/// How many copies of each email of the workspace are still to go.
async fn copies(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashMap<Uuid, u32>> {
    let rows: Vec<(Uuid, i64)> = on!(tx, c => sqlx::query_as(sql!("
        SELECT email_id, COUNT(*)
        FROM recipients
        WHERE workspace_id = $1 AND kind <> 'to' AND outcome IN ('waiting', 'deferred')
        GROUP BY email_id
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(email, copies)| (email, u32::try_from(copies).unwrap_or(u32::MAX))).collect())
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
}
