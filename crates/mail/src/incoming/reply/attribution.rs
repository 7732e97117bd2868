//! Lines in which a mail program says whose words follow.

use super::lines::is_quote;
use crate::incoming::{addresses, refusal::one_line};

/// Over how many lines a program breaks such a sentence.
const MOST_LINES: usize = 4;
/// How many lines of a block of headers are looked at.
const MOST_HEADERS: usize = 7;
/// The longest such sentence, in bytes.
const LONGEST: usize = 400;

/// "Wrote", as programs say it at the end of the sentence or near it, lower case.
const WROTE: &[&str] = &[
    "wrote",
    "writes",
    "schrieb",
    "schreef",
    "geschreven",
    "a écrit",
    "escribió",
    "escribio",
    "escreveu",
    "ha scritto",
    "scrisse",
    "skrev",
    "kirjoitti",
    "napisał",
    "napisał(a)",
    "napsal",
    "написал",
    "написала",
    "написал(а)",
    "пишет",
    "писал",
    "yazdı",
    "έγραψε",
    "写道",
    "寫道",
    "写到",
    "のメール",
    "書きました",
    "작성",
    "님이 작성",
];

/// Headers in the block that Outlook puts above what it answers, lower case: sender first.
const SENDER: &[&str] = &[
    "from",
    "von",
    "de",
    "da",
    "van",
    "från",
    "fra",
    "lähettäjä",
    "od",
    "от",
    "差出人",
    "发件人",
    "寄件者",
    "보낸 사람",
    "kimden",
];
const OTHERS: &[&str] = &[
    "sent",
    "date",
    "to",
    "cc",
    "subject",
    "reply-to",
    "gesendet",
    "datum",
    "an",
    "betreff",
    "envoyé",
    "à",
    "objet",
    "enviado",
    "enviado el",
    "fecha",
    "para",
    "asunto",
    "assunto",
    "data",
    "inviato",
    "a",
    "oggetto",
    "verzonden",
    "aan",
    "onderwerp",
    "skickat",
    "till",
    "ämne",
    "sendt",
    "til",
    "emne",
    "lähetetty",
    "aihe",
    "vastaanottaja",
    "wysłano",
    "wysłane",
    "do",
    "temat",
    "отправлено",
    "дата",
    "кому",
    "тема",
    "送信日時",
    "日時",
    "宛先",
    "件名",
    "发送时间",
    "收件人",
    "主题",
    "寄件日期",
    "收件者",
    "主旨",
    "날짜",
    "보낸 날짜",
    "받는 사람",
    "제목",
    "gönderme",
    "kime",
    "konu",
];

/// What stands in the line that divides an answer from its original, lower case.
const DIVIDERS: &[&str] = &[
    "original message",
    "original-nachricht",
    "originalnachricht",
    "ursprüngliche nachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "originalmeddelande",
    "ursprungligt meddelande",
    "oprindelig meddelelse",
    "opprinnelig melding",
    "alkuperäinen viesti",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "původní zpráva",
    "původní e-mail",
    "исходное сообщение",
    "пересылаемое сообщение",
    "元のメッセージ",
    "原始邮件",
    "原始郵件",
    "원본 메시지",
    "forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
    "mensaje reenviado",
    "mensagem encaminhada",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "転送",
];

/// Whether the line divides an answer from its original: `-----Original Message-----`.
pub(super) fn is_divider(line: &str) -> bool {
    let line = line.trim().trim_start_matches('>').trim().replace('’', "'").to_lowercase();
    let dashed = line.starts_with("--") || line.starts_with("__") || line.starts_with("==");
    let words = line.trim_matches(['-', '_', '=', ' ', ':']);
    let dashed_wrote = dashed && line.ends_with("--") && WROTE.iter().any(|wrote| words.ends_with(wrote));
    (dashed && DIVIDERS.iter().any(|known| words.starts_with(known)))
        || words == "begin forwarded message"
        || dashed_wrote
}

/// Whether a block of headers begins here, perhaps below a rule: a sender, and at least two others.
pub(super) fn is_header_block(lines: &[&str]) -> bool {
    let ruled = lines.first().is_some_and(|line| super::lines::is_rule(line));
    let block = lines.iter().skip(usize::from(ruled)).map(|line| line.trim_start_matches(['>', ' ', '*']));
    let names: Vec<_> = block.take(MOST_HEADERS).take_while(|line| !line.trim().is_empty()).map(name).collect();
    let is = |known: &[&str], name: &Option<String>| name.as_deref().is_some_and(|name| known.contains(&name));
    let others = names.iter().filter(|name| is(OTHERS, name)).count();
    let begins = names.first().is_some_and(|name| is(SENDER, name) || is(OTHERS, name));
    begins && others >= 2 && names.iter().any(|name| is(SENDER, name))
}

/// The name of a header, without the emphasis that programs put around it.
fn name(line: &str) -> Option<String> {
    let (name, _) = line.split_once([':', '：'])?;
    let name = name.trim_matches(['*', ' ', '\u{a0}', '_']).to_lowercase();
    (!name.is_empty() && name.chars().count() <= 20).then_some(name)
}

/// How many lines the sentence takes that begins here and says who wrote what follows: "On Monday, Ana wrote:".
pub(super) fn says_who_wrote(lines: &[&str]) -> Option<usize> {
    let mut sentence = String::new();
    for (count, line) in lines.iter().take(MOST_LINES).enumerate() {
        let line = line.trim_start_matches(['>', ' ']).trim();
        if line.is_empty() {
            return None;
        }
        sentence.push_str(line);
        sentence.push(' ');
        if sentence.len() > LONGEST {
            return None;
        }
        // A sentence that is broken over lines has its date or an address on the first.
        if count == 0
            && !ends_sentence(&sentence)
            && !(digits(&sentence) >= 4 || addresses::in_text(&sentence).next().is_some())
        {
            return None;
        }
        if ends_sentence(&sentence) {
            let quoted =
                lines[count + 1..].iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_quote(line));
            return names_a_writer(&sentence, quoted).then_some(count + 1);
        }
    }
    None
}

/// Whether the sentence has a word for "wrote", and a date or an address; before a quote, a date with an address is enough.
fn names_a_writer(sentence: &str, before_quote: bool) -> bool {
    let sentence = one_line(sentence).to_lowercase();
    let wrote = WROTE.iter().any(|wrote| {
        let from = sentence.len().saturating_sub(wrote.len() + 80);
        sentence[sentence.floor_char_boundary(from)..].contains(wrote)
    });
    let dated = digits(&sentence) >= 3;
    let addressed = addresses::in_text(&sentence).next().is_some();
    (wrote && (dated || addressed)) || (before_quote && dated && addressed)
}

fn ends_sentence(sentence: &str) -> bool {
    sentence.trim_end().ends_with([':', '：'])
}

fn digits(sentence: &str) -> usize {
    sentence.bytes().filter(u8::is_ascii_digit).count()
}
