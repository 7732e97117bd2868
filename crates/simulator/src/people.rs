//! Whom to write to: an invented international cast.
//!
//! Names are invented by combination and companies stand on `.example` domains, which exist nowhere.

mod africa;
mod americas;
mod asia;
mod europe;

use crate::dice::dice;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use std::collections::HashSet;

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Given name, in the script its bearer writes.
    pub first_name: String,
    /// Family name, in the script its bearer writes.
    pub last_name: String,
    /// Where they work.
    pub company: String,
    /// What they do there.
    pub title: String,
    /// Where they get mail; it says nothing about how they behave.
    pub address: String,
    /// IANA name of their time zone.
    pub time_zone: String,
    /// BCP 47 tag of the language they write.
    pub language: String,
}

/// People who share a language and a stock of names.
struct Culture {
    language: &'static str,
    /// `native/ascii` where the spelling in an address differs from the name.
    given: &'static [&'static str],
    /// As `given`.
    family: &'static [&'static str],
    titles: &'static [&'static str],
    companies: &'static [Company],
}

struct Company(&'static str, &'static str, &'static str);

/// The first `n` people of the cast of this seed; a larger cast begins with the same people.
pub fn people(seed: u64, n: usize) -> Vec<Recipient> {
    let workplaces: Vec<_> =
        cultures().flat_map(|culture| culture.companies.iter().map(move |company| (culture, company))).collect();
    let mut taken = HashSet::new();
    (0..n)
        .filter_map(|nth| {
            let mut throws = dice(seed, &["people", &nth.to_string()]);
            let (culture, company) = workplaces.choose(&mut throws)?;
            invent(culture, company, &mut throws, &mut taken)
        })
        .collect()
}

fn cultures() -> impl Iterator<Item = &'static Culture> {
    let parts = [asia::CULTURES, europe::CULTURES, africa::CULTURES, americas::CULTURES];
    parts.into_iter().flatten()
}

fn invent(
    culture: &Culture,
    Company(company, domain, time_zone): &Company,
    throws: &mut StdRng,
    taken: &mut HashSet<String>,
) -> Option<Recipient> {
    let mut tries = 0;
    let (first_name, last_name, local) = loop {
        let (first_name, first) = spellings(culture.given.choose(throws)?);
        let (last_name, last) = spellings(culture.family.choose(throws)?);
        let local = local_part(domain, &first, &last);
        // Namesakes in one company are rare, until a large cast has used all its names.
        tries += 1;
        if tries == 8 || !taken.contains(&format!("{local}@{domain}")) {
            break (first_name, last_name, local);
        }
    };
    let address = free_address(&local, domain, taken);
    Some(Recipient {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        company: (*company).to_owned(),
        title: (*culture.titles.choose(throws)?).to_owned(),
        address,
        time_zone: (*time_zone).to_owned(),
        language: culture.language.to_owned(),
    })
}

/// A name as written, and as it stands in an address.
fn spellings(name: &str) -> (&str, String) {
    let (native, ascii) = name.split_once('/').unwrap_or((name, name));
    let in_address = ascii.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
    (native, in_address.collect())
}

/// Each company has its own custom of forming addresses.
fn local_part(domain: &str, first: &str, last: &str) -> String {
    let initial = first.get(..1).unwrap_or_default();
    match domain.len() % 4 {
        0 => format!("{last}.{first}"),
        1 => format!("{initial}.{last}"),
        _ => format!("{first}.{last}"),
    }
}

fn free_address(local: &str, domain: &str, taken: &mut HashSet<String>) -> String {
    let mut address = format!("{local}@{domain}");
    let mut namesakes = 1;
    while !taken.insert(address.clone()) {
        namesakes += 1;
        address = format!("{local}{namesakes}@{domain}");
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::Behaviour;

    #[test]
    fn a_larger_cast_begins_with_the_same_people() {
        assert_eq!(people(7, 50), people(7, 500)[..50]);
        assert_ne!(people(7, 50), people(8, 50));
    }

    #[test]
    fn every_address_is_its_own_and_leads_nowhere_real() {
        let cast = people(7, 5_000);
        let addresses: HashSet<_> = cast.iter().map(|person| &person.address).collect();
        assert_eq!(addresses.len(), cast.len());
        for person in &cast {
            assert!(person.address.is_ascii(), "{}", person.address);
            assert!(person.address.ends_with(".example"), "{}", person.address);
        }
    }

    #[test]
    fn no_address_of_the_cast_tells_its_behaviour() {
        for person in people(7, 5_000) {
            assert_eq!(Behaviour::by_keyword(&person.address), None, "{}", person.address);
        }
    }

    #[test]
    fn two_hundred_people_are_of_many_languages_and_behaviours() {
        let cast = people(7, 200);
        let languages: HashSet<_> = cast.iter().map(|person| &person.language).collect();
        assert!(languages.len() >= 15, "{languages:?}");
        let answers: HashSet<_> =
            cast.iter().map(|person| format!("{:?}", Behaviour::of(7, &person.address))).collect();
        assert!(answers.len() >= 8, "{answers:?}");
    }

    #[test]
    fn names_beyond_ascii_say_how_they_stand_in_an_address() {
        for culture in cultures() {
            for name in culture.given.iter().chain(culture.family) {
                let (native, ascii) = spellings(name);
                assert!(!native.is_empty() && !ascii.is_empty(), "{name}");
                assert!(native.is_ascii() || name.contains('/'), "{name}");
            }
        }
    }

    #[test]
    fn no_two_companies_share_a_domain() {
        let mut domains = HashSet::new();
        for Company(name, domain, _) in cultures().flat_map(|culture| culture.companies) {
            assert!(domains.insert(domain), "{name}: {domain}");
        }
    }
}
