//! What stands in the way of sending a draft, said before Send and at the place.

use serde::Serialize;

use crate::{reasons::FailureReason, text_enum};

text_enum!(
    /// The place in the compose window a check belongs to.
    Place {
        /// The identity.
        From = "from",
        /// The recipient.
        To = "to",
        /// The subject.
        Subject = "subject",
        /// The body.
        Body = "body",
        /// The attachments.
        Attachments = "attachments",
    }
);

text_enum!(
    /// What is wrong, or worth knowing.
    CheckCode {
        /// No identity is chosen.
        NoIdentity = "no_identity",
        /// The identity's address has not been verified.
        IdentityUnverified = "identity_unverified",
        /// The identity has no delivery channel.
        NoChannel = "no_channel",
        /// The channel is paused; the email would wait.
        ChannelPaused = "channel_paused",
        /// Nobody is in To.
        NoRecipient = "no_recipient",
        /// The person unsubscribed.
        Unsubscribed = "unsubscribed",
        /// The address bounced for good before.
        AddressBounced = "address_bounced",
        /// The person reported an email as spam.
        Complained = "complained",
        /// The workspace writes to nobody at the recipient's domain.
        BlockedDomain = "blocked_domain",
        /// The person unsubscribed, and this email may reach them all the same.
        ReachesUnsubscribed = "reaches_unsubscribed",
        /// A copy is left out: its address is not to be mailed.
        CopyLeftOut = "copy_left_out",
        /// The subject is empty.
        NoSubject = "no_subject",
        /// A dynamic field has no value for this person and no default.
        UnresolvedField = "unresolved_field",
        /// A dynamic field does not exist or is written wrongly.
        UnknownField = "unknown_field",
        /// Larger than the channel takes.
        TooLarge = "too_large",
    }
);

impl CheckCode {
    /// What is said at the recipient when an email must not go for this reason.
    fn of_stop(reason: FailureReason) -> Option<Self> {
        match reason {
            FailureReason::Unsubscribed => Some(Self::Unsubscribed),
            FailureReason::AddressBounced => Some(Self::AddressBounced),
            FailureReason::Complained => Some(Self::Complained),
            FailureReason::BlockedDomain => Some(Self::BlockedDomain),
            _ => None,
        }
    }

    fn blocks(self) -> bool {
        !matches!(self, Self::ChannelPaused | Self::ReachesUnsubscribed | Self::CopyLeftOut)
    }
}

/// One thing to know before sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Where it is said.
    pub field: Place,
    /// What it is.
    pub code: CheckCode,
    /// The dynamic field meant, the address of a copy, or the limit in bytes.
    pub param: Option<String>,
    /// Whether the email cannot be sent.
    pub blocking: bool,
}

/// What is known about a draft.
#[derive(Debug, Clone, Default)]
pub struct Draft<'a> {
    /// Whether an identity is chosen, and whether it is verified.
    pub identity_verified: Option<bool>,
    /// Whether there is a channel, and whether it is paused.
    pub channel_paused: Option<bool>,
    /// Whether somebody is in To.
    pub has_recipient: bool,
    /// Why the recipient is not to be mailed.
    pub held_back: Option<FailureReason>,
    /// Whether the recipient unsubscribed and the email is non-commercial.
    pub reaches_unsubscribed: bool,
    /// Addresses of copies that are left out.
    pub copies_left_out: Vec<String>,
    /// The subject.
    pub subject: &'a str,
    /// Fields of the subject without a value.
    pub unresolved_in_subject: Vec<String>,
    /// Fields of the body without a value.
    pub unresolved_in_body: Vec<String>,
    /// Fields of the subject that do not exist.
    pub unknown_in_subject: Vec<String>,
    /// Fields of the body that do not exist.
    pub unknown_in_body: Vec<String>,
    /// Estimated encoded size in bytes.
    pub encoded_bytes: u64,
    /// The most the channel takes.
    pub max_encoded_bytes: u64,
}

/// Lists what stands in the way of sending `draft`, in the order of the window.
pub fn check(draft: &Draft<'_>) -> Vec<Check> {
    let mut found = Vec::new();
    let mut say = |field, code, param: Option<String>| {
        found.push(Check { field, code, param, blocking: code.blocks() });
    };
    match draft.identity_verified {
        None => say(Place::From, CheckCode::NoIdentity, None),
        Some(false) => say(Place::From, CheckCode::IdentityUnverified, None),
        Some(true) => {}
    }
    match draft.channel_paused {
        None if draft.identity_verified.is_some() => say(Place::From, CheckCode::NoChannel, None),
        Some(true) => say(Place::From, CheckCode::ChannelPaused, None),
        _ => {}
    }
    if !draft.has_recipient {
        say(Place::To, CheckCode::NoRecipient, None);
    }
    if let Some(code) = draft.held_back.and_then(CheckCode::of_stop) {
        say(Place::To, code, None);
    }
    if draft.reaches_unsubscribed {
        say(Place::To, CheckCode::ReachesUnsubscribed, None);
    }
    for address in &draft.copies_left_out {
        say(Place::To, CheckCode::CopyLeftOut, Some(address.clone()));
    }
    if draft.subject.trim().is_empty() {
        say(Place::Subject, CheckCode::NoSubject, None);
    }
    let fields = [
        (Place::Subject, CheckCode::UnknownField, &draft.unknown_in_subject),
        (Place::Subject, CheckCode::UnresolvedField, &draft.unresolved_in_subject),
        (Place::Body, CheckCode::UnknownField, &draft.unknown_in_body),
        (Place::Body, CheckCode::UnresolvedField, &draft.unresolved_in_body),
    ];
    for (place, code, names) in fields {
        for name in names {
            say(place, code, Some(name.clone()));
        }
    }
    if draft.encoded_bytes > draft.max_encoded_bytes {
        say(Place::Attachments, CheckCode::TooLarge, Some(draft.max_encoded_bytes.to_string()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Draft<'static> {
        Draft {
            identity_verified: Some(true),
            channel_paused: Some(false),
            has_recipient: true,
            subject: "Hello",
            max_encoded_bytes: 100,
            ..Draft::default()
        }
    }

    #[test]
    fn a_complete_draft_has_nothing_in_its_way() {
        assert_eq!(check(&good()), []);
    }

    #[test]
    fn an_empty_draft_says_everything_that_is_missing() {
        let codes: Vec<_> = check(&Draft::default()).into_iter().map(|check| check.code).collect();
        assert_eq!(codes, [CheckCode::NoIdentity, CheckCode::NoRecipient, CheckCode::NoSubject]);
    }

    #[test]
    fn a_paused_channel_is_said_but_does_not_block() {
        let found = check(&Draft { channel_paused: Some(true), ..good() });
        assert_eq!(found.len(), 1);
        assert!(!found[0].blocking);
    }

    #[test]
    fn who_is_not_to_be_mailed_is_said_at_the_recipient() {
        let found = check(&Draft { held_back: Some(FailureReason::Complained), ..good() });
        assert_eq!((found[0].field, found[0].code, found[0].blocking), (Place::To, CheckCode::Complained, true));
        let found = check(&Draft { reaches_unsubscribed: true, copies_left_out: vec!["a@b.example".into()], ..good() });
        assert!(found.iter().all(|check| !check.blocking));
        assert_eq!(found[1].param.as_deref(), Some("a@b.example"));
    }

    #[test]
    fn each_field_without_a_value_is_named_at_its_place() {
        let found = check(&Draft { unresolved_in_body: vec!["company".into()], encoded_bytes: 101, ..good() });
        assert_eq!(found[0].param.as_deref(), Some("company"));
        assert_eq!((found[0].field, found[1].field), (Place::Body, Place::Attachments));
    }
}
