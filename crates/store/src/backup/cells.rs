//! One value of one row: as the databases know it, and as it stands in a backup.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sea_query::Value as Bound;
use serde_json::Value;
use uuid::Uuid;

use super::Error;

/// What stands in a column. Ids are bytes to `SQLite`; the database that reads them says what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Boolean,
    Text,
    Bytes,
    Id,
}

impl Kind {
    /// By the name that a database gives to the type.
    pub(super) fn of(declared: &str) -> Option<Self> {
        Some(match declared {
            "integer" | "bigint" => Self::Integer,
            "boolean" => Self::Boolean,
            "text" => Self::Text,
            "blob" | "bytea" => Self::Bytes,
            "uuid" => Self::Id,
            _ => return None,
        })
    }

    /// The value to bind, from a backup's JSON.
    pub(super) fn bind(self, value: &Value) -> Result<Bound, Error> {
        let wrong = || Error::Damaged(format!("a value is no {self:?}"));
        let bytes = |text: &str| STANDARD.decode(text).map_err(|_| wrong());
        Ok(match (self, value) {
            (Self::Integer, Value::Null) => Bound::BigInt(None),
            (Self::Boolean, Value::Null) => Bound::Bool(None),
            (Self::Text, Value::Null) => Bound::String(None),
            (Self::Bytes, Value::Null) => Bound::Bytes(None),
            (Self::Id, Value::Null) => Bound::Uuid(None),
            (Self::Integer, Value::Number(number)) => Bound::BigInt(Some(number.as_i64().ok_or_else(wrong)?)),
            (Self::Boolean, Value::Bool(yes)) => Bound::Bool(Some(*yes)),
            (Self::Text, Value::String(text)) => Bound::String(Some(text.clone())),
            (Self::Bytes, Value::String(text)) => Bound::Bytes(Some(bytes(text)?)),
            (Self::Id, Value::String(text)) => Bound::Uuid(Some(Uuid::from_slice(&bytes(text)?).map_err(|_| wrong())?)),
            _ => return Err(wrong()),
        })
    }
}

/// Bytes as they stand in a backup.
pub(super) fn encoded(bytes: Option<impl AsRef<[u8]>>) -> Value {
    bytes.map_or(Value::Null, |bytes| Value::String(STANDARD.encode(bytes)))
}

/// `cell!(row, index, kind)`: the value of a row of either database, as it stands in a backup.
macro_rules! cell {
    ($row:expr, $index:expr, $kind:expr) => {
        match $kind {
            Kind::Integer => $row.try_get::<Option<i64>, _>($index).map(serde_json::Value::from),
            Kind::Boolean => $row.try_get::<Option<bool>, _>($index).map(serde_json::Value::from),
            Kind::Text => $row.try_get::<Option<String>, _>($index).map(serde_json::Value::from),
            Kind::Bytes => $row.try_get::<Option<Vec<u8>>, _>($index).map(encoded),
            Kind::Id => $row.try_get::<Option<uuid::Uuid>, _>($index).map(encoded),
        }
    };
}
pub(super) use cell;
