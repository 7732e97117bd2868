//! Mailing lists that take no mail from strangers. They answer in their own name, and the list is who refused.

use super::super::{
    addresses,
    letter::Letter,
    refusal::{Refusal, one_line},
    sender,
};

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
    "mailing-list was rejected for the following",
    "has been rejected by the list moderator",
    "unable to be delivered to the list",
];

/// What stands in the address of those who run a list, after its name.
const ROLES: &[&str] = &["-admin@", "-owner@", "+owner@", BOUNCES, "-request@", "-help@"];
/// Of these, where only its program reads and writes.
const BOUNCES: &str = "-bounces@";

/// Who may still let the mail pass, without an ending, lower case.
const MODERATORS: &[&str] = &["moderat", "modérat", "moderát", "moderaattor", "司会", "版主", "管理人", "운영자"];

/// How LISTSERV begins its subject, before the address of the list, lower case.
const POSTING: &[&str] = &["rejected posting to "];

/// The address of the list that refused the mail.
pub(super) fn refused(letter: &Letter) -> Option<String> {
    if letter.title_among(POSTING).is_some() && is_by_program(letter) {
        return addresses::in_text(&letter.subject).next().map(str::to_owned);
    }
    let role = ROLES.iter().find(|role| letter.from.contains(**role))?;
    let list = letter.from.replacen(role, "@", 1);
    let said = one_line(&format!("{}\n{}", letter.subject, letter.text)).to_lowercase();
    let says = |words: &[&str]| words.iter().any(|words| said.contains(words));
    let by_program = is_by_program(letter) || *role == BOUNCES || has_path_for_bounces(letter, &list);
    let refused = says(REFUSED) || (by_program && gives_back(letter, &list) && !says(MODERATORS));
    let shows_a_person = if by_program { sender::writes_as_a_person } else { sender::shows_a_person };
    (refused && !shows_a_person(letter, &letter.text)).then_some(list)
}

/// Whether the header says that nobody wrote it in person.
fn is_by_program(letter: &Letter) -> bool {
    sender::is_from_nobody(letter) || sender::is_submitted_by_program(&letter.fields)
}

/// Whether answers go to where only the program of `list` reads.
fn has_path_for_bounces(letter: &Letter, list: &str) -> bool {
    let name = list.split('@').next().unwrap_or_default();
    let path = letter.fields.get("return-path").unwrap_or_default().to_lowercase();
    path.trim_start_matches('<').starts_with(name) && path.contains("bounce")
}

/// Whether the mail that comes back with the letter was for `list`: in whatever language it is refused.
fn gives_back(letter: &Letter, list: &str) -> bool {
    letter.original.as_ref().is_some_and(|original| {
        let mut named = original.all("to").chain(original.all("cc")).flat_map(addresses::in_text);
        named.any(|to| to.eq_ignore_ascii_case(list))
    })
}

/// The refusal of that list.
pub(super) fn refusal(letter: &Letter) -> Option<Refusal> {
    let list = refused(letter)?;
    addresses::in_text(&list)
        .next()
        .map(|list| Refusal::of(list, "this mailing list did not accept mail from you; its own letter says why"))
}
