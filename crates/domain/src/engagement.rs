//! The verdict on a view or a click: a person, a machine, the sender, or unknown. Only human ones count.

use crate::text_enum;

text_enum!(
    /// Who caused a view or a click.
    Verdict {
        /// A person, as far as we can tell.
        Human = "human",
        /// A prefetch or a scanner.
        Machine = "machine",
        /// The sender's own device.
        Own = "self",
        /// Nobody can tell.
        Unknown = "unknown",
    }
);

text_enum!(
    /// Why the verdict is what it is.
    Why {
        /// The request came from a browser in which the sender is signed in.
        SignedIn = "signed_in",
        /// It came from an address at which the sender is signed in.
        SenderAddress = "sender_address",
        /// The client announced a prefetch (`Sec-Purpose`, `Purpose`, `X-Moz`).
        Prefetch = "prefetch",
        /// The client did not say what it is.
        NoUserAgent = "no_user_agent",
        /// The user agent of Apple's Mail Privacy Protection: `Mozilla/5.0` and nothing else.
        AppleMailPrivacy = "apple_mail_privacy",
        /// The user agent of Gmail's prefetch at delivery.
        GmailPrefetch = "gmail_prefetch",
        /// A client that names itself a robot or a library.
        Robot = "robot",
        /// Nothing speaks against a person.
        Nothing = "nothing",
    }
);

/// The rules' version, kept with every verdict.
pub const RULES: u16 = 1;

/// What a tracking request showed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The `User-Agent` header.
    pub user_agent: Option<&'a str>,
    /// Whether a prefetch header was present.
    pub prefetch: bool,
    /// Whether the request carried a session of somebody who may see the email.
    pub signed_in: bool,
    /// Whether it came from an address at which the sender has a session.
    pub sender_address: bool,
}

/// Judges one request by itself. Bursts and networks are judged later, over many.
pub fn judge(request: &Request<'_>) -> (Verdict, Why) {
    let agent = request.user_agent.map(str::trim).unwrap_or_default();
    if request.signed_in {
        (Verdict::Own, Why::SignedIn)
    } else if request.prefetch {
        (Verdict::Machine, Why::Prefetch)
    } else if agent.is_empty() {
        (Verdict::Machine, Why::NoUserAgent)
    } else if agent == "Mozilla/5.0" {
        (Verdict::Machine, Why::AppleMailPrivacy)
    } else if agent.ends_with("Edge/12.246 Mozilla/5.0") {
        (Verdict::Machine, Why::GmailPrefetch)
    } else if names_a_robot(agent) {
        (Verdict::Machine, Why::Robot)
    } else if request.sender_address {
        (Verdict::Own, Why::SenderAddress)
    } else {
        (Verdict::Human, Why::Nothing)
    }
}

/// Image proxies of Gmail and Yahoo fetch when a person opens; they are no robots.
fn names_a_robot(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    let proxy = agent.contains("googleimageproxy") || agent.contains("yahoomailproxy");
    !proxy
        && ["bot", "crawler", "spider", "curl/", "wget/", "python-", "go-http-client", "preview"]
            .iter()
            .any(|word| agent.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(agent: &str) -> (Verdict, Why) {
        judge(&Request { user_agent: Some(agent), prefetch: false, signed_in: false, sender_address: false })
    }

    #[test]
    fn a_browser_is_a_person() {
        let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(by(agent), (Verdict::Human, Why::Nothing));
    }

    #[test]
    fn the_google_proxy_is_a_person_who_opens_and_its_prefetch_is_not() {
        assert_eq!(
            by("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)").0,
            Verdict::Human
        );
        assert_eq!(by("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0").0, Verdict::Machine);
    }

    #[test]
    fn the_senders_own_device_is_never_a_reader() {
        let request = Request { user_agent: None, prefetch: true, signed_in: true, sender_address: false };
        assert_eq!(judge(&request), (Verdict::Own, Why::SignedIn));
    }

    #[test]
    fn machines_that_say_so_are_machines() {
        for agent in ["", "Mozilla/5.0", "curl/8.5", "Slackbot-LinkExpanding 1.0"] {
            assert_eq!(by(agent).0, Verdict::Machine, "{agent}");
        }
    }
}
