//! Dynamic fields: parsed, and filled in.

#![no_main]

use std::collections::BTreeMap;

use mail::template::{Format, Template};

libfuzzer_sys::fuzz_target!(|source: &str| {
    let values =
        BTreeMap::from([("first_name".to_owned(), "Ana <b>".to_owned()), ("company".to_owned(), String::new())]);
    for format in [Format::Line, Format::Html] {
        if let Ok(template) = Template::parse(source, format) {
            let _ = template.render(&values);
            let _ = template.unknown(&["first_name"]);
        }
    }
});
