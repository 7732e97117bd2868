//! Mailing lists that take no mail from strangers. They answer in their own name, and the list is who refused.

use super::super::{addresses, letter::Letter, refusal::Refusal, sender};

/// What they say, lower case.
const REFUSED: &[&str] = &[
    "not member article",
    "you are not a member of this mailing list",
    "not a member of this list",
    "is restricted to subscribers",
    "post by non-members",
    "non-members are not allowed to post",
    "non-member to a members-only list",
    "not allowed to post to this mailing list",
    "you are not subscribed to",
    "メンバーではありません",
];

/// What stands in the address of those who run a list, after its name.
const ROLES: &[&str] = &["-admin@", "-owner@", "-bounces@", "-request@", "-help@"];

/// The address of the list that refused the mail.
pub(super) fn refused(letter: &Letter) -> Option<String> {
    let role = ROLES.iter().find(|role| letter.from.contains(**role))?;
    let said = format!("{}\n{}", letter.subject, letter.text).to_lowercase();
    let refused = REFUSED.iter().any(|words| said.contains(words)) && !sender::shows_a_person(letter, &letter.text);
    refused.then(|| letter.from.replacen(role, "@", 1))
}

/// The refusal of that list.
pub(super) fn refusal(letter: &Letter) -> Option<Refusal> {
    let list = refused(letter)?;
    addresses::in_text(&list).next().map(|list| Refusal::of(list, "you are not a member of this mailing list"))
}
