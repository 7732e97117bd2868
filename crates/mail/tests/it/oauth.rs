//! Access tokens from a token endpoint that plays by a script.

use std::{net::SocketAddr, time::Duration};

use mail::{
    net::{AddressPolicy, Network},
    oauth::{CodeGrant, Error, RefreshGrant, exchange, refresh},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// An endpoint that answers `response` once and tells what it was asked.
async fn endpoint(response: String) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !String::from_utf8_lossy(&request).contains("client_id=") {
            if stream.read_buf(&mut request).await.unwrap() == 0 {
                break;
            }
        }
        let _ = stream.write_all(response.as_bytes()).await;
        String::from_utf8(request).unwrap()
    });
    (address, asked)
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn grant(token_url: String) -> RefreshGrant {
    RefreshGrant {
        client_id: "desk".into(),
        client_secret: "s&cret".into(),
        refresh_token: "r3fresh".into(),
        token_url,
    }
}

async fn ask(response: String) -> (Result<mail::oauth::AccessToken, Error>, String) {
    let (address, asked) = endpoint(response).await;
    let network = Network::new(AddressPolicy::ANY, []);
    let answer = refresh(&grant(format!("http://{address}/token?tenant=1")), &network).await;
    (answer, asked.await.unwrap())
}

#[tokio::test]
async fn a_refresh_token_becomes_an_access_token() {
    let body = r#"{"access_token":"acc3ss","token_type":"Bearer","expires_in":3599,"refresh_token":"next"}"#;
    let (answer, asked) = ask(response("200 OK", body)).await;
    let token = answer.unwrap();
    assert_eq!((token.token.as_str(), token.lifetime), ("acc3ss", Duration::from_secs(3_599)));
    assert_eq!(token.refresh_token.as_deref(), Some("next"));
    assert!(asked.starts_with("POST /token?tenant=1 HTTP/1.1\r\n"), "{asked}");
    assert!(
        asked.ends_with("grant_type=refresh_token&refresh_token=r3fresh&client_id=desk&client_secret=s%26cret"),
        "{asked}"
    );
    assert!(!format!("{token:?} {:?}", grant(String::new())).contains("3ss"));
}

#[tokio::test]
async fn a_withdrawn_consent_is_a_refusal_with_the_providers_words() {
    let body = r#"{"error":"invalid_grant","error_description":"Token has been revoked."}"#;
    let (answer, _) = ask(response("400 Bad Request", body)).await;
    let error = answer.unwrap_err();
    assert_eq!(error, Error::Refused { code: "invalid_grant".into(), description: "Token has been revoked.".into() });
    assert!(!error.is_temporary() && error.is_withdrawn() && !error.is_unknown_application());
    assert_eq!(error.code(), "token_refused");
}

#[tokio::test]
async fn an_application_that_is_not_let_in_is_no_withdrawn_consent() {
    for code in ["invalid_client", "unauthorized_client"] {
        let (answer, _) = ask(response("401 Unauthorized", &format!(r#"{{"error":"{code}"}}"#))).await;
        let error = answer.unwrap_err();
        assert!(error.is_unknown_application() && !error.is_withdrawn() && !error.is_temporary(), "{code}");
        assert_eq!(error.code(), "registration_refused");
    }
}

#[tokio::test]
async fn a_provider_in_trouble_is_asked_again_later() {
    for status in ["500 Oops", "503 Busy", "429 Slow down", "408 Timeout", "400 Bad Request"] {
        let (answer, _) = ask(response(status, r#"{"error":"temporarily_unavailable"}"#)).await;
        assert!(answer.unwrap_err().is_temporary(), "{status}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_in_the_middle_says_nothing_about_the_consent() {
    let whole = response("200 OK", r#"{"access_token":"acc3ss","expires_in":60}"#);
    for end in [0, 5, 60, whole.len() - 1] {
        let (answer, _) = ask(whole[..end].to_owned()).await;
        let error = answer.unwrap_err();
        assert!(error.is_temporary() && error.code() == "closed", "{end}: {error:?}");
    }
}

#[tokio::test]
async fn a_lifetime_may_be_written_as_text() {
    for (said, lifetime) in [(r#""3599""#, 3_599), ("3599", 3_599), ("null", 1_800), (r#""soon""#, 1_800)] {
        let (answer, _) = ask(response("200 OK", &format!(r#"{{"access_token":"a","expires_in":{said}}}"#))).await;
        assert_eq!(answer.unwrap().lifetime, Duration::from_secs(lifetime), "{said}");
    }
}

#[tokio::test]
async fn answers_that_make_no_sense_are_named_as_such() {
    let huge = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(100_000));
    for nonsense in [
        response("200 OK", "<html>"),
        response("200 OK", "{}"),
        response("200 OK", &huge),
        response("302 Found", "{}"),
        response("404 Not Found", "<html>"),
        "220 mx.test ESMTP\r\n".to_owned(),
    ] {
        let (answer, _) = ask(nonsense.clone()).await;
        let error = answer.unwrap_err();
        assert!(matches!(error, Error::Nonsense | Error::Unavailable(302)), "{nonsense:.60}: {error:?}");
    }
}

#[tokio::test]
async fn secrets_do_not_cross_a_network_in_clear_text() {
    let network = Network::new(AddressPolicy::ANY, []);
    for url in ["ftp://127.0.0.1/token", "token", "", "https:///x"] {
        let answer = refresh(&grant(url.into()), &network).await;
        assert!(matches!(answer, Err(Error::InsecureUrl | Error::Network(_))), "{url}: {answer:?}");
    }
    let public = Network::new(AddressPolicy::PUBLIC_ONLY, []);
    let answer = refresh(&grant("https://127.0.0.1:1/token".into()), &public).await;
    assert_eq!(answer.unwrap_err().code(), "forbidden_address");
}

#[tokio::test]
async fn a_code_becomes_tokens_and_the_accounts_address() {
    // {"email":"elena@desk.example"}
    let id = "e30.eyJlbWFpbCI6ImVsZW5hQGRlc2suZXhhbXBsZSJ9.c2ln";
    let body = format!(r#"{{"access_token":"acc3ss","expires_in":60,"refresh_token":"r3fresh","id_token":"{id}"}}"#);
    let (address, asked) = endpoint(response("200 OK", &body)).await;
    let code = CodeGrant {
        client_id: "desk".into(),
        client_secret: String::new(),
        code: "c0de".into(),
        verifier: "ver1fier".into(),
        redirect_uri: "https://sales.example/oauth/callback".into(),
        token_url: format!("http://{address}/token"),
    };
    let consent = exchange(&code, &Network::new(AddressPolicy::ANY, [])).await.unwrap();
    assert_eq!(consent.address.as_deref(), Some("elena@desk.example"));
    assert_eq!(consent.access.refresh_token.as_deref(), Some("r3fresh"));
    let asked = asked.await.unwrap();
    let form = "grant_type=authorization_code&code=c0de&\
                redirect_uri=https%3A%2F%2Fsales.example%2Foauth%2Fcallback&code_verifier=ver1fier&client_id=desk";
    assert!(asked.ends_with(form), "{asked}");
}
