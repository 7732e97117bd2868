//! What keeps a follow-up in its conversation: Message-IDs, `References` (RFC 5322 §3.6.4) and a subject that has not changed.

use crate::address::with_ascii_domain;

/// The most ids that `References` carries: the first one, and the latest.
const MAX_REFERENCES: usize = 20;

/// The marks that mail programs put before the subject of an answer, lower case.
const REPLY_MARKS: &[&str] = &[
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "odp",
    "rif",
    "ref",
    "res",
    "r",
    "ynt",
    "απ",
    "отв",
    "відп",
    "回复",
    "答复",
    "回覆",
    "답장",
    "返信",
    "תגובה",
    "رد",
];

/// The `References` of an answer to the message `parent`, whose own references were `earlier`.
pub fn references(earlier: &[String], parent: &str) -> Vec<String> {
    let mut ids: Vec<String> = earlier.iter().filter(|id| *id != parent).cloned().collect();
    ids.push(parent.to_owned());
    if ids.len() > MAX_REFERENCES {
        ids.drain(1..=ids.len() - MAX_REFERENCES);
    }
    ids
}

/// The subject of an answer: the same, with one `Re:` before it.
pub fn reply_subject(subject: &str) -> String {
    let mut base = subject.trim();
    while let Some((mark, rest)) = base.split_once([':', '：']) {
        if !REPLY_MARKS.contains(&mark.trim().to_lowercase().as_str()) {
            break;
        }
        base = rest.trim_start();
    }
    format!("Re: {base}")
}

/// The Message-ID that begins with `left`, of a message from the address `sender`, without angle brackets. In ASCII.
pub fn message_id(left: &str, sender: &str) -> String {
    let sender = with_ascii_domain(sender);
    let domain = sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("{left}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_id_is_in_ascii_whatever_its_sender_is_called() {
        assert_eq!(message_id("m.1", "élodie@a.example"), "m.1@a.example");
        assert_eq!(message_id("m.1", "a@bücher.example"), "m.1@xn--bcher-kva.example");
        assert_eq!(message_id("m.1", "nobody"), "m.1@localhost");
    }

    #[test]
    fn an_answer_refers_to_its_parent_last() {
        let earlier = ["a@x".to_owned(), "b@x".to_owned()];
        assert_eq!(references(&earlier, "c@x"), ["a@x", "b@x", "c@x"]);
        assert_eq!(references(&earlier, "a@x"), ["b@x", "a@x"]);
        assert_eq!(references(&[], "c@x"), ["c@x"]);
    }

    #[test]
    fn a_long_conversation_keeps_its_first_id_and_its_latest() {
        let mut ids = Vec::new();
        for n in 0..100 {
            ids = references(&ids, &format!("{n}@x"));
        }
        assert_eq!(ids.len(), MAX_REFERENCES);
        assert_eq!((ids[0].as_str(), ids[1].as_str(), ids[19].as_str()), ("0@x", "81@x", "99@x"));
    }

    #[test]
    fn the_subject_gets_one_mark_however_often_it_was_answered() {
        for subject in ["Offer", "Re: Offer", "RE: re: Offer", "AW: Re:  Offer", " 답장: Offer"] {
            assert_eq!(reply_subject(subject), "Re: Offer", "{subject}");
        }
        assert_eq!(reply_subject("Ship: Offer"), "Re: Ship: Offer");
        assert_eq!(reply_subject(""), "Re: ");
    }

    proptest! {
        #[test]
        fn answering_an_answer_changes_nothing(subject in ".{0,40}|((re|AW|x|:| ){0,8})") {
            let once = reply_subject(&subject);
            prop_assert_eq!(reply_subject(&once), once);
        }
    }
}
