//! How programs begin the subject of an automatic reply.

use crate::incoming::letter::Letter;

/// In lower case. Most are set by the mail program in the language of its user.
const PREFIXES: &[&str] = &[
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "auto response",
    "auto-response",
    "autoresponse",
    "automated reply",
    "automated response",
    "automatic response",
    "out of office",
    "away from my mail",
    "vacation auto",
    "vacation response",
    "out of the office",
    "out-of-office",
    "ooo:",
    "away from the office",
    "away from office",
    "vacation reply",
    "vacation:",
    "on vacation",
    "on leave",
    "away until",
    "automatische antwort",
    "automatische antwoord",
    "automatisch antwoord",
    "automatische rückantwort",
    "abwesenheit",
    "abwesend",
    "nicht im büro",
    "réponse automatique",
    "reponse automatique",
    "absence du bureau",
    "absent du bureau",
    "absence :",
    "absence:",
    "message d'absence",
    "notification d'absence",
    "respuesta automática",
    "respuesta automatica",
    "fuera de la oficina",
    "fuera de oficina",
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    "assente",
    "resposta automática",
    "resposta automatica",
    "ausência temporária",
    "ausente do escritório",
    "afwezig",
    "automatiskt svar",
    "autosvar",
    "automatisk svar",
    "frånvaro",
    "fravær",
    "automaattinen vastaus",
    "poissa",
    "autoodpowiedź",
    "odpowiedź automatyczna",
    "automatyczna odpowiedź",
    "automatická odpověď",
    "automatikus válasz",
    "răspuns automat",
    "automatski odgovor",
    "otomatik yanıt",
    "автоответ",
    "автоматический ответ",
    "автоматична відповідь",
    "вне офиса",
    "αυτόματη απάντηση",
    "תשובה אוטומטית",
    "رد تلقائي",
    "自動応答",
    "自動返信",
    "不在通知",
    "不在:",
    "不在の",
    "【自動返信】",
    "自动答复",
    "自动回复",
    "自動回覆",
    "自動答覆",
    "外出",
    "자동 회신",
    "자동 응답",
    "부재중",
];

/// The beginning of the subject of `letter` that says that a program wrote it.
pub(super) fn prefix(letter: &Letter) -> Option<&'static str> {
    letter.title_among(PREFIXES)
}

/// How subjects end that Notes writes, behind the name of the author, lower case.
const OF_AUTHORS: &[&str] = &[
    "is out of the office",
    "ist außer haus",
    "est absent(e)",
    "está fuera de la oficina",
    "está ausente do escritório",
    "è fuori ufficio",
    "is niet op kantoor",
];

/// What the subject of `letter` says of its author, and of nobody else: that they are away.
pub(super) fn of_its_author(letter: &Letter) -> Option<&'static str> {
    let name = letter.from_name.to_lowercase();
    let author: Vec<&str> = words(&letter.from).chain(words(&name)).collect();
    let is_author = |name: &str| {
        let mut named = words(name).peekable();
        named.peek().is_some() && named.all(|word| author.contains(&word))
    };
    let says = |words: &str| {
        let subject = letter.titles.first().map_or("", |title| title.trim_end_matches('.'));
        subject.strip_suffix(words).is_some_and(is_author)
    };
    OF_AUTHORS.iter().find(|words| says(words)).copied()
}

/// The words of a name or an address.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
