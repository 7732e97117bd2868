//! The day on which somebody is back, in the words of their automatic reply.

mod words;

use jiff::{ToSpan, civil::Date};
use words::{Token, month, tokens, weekday};

/// How far ahead, in days, a day of return may be: beyond it, the year was misread.
const FARTHEST: i32 = 400;
/// How many bytes before a date are asked for words that say what the date is.
const NEAR: usize = 64;
/// How much text is searched.
const MOST_TEXT: usize = 4 * 1024;

/// The day of return that `text`, in lower case, speaks of, in a message that was written on the day `today`.
///
/// "Back on" outranks "until". Days without a year are the next such days; without `today` they are nothing.
pub(super) fn of_return(text: &str, today: Option<Date>) -> Option<Date> {
    let text = &text[..text.floor_char_boundary(MOST_TEXT)];
    let tokens = tokens(text);
    let mut best: Option<(u8, Date)> = None;
    let mut i = 0;
    while i < tokens.len() {
        let Some((day, length)) = day_at(&tokens[i..], today) else {
            i += 1;
            continue;
        };
        let (start, end) = (tokens[i].start, tokens[i + length - 1].end);
        // A day of the week is nearer than the date beside it says.
        let by_name = tokens[i].word().is_some_and(|word| weekday(word).is_some());
        let rank = match words::rank(before(text, start), &text[end..]) {
            0 => 0,
            _ if by_name => 1,
            rank => rank + 1,
        };
        let possible = today.is_none_or(|today| day >= today && (day - today).get_days() <= FARTHEST);
        if rank > 0 && possible && best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, day));
        }
        i += length;
    }
    best.map(|(_, day)| day)
}

/// What stands before `start`, in the same sentence.
fn before(text: &str, start: usize) -> &str {
    let near = &text[text.floor_char_boundary(start.saturating_sub(NEAR))..start];
    near.rsplit(['!', '?', '。', '\u{2028}']).next().unwrap_or(near)
}

/// The date at the beginning of `tokens`, and how many of them it takes.
fn day_at(tokens: &[Token<'_>], today: Option<Date>) -> Option<(Date, usize)> {
    numeric(tokens, today).or_else(|| named(tokens, today)).or_else(|| day_of_week(tokens, today))
}

/// `2026-05-04`, `4.5.2026`, `5/4`, `5月4日`.
fn numeric(tokens: &[Token<'_>], today: Option<Date>) -> Option<(Date, usize)> {
    let first = tokens.first()?.number()?;
    let parted = |i: usize| tokens.get(i).and_then(Token::separator);
    let second = tokens.get(2).and_then(Token::number);
    match (parted(1)?, second) {
        ('年', Some(month)) if parted(3) == Some('月') => {
            let day = tokens.get(4)?.number()?;
            Some((date(first, month, day)?, 5))
        }
        ('월' | '月', Some(day)) => Some((coming(month_number(first)?, day, today)?, 3)),
        (mark @ ('-' | '/' | '.'), Some(second)) => {
            let third = (parted(3) == Some(mark)).then(|| tokens.get(4)?.number()).flatten();
            match third {
                Some(third) if first > 31 => Some((date(first, second, third)?, 5)),
                Some(year) => Some((day_and_month(first, second, mark, |m, d| date(full(year), m, d), today)?, 5)),
                // Two numbers apart by a dash are hours, or a room.
                None if mark == '-' => None,
                None => Some((day_and_month(first, second, mark, |m, d| coming(m, d, today), today)?, 3)),
            }
        }
        _ => None,
    }
}

/// Which of two numbers is the day: a dot puts it first. Where both may be, the nearer date is meant.
fn day_and_month(
    first: u16,
    second: u16,
    mark: char,
    make: impl Fn(u16, u16) -> Option<Date>,
    today: Option<Date>,
) -> Option<Date> {
    let (day_first, month_first) = (make(second, first), make(first, second));
    match (day_first, month_first) {
        (Some(day_first), Some(month_first)) if mark == '/' => match today {
            Some(today) if month_first >= today && (day_first < today || month_first < day_first) => Some(month_first),
            _ => Some(day_first),
        },
        (day_first, month_first) => day_first.or(month_first.filter(|_| mark != '.')),
    }
}

/// `4 May 2026`, `4. Mai`, `May 4th, 2026`, `4 de mayo de 2026`.
fn named(tokens: &[Token<'_>], today: Option<Date>) -> Option<(Date, usize)> {
    let first = tokens.first()?;
    let (month, day, end) = if let Some(day) = first.number() {
        let at = after(tokens, 1, Token::joins_day);
        (month(tokens.get(at)?.word()?)?, day, at + 1)
    } else {
        let at = after(tokens, 1, Token::is_dot);
        (month(first.word()?)?, tokens.get(at)?.number()?, at + 1)
    };
    let at = after(tokens, end, Token::joins_year);
    match tokens.get(at).and_then(Token::number).filter(|&year| year >= 2000) {
        Some(year) => Some((date(year, month, day)?, at + 1)),
        None => Some((coming(month, day, today)?, end)),
    }
}

/// The first place from `at` on where no word joins a date.
fn after<'a>(tokens: &[Token<'a>], at: usize, joins: impl Fn(&Token<'a>) -> bool) -> usize {
    at + tokens.iter().skip(at).take_while(|token| joins(token)).count()
}

/// The next day of that name after today.
fn day_of_week(tokens: &[Token<'_>], today: Option<Date>) -> Option<(Date, usize)> {
    let weekday = weekday(tokens.first()?.word()?)?;
    let day = today?.nth_weekday(1, weekday).ok()?;
    Some((day, 1))
}

/// The next day with that name in the calendar, today included.
fn coming(month: u16, day: u16, today: Option<Date>) -> Option<Date> {
    let today = today?;
    let this_year = date(u16::try_from(today.year()).ok()?, month, day)?;
    if this_year >= today { Some(this_year) } else { this_year.checked_add(1.year()).ok() }
}

fn month_number(month: u16) -> Option<u16> {
    (1..=12).contains(&month).then_some(month)
}

fn full(year: u16) -> u16 {
    if year < 100 { 2000 + year } else { year }
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (2000..2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_return_is_found_in_many_languages() {
        let today = Date::new(2026, 4, 28).ok();
        for (text, expected) in [
            ("I am out of the office and will be back on Monday, May 4th.", "2026-05-04"),
            ("I'm away until 5/13/2026", "2026-05-13"),
            ("Away until May 5", "2026-05-05"),
            ("out from 29 April to 8 May 2026 with no access", "2026-05-08"),
            ("I'm out until May 8. I will return on 11 May.", "2026-05-11"),
            ("back in the office on 2026-05-06", "2026-05-06"),
            ("I will be back next Monday", "2026-05-04"),
            ("Ich bin bis zum 8. Mai nicht im Büro.", "2026-05-08"),
            ("Ab dem 11.05.2026 bin ich wieder erreichbar.", "2026-05-11"),
            ("Ich bin vom 27.04. bis 08.05. im Urlaub", "2026-05-08"),
            ("Je suis absent jusqu'au 8 mai inclus", "2026-05-08"),
            ("Je serai de retour le lundi 11 mai 2026.", "2026-05-11"),
            ("Estaré fuera hasta el 8 de mayo de 2026", "2026-05-08"),
            ("Sarò in ferie fino al 10 maggio", "2026-05-10"),
            ("Estarei ausente até 9 de maio", "2026-05-09"),
            ("Ik ben afwezig tot en met 7 mei", "2026-05-07"),
            ("Я в отпуске до 12 мая", "2026-05-12"),
            ("5月6日まで休暇をいただいております", "2026-05-06"),
            ("2026年5月7日より出社いたします", "2026-05-07"),
            ("我将于5月8日返回办公室", "2026-05-08"),
        ] {
            let found = of_return(&text.to_lowercase(), today).map(|day| day.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_date_that_is_not_of_return_is_none() {
        let today = Date::new(2026, 4, 28).ok();
        for text in ["thank you for your mail of may 4", "call +49 30 12.5", "our fair opens on 4 may", "until may 5"] {
            let today = if text.starts_with("until") { None } else { today };
            assert_eq!(of_return(text, today), None, "{text}");
        }
    }
}
