//! Requests to be left alone: by a mail program's button (RFC 2369, RFC 8058), or in a person's words.

use super::{Incoming, Kind, Recipient, gateway, letter::Letter, refusal::one_line};

/// The most words of a letter that is nothing but a request.
const MOST_WORDS: usize = 40;

/// Subjects that programs use, and people who think of programs, lower case.
const SUBJECTS: &[&str] = &[
    "unsubscribe",
    "unsubscribe me",
    "please unsubscribe",
    "please unsubscribe me",
    "remove me",
    "opt out",
    "opt-out",
    "optout",
    "abmelden",
    "abbestellen",
    "desinscription",
    "désinscription",
    "désabonnement",
    "se désabonner",
    "cancelar suscripción",
    "darse de baja",
    "annulla iscrizione",
    "cancellami",
    "disiscrivimi",
    "cancelar inscrição",
    "descadastrar",
    "afmelden",
    "uitschrijven",
    "avregistrera",
    "avmeld",
    "afmeld",
    "wypisz",
    "odhlásit",
    "отписаться",
    "отписка",
    "配信停止",
    "購読解除",
    "退订",
    "退訂",
    "수신거부",
];

/// Sentences that mean nothing else, lower case.
const SENTENCES: &[&str] = &[
    "unsubscribe me",
    "please unsubscribe",
    "wish to unsubscribe from",
    "wish to unsubscribe.",
    "want to unsubscribe from",
    "want to unsubscribe.",
    "like to unsubscribe from",
    "like to unsubscribe.",
    "remove me from",
    "please remove me",
    "remove my email",
    "remove my address",
    "remove my name",
    "take me off",
    "delete me from",
    "opt me out",
    "stop emailing me",
    "stop e-mailing me",
    "stop mailing me",
    "stop sending me",
    "stop contacting me",
    "stop writing to me",
    "stop spamming me",
    "do not email me",
    "don't email me",
    "do not contact me",
    "don't contact me",
    "do not send me any",
    "don't send me any",
    "no more emails",
    "no further emails",
    "never contact me",
    "cease all contact",
    "aus dem verteiler",
    "aus ihrem verteiler",
    "aus ihrer liste",
    "von ihrer liste",
    "von der liste",
    "keine weiteren e-mails",
    "keine weiteren mails",
    "keine e-mails mehr",
    "keine mails mehr",
    "nicht mehr kontaktieren",
    "nicht mehr anschreiben",
    "bitte abmelden",
    "melden sie mich ab",
    "me désinscrire",
    "me désabonner",
    "désinscrivez-moi",
    "désabonnez-moi",
    "retirez-moi",
    "me retirer de",
    "supprimer de votre liste",
    "ne plus recevoir",
    "ne plus me contacter",
    "ne me contactez plus",
    "darme de baja",
    "dar de baja mi",
    "denme de baja",
    "deme de baja",
    "no me envíen más",
    "no me envíe más",
    "no deseo recibir",
    "no quiero recibir",
    "quitarme de",
    "elimínenme de",
    "cancellatemi",
    "cancellarmi",
    "cancellami",
    "rimuovetemi",
    "rimuovermi",
    "non voglio più ricevere",
    "non desidero ricevere",
    "me remova",
    "remover meu",
    "retire meu",
    "não quero mais receber",
    "não desejo receber",
    "parem de enviar",
    "schrijf me uit",
    "mij uitschrijven",
    "uit uw lijst",
    "van uw lijst",
    "geen e-mails meer",
    "geen mails meer",
    "ta bort mig",
    "fjern meg",
    "fjern mig",
    "proszę o usunięcie",
    "wypisać mnie",
    "nie chcę otrzymywać",
    "отпишите меня",
    "удалите меня",
    "больше не пишите",
    "не присылайте",
    "配信を停止",
    "配信停止を",
    "配信不要",
    "メールを送らないで",
    "リストから削除",
    "今後のメールは不要",
    "请退订",
    "取消订阅",
    "不要再发",
    "請勿再寄",
    "수신 거부",
    "보내지 마",
];

/// What turns such a sentence into its contrary, right before it.
const DENIALS: &[&str] = &["don't", "do not", "not", "never", "nicht", "ne pas", "no", "non", "não"];

/// A request that a program sent because somebody pressed its button.
pub(super) fn request_by_program(letter: &Letter) -> Option<Incoming> {
    let pressed = letter.fields.has("x-apple-unsubscribe");
    let answers = letter.fields.has("in-reply-to");
    let asks = letter.titles.iter().any(|title| says_unsubscribe(title.trim_end_matches(['.', '!']), &letter.text))
        && !answers
        && words(&letter.text) <= MOST_WORDS;
    if !pressed && !asks {
        return None;
    }
    let why = if pressed {
        "the unsubscribe button of Apple Mail".to_owned()
    } else {
        format!("the subject \"{}\"", letter.subject)
    };
    Some(request(letter, why))
}

fn says_unsubscribe(subject: &str, text: &str) -> bool {
    SUBJECTS.contains(&subject) || names_a_list(subject, text)
}

/// Whether a program asks with `subject` for the one list that it names, and says in `text` that it wrote.
fn names_a_list(subject: &str, text: &str) -> bool {
    let named = subject.split_once(' ').filter(|(_, list)| !list.trim().contains(char::is_whitespace));
    let asked = named.is_some_and(|(word, _)| SUBJECTS.contains(&word));
    asked && text.to_lowercase().contains("automatically generated")
}

/// A request in the words `text` of a person, who says nothing else.
pub(super) fn request_by_person(letter: &Letter, text: &str) -> Option<Incoming> {
    // What a gateway writes below is not the person's.
    let end = text.split_inclusive('\n').take_while(|line| !gateway::is_below(line)).map(str::len).sum();
    let text = text[..end].trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let words_said = words(text);
    if words_said == 0 || words_said > MOST_WORDS || text.len() > MOST_WORDS * 12 {
        return None;
    }
    // The end of the letter ends its last sentence.
    let said = format!("{}.", one_line(text).replace('’', "'").to_lowercase());
    let bare = said.trim_matches(|c: char| !c.is_alphanumeric());
    let whole = SUBJECTS.contains(&bare) || matches!(bare, "stop" | "remove" | "please remove" | "please stop");
    let sentence = SENTENCES.iter().find(|sentence| says(&said, sentence));
    if !whole && sentence.is_none() {
        return None;
    }
    Some(request(letter, format!("the words \"{}\"", sentence.map_or(bare, |sentence| sentence))))
}

/// Whether `sentence` stands in `text` and is not denied.
fn says(text: &str, sentence: &str) -> bool {
    text.match_indices(sentence).any(|(at, _)| {
        let before = text[..at].trim_end();
        let starts_word = text[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
        starts_word && !DENIALS.iter().any(|denial| ends_with_word(before, denial))
    })
}

/// Whether `text` ends with `word`, and not with a longer one: "Bruno" is no "no".
fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

fn request(letter: &Letter, why: String) -> Incoming {
    let about = Recipient::who(&letter.from, Kind::Unsubscribe);
    Incoming::new(Kind::Unsubscribe, why).about(vec![about])
}

fn words(text: &str) -> usize {
    text.split_whitespace().take(MOST_WORDS + 1).count()
}
