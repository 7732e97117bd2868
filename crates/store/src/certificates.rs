//! Certificates of the hosts that this server answers for, and what orders of them need. They belong to hosts, not to
//! workspaces.

use domain::Timestamp;

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A certificate, or the state of ordering one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The host.
    pub host: String,
    /// The certificate with its chain, PEM; `None` as long as there is none.
    pub chain: Option<String>,
    /// The private key, sealed.
    pub secret: Option<Vec<u8>>,
    /// Until when it is good.
    pub expires_at: Option<Timestamp>,
    /// When it is to be renewed.
    pub renew_at: Option<Timestamp>,
    /// Until when a node is ordering one.
    pub ordered_until: Option<Timestamp>,
    /// Before which no other is ordered, because the last order failed.
    pub retry_at: Option<Timestamp>,
    /// How many orders failed in a row.
    pub failures: u32,
    /// Why the last one did.
    pub problem_text: Option<String>,
}
from_row!(Certificate { host, chain, secret, expires_at, renew_at, ordered_until, retry_at, failures, problem_text });

/// What is known of a host's certificate.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, host: &str) -> Result<Option<Certificate>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM certificates WHERE host = $1"))
        .bind(host)
        .fetch_optional(c).await)?)
}

/// Says that a node orders a certificate for `host` until `until`; no when another one does.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn claim(tx: &mut Tx, host: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
    let claimed = on!(tx, c => sqlx::query(sql!("
        INSERT INTO certificates (host, ordered_until, failures) VALUES ($1, $2, 0)
        ON CONFLICT (host) DO UPDATE
        SET ordered_until = excluded.ordered_until
        WHERE certificates.ordered_until IS NULL OR certificates.ordered_until <= $3
    "))
        .bind(host)
        .bind(raw(until))
        .bind(raw(now))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(claimed > 0)
}

/// Keeps a certificate that was issued.
///
/// # Errors
/// [`crate::Error::NotFound`] when nobody claimed the order.
pub async fn keep(
    tx: &mut Tx,
    host: &str,
    chain: &str,
    secret: &[u8],
    expires_at: Timestamp,
    renew_at: Timestamp,
) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE certificates
        SET chain = $2, secret = $3, expires_at = $4, renew_at = $5, ordered_until = NULL, retry_at = NULL, failures = 0,
            problem_text = NULL
        WHERE host = $1
    "))
        .bind(host)
        .bind(chain)
        .bind(secret)
        .bind(raw(expires_at))
        .bind(raw(renew_at))
        .execute(c).await)
}

/// Keeps why an order failed; the certificate before it stays.
///
/// # Errors
/// [`crate::Error::NotFound`] when nobody claimed the order.
pub async fn fail(tx: &mut Tx, host: &str, retry_at: Timestamp, problem: &str) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE certificates
        SET ordered_until = NULL, retry_at = $2, failures = failures + 1, problem_text = $3
        WHERE host = $1
    "))
        .bind(host)
        .bind(raw(retry_at))
        .bind(problem)
        .execute(c).await)
}

/// Keeps what the authority will ask `host` for.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn put_challenge(tx: &mut Tx, host: &str, digest: &[u8], now: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO acme_challenges (host, digest, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (host) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at
    "))
        .bind(host)
        .bind(digest)
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What the authority asks `host` for, while an order runs.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_challenge(tx: &mut Tx, host: &str) -> Result<Option<Vec<u8>>> {
    let found: Option<(Vec<u8>,)> = on!(tx, c => sqlx::query_as(sql!("SELECT digest FROM acme_challenges WHERE host = $1"))
            .bind(host)
            .fetch_optional(c).await)?;
    Ok(found.map(|(digest,)| digest))
}

/// Forgets what the authority asked for.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete_challenge(tx: &mut Tx, host: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM acme_challenges WHERE host = $1"))
        .bind(host)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The sealed credentials of our account at an authority.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_account(tx: &mut Tx, directory_url: &str) -> Result<Option<Vec<u8>>> {
    let found: Option<(Vec<u8>,)> = on!(tx, c => sqlx::query_as(sql!("SELECT secret FROM acme_accounts WHERE directory_url = $1"))
            .bind(directory_url)
            .fetch_optional(c).await)?;
    Ok(found.map(|(secret,)| secret))
}

/// Keeps the sealed credentials of our account at an authority.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn save_account(tx: &mut Tx, directory_url: &str, secret: &[u8]) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO acme_accounts (directory_url, secret) VALUES ($1, $2)
        ON CONFLICT (directory_url) DO UPDATE SET secret = excluded.secret
    "))
        .bind(directory_url)
        .bind(secret)
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database};

    const HOST: &str = "go.shop.example";

    #[rstest]
    #[tokio::test]
    async fn one_node_orders_at_a_time_and_a_failed_order_leaves_the_old_certificate(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        assert!(claim(&mut tx, HOST, Timestamp(0), Timestamp(10)).await.unwrap());
        assert!(!claim(&mut tx, HOST, Timestamp(9), Timestamp(19)).await.unwrap());
        assert!(claim(&mut tx, HOST, Timestamp(10), Timestamp(20)).await.unwrap());
        keep(&mut tx, HOST, "PEM", &[1], Timestamp(900), Timestamp(600)).await.unwrap();
        assert!(claim(&mut tx, HOST, Timestamp(11), Timestamp(21)).await.unwrap());
        fail(&mut tx, HOST, Timestamp(50), "no").await.unwrap();
        let found = find(&mut tx, HOST).await.unwrap().unwrap();
        assert_eq!((found.chain.as_deref(), found.secret, found.failures), (Some("PEM"), Some(vec![1]), 1));
        assert_eq!((found.retry_at, found.ordered_until), (Some(Timestamp(50)), None));
        assert_eq!(find(&mut tx, "other.example").await.unwrap(), None);
    }

    #[rstest]
    #[tokio::test]
    async fn accounts_and_challenges_are_kept_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        for secret in [[1], [2]] {
            save_account(&mut tx, "https://ca.example/dir", &secret).await.unwrap();
            put_challenge(&mut tx, HOST, &secret, Timestamp(1)).await.unwrap();
        }
        assert_eq!(find_account(&mut tx, "https://ca.example/dir").await.unwrap(), Some(vec![2]));
        assert_eq!(find_challenge(&mut tx, HOST).await.unwrap(), Some(vec![2]));
        delete_challenge(&mut tx, HOST).await.unwrap();
        assert_eq!(find_challenge(&mut tx, HOST).await.unwrap(), None);
    }
}
