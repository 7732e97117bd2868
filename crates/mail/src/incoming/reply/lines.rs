//! Single lines that are not a person's words.

/// How mail programs begin the line that they add below, lower case.
const SENT_FROM: &[&str] = &[
    "sent from ",
    "sent via ",
    "sent with ",
    "sent by galaxy",
    "sent using ",
    "sent on the go",
    "get outlook for ",
    "get [outlook for ",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir de ",
    "télécharger outlook pour ",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "diese nachricht wurde von meinem ",
    "holen sie sich outlook für ",
    "outlook für ",
    "enviado desde ",
    "enviado do ",
    "enviado a partir de ",
    "obtener outlook para ",
    "inviato da ",
    "inviato dal ",
    "verzonden met ",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "skickat från ",
    "sendt fra ",
    "lähetetty ",
    "wysłane z ",
    "odesláno z ",
    "отправлено с ",
    "отправлено из ",
    "iphoneから送信",
    "ipadから送信",
    "從我的 ",
    "发自我的",
    "來自我的",
    "나의 iphone에서 보냄",
];

/// The longest line that a mail program adds.
const LONGEST: usize = 100;

/// Whether a mail program added this line: "Sent from my phone".
pub(super) fn is_sent_from(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['(', '<', '[', '*', '_']).to_lowercase();
    let short = line.len() <= LONGEST || line.contains("://");
    let device = (line.starts_with("from my ") || line.contains(" from mobile") || line.contains(" from my mobile"))
        && line.split_whitespace().count() <= 4
        && !line.ends_with([':', ',']);
    device || (short && SENT_FROM.iter().any(|known| line.starts_with(known)) && !line.ends_with('?'))
}

/// Whether the line is quoted.
pub(super) fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether a signature follows.
pub(super) fn is_signature_mark(line: &str) -> bool {
    matches!(line.trim_end(), "--" | "—" | "__")
}

/// Whether the line is drawn, not written.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '—' | '~'))
}
