//! Lines of the form `Name: value`: headers, and the blocks of which reports are made (RFC 5322 §2.2, RFC 3464 §2.1).

/// How many fields of a block are read.
const MOST_FIELDS: usize = 500;

/// A block of fields, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields {
    /// Lower-case names, and values on one line.
    fields: Vec<(String, String)>,
}

impl Fields {
    /// Reads the fields until the first empty line. Lines that are no field are passed over.
    pub(super) fn parse(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines().map(str::trim_end).skip_while(|line| line.is_empty()) {
            if line.is_empty() || fields.len() == MOST_FIELDS {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    go_on(value, line.trim());
                }
            } else if let Some((name, value)) = split(line) {
                fields.push((name.to_ascii_lowercase(), value.to_owned()));
            } else if let Some((_, value)) = fields.last_mut() {
                // A sentence that was broken and not indented still belongs to its field.
                go_on(value, line);
            }
        }
        Self { fields }
    }

    /// The first value of the field `name`, which is given in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of the field `name`, which is given in lower case.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |field| field.0 == name).map(|field| field.1.as_str())
    }

    /// Whether the field `name` is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

fn go_on(value: &mut String, line: &str) {
    if !value.is_empty() {
        value.push(' ');
    }
    value.push_str(line);
}

/// The name and the value in a line, if it is a field.
pub(super) fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    named.then_some((name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_values_are_one_line_and_names_have_no_case() {
        let fields = Fields::parse("\nTo: a@example.org,\n\tb@example.org\nX-Two: 1\nx-two: 2\n\nbody: no");
        assert_eq!(fields.get("to"), Some("a@example.org, b@example.org"));
        assert_eq!(fields.all("x-two").collect::<Vec<_>>(), ["1", "2"]);
        assert!(!fields.has("body"));
    }
}
