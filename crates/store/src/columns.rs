//! How the domain's types stand in columns, and how rows become structs on both databases.

use domain::{TextEnum, Timestamp};
use sqlx::error::BoxDynError;
use uuid::Uuid;

/// A type that stands in one column as `Raw`, which both databases know.
pub(crate) trait Column: Sized {
    /// What the databases see.
    type Raw;
    fn from_raw(raw: Self::Raw) -> Result<Self, BoxDynError>;
    fn into_raw(self) -> Self::Raw;
}

/// The value to bind: `.bind(raw(email.id))`.
pub(crate) fn raw<T: Column>(value: T) -> T::Raw {
    value.into_raw()
}

impl<T: Column> Column for Option<T> {
    type Raw = Option<T::Raw>;
    fn from_raw(raw: Self::Raw) -> Result<Self, BoxDynError> {
        raw.map(T::from_raw).transpose()
    }
    fn into_raw(self) -> Self::Raw {
        self.map(T::into_raw)
    }
}

macro_rules! plain {
    ($($type:ty),+) => {$(
        impl Column for $type {
            type Raw = Self;
            fn from_raw(raw: Self) -> Result<Self, BoxDynError> { Ok(raw) }
            fn into_raw(self) -> Self { self }
        }
    )+};
}
plain!(bool, i64, String, Vec<u8>, Uuid);

/// Numbers that the domain counts unsigned.
impl Column for u32 {
    type Raw = i64;
    fn from_raw(raw: i64) -> Result<Self, BoxDynError> {
        Ok(Self::try_from(raw)?)
    }
    fn into_raw(self) -> i64 {
        i64::from(self)
    }
}

impl Column for u16 {
    type Raw = i64;
    fn from_raw(raw: i64) -> Result<Self, BoxDynError> {
        Ok(Self::try_from(raw)?)
    }
    fn into_raw(self) -> i64 {
        i64::from(self)
    }
}

impl Column for u64 {
    type Raw = i64;
    fn from_raw(raw: i64) -> Result<Self, BoxDynError> {
        Ok(Self::try_from(raw)?)
    }
    fn into_raw(self) -> i64 {
        i64::try_from(self).unwrap_or(i64::MAX)
    }
}

impl Column for Timestamp {
    type Raw = i64;
    fn from_raw(raw: i64) -> Result<Self, BoxDynError> {
        Ok(Self(raw))
    }
    fn into_raw(self) -> i64 {
        self.0
    }
}

macro_rules! ids {
    ($($type:ident),+ $(,)?) => {$(
        impl Column for domain::$type {
            type Raw = Uuid;
            fn from_raw(raw: Uuid) -> Result<Self, BoxDynError> { Ok(Self(raw)) }
            fn into_raw(self) -> Uuid { self.0 }
        }
    )+};
}
ids!(
    WorkspaceId,
    UserId,
    TeamId,
    InvitationId,
    ApiTokenId,
    AuditId,
    ChannelId,
    IdentityId,
    DkimKeyId,
    MailboxId,
    PersonId,
    EmailId,
    RecipientId,
    EventId,
    EmailActionId,
    StopId,
    StopChangeId,
    AttachmentId,
    LongLinkId,
    ReceivedId,
    NodeId,
);

macro_rules! texts {
    ($($type:path),+ $(,)?) => {$(
        impl Column for $type {
            type Raw = String;
            fn from_raw(raw: String) -> Result<Self, BoxDynError> { Ok(raw.parse::<Self>()?) }
            fn into_raw(self) -> String { TextEnum::as_str(self).to_owned() }
        }
    )+};
}
texts!(
    domain::Status,
    domain::authorization::Role,
    domain::channel::Auth,
    domain::channel::Security,
    domain::deliverability::Algorithm,
    domain::deliverability::RecordState,
    domain::reasons::WaitReason,
    domain::reasons::FailureReason,
    domain::reasons::PauseReason,
    domain::engagement::Verdict,
    domain::engagement::Why,
    domain::events::EventKind,
    domain::feed::FeedKind,
    domain::feed::Shown,
    domain::feedback::WebhookProvider,
    domain::incoming::Kind,
    domain::incoming::Via,
    domain::ledger::Outcome,
    domain::ledger::RecipientKind,
    domain::provider::MailboxProvider,
    domain::stops::Cause,
    domain::stops::Source,
    domain::stops::Change,
    domain::stops::Motive,
    domain::stops::ResumeReason,
    domain::stops::Wording,
);

/// Everybody's mail, or that of the user with this id.
impl Column for domain::stops::Scope {
    type Raw = String;
    fn from_raw(raw: String) -> Result<Self, BoxDynError> {
        Ok(raw.parse()?)
    }
    fn into_raw(self) -> String {
        self.to_string()
    }
}

/// The rules of a channel are kept as JSON: they are read and written as a whole.
impl Column for Vec<domain::limits::DomainRule> {
    type Raw = String;
    fn from_raw(raw: String) -> Result<Self, BoxDynError> {
        Ok(serde_json::from_str(&raw)?)
    }
    fn into_raw(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }
}

/// Evidence is kept as JSON.
impl Column for domain::events::Evidence {
    type Raw = String;
    fn from_raw(raw: String) -> Result<Self, BoxDynError> {
        Ok(serde_json::from_str(&raw)?)
    }
    fn into_raw(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }
}

/// `from_row!(Workspace { id, name })`: reads each field from the column of its name, on both databases.
///
/// `from_row!(Listed { ..email: Email, person_name })` reads `email` from the same row.
macro_rules! from_row {
    ($type:ident { $(..$whole:ident: $part:ty,)? $($field:ident),+ $(,)? }) => {
        from_row!(@on sqlx::sqlite::SqliteRow, $type { $(..$whole: $part,)? $($field),+ });
        from_row!(@on sqlx::postgres::PgRow, $type { $(..$whole: $part,)? $($field),+ });
    };
    (@on $row:ty, $type:ident { $(..$whole:ident: $part:ty,)? $($field:ident),+ }) => {
        impl sqlx::FromRow<'_, $row> for $type {
            fn from_row(row: &$row) -> std::result::Result<Self, sqlx::Error> {
                use sqlx::Row as _;
                Ok(Self {
                    $($whole: <$part as sqlx::FromRow<'_, $row>>::from_row(row)?,)?
                    $($field: $crate::columns::Column::from_raw(row.try_get(stringify!($field))?)
                        .map_err(|source| sqlx::Error::ColumnDecode { index: stringify!($field).into(), source })?,)+
                })
            }
        }
    };
}
pub(crate) use from_row;

/// Marks a portable statement: the same text on both databases. A test prepares every one of them.
macro_rules! sql {
    ($text:literal) => {{
        #[cfg(test)]
        #[linkme::distributed_slice($crate::testing::STATEMENTS)]
        static STATEMENT: (&str, &str) = (concat!(file!(), ":", line!()), $text);
        $text
    }};
}
pub(crate) use sql;

/// Runs the body on whichever database the transaction is on: `on!(tx, c => sqlx::query(…).execute(c).await)`.
macro_rules! on {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx {
            $crate::Tx::Sqlite(tx) => {
                let $connection = &mut **tx;
                $body
            }
            $crate::Tx::Postgres(tx) => {
                let $connection = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on;

/// Turns "no row was changed" into [`crate::Error::NotFound`].
macro_rules! changed_one {
    ($tx:expr, $connection:ident => $body:expr) => {
        match on!($tx, $connection => $body.map(|done| done.rows_affected()))? {
            0 => Err($crate::Error::NotFound),
            _ => Ok(()),
        }
    };
}
pub(crate) use changed_one;

/// Runs a statement that sea-query built and reads its rows, on whichever database the transaction is on.
macro_rules! fetch_built {
    ($tx:expr, $statement:expr) => {
        match $tx {
            $crate::Tx::Sqlite(tx) => {
                let (text, values) = $statement.build_sqlx(sea_query::SqliteQueryBuilder);
                sqlx::query_as_with($crate::db::built(text), values).fetch_all(&mut **tx).await
            }
            $crate::Tx::Postgres(tx) => {
                let (text, values) = $statement.build_sqlx(sea_query::PostgresQueryBuilder);
                sqlx::query_as_with($crate::db::built(text), values).fetch_all(&mut **tx).await
            }
        }
    };
}
pub(crate) use fetch_built;
