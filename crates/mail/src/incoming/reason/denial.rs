//! Somebody is denied in words that nobody listed: a word for an address or its owner, and a word for "there is none", in one
//! clause of what a server says.

use super::negation;

/// The longest clause in which two words belong together, in bytes.
const LONGEST: usize = 160;

/// What ends a clause.
const ENDS: [char; 6] = ['.', ';', '!', '?', '。', '！'];

/// Words for an address and its owner, lower case, without their endings.
const SOMEBODY: &[&str] = &[
    "user",
    "recipient",
    "address",
    "mailbox",
    "account",
    "alias",
    "local part",
    "local-part",
    "email",
    "person",
    "customer",
    "mail drop",
    "inbox",
    "benutzer",
    "empfanger",
    "empfaenger",
    "postfach",
    "konto",
    "konta",
    "teilnehmer",
    "utilisateur",
    "compte",
    "boite",
    "usuari",
    "caixa",
    "kasutaja",
    "naudotoj",
    "vartotoj",
    "gavej",
    "lietotaj",
    "destinat",
    "direcci",
    "cuenta",
    "buzon",
    "casilla",
    "utente",
    "indirizzo",
    "casella",
    "utilizador",
    "endere",
    "conta ",
    "gebruiker",
    "ontvanger",
    "adres",
    "uzytkownik",
    "odbiorc",
    "skrzynk",
    "uzivatel",
    "prijemce",
    "schrank",
    "cimzett",
    "felhasznalo",
    "postafiok",
    "utilizator",
    "korisnik",
    "kayttaja",
    "vastaanottaja",
    "anvandare",
    "mottagar",
    "bruger",
    "modtager",
    "bruker",
    "mottaker",
    "kullanici",
    "alici",
    "пользовател",
    "адрес",
    "получател",
    "ящик",
    "користувач",
    "скриньк",
    "χρήστης",
    "παραλήπτης",
    "ユーザ",
    "アドレス",
    "宛先",
    "用户",
    "用戶",
    "使用者",
    "收件人",
    "地址",
    "사용자",
    "수신자",
    "주소",
];

/// Words for "there is none", lower case, without their endings. What languages say with a word for "not" is in [`negation`].
const NONE: &[&str] = &[
    "unknown",
    "be found",
    "be located",
    "no longer here",
    "no longer with",
    "no longer works",
    "has left",
    "left the company",
    "invalid",
    "not valid",
    "no valid",
    "undefined",
    "not defined",
    "illegal",
    "incorrect",
    "misspel",
    "obsolete",
    "unrecogni",
    "not present",
    "not available",
    "not here",
    "does not live",
    "not in my",
    "not in our",
    "not in the",
    "not in director",
    "isn't in",
    "not a ",
    "not an ",
    "is no ",
    "not user of",
    "not one of",
    "no matching",
    "a registered",
    "removed",
    "retired",
    "not resolve",
    "not match",
    "deleted",
    "wrong",
    "unavailable",
    "available here",
    "never heard",
    "no one at",
    "no one with",
    "nobody",
    "one of ours",
    "bad mailbox",
    "unbekannt",
    "ungultig",
    "ungueltig",
    "gibt es",
    "geloscht",
    "geloescht",
    "inconnu",
    "inexist",
    "inesist",
    "errat",
    "introuvable",
    "nerast",
    "neegzist",
    "nav atrast",
    "neeksist",
    "desconoc",
    "sconosciut",
    "desconhec",
    "onbekend",
    "ongeldig",
    "nieznan",
    "nieprawidlow",
    "neznam",
    "neexistuje",
    "nenalezen",
    "ismeretlen",
    "necunoscut",
    "nepoznat",
    "tuntematon",
    "okand",
    "ukendt",
    "ukjent",
    "bilinmey",
    "bulunamad",
    " yok",
    "неизвест",
    "удален",
    "невідом",
    "άγνωστ",
    "存在しな",
    "存在しませ",
    "見つかり",
    "ありません",
    "ございません",
    "使われて",
    "使用されて",
    "登録されて",
    "間違っ",
    "不明",
    "不存在",
    "未找到",
    "无效",
    "無效",
    "없는",
    "없습니다",
    "존재하지",
    "찾을 수 없",
];

/// Words that make a clause one about the sender, or about a while, lower case.
const OTHERS: &[&str] = &[
    "sender",
    "mail from",
    "return path",
    "return-path",
    "envelope from",
    "your address",
    "your account",
    "your mailbox",
    "your ip",
    "client",
    "subscri",
    "temporar",
    "currently",
    "at this time",
    "at the moment",
    "for the moment",
    "right now",
    "in time",
    "in progress",
    "later",
    " yet",
    "expediteur",
    "remitente",
    "mittente",
    "remetente",
    "nadawc",
    "отправител",
    "送信者",
    "发件人",
    "寄件",
    "helo",
];

/// Words for what may be missing instead of somebody, lower case.
const PLACES: &[&str] = &["domain", "dominio", "домен", "host ", "server"];

/// What says, right before one of [`PLACES`], that somebody is missing there.
const WITHIN: &[&str] = &[
    "this ",
    "our ",
    "my ",
    "local ",
    "in ",
    "on ",
    "at ",
    "of ",
    "in the ",
    "on the ",
    "at the ",
    "by the ",
    "diesem ",
    "questo ",
    "este ",
    "deze ",
    "этом ",
];

/// What stands right before a word for somebody who is not there, lower case.
const BEFORE: &[&str] = &[
    " no ",
    " bad ",
    " missing ",
    " no local ",
    " undeliverable ",
    " kein ",
    " keine ",
    " aucun ",
    " aucune ",
    " nessun ",
    " nessuna ",
    " ningun ",
    " ninguna ",
    " nenhum ",
    " nenhuma ",
    " geen ",
    " ingen ",
];

/// The word for "there is none" in a clause of `text`, which is as [`super::plain`] leaves it, that denies somebody.
pub(super) fn find(text: &str) -> Option<&'static str> {
    text.split(ENDS)
        .filter(|clause| clause.len() <= LONGEST && holds(clause, SOMEBODY))
        .filter(|clause| !is_about_others(clause) && !is_about_a_place(clause))
        .find_map(|clause| {
            let none = NONE.iter().find(|word| clause.contains(**word)).copied();
            none.or_else(|| negation::find(clause)).or_else(|| before_somebody(clause))
        })
}

/// The first of `phrases` in a clause of `text` that is not about others.
pub(super) fn named(text: &str, phrases: &'static [&'static str]) -> Option<&'static str> {
    let says =
        |phrase: &str| text.match_indices(phrase).any(|(at, _)| !is_about_others(clause(text, at, phrase.len())));
    phrases.iter().find(|phrase| text.contains(**phrase) && says(phrase)).copied()
}

/// The clause of `text` in which the `len` bytes from `start` stand, or what is near them of it.
fn clause(text: &str, start: usize, len: usize) -> &str {
    let end = start + len;
    let first = text.floor_char_boundary(start.saturating_sub(LONGEST));
    let last = text.floor_char_boundary(end + LONGEST);
    let from = text[first..start].rfind(ENDS).map_or(first, |at| first + at);
    let to = text[end..last].find(ENDS).map_or(last, |at| end + at);
    &text[from..to]
}

fn holds(clause: &str, words: &[&str]) -> bool {
    words.iter().any(|word| clause.contains(word))
}

fn is_about_others(clause: &str) -> bool {
    holds(clause, OTHERS)
}

fn before_somebody(clause: &str) -> Option<&'static str> {
    let denies = |word: &str| {
        let behind = |at: usize| &clause[at + word.len()..];
        clause.match_indices(word).any(|(at, _)| SOMEBODY.iter().any(|who| behind(at).starts_with(who)))
    };
    BEFORE.iter().find(|word| denies(word)).copied()
}

/// Whether `clause` speaks of a domain or a server, and not only of somebody there.
fn is_about_a_place(clause: &str) -> bool {
    let is_within = |before: &str| WITHIN.iter().any(|word| before.ends_with(word));
    PLACES.iter().any(|place| clause.match_indices(place).any(|(at, _)| !is_within(&clause[..at])))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn who_is_denied_is_denied_in_many_languages() {
        for text in [
            " cannot find user in directory ",
            " recipient address is not valid ",
            " diese adresse gibt es hier nicht ",
            " adresse email inconnue ",
            " cuenta no encontrada ",
            " indirizzo non valido ",
            " neznamy prijemce ",
            " brukeren finnes ikke ",
            " пользователь неизвестен ",
            " 該当するメールアドレスはありません ",
        ] {
            assert!(find(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_about_others_denies_nobody() {
        for text in [
            " sender address does not exist ",
            " the recipient's server was not found ",
            " your mailbox. something unknown happened ",
            " the user is busy ",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
