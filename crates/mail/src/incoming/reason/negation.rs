//! A small grammar of "there is none": a word for "not", and a verb of being there, being found or being known, in the same
//! clause and language. Languages that say it in one word, or write without spaces, have their words in [`super::denial`].

/// Words, and how words begin, lower case and without accents.
type Words = &'static [&'static str];

/// For each language, or family of languages, the words for "not", and how the words begin that they deny.
const LANGUAGES: &[(Words, Words)] = &[
    // English
    (
        &[
            "not", "no", "never", "cannot", "can't", "couldn't", "don't", "doesn't", "isn't", "wasn't", "unable",
            "failed",
        ],
        &["exist", "found", "find", "locat", "known", "know", "recogni", "listed", "registered", "hosted", "served"],
    ),
    // German
    (
        &["nicht", "kein", "keine", "keinen"],
        &[
            "existier",
            "gefunden",
            "bekannt",
            "vorhanden",
            "registriert",
            "angelegt",
            "eingerichtet",
            "vergeben",
            "gultig",
        ],
    ),
    // French
    (&["pas", "plus", "aucun", "aucune", "non"], &["exist", "trouv", "connu", "enregistr", "valide", "attribu"]),
    // Spanish, Portuguese, Italian
    (
        &["no", "nao", "non"],
        &[
            "exist", "esist", "encontr", "trovat", "localiz", "registr", "cadastr", "conoc", "conhec", "conosc",
            "present", "valid", "risult",
        ],
    ),
    // Dutch
    (&["niet", "geen"], &["bestaa", "gevonden", "bekend", "geldig", "geregistreerd"]),
    // Swedish, Danish, Norwegian
    (
        &["inte", "ikke", "ej", "ingen"],
        &[
            "finns",
            "findes",
            "finnes",
            "hitta",
            "fundet",
            "funnet",
            "kand",
            "kendt",
            "kjent",
            "exist",
            "eksist",
            "registrer",
        ],
    ),
    // Finnish, Estonian
    (&["ei"], &["ole", "loydy", "leitud", "leia", "tunne"]),
    // Polish
    (&["nie", "brak"], &["istnie", "znalez", "zarejestr", "tak", "znany"]),
    // Hungarian
    (&["nem", "nincs"], &["letez", "talal", "ismer", "ilyen"]),
    // Romanian
    (&["nu"], &["exist", "gasit", "cunosc"]),
    // Croatian, Serbian, Slovene
    (&["ne", "nije"], &["postoji", "pronad", "obstaja", "poznat"]),
    // Turkish
    (&["degil", "yok"], &["mevcut", "kayitl", "gecerli", "kullanici", "boyle"]),
    // Russian, Ukrainian, Bulgarian
    (
        &["не", "нет", "немає", "няма"],
        &["существ", "найден", "зарегистр", "известен", "известн", "так", "адрес", "існу", "знайден", "съществ"],
    ),
    // Greek
    (&["δεν"], &["υπαρχει", "υπάρχει", "βρεθηκε", "βρέθηκε"]),
];

/// What `clause` denies, which is as [`super::plain`] leaves it.
pub(super) fn find(clause: &str) -> Option<&'static str> {
    LANGUAGES
        .iter()
        .filter(|(not, _)| words(clause).any(|word| not.contains(&word)))
        .find_map(|(_, verbs)| verbs.iter().find(|verb| words(clause).any(|word| word.starts_with(**verb))).copied())
}

fn words(clause: &str) -> impl Iterator<Item = &str> {
    clause.split(|c: char| !c.is_alphanumeric() && c != '\'')
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn what_is_denied_is_there_found_or_known() {
        for clause in [
            " no account with this name was found ",
            " der empfanger ist hier nicht vorhanden ",
            " aucun compte n'a ete trouve ",
            " l'utente non risulta registrato ",
            " o destinatario nao foi localizado ",
            " mottagaren kunde inte hittas ",
            " nie znaleziono odbiorcy ",
            " такого адреса нет ",
        ] {
            assert!(find(clause).is_some(), "{clause}");
        }
    }

    #[test]
    fn a_word_for_not_alone_denies_nobody() {
        for clause in
            [" the user is not busy ", " der empfanger nimmt das nicht an ", " the user was found ", " notfound "]
        {
            assert_eq!(find(clause), None, "{clause}");
        }
    }
}
