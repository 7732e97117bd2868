//! Asking somebody for their consent and taking the code they come back with: the authorization code flow with PKCE
//! (RFC 6749 §4.1, RFC 7636).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{AccessToken, Error, ask};
use crate::net::Network;

/// What somebody is asked at the provider's.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The provider's authorization endpoint.
    pub authorization_url: &'a str,
    /// The application's id at the provider.
    pub client_id: &'a str,
    /// Where they come back to.
    pub redirect_uri: &'a str,
    /// What is asked for, separated by spaces.
    pub scopes: &'a str,
    /// What they bring back unchanged.
    pub state: &'a str,
    /// SHA-256 of the verifier.
    pub challenge: &'a [u8],
    /// The account it is about, if that is known.
    pub login_hint: Option<&'a str>,
    /// What the provider wants to hear besides.
    pub extras: &'a [(&'a str, &'a str)],
}

impl Question<'_> {
    /// The address to send their browser to.
    ///
    /// # Errors
    /// [`Error::InsecureUrl`] when the authorization endpoint is none.
    pub fn url(&self) -> Result<String, Error> {
        let mut url = Url::parse(self.authorization_url).map_err(|_| Error::InsecureUrl)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client_id)
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("scope", self.scopes)
            .append_pair("state", self.state)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(self.challenge))
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(self.login_hint.map(|hint| ("login_hint", hint)))
            .extend_pairs(self.extras);
        Ok(url.into())
    }
}

/// The code that somebody came back with.
#[derive(Clone)]
pub struct CodeGrant {
    /// The application's id at the provider.
    pub client_id: String,
    /// The application's secret, where the provider gives one.
    pub client_secret: String,
    /// The code.
    pub code: String,
    /// What the challenge was made of.
    pub verifier: String,
    /// Where they came back to.
    pub redirect_uri: String,
    /// The provider's token endpoint: https, or http on this machine.
    pub token_url: String,
}

/// What somebody's consent brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// A first access token, and with it the refresh token.
    pub access: AccessToken,
    /// The address of the account, where the provider says it.
    pub address: Option<String>,
}

/// Exchanges the code for tokens.
///
/// # Errors
/// [`Error`].
pub async fn exchange(grant: &CodeGrant, network: &Network) -> Result<Consent, Error> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", &grant.code)
        .append_pair("redirect_uri", &grant.redirect_uri)
        .append_pair("code_verifier", &grant.verifier)
        .append_pair("client_id", &grant.client_id)
        .extend_pairs((!grant.client_secret.is_empty()).then_some(("client_secret", &grant.client_secret)))
        .finish();
    let granted = ask(&grant.token_url, form, network).await?;
    Ok(Consent { address: granted.id_token.as_deref().and_then(address), access: granted.into() })
}

#[derive(Deserialize)]
struct Claims {
    email: Option<String>,
    preferred_username: Option<String>,
}

/// The address in an ID token. It came from the token endpoint itself, over TLS: that vouches for it, and its signature
/// need not (`OpenID` Connect Core §3.1.3.7, 6).
fn address(id_token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let Claims { email, preferred_username } = serde_json::from_slice(&claims).ok()?;
    let address = email.or(preferred_username)?;
    (address.contains('@') && address.len() <= 254 && !address.chars().any(char::is_control)).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_has_everything_the_standards_ask_for() {
        let question = Question {
            authorization_url: "https://login.example/authorize?tenant=1",
            client_id: "desk",
            redirect_uri: "https://sales.example/oauth/callback",
            scopes: "mail openid",
            state: "st&te",
            challenge: &[0xfb; 32],
            login_hint: Some("ada@example.com"),
            extras: &[("access_type", "offline")],
        };
        assert_eq!(
            question.url().unwrap(),
            "https://login.example/authorize?tenant=1&response_type=code&client_id=desk&\
             redirect_uri=https%3A%2F%2Fsales.example%2Foauth%2Fcallback&scope=mail+openid&state=st%26te&\
             code_challenge=-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s&code_challenge_method=S256&\
             login_hint=ada%40example.com&access_type=offline"
        );
        assert_eq!(Question { authorization_url: "nowhere", ..question }.url(), Err(Error::InsecureUrl));
    }

    #[test]
    fn the_address_is_read_from_the_id_token_if_there_is_one() {
        let token = |claims: &str| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(address(&token(r#"{"email":"ada@example.com","aud":"x"}"#)).as_deref(), Some("ada@example.com"));
        let microsoft = token(r#"{"preferred_username":"ada@contoso.example"}"#);
        assert_eq!(address(&microsoft).as_deref(), Some("ada@contoso.example"));
        for nothing in ["", "a.b", "a.!.c", &token("{}"), &token(r#"{"email":"ada"}"#), &token("{\"email\":\"a@\\n\"}")]
        {
            assert_eq!(address(nothing), None, "{nothing}");
        }
    }
}
