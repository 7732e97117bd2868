//! Dynamic fields: their names, and a person's values for them.

use std::collections::BTreeMap;

use store::{identities::Identity, people::Person};

use crate::unsubscribe::TEAM_UNSUBSCRIBE;

/// A dynamic field, as the menu offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DynamicField {
    /// What is written between the braces.
    pub name: &'static str,
    /// A value, to show what it is for.
    pub example: &'static str,
}

/// Every dynamic field, in the order of the menu.
pub const DYNAMIC_FIELDS: [DynamicField; 11] = [
    DynamicField { name: "first_name", example: "Marta" },
    DynamicField { name: "last_name", example: "Silva" },
    DynamicField { name: "name", example: "Marta Silva" },
    DynamicField { name: "company", example: "Brisamar Foods" },
    DynamicField { name: "title", example: "Head of Logistics" },
    DynamicField { name: "phone", example: "+351 265 000 000" },
    DynamicField { name: "email", example: "marta.silva@brisamar.example" },
    DynamicField { name: "sender_name", example: "Elena Marchetti" },
    DynamicField { name: "sender_first_name", example: "Elena" },
    DynamicField { name: "sender_email", example: "elena@northlight.example" },
    DynamicField { name: TEAM_UNSUBSCRIBE, example: "You can unsubscribe here." },
];

/// The names alone.
pub(crate) fn known() -> [&'static str; DYNAMIC_FIELDS.len()] {
    DYNAMIC_FIELDS.map(|field| field.name)
}

/// The values for one email: what is not known is absent.
pub(crate) fn values(
    person: Option<&Person>,
    address: Option<&str>,
    identity: Option<&Identity>,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            values.insert(name.to_owned(), value.to_owned());
        }
    };
    if let Some(person) = person {
        set("first_name", person.first_name.as_deref());
        set("last_name", person.last_name.as_deref());
        set("name", person.full_name().as_deref());
        set("company", person.company.as_deref());
        set("title", person.title.as_deref());
        set("phone", person.phone.as_deref());
    }
    set("email", address);
    if let Some(identity) = identity {
        set("sender_name", Some(&identity.name));
        set("sender_first_name", identity.name.split_whitespace().next());
        set("sender_email", Some(&identity.address));
    }
    values
}
