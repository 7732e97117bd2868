//! Which folder keeps what was sent.

use super::{Cause, Folder, Session};

/// What mail programs and providers call it, in lower case. The first ones are meant more surely.
const NAMES: &[&str] = &[
    "sent",
    "sent items",
    "sent mail",
    "sent messages",
    "sent-mail",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "gesendete nachrichten",
    "envoyés",
    "éléments envoyés",
    "messages envoyés",
    "courrier envoyé",
    "enviados",
    "elementos enviados",
    "mensajes enviados",
    "correo enviado",
    "itens enviados",
    "mensagens enviadas",
    "e-mails enviados",
    "inviata",
    "inviati",
    "posta inviata",
    "messaggi inviati",
    "verzonden",
    "verzonden items",
    "verzonden berichten",
    "skickat",
    "skickade objekt",
    "sendt",
    "sendte elementer",
    "sendt post",
    "lähetetyt",
    "lähetetyt kohteet",
    "wysłane",
    "elementy wysłane",
    "odeslané",
    "odeslaná pošta",
    "odoslané",
    "elküldött",
    "elküldött elemek",
    "trimise",
    "отправленные",
    "отправленные элементы",
    "надіслані",
    "gönderilmiş öğeler",
    "gönderilenler",
    "送信済み",
    "送信済みアイテム",
    "送信済みメール",
    "보낸 편지함",
    "보낸편지함",
    "보낸 메일함",
    "보낸메일함",
    "已发送",
    "已发送邮件",
    "已傳送",
    "寄件備份",
];

impl Session {
    /// The name of the folder that keeps what was sent: the one that the server marks (RFC 6154), else the one whose name
    /// says so.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn sent_folder(&mut self) -> Result<Option<String>, Cause> {
        Ok(sent_of(&self.folders().await?).map(|folder| folder.name.clone()))
    }
}

/// The folder of `folders` that keeps what was sent.
pub fn sent_of(folders: &[Folder]) -> Option<&Folder> {
    let by_name = |folder: &&Folder| {
        let name = folder.last_name().to_lowercase();
        NAMES.iter().position(|known| *known == name).map(|sureness| (sureness, folder.name.len()))
    };
    folders
        .iter()
        .find(|folder| folder.is_sent)
        .or_else(|| folders.iter().filter(|folder| by_name(folder).is_some()).min_by_key(by_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> Folder {
        Folder { name: name.into(), delimiter: Some("/".into()), is_sent: false, is_junk: false }
    }

    fn found(names: &[&str]) -> Option<String> {
        let folders: Vec<Folder> = names.iter().map(|name| folder(name)).collect();
        sent_of(&folders).map(|folder| folder.name.clone())
    }

    #[test]
    fn the_mark_of_the_server_goes_before_every_name() {
        let marked = Folder { is_sent: true, ..folder("Ausgang") };
        let folders = [folder("Sent"), marked.clone()];
        assert_eq!(sent_of(&folders), Some(&marked));
    }

    #[test]
    fn a_name_in_many_languages_says_it_too() {
        for name in ["Sent", "INBOX/Sent", "[Gmail]/Sent Mail", "Gesendete Elemente", "Éléments envoyés", "보낸편지함"]
        {
            assert_eq!(found(&["INBOX", "Drafts", name]).as_deref(), Some(name), "{name}");
        }
        assert_eq!(found(&["INBOX", "Presented", "Sent by fax"]), None);
    }

    #[test]
    fn of_several_the_surest_and_then_the_nearest_is_taken() {
        assert_eq!(found(&["Gesendet", "Old/Sent", "Sent", "Sent Items"]).as_deref(), Some("Sent"));
    }
}
