//! One request, judged by itself.

use serde::{Deserialize, Serialize};

use super::{
    Verdict, Why,
    agent::Agent,
    timing::{EARLY_CLICK, EARLY_VIEW, PROBABLE},
};

/// How a client said that nobody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announced {
    /// By a header that says prefetch or preview.
    Prefetch,
    /// By asking for the head only.
    Head,
}

/// What ties a request to somebody who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// The cookie of a member's session.
    SignedIn,
    /// The network address of one.
    Address,
}

/// Whether an address is on Apple's list of the networks through which Mail Privacy Protection and Private Relay go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppleList {
    /// There is no list here.
    #[default]
    Missing,
    /// It is on it.
    Inside,
    /// It is not.
    Outside,
}

/// What is known of the network a request came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Source {
    /// It does nothing but filter mail.
    pub scanner: bool,
    /// It mostly filters mail; people may sit behind it.
    pub probable_scanner: bool,
    /// It fetches images for people who read in a browser, and follows links for itself.
    pub click_scanner: bool,
    /// What Apple's list says.
    pub apple: AppleList,
}

/// What a tracking request showed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// A link was followed; otherwise the pixel was loaded.
    pub click: bool,
    /// The `User-Agent` header.
    pub user_agent: Option<&'a str>,
    /// Whether the client said that nobody looks.
    pub announced: Option<Announced>,
    /// Whether it is somebody's who is signed in.
    pub own: Option<Own>,
    /// The network.
    pub source: Source,
    /// The time since the email was handed over, in microseconds. Without it, and when the clocks disagree so much that it is
    /// negative, no rule about time is applied.
    pub since_sent: Option<i64>,
}

/// Judges one request by itself.
pub fn judge(request: &Request<'_>) -> (Verdict, Why) {
    use Verdict::{Human, Machine, Own as Sender, Unknown};
    let agent = Agent::of(request.user_agent);
    let within = |span: i64| request.since_sent.is_some_and(|since| (0..span).contains(&since));
    let Source { scanner, probable_scanner, click_scanner, apple } = request.source;
    match (request.own, request.announced) {
        (Some(Own::SignedIn), _) => return (Sender, Why::SignedIn),
        (_, Some(Announced::Prefetch)) => return (Machine, Why::Prefetch),
        (_, Some(Announced::Head)) => return (Machine, Why::HeadRequest),
        _ => {}
    }
    if scanner {
        return (Machine, Why::ScannerNetwork);
    }
    match agent {
        Agent::Missing => return (Machine, Why::NoUserAgent),
        Agent::GmailPrefetch => return (Machine, Why::GmailPrefetch),
        Agent::Robot => return (Machine, Why::Robot),
        // Apple fetches images and follows no links.
        Agent::Bare if request.click => return (Machine, Why::BareAgent),
        Agent::Bare if apple == AppleList::Outside => return (Unknown, Why::BareAgent),
        Agent::Bare => return (Machine, Why::AppleMailPrivacy),
        _ => {}
    }
    if request.own == Some(Own::Address) {
        return (Sender, Why::SenderAddress);
    }
    if click_scanner && request.click {
        return (Machine, Why::ProviderClick);
    }
    if probable_scanner && within(PROBABLE) {
        return (Machine, Why::ProbableScanner);
    }
    let early = within(if request.click { EARLY_CLICK } else { EARLY_VIEW });
    match agent {
        Agent::BareWebKit if early => (Machine, Why::ProxyAtDelivery),
        Agent::Browser if early => (Unknown, Why::TooSoon),
        _ => (Human, Why::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::{DAY, SECOND};

    const BROWSER: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
    const WEBKIT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
    const GMAIL: &str = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
    const GMAIL_PREFETCH: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0";
    const AGENTS: [&str; 8] =
        [BROWSER, WEBKIT, GMAIL, GMAIL_PREFETCH, "Mozilla/5.0", "", "curl/8.5", "Thunderbird/140.4.0"];

    fn view(agent: &str) -> Request<'_> {
        Request { user_agent: Some(agent), since_sent: Some(DAY), ..Request::default() }
    }

    fn click(agent: &str) -> Request<'_> {
        Request { click: true, ..view(agent) }
    }

    #[test]
    fn a_browser_a_day_later_is_a_person() {
        assert_eq!(judge(&view(BROWSER)), (Verdict::Human, Why::Nothing));
        assert_eq!(judge(&click(BROWSER)), (Verdict::Human, Why::Nothing));
    }

    #[test]
    fn the_google_proxy_is_a_person_who_opens_and_its_prefetch_is_not() {
        let soon = Request { since_sent: Some(SECOND), ..view(GMAIL) };
        assert_eq!(judge(&soon), (Verdict::Human, Why::Nothing));
        assert_eq!(judge(&view(GMAIL_PREFETCH)), (Verdict::Machine, Why::GmailPrefetch));
    }

    #[test]
    fn apple_mail_privacy_is_its_name_and_its_network() {
        let on = |apple| Request { source: Source { apple, ..Source::default() }, ..view("Mozilla/5.0") };
        assert_eq!(judge(&on(AppleList::Inside)), (Verdict::Machine, Why::AppleMailPrivacy));
        assert_eq!(judge(&on(AppleList::Missing)), (Verdict::Machine, Why::AppleMailPrivacy));
        assert_eq!(judge(&on(AppleList::Outside)), (Verdict::Unknown, Why::BareAgent));
        // Private Relay goes out by the same networks, and a person on Safari sits behind it.
        let safari = Request { source: Source { apple: AppleList::Inside, ..Source::default() }, ..click(BROWSER) };
        assert_eq!(judge(&safari).0, Verdict::Human);
    }

    #[test]
    fn a_nameless_webkit_is_a_proxy_at_delivery_and_outlook_later() {
        let soon = Request { since_sent: Some(20 * SECOND), ..view(WEBKIT) };
        assert_eq!(judge(&soon), (Verdict::Machine, Why::ProxyAtDelivery));
        assert_eq!(judge(&view(WEBKIT)), (Verdict::Human, Why::Nothing));
    }

    #[test]
    fn microsoft_on_a_click_is_its_scanner_and_on_a_pixel_maybe_outlook() {
        let source = Source { click_scanner: true, ..Source::default() };
        assert_eq!(judge(&Request { source, ..click(BROWSER) }), (Verdict::Machine, Why::ProviderClick));
        assert_eq!(judge(&Request { source, ..view(BROWSER) }), (Verdict::Human, Why::Nothing));
    }

    #[test]
    fn a_probable_scanner_is_one_at_delivery_and_a_person_behind_it_later() {
        let source = Source { probable_scanner: true, ..Source::default() };
        let soon = Request { source, since_sent: Some(120 * SECOND), ..click(BROWSER) };
        assert_eq!(judge(&soon), (Verdict::Machine, Why::ProbableScanner));
        assert_eq!(judge(&Request { source, ..click(BROWSER) }).0, Verdict::Human);
    }

    #[test]
    fn too_soon_for_a_browser_is_unknown_and_a_mail_program_is_believed() {
        let soon = |agent| Request { since_sent: Some(8 * SECOND), ..view(agent) };
        assert_eq!(judge(&soon(BROWSER)), (Verdict::Unknown, Why::TooSoon));
        assert_eq!(judge(&soon("Thunderbird/140.4.0")).0, Verdict::Human);
        let clocks_disagree = Request { since_sent: Some(-SECOND), ..view(BROWSER) };
        assert_eq!(judge(&clocks_disagree).0, Verdict::Human);
    }

    #[test]
    fn the_senders_own_device_is_never_a_reader_and_what_says_it_is_a_machine_is_one() {
        let own = Request { own: Some(Own::SignedIn), announced: Some(Announced::Prefetch), ..view("") };
        assert_eq!(judge(&own), (Verdict::Own, Why::SignedIn));
        let office = Request { own: Some(Own::Address), ..view(BROWSER) };
        assert_eq!(judge(&office), (Verdict::Own, Why::SenderAddress));
        assert_eq!(judge(&Request { own: Some(Own::Address), ..view("curl/8") }), (Verdict::Machine, Why::Robot));
        let head = Request { announced: Some(Announced::Head), ..click(BROWSER) };
        assert_eq!(judge(&head), (Verdict::Machine, Why::HeadRequest));
    }

    fn any_request() -> impl Strategy<Value = Request<'static>> {
        let announced =
            prop_oneof![4 => Just(None), 1 => Just(Some(Announced::Head)), 1 => Just(Some(Announced::Prefetch))];
        let own = prop_oneof![4 => Just(None), 1 => Just(Some(Own::SignedIn)), 1 => Just(Some(Own::Address))];
        let apple = prop_oneof![Just(AppleList::Missing), Just(AppleList::Inside), Just(AppleList::Outside)];
        let source = (any::<bool>(), any::<bool>(), any::<bool>(), apple).prop_map(
            |(scanner, probable_scanner, click_scanner, apple)| Source {
                scanner,
                probable_scanner,
                click_scanner,
                apple,
            },
        );
        let since = prop_oneof![Just(None), (-SECOND..900 * SECOND).prop_map(Some)];
        (any::<bool>(), prop::sample::select(&AGENTS[..]), announced, own, source, since).prop_map(
            |(click, agent, announced, own, source, since_sent)| Request {
                click,
                user_agent: Some(agent),
                announced,
                own,
                source,
                since_sent,
            },
        )
    }

    proptest! {
        #[test]
        fn a_probable_label_only_ever_moves_a_person_to_a_machine(request in any_request()) {
            let without = Request { source: Source { probable_scanner: false, ..request.source }, ..request };
            let with = Request { source: Source { probable_scanner: true, ..request.source }, ..request };
            let (before, now) = (judge(&without).0, judge(&with).0);
            prop_assert!(before == now || before.is_lowered_by(Verdict::Machine) && now == Verdict::Machine);
        }

        #[test]
        fn no_network_label_makes_a_person_of_anything(request in any_request()) {
            let plain = Request { source: Source { apple: request.source.apple, ..Source::default() }, ..request };
            if judge(&request).0 == Verdict::Human {
                prop_assert_eq!(judge(&plain).0, Verdict::Human);
            }
        }

        #[test]
        fn what_is_human_is_human_later_too(request in any_request(), later in 0..DAY) {
            let after = Request { since_sent: request.since_sent.map(|since| since.max(0) + later), ..request };
            if request.since_sent.is_some_and(|since| since >= 0) && judge(&request).0 == Verdict::Human {
                prop_assert_eq!(judge(&after).0, Verdict::Human);
            }
        }

        #[test]
        fn an_announcement_makes_nobody_human(request in any_request()) {
            let silent = Request { announced: None, ..request };
            prop_assert!(request.announced.is_none() || judge(&request).0 != Verdict::Human);
            if judge(&request).0 == Verdict::Own {
                prop_assert_eq!(judge(&silent).0, Verdict::Own);
            }
        }
    }
}
