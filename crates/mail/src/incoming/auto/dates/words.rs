//! The words and marks of which dates are made.

use jiff::civil::Weekday;

/// A number, a word or a mark in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) unit: Unit<'a>,
    /// Where it begins and ends, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Unit<'a> {
    Number(u16),
    Word(&'a str),
    Mark(char),
}

impl<'a> Token<'a> {
    pub(super) fn number(&self) -> Option<u16> {
        if let Unit::Number(number) = self.unit { Some(number) } else { None }
    }

    pub(super) fn word(&self) -> Option<&'a str> {
        if let Unit::Word(word) = self.unit { Some(word) } else { None }
    }

    /// A mark between numbers, or the sign for year and month of East Asian dates.
    pub(super) fn separator(&self) -> Option<char> {
        match self.unit {
            Unit::Mark(mark) => Some(mark),
            Unit::Word(word) => {
                word.chars().next().filter(|c| "年月년월".contains(*c)).map(|c| if c == '년' { '年' } else { c })
            }
            Unit::Number(_) => None,
        }
    }

    pub(super) fn is_dot(&self) -> bool {
        matches!(self.unit, Unit::Mark('.'))
    }

    /// What may stand between a day and its month: `4th of May`, `4. Mai`, `4 de mayo`, `1er mai`.
    pub(super) fn joins_day(&self) -> bool {
        match self.unit {
            Unit::Mark(mark) => matches!(mark, '.' | 'º' | '°' | ' '),
            Unit::Word(word) => matches!(word, "th" | "st" | "nd" | "rd" | "of" | "de" | "er" | "di" | "º" | "ª"),
            Unit::Number(_) => false,
        }
    }

    /// What may stand between a day with its month and the year.
    pub(super) fn joins_year(&self) -> bool {
        match self.unit {
            Unit::Mark(mark) => matches!(mark, ',' | '.'),
            Unit::Word(word) => matches!(word, "th" | "st" | "nd" | "rd" | "de" | "of"),
            Unit::Number(_) => false,
        }
    }
}

/// `text` as tokens. Numbers of more than four digits are words: they are no part of a date.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let class = class(first);
        let mut end = start + first.len_utf8();
        while class != Class::Mark
            && let Some(&(next, c)) = chars.peek()
            && self::class(c) == class
        {
            end = next + c.len_utf8();
            chars.next();
        }
        let piece = &text[start..end];
        let unit = match class {
            Class::Digit if piece.len() <= 4 => piece.parse().map_or(Unit::Word(piece), Unit::Number),
            Class::Mark => Unit::Mark(first),
            Class::Digit | Class::Letter => Unit::Word(piece),
        };
        tokens.push(Token { unit, start, end });
    }
    tokens
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Digit,
    Letter,
    Mark,
}

fn class(c: char) -> Class {
    if c.is_ascii_digit() {
        Class::Digit
    } else if c.is_alphabetic() {
        Class::Letter
    } else {
        Class::Mark
    }
}

/// The names of the months in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian,
/// Polish, Russian; the short forms first.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "january",
        "januar",
        "jänner",
        "janv",
        "janvier",
        "enero",
        "ene",
        "gennaio",
        "gen",
        "janeiro",
        "januari",
        "stycznia",
        "января",
        "янв",
    ],
    &[
        "feb",
        "february",
        "februar",
        "février",
        "fevrier",
        "févr",
        "fév",
        "febrero",
        "febbraio",
        "fevereiro",
        "fev",
        "februari",
        "lutego",
        "февраля",
        "фев",
    ],
    &[
        "mar",
        "march",
        "märz",
        "maerz",
        "mrz",
        "mars",
        "marzo",
        "março",
        "marco",
        "maart",
        "mrt",
        "marts",
        "marca",
        "марта",
    ],
    &["apr", "april", "avril", "avr", "abril", "abr", "aprile", "kwietnia", "апреля"],
    &["may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja", "мая"],
    &["jun", "june", "juni", "juin", "junio", "giugno", "giu", "junho", "czerwca", "июня"],
    &["jul", "july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "lipca", "июля"],
    &["aug", "august", "août", "aout", "agosto", "ago", "augustus", "augusti", "sierpnia", "августа"],
    &[
        "sep",
        "sept",
        "september",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "set",
        "setembro",
        "września",
        "сентября",
    ],
    &[
        "oct",
        "october",
        "okt",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "ott",
        "outubro",
        "out",
        "października",
        "октября",
    ],
    &["nov", "november", "novembre", "noviembre", "novembro", "listopada", "ноября"],
    &[
        "dec",
        "december",
        "dez",
        "dezember",
        "décembre",
        "decembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "desember",
        "grudnia",
        "декабря",
    ],
];

/// The number of the month with that name.
pub(super) fn month(word: &str) -> Option<u16> {
    let index = MONTHS.iter().position(|names| names.contains(&word))?;
    u16::try_from(index + 1).ok()
}

/// The day of the week with that name, in English, German, French, Spanish, Italian, Dutch.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "montag" | "lundi" | "lunes" | "lunedì" | "maandag" => Weekday::Monday,
        "tuesday" | "dienstag" | "mardi" | "martes" | "martedì" | "dinsdag" => Weekday::Tuesday,
        "wednesday" | "mittwoch" | "mercredi" | "miércoles" | "mercoledì" | "woensdag" => Weekday::Wednesday,
        "thursday" | "donnerstag" | "jeudi" | "jueves" | "giovedì" | "donderdag" => Weekday::Thursday,
        "friday" | "freitag" | "vendredi" | "viernes" | "venerdì" | "vrijdag" => Weekday::Friday,
        "saturday" | "samstag" | "samedi" | "sábado" | "sabato" | "zaterdag" => Weekday::Saturday,
        "sunday" | "sonntag" | "dimanche" | "domingo" | "domenica" | "zondag" => Weekday::Sunday,
        _ => return None,
    })
}

/// Words before a day on which somebody is back.
const BACK: &[&str] = &[
    "back",
    "return",
    "returning",
    "resume",
    "available again",
    "zurück",
    "wieder",
    "ab dem",
    "retour",
    "reviens",
    "reprendrai",
    "regres",
    "vuelv",
    "vuelta",
    "volver",
    "reincorpor",
    "rientr",
    "torner",
    "sarò di nuovo",
    "volto",
    "regresso",
    "retorno",
    "terug",
    "tillbaka",
    "tilbake",
    "tilbage",
    "wracam",
    "powrót",
    "вернусь",
    "вернётся",
    "将于",
    "將於",
];

/// Words before a day on which somebody will answer, who may be there all the time.
const ANSWERS: &[&str] =
    &["back to you", "return to you", "return your", "revert to you", "respond within", "bei ihnen zurück"];

/// Words before a day until which somebody is away.
const UNTIL: &[&str] = &[
    "until",
    "till",
    "til ",
    "through",
    "thru",
    " to ",
    "–",
    " - ",
    "bis",
    "jusqu",
    "au ",
    "hasta",
    " al ",
    "fino",
    "até",
    "tot",
    " t/m",
    "till och med",
    "do ",
    "до",
    "по",
];

/// Words after a day, in languages that put them there.
const BACK_AFTER: &[&str] = &["より", "から", "に戻", "に出社", "返回", "回来", "回到", "부터", "に復帰"];
const UNTIL_AFTER: &[&str] = &["まで", "为止", "為止", "까지"];

/// How surely a date is the day of return: 2 for a day of return, 1 for the end of an absence, 0 for neither.
pub(super) fn rank(before: &str, after: &str) -> u8 {
    if ANSWERS.iter().any(|words| before.contains(words)) {
        return 0;
    }
    let after: String = after.chars().take(12).collect();
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let follows = |words: &[&str]| words.iter().any(|word| after.contains(word));
    match (last(BACK), last(UNTIL)) {
        (Some(back), until) if until.is_none_or(|until| back > until) => 2,
        _ if follows(UNTIL_AFTER) => 1,
        _ if follows(BACK_AFTER) => 2,
        (_, Some(_)) => 1,
        _ => 0,
    }
}
