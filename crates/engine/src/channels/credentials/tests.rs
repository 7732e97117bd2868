use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::{UserId, WorkspaceId};
use store::{Db, Location, workspaces::Workspace};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use uuid::Uuid;

use super::*;
use crate::{Keys, MovedClock, Random, Settings};

const START: Timestamp = Timestamp(1_760_000_000_000_000);

/// A provider's token endpoint that gives the same answer to everybody, and counts.
async fn provider(status: &'static str, answer: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !String::from_utf8_lossy(&request).contains("grant_type=refresh_token") {
                let read = stream.read_buf(&mut request).await.unwrap();
                assert_ne!(read, 0, "the request ended early");
            }
            count.fetch_add(1, Ordering::SeqCst);
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            stream.write_all((head + answer).as_bytes()).await.unwrap();
        }
    });
    (url, asked)
}

async fn engine() -> (Engine, Arc<MovedClock>) {
    let random = Random::new([7; 32]);
    let keys = Keys::generate(&random);
    let settings = Settings {
        public_url: String::new(),
        tracking_url: String::new(),
        allow_private_hosts: true,
        domains: crate::DomainSettings::default(),
    };
    let clock = Arc::new(MovedClock::new(START));
    let db = Db::open(&Location::SqliteMemory).await.unwrap();
    (Engine::new(db, clock.clone(), random, keys, settings), clock)
}

async fn channel(engine: &Engine, auth: channel::Auth, secret: Option<Vec<u8>>) -> Channel {
    let workspace = Workspace {
        id: WorkspaceId(Uuid::from_u128(1)),
        version: 1,
        name: "Northlight".into(),
        tracking: true,
        give_up_after_h: 48,
        system_channel_id: None,
        traces_days: 90,
        created_at: START,
    };
    let channel = Channel {
        workspace_id: workspace.id,
        id: domain::ChannelId(Uuid::from_u128(2)),
        version: 1,
        owner_id: Some(UserId(Uuid::from_u128(3))),
        name: "Relay".into(),
        host: "smtp.example.org".into(),
        port: 587,
        security: channel::Security::StartTls,
        auth,
        username: Some("ada".into()),
        secret,
        connections: 4,
        batch_size: None,
        batch_pause_s: None,
        per_minute: None,
        per_day: None,
        day_reset_minute: None,
        day_reset_zone: None,
        domain_rules: Vec::new(),
        size_limit: None,
        paused_reason: None,
        paused_text: None,
        paused_at: None,
        paused_until: None,
        created_at: START,
        deleted_at: None,
    };
    let mut tx = engine.db().begin().await.unwrap();
    store::workspaces::insert(&mut tx, &workspace).await.unwrap();
    store::channels::insert(&mut tx, &channel).await.unwrap();
    tx.commit().await.unwrap();
    channel
}

fn grant(token_url: &str) -> Secret {
    Secret::Oauth(OauthGrant {
        client_id: "id".into(),
        client_secret: "secret".into(),
        refresh_token: "first".into(),
        token_url: token_url.into(),
    })
}

async fn modern_channel(engine: &Engine, token_url: &str) -> Channel {
    channel(engine, channel::Auth::Xoauth2, Some(engine.seal(&grant(token_url)).unwrap())).await
}

fn token(server: std::result::Result<Server, ServerError>) -> String {
    match server.unwrap().credentials {
        Some(Credentials::AccessToken { username, token }) if username == "ada" => token,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_password_comes_back_for_the_server_as_it_was_sealed() {
    let (engine, _) = engine().await;
    let secret = engine.seal(&Secret::Password("öpen sesame".into())).unwrap();
    let channel = channel(&engine, channel::Auth::Password, Some(secret)).await;
    let server = engine.server_of(&channel).await.unwrap();
    assert_eq!((server.host.as_str(), server.port, server.security), ("smtp.example.org", 587, Security::StartTls));
    let expected = Credentials::Password { username: "ada".into(), password: "öpen sesame".into() };
    assert_eq!(server.credentials, Some(expected));
    let open = Channel { auth: channel::Auth::None, ..channel };
    assert_eq!(engine.server_of(&open).await.unwrap().credentials, None);
}

#[tokio::test]
async fn what_other_keys_sealed_has_to_be_entered_again() {
    let foreign = Keys::generate(&Random::new([9; 32])).seal(Purpose::Secrets, b"x").unwrap();
    for secret in [Some(foreign), None] {
        let (engine, _) = engine().await;
        let channel = channel(&engine, channel::Auth::Password, secret).await;
        let error = engine.server_of(&channel).await.unwrap_err();
        assert!(matches!(error, ServerError::Credentials { code: "secret_unreadable", .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_access_token_is_asked_for_once_and_again_shortly_before_it_ends() {
    let (url, asked) = provider("200 OK", r#"{"access_token":"ya29","expires_in":3600}"#).await;
    let (engine, clock) = engine().await;
    let channel = modern_channel(&engine, &url).await;
    for _ in 0..3 {
        assert_eq!(token(engine.server_of(&channel).await), "ya29");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    clock.advance(3_541 * SECOND);
    assert_eq!(token(engine.server_of(&channel).await), "ya29");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let replaced = Channel { secret: Some(engine.seal(&grant(&format!("{url}?new"))).unwrap()), ..channel };
    engine.server_of(&replaced).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 3, "a token had with another grant is not used");
}

#[tokio::test]
async fn a_refresh_token_that_the_provider_replaces_is_kept() {
    let answer = r#"{"access_token":"ya29","expires_in":3600,"refresh_token":"second"}"#;
    let (url, asked) = provider("200 OK", answer).await;
    let (engine, _) = engine().await;
    let channel = modern_channel(&engine, &url).await;
    engine.server_of(&channel).await.unwrap();
    let mut tx = engine.db().read().await.unwrap();
    let kept = store::channels::find(&mut tx, channel.workspace_id, channel.id).await.unwrap();
    drop(tx);
    assert_eq!(kept.version, channel.version);
    match engine.open_secret(&kept) {
        Ok(Secret::Oauth(grant)) => assert_eq!(grant.refresh_token, "second"),
        _ => panic!("no grant"),
    }
    engine.server_of(&kept).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the access token belongs to the kept grant");
}

#[tokio::test]
async fn a_withdrawn_consent_needs_somebody_and_a_provider_in_trouble_needs_time() {
    let table = [
        ("400 Bad Request", r#"{"error":"invalid_grant","error_description":"Token has been revoked."}"#, true),
        ("503 Service Unavailable", "busy", false),
    ];
    for (status, answer, needs_somebody) in table {
        let (url, _) = provider(status, answer).await;
        let (engine, _) = engine().await;
        let channel = modern_channel(&engine, &url).await;
        let error = engine.server_of(&channel).await.unwrap_err();
        assert_eq!(matches!(error, ServerError::Credentials { .. }), needs_somebody, "{error:?}");
        assert!(!needs_somebody || error.to_string().contains("Token has been revoked."), "{error}");
    }
}
