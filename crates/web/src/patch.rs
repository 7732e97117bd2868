//! Edits that tell "leave it" from "remove it": an absent field from `null`.

use serde::{Deserialize, Deserializer};

/// For `Option<Option<T>>` with `#[serde(default, deserialize_with = "nullable")]`: absent is `None`, `null` is
/// `Some(None)`.
#[expect(clippy::option_option, reason = "absent and null mean different things")]
pub(crate) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Edit {
        #[serde(default, deserialize_with = "nullable")]
        #[expect(clippy::option_option, reason = "absent and null mean different things")]
        channel: Option<Option<u8>>,
    }

    #[test]
    fn null_removes_and_absence_leaves() {
        let read = |text| serde_json::from_str::<Edit>(text).unwrap().channel;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"channel":null}"#), Some(None));
        assert_eq!(read(r#"{"channel":7}"#), Some(Some(7)));
    }
}
