//! A notice's words, from the catalogue.

use std::sync::LazyLock;

use domain::reasons::PauseReason;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use mail::html::{document, escape};

use super::Notice;

/// A notice as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) html: String,
    pub(super) text: String,
}

static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| catalogue(include_str!("en.ftl")));

fn catalogue(source: &str) -> FluentBundle<FluentResource> {
    // What a resource could not be read for is left out; a test sees that there is no such thing.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle = FluentBundle::new_concurrent(vec!["en".parse().unwrap_or_default()]);
    // Marks around values would stand in plain text and in subjects for everybody to see.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

pub(super) fn render(notice: &Notice) -> Rendered {
    let (id, args, link) = parts(notice);
    let words = |attribute: Option<&str>| look_up(id, attribute, &args).unwrap_or_default();
    let (body, action) = (words(Some("body")), words(Some("action")));
    let paragraphs: Vec<&str> = body.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).collect();
    let html = paragraphs.iter().map(|text| escape(text)).collect::<Vec<_>>().join("</p>\n<p>");
    Rendered {
        subject: words(None),
        html: document(&format!("<p>{html}</p>\n<p><a href=\"{}\">{}</a></p>\n", escape(link), escape(&action))),
        text: format!("{}\n\n{action}:\n{link}\n", paragraphs.join("\n\n")),
    }
}

fn look_up(id: &str, attribute: Option<&str>, args: &FluentArgs<'_>) -> Option<String> {
    let message = ENGLISH.get_message(id)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let words = ENGLISH.format_pattern(pattern, Some(args), &mut errors).into_owned();
    errors.is_empty().then_some(words)
}

fn parts(notice: &Notice) -> (&'static str, FluentArgs<'_>, &str) {
    let mut args = FluentArgs::new();
    match notice {
        Notice::VerifyIdentity { address, user, workspace, link } => {
            args.set("address", address.as_str());
            args.set("user", user.as_str());
            args.set("workspace", workspace.as_str());
            ("verify-identity", args, link)
        }
        Notice::Invitation { inviter, workspace, days, link } => {
            args.set("inviter", inviter.as_str());
            args.set("workspace", workspace.as_str());
            args.set("days", *days);
            ("invitation", args, link)
        }
        Notice::PasswordReset { address, hours, link } => {
            args.set("address", address.as_str());
            args.set("hours", *hours);
            ("password-reset", args, link)
        }
        Notice::ChannelPaused { channel, reason, words, link } => {
            args.set("channel", channel.as_str());
            args.set("words", words.as_str());
            let id = match reason {
                PauseReason::Credentials => "channel-paused-credentials",
                PauseReason::Quota => "channel-paused-quota",
                PauseReason::Policy | PauseReason::ByUser | PauseReason::Restored => "channel-paused-policy",
            };
            (id, args, link)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verification(user: &str) -> Notice {
        Notice::VerifyIdentity {
            address: "ada@northlight.example".into(),
            user: user.into(),
            workspace: "Northlight".into(),
            link: "https://sales.example/verify-identity#token=x".into(),
        }
    }

    #[test]
    fn every_notice_has_a_subject_a_body_and_a_link_in_both_forms() {
        let paused = |reason| Notice::ChannelPaused {
            channel: "Relay".into(),
            reason,
            words: "535 5.7.8 no".into(),
            link: "https://sales.example/settings/channels".into(),
        };
        let notices = [
            verification("Ada"),
            Notice::Invitation {
                inviter: "Ada".into(),
                workspace: "Northlight".into(),
                days: 7,
                link: "https://sales.example/invitation#token=x".into(),
            },
            Notice::PasswordReset {
                address: "ada@northlight.example".into(),
                hours: 1,
                link: "https://sales.example/reset-password#token=x".into(),
            },
            paused(PauseReason::Credentials),
            paused(PauseReason::Quota),
            paused(PauseReason::Policy),
        ];
        for notice in notices {
            let rendered = render(&notice);
            let (id, _, link) = parts(&notice);
            assert!(!rendered.subject.is_empty(), "{id}");
            assert!(rendered.html.contains(&format!("<a href=\"{link}\">")), "{id}");
            assert!(rendered.text.ends_with(&format!(":\n{link}\n")), "{id}");
            assert!(rendered.text.lines().count() > 5, "{id}: {}", rendered.text);
            assert!(!rendered.text.contains(['{', '\u{2068}']), "{id}: {}", rendered.text);
        }
    }

    #[test]
    fn a_name_cannot_bring_markup_into_a_notice() {
        let rendered = render(&verification("<script>x()</script>"));
        assert!(rendered.html.contains("&lt;script&gt;"));
        assert!(!rendered.html.contains("<script>"));
        assert!(rendered.text.contains("<script>x()</script> of Northlight"));
    }

    #[test]
    fn one_hour_is_said_in_words() {
        let reset = |hours| {
            render(&Notice::PasswordReset { address: "a@b.example".into(), hours, link: "https://x.example".into() })
                .text
        };
        assert!(reset(1).contains("within one hour."));
        assert!(reset(24).contains("within 24 hours."));
    }
}
