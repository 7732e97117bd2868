//! Versions of things that are edited: `ETag` on the way out, `If-Match` on the way in.

use axum::{
    Json,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::problem::{Problem, Result};

/// The version a request edits: `If-Match: "<version>"`; the quotation marks may be missing.
#[expect(clippy::result_large_err, reason = "the problem is the answer, made once")]
pub(crate) fn if_match(headers: &HeaderMap) -> Result<i64> {
    headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().trim_start_matches("W/").trim_matches('"').parse().ok())
        .ok_or_else(Problem::precondition_required)
}

/// A resource with its version as `ETag`.
pub(crate) fn tagged(version: i64, resource: impl Serialize) -> Response {
    ([(header::ETAG, format!("\"{version}\""))], Json(resource)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_with_or_without_quotation_marks_and_is_required() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, text.parse().unwrap());
            if_match(&headers).ok()
        };
        assert_eq!(read("\"7\""), Some(7));
        assert_eq!(read("7"), Some(7));
        assert_eq!(read("W/\"7\""), Some(7));
        assert_eq!(read("*"), None);
        assert!(if_match(&HeaderMap::new()).is_err());
    }
}
