//! The id by which a server will know a message from now on, as its answer to the final dot names it.

/// The id in the `text` of a server's answer, without angle brackets: some providers replace the Message-ID and say so.
///
/// Exchange Online names the whole id, in angle brackets. Amazon SES names the part before the `@`, alone after `Ok`. What
/// others name is the number of a place in their queue, which nobody sees again.
pub fn given_id(text: &str) -> Option<&str> {
    let bracketed = text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(id, _)| id);
    if let Some(id) = bracketed {
        let is_id = id.contains('@') && id.len() < 998 && !id.chars().any(|c| c.is_whitespace() || c.is_control());
        return is_id.then_some(id);
    }
    let mut words = text.split_whitespace();
    let (ok, id) = (words.next()?, words.next()?);
    (ok.eq_ignore_ascii_case("ok") && words.next().is_none() && is_of_amazon(id)).then_some(id)
}

/// Whether `id` looks like `0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000`.
fn is_of_amazon(id: &str) -> bool {
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    lengths == [16, 8, 4, 4, 4, 12, 6] && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::given_id;

    #[test]
    fn an_answer_names_an_id_or_a_place_in_a_queue() {
        let amazon = "0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000";
        for (text, expected) in [
            ("Ok 0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000", Some(amazon)),
            (
                "OK <AM0PR01MB1@AM0PR01MB1.eurprd01.example> [Hostname=AM0]",
                Some("AM0PR01MB1@AM0PR01MB1.eurprd01.example"),
            ),
            ("Ok: queued as 4XyZ1234", None),
            ("OK  1700000000 abc-123.45 - gsmtp", None),
            ("<ana@x.example", None),
            ("<relay.example> accepted", None),
            ("<a b@c> accepted", None),
            ("", None),
        ] {
            assert_eq!(given_id(text), expected, "{text}");
        }
    }
}
