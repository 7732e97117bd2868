//! Automatic replies that say only in their text that they are: their programs set neither a header nor a subject.

use crate::incoming::sender::is_greeting_word;

/// How a sentence begins in which a program speaks of itself, lower case.
const OF_ITSELF: &[&str] = &[
    "this is an auto",
    "this is a automat",
    "dies ist eine auto",
    "das ist eine auto",
    "dies ist eine vollautomat",
    "ceci est une réponse auto",
    "ceci est un message auto",
    "cette réponse est auto",
    "esta es una respuesta auto",
    "este es un mensaje auto",
    "esta é uma resposta auto",
    "questa è una risposta auto",
    "dit is een auto",
    "det här är ett auto",
    "detta är ett auto",
    "dette er et auto",
    "to jest auto",
    "tämä on auto",
    "это авто",
    "це авто",
    "これは自動",
    "这是",
    "此邮件为",
    "本邮件为",
    "這是",
    "이것은 자동",
    "이 메일은 자동",
];

/// What it calls itself there, lower case.
const ANSWER: &[&str] = &[
    "reply",
    "response",
    "responder",
    "answer",
    "antwort",
    "réponse",
    "respuesta",
    "resposta",
    "risposta",
    "antwoord",
    "svar",
    "odpowied",
    "vastaus",
    "ответ",
    "відповідь",
    "自動返信",
    "自動応答",
    "自动回复",
    "自动答复",
    "自動回覆",
    "자동 응답",
    "자동 회신",
];

/// What else a program says that answers: that the mail came, lower case.
const RECEIVED: &[&str] = &[
    "received your",
    "ihre anfrage erhalten",
    "ihre nachricht erhalten",
    "bien reçu votre",
    "recibido su",
    "ricevuto la",
    "recebemos",
    "uw bericht ontvangen",
];

/// How people say in a form for everybody that they are away, lower case.
const AWAY: &[&str] = &[
    "i will be out of",
    "i am out of",
    "i'm out of",
    "i am currently out of",
    "i'm currently out of",
    "i am currently away",
    "i am away from",
    "i am on vacation",
    "i am on holiday",
    "i am on leave",
    "i am on annual leave",
    "i am on parental leave",
    "i am on maternity leave",
    "i am currently on",
    "ich bin derzeit",
    "ich bin zurzeit",
    "ich bin zur zeit",
    "ich bin bis",
    "ich bin im urlaub",
    "ich bin nicht im büro",
    "je suis absent",
    "je suis actuellement",
    "je suis en congé",
    "estoy fuera de",
    "estoy de vacaciones",
    "actualmente estoy",
    "sono fuori ufficio",
    "sono in ferie",
    "sarò assente",
    "estou de férias",
    "estou ausente",
    "ik ben afwezig",
    "ik ben op vakantie",
    "休假中",
    "я в отпуске",
];

/// What such a form goes on with, lower case: nobody says two of them to somebody in particular.
const GOES_ON: &[&str] = &[
    "will not return until",
    "will be back on",
    "will respond when i",
    "will respond to your",
    "will respond upon",
    "will reply upon",
    "upon my return",
    "when i return",
    "limited access to",
    "no access to",
    "not have access to",
    "urgent",
    "immediate assistance",
    "during my absence",
    "in my absence",
    "while i am away",
    "while i'm away",
    "dringend",
    "nicht weitergeleitet",
    "nach meiner rückkehr",
    "keinen zugriff auf",
    "en cas d'urgence",
    "à mon retour",
    "en mon absence",
    "a mi regreso",
    "a mi vuelta",
    "al mio rientro",
    "in caso di urgenza",
    "em caso de urgência",
    "ao meu retorno",
    "bij spoed",
    "无法亲自回复",
    "尽快给您回复",
];

/// How thanks begin, and what asks for attention, lower case.
const THANKS: &[&str] = &[
    "thank", "thanks", "danke", "vielen", "merci", "gracias", "grazie", "obrigado", "bedankt", "please", "bitte",
    "note",
];

/// The longest greeting, in words: "Thank you for your message".
const LONGEST_ADDRESS: usize = 6;

/// What shows that the automatic reply is not the letter itself, lower case.
const OF_OTHERS: &[&str] =
    &[" i got", " i get", " i received", " we got", " we get", "your system", "your server", "their "];

/// In how many bytes a form has said that its author is away.
const BEGINNING: usize = 400;

/// How we know it of `text`, which is what was newly written.
pub(super) fn sign(text: &str) -> Option<String> {
    let text = text.replace('’', "'").to_lowercase();
    if let Some(sentence) = sentences(&text).find(|sentence| declares(sentence, &text)) {
        return Some(format!("it says of itself: \"{sentence}\""));
    }
    let beginning = &text[..text.floor_char_boundary(BEGINNING)];
    let away = AWAY.iter().find(|words| beginning.contains(**words))?;
    // Who asks something waits for an answer.
    let is_form = GOES_ON.iter().filter(|words| text.contains(**words)).count() >= 2 && !text.contains(['?', '？']);
    is_form.then(|| format!("the form of an absence: \"{away}\""))
}

/// Whether a program says in `sentence` that it answers, or that it wrote, where `text` says that mail came.
fn declares(sentence: &str, text: &str) -> bool {
    let sentence = without_address(sentence);
    let of_itself = OF_ITSELF.iter().any(|words| sentence.starts_with(words));
    let says = |known: &[&str], text: &str| known.iter().any(|words| text.contains(words));
    let is_automatic = sentence.starts_with("this is an auto") || sentence.contains("automati");
    of_itself && (says(ANSWER, sentence) || (is_automatic && says(RECEIVED, text)))
}

/// The sentence without the greeting or the thanks with which it begins: "Hello Bo, this is an automated response". A person who
/// begins so and goes on so speaks of what somebody else has sent.
fn without_address(sentence: &str) -> &str {
    let Some((before, rest)) = sentence.split_once([',', '，']) else { return sentence };
    let words = before.split_whitespace().count();
    let first = before.split_whitespace().next().unwrap_or_default();
    let addresses = words <= LONGEST_ADDRESS && (is_greeting_word(first) || THANKS.contains(&first));
    let quotes = rest.contains('?') || OF_OTHERS.iter().any(|other| rest.contains(other));
    if addresses && !quotes { rest.trim_start() } else { sentence }
}

/// The sentences and clauses of `text`, without what stands before their first words.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '.', '!', ':', '*', '。', '！', '：', '，'])
        .map(|sentence| sentence.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end())
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn programs_say_of_themselves_that_they_answer() {
        for text in [
            "Hello,\n\nThis is an automated response to your message \"Offer\" sent on 4 May.",
            "Hinweis: Dies ist eine automatische Antwort auf Ihre Nachricht.",
            "Ceci est une réponse automatique.",
            "这是来自邮箱的假期自动回复邮件。",
            "您好，您的邮件已收到，这是自动回复邮件，谢谢！",
            "Thanks! This is an automatic email: we've received your request.",
            "Hello, this is an automated response to tell you that your message has arrived.",
            "Dear Bo Lind, this is an automatic reply.",
            "Vielen Dank für Ihre Nachricht, dies ist eine automatische Antwort.",
        ] {
            assert!(sign(text).is_some(), "{text}");
        }
    }

    #[test]
    fn an_absence_is_told_in_a_form() {
        for text in [
            "I will be out of the office starting 4 May and will not return until 11 May.\nIf you need immediate assistance, call Bo.",
            "Thank you. I am out of the office this week, with limited access to mail. In urgent cases call us.",
            "Je suis absente.\nJe suis actuellement en congé. En cas d'urgence, écrivez à Bo, sinon à mon retour.",
        ] {
            assert!(sign(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_people_say_of_themselves_is_no_form() {
        for text in [
            "I am out of the office today, but the price is fine. Let us talk tomorrow.",
            "I'm out of town while we decide. Is it urgent? I will respond when I can.",
            "Is this an automated reply?",
            "Did you send this as an automated reply?",
            "这是我们的报价。",
            "Hi Bo, this is an automated reply that I got from your address. Are you there?",
            "Hello Bo, this is an automated reply, right?",
            "As you see, this is an automated response of our desk, and I am sorry for it.",
            "Yes, this is an automated response, ignore it. The price is fine.",
            "Thanks Bo, this is automatic in our system and needs no answer from you.",
        ] {
            assert_eq!(sign(text), None, "{text}");
        }
    }
}
