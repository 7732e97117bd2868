//! `List-Unsubscribe` (RFC 2369) and `List-Unsubscribe-Post` (RFC 8058), on mail that carries the link and on no other: mail
//! from one person to another needs none.

/// The headers of a message whose body is `html`; `link` is the recipient's, `mailbox` an address that we read. In a body that
/// is sent once more the same link may lead through the host that was used before.
pub(crate) fn headers(html: &str, link: &str, mailbox: Option<&str>) -> Vec<(&'static str, String)> {
    let token = token_of(link);
    if token.is_empty() || !html.contains(&format!("/u/{token}")) {
        return Vec::new();
    }
    let mut ways = format!("<{link}>");
    if let Some(mailbox) = mailbox {
        ways = format!("{ways}, <mailto:{mailbox}?subject=unsubscribe>");
    }
    let mut headers = vec![("List-Unsubscribe", ways)];
    // Only an https address may be posted to with one click.
    if link.starts_with("https://") {
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

/// What tells one link from another, wherever they lead through.
pub(crate) fn token_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://t.example/u/abc";

    #[test]
    fn mail_with_the_link_says_how_one_click_leaves() {
        let html = format!("<p><a href=\"{LINK}\">Leave</a></p>");
        let ways = "<https://t.example/u/abc>, <mailto:r+1@in.example?subject=unsubscribe>".to_owned();
        let post = "List-Unsubscribe=One-Click".to_owned();
        let expected = [("List-Unsubscribe", ways), ("List-Unsubscribe-Post", post)];
        assert_eq!(headers(&html, LINK, Some("r+1@in.example")), expected);
        assert_eq!(headers(&html, LINK, None)[0].1, "<https://t.example/u/abc>");
    }

    #[test]
    fn other_mail_says_nothing_and_a_link_without_tls_is_for_people_only() {
        assert_eq!(headers("<p>Hello</p>", LINK, None), []);
        let plain = "http://127.0.0.1:4080/u/abc";
        let names: Vec<_> = headers(plain, plain, None).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["List-Unsubscribe"]);
        assert_eq!(headers("https://t.example/u/", "https://t.example/u/", None), [], "nobody's link");
    }

    #[test]
    fn a_body_that_goes_once_more_after_the_host_changed_has_them_too() {
        let html = format!("<a href=\"{LINK}\">Leave</a>");
        assert_eq!(headers(&html, "https://new.example/u/abc", None)[0].1, "<https://new.example/u/abc>");
    }
}
