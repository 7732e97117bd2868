//! A field whose value is HTML of our own: put in place before the text is read as a template.

use super::{Format, parse::field};

/// `html` with each field `name` replaced by `with`, as it stands; `None` when there is no such field. What cannot be read
/// is left for [`super::Template::parse`] to complain of.
pub fn insert(html: &str, name: &str, with: &str) -> Option<String> {
    let mut inserted = String::with_capacity(html.len() + with.len());
    let mut found = false;
    let mut rest = html;
    while let Some(start) = rest.find("{{") {
        inserted.push_str(&rest[..start]);
        rest = &rest[start..];
        let length = match field(rest, Format::Html) {
            Ok((field, length)) if field.name == name => {
                found = true;
                inserted.push_str(with);
                inserted.push_str(&field.tags);
                length
            }
            Ok((_, length)) => {
                inserted.push_str(&rest[..length]);
                length
            }
            Err(_) => {
                inserted.push_str("{{");
                2
            }
        };
        rest = &rest[length..];
    }
    inserted.push_str(rest);
    found.then_some(inserted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_becomes_html_and_the_others_stay() {
        let put = |html| insert(html, "footer", "<a>x</a>");
        assert_eq!(put("<p>{{ name }} {{<b> footer </b>}}.</p>").unwrap(), "<p>{{ name }} <a>x</a><b></b>.</p>");
        assert_eq!(put("{{ name | default: \"footer\" }} {{"), None);
        assert_eq!(put("{{footer}}{{ footer | upcase }}").unwrap(), "<a>x</a><a>x</a>");
    }
}
