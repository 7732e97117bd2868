//! What a user agent says about its client. Taken at its word where it lowers what is counted, and not otherwise.

/// A client, by its name for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agent {
    /// It says nothing.
    Missing,
    /// `Mozilla/5.0` and nothing else: Apple's Mail Privacy Protection.
    Bare,
    /// Gmail fetching at delivery.
    GmailPrefetch,
    /// The image proxies of Gmail and Yahoo, which fetch when a person opens.
    ImageProxy,
    /// Ends where a browser would name itself: image proxies, and Outlook and Apple Mail opened by a person.
    BareWebKit,
    /// Names itself a robot, a preview or a library.
    Robot,
    /// A mail program of a desk or a telephone. No scanner is known that pretends to be one.
    MailProgram,
    /// A browser, or what says so.
    Browser,
}

const ROBOTS: &[&str] = &[
    "bot",
    "crawler",
    "spider",
    "scanner",
    "preview",
    "headless",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "barracuda",
    "proofpoint",
    "mimecast",
    "safelinks",
    "urlscan",
    // Word and Excel look whether what a document links to is there.
    "existence discovery",
    "whatsapp/",
    "iframely",
    "embedly",
    "curl/",
    "wget/",
    "python-",
    "python/",
    "go-http-client",
    "java/",
    "okhttp",
    "libwww",
    "axios",
    "node-fetch",
    "undici",
    "reqwest",
    "winhttp",
    "libcurl",
    "httpclient",
    "guzzle",
    "ruby",
    "facebookexternalhit",
    "monitor",
];

/// Telephones whose maker's name holds a robot's.
const NO_ROBOTS: &[&str] = &["cubot"];

const MAIL_PROGRAMS: &[&str] = &["thunderbird", "outlook", "msoffice", "ms-office", "em client", "airmail"];

impl Agent {
    pub(super) fn of(name: Option<&str>) -> Self {
        let name = name.map(str::trim).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if name.is_empty() {
            Self::Missing
        } else if name == "Mozilla/5.0" {
            Self::Bare
        } else if name.ends_with("Edge/12.246 Mozilla/5.0") {
            Self::GmailPrefetch
        } else if names(&["googleimageproxy", "yahoomailproxy"]) {
            Self::ImageProxy
        } else if names(ROBOTS) && !names(NO_ROBOTS) {
            Self::Robot
        } else if names(MAIL_PROGRAMS) {
            Self::MailProgram
        } else if name.ends_with("(KHTML, like Gecko)") {
            Self::BareWebKit
        } else {
            Self::Browser
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_known_by_their_names() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        let cases = [
            ("  ", Agent::Missing),
            ("Mozilla/5.0 ", Agent::Bare),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
                Agent::GmailPrefetch,
            ),
            (
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
                Agent::ImageProxy,
            ),
            ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", Agent::ImageProxy),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
                Agent::BareWebKit,
            ),
            ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", Agent::Robot),
            ("SkypeUriPreview Preview/0.5", Agent::Robot),
            ("WhatsApp/2.24.6.77 A", Agent::Robot),
            ("Barracuda Sentinel (EE)", Agent::Robot),
            ("Microsoft Office Existence Discovery", Agent::Robot),
            (
                "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                Agent::Browser,
            ),
            ("Mozilla/4.0 (compatible; ms-office; MSOffice 16)", Agent::MailProgram),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.14.0", Agent::MailProgram),
            (chrome, Agent::Browser),
        ];
        for (name, agent) in cases {
            assert_eq!(Agent::of(Some(name)), agent, "{name}");
        }
        assert_eq!(Agent::of(None), Agent::Missing);
    }
}
