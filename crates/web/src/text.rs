//! The domain's text enums in API descriptions: one wrapper, so that no enum is written twice.
//!
//! `derive(ToSchema)` takes generic types apart and asks `T` for its schema, so a field's type is an alias:
//! `type RoleText = Text<Role>;`.

use std::borrow::Cow;

use domain::TextEnum;
use serde::{Deserialize, Serialize};
use utoipa::{
    __dev::ComposeSchema,
    ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// A text enum, described by its spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<T>(pub(crate) T);

impl<T> From<T> for Text<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: TextEnum> ComposeSchema for Text<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let spellings = T::ALL.iter().map(|value| value.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(spellings)).into()
    }
}

impl<T: TextEnum> ToSchema for Text<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }
}
