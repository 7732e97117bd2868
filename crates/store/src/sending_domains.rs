//! Which addresses mail is sent from, and through which channel.

use domain::{ChannelId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// An address that mail is sent from, and the channel that it leaves by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The channel.
    pub channel_id: ChannelId,
    /// What people call it.
    pub channel_name: String,
    /// The address.
    pub address: String,
}
from_row!(Sender { channel_id, channel_name, address });

/// The addresses of all identities in the workspace, by channel.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Sender>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT DISTINCT c.id AS channel_id, c.name AS channel_name, LOWER(i.address) AS address
        FROM identities i
        JOIN channels c ON c.workspace_id = i.workspace_id AND c.id = i.channel_id
        WHERE i.workspace_id = $1 AND i.deleted_at IS NULL AND c.deleted_at IS NULL
        ORDER BY 2, 1, 3
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

#[cfg(test)]
mod tests {
    use domain::{IdentityId, Timestamp, authorization::Role};
    use rstest::rstest;

    use super::*;
    use crate::{
        channels, identities,
        testing::{Backend, channel, database, id, member},
    };

    #[rstest]
    #[tokio::test]
    async fn an_address_is_listed_with_its_channel_once(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let member = member(&mut tx, 1, 2, Role::Admin).await;
        channels::insert(&mut tx, &channel(1, 7, None)).await.unwrap();
        for (n, address) in [(21, "Ada@shop.example"), (22, "ada@shop.example"), (23, "bo@shop.example")] {
            let identity = identities::Identity {
                workspace_id: member.workspace_id,
                id: IdentityId(id(n)),
                version: 1,
                user_id: member.user_id,
                name: "Ada".into(),
                address: address.into(),
                signature_html: String::new(),
                channel_id: Some(ChannelId(id(7))),
                mailbox_id: None,
                is_default: false,
                verified_at: None,
                verification_hash: None,
                verification_sent_at: None,
                verification_expires_at: None,
                verification_problem: None,
                created_at: Timestamp(1),
                deleted_at: None,
            };
            identities::insert(&mut tx, &identity).await.unwrap();
        }
        let sender = |address: &str| Sender {
            channel_id: ChannelId(id(7)),
            channel_name: "Channel 7".into(),
            address: address.into(),
        };
        let expected = [sender("ada@shop.example"), sender("bo@shop.example")];
        assert_eq!(list(&mut tx, member.workspace_id).await.unwrap(), expected);
    }
}
