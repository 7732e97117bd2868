//! What a workspace has registered at Google and Microsoft, so that people can consent in place of giving a password.

use domain::{WorkspaceId, channel::Security, provider::MailboxProvider};

use crate::{
    Error, Result, Tx,
    columns::{from_row, on, raw, sql},
};

/// A registration at a provider; what is `None` is as the provider publishes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The provider.
    pub provider: MailboxProvider,
    /// The application's id at the provider.
    pub client_id: String,
    /// Its secret, sealed.
    pub secret: Option<Vec<u8>>,
    /// Where people are asked for their consent.
    pub authorization_url: Option<String>,
    /// Where codes and refresh tokens become access tokens.
    pub token_url: Option<String>,
    /// What is asked for, separated by spaces.
    pub scopes: Option<String>,
    /// The IMAP server.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// How the conversation with it is protected.
    pub security: Option<Security>,
}
from_row!(Registration {
    workspace_id,
    provider,
    client_id,
    secret,
    authorization_url,
    token_url,
    scopes,
    host,
    port,
    security,
});

/// Every registration of a workspace.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Registration>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM providers WHERE workspace_id = $1 ORDER BY provider"))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// The registration at a provider.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, provider: MailboxProvider) -> Result<Registration> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM providers WHERE workspace_id = $1 AND provider = $2"))
        .bind(raw(workspace))
        .bind(raw(provider))
        .fetch_one(c).await)?)
}

/// Saves a registration, new or changed.
///
/// # Errors
/// [`Error::Database`].
pub async fn save(tx: &mut Tx, registration: &Registration) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO providers (
            workspace_id, provider, client_id, secret, authorization_url, token_url, scopes, host, port, security
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (workspace_id, provider) DO UPDATE
        SET client_id = excluded.client_id, secret = excluded.secret,
            authorization_url = excluded.authorization_url, token_url = excluded.token_url, scopes = excluded.scopes,
            host = excluded.host, port = excluded.port, security = excluded.security
    "))
        .bind(raw(registration.workspace_id))
        .bind(raw(registration.provider))
        .bind(&registration.client_id)
        .bind(&registration.secret)
        .bind(&registration.authorization_url)
        .bind(&registration.token_url)
        .bind(&registration.scopes)
        .bind(&registration.host)
        .bind(raw(registration.port))
        .bind(raw(registration.security))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Deletes a registration.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, provider: MailboxProvider) -> Result<()> {
    let deleted = on!(tx, c => sqlx::query(sql!("DELETE FROM providers WHERE workspace_id = $1 AND provider = $2"))
        .bind(raw(workspace))
        .bind(raw(provider))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if deleted == 0 { Err(Error::NotFound) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database, id, mailbox_of_ada};

    #[rstest]
    #[tokio::test]
    async fn a_registration_is_kept_changed_and_deleted(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let workspace = mailbox_of_ada(&mut tx).await.workspace_id;
        let registration = Registration {
            workspace_id: workspace,
            provider: MailboxProvider::Google,
            client_id: "desk".into(),
            secret: Some(vec![1]),
            authorization_url: None,
            token_url: None,
            scopes: None,
            host: None,
            port: None,
            security: None,
        };
        save(&mut tx, &registration).await.unwrap();
        assert_eq!(find(&mut tx, workspace, MailboxProvider::Google).await.unwrap(), registration);
        let changed = Registration {
            host: Some("imap.example.us".into()),
            port: Some(143),
            security: Some(Security::StartTls),
            ..registration
        };
        save(&mut tx, &changed).await.unwrap();
        assert_eq!(list(&mut tx, workspace).await.unwrap(), [changed]);
        assert_eq!(list(&mut tx, WorkspaceId(id(9))).await.unwrap(), []);
        delete(&mut tx, workspace, MailboxProvider::Google).await.unwrap();
        assert!(matches!(find(&mut tx, workspace, MailboxProvider::Google).await, Err(Error::NotFound)));
        assert!(matches!(delete(&mut tx, workspace, MailboxProvider::Google).await, Err(Error::NotFound)));
    }
}
