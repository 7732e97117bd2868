//! The interface, embedded: pages and what they load.
//!
//! Everything that is no file is a page of the interface, which looks at the path itself.

use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{Embed, EmbeddedFile};

/// What `build.rs` built; read from there by debug builds, part of the program in release builds.
#[derive(Embed)]
#[folder = "$WEB_DIST"]
struct Files;

/// Names of files under `assets/` change with their content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Answers with a file of the interface, or with its page.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let is_asset = path.starts_with("assets/");
    if let Some(file) = Files::get(path) {
        answer(path, file, &headers, if is_asset { FOR_EVER } else { ASK_AGAIN })
    } else if is_asset {
        StatusCode::NOT_FOUND.into_response()
    } else {
        match Files::get("index.html") {
            Some(page) => answer("index.html", page, &headers, ASK_AGAIN),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn answer(path: &str, file: EmbeddedFile, request: &HeaderMap, caching: HeaderValue) -> Response {
    let kind = file.metadata.mimetype().to_owned();
    let compressed = if accepts_gzip(request) { Files::get(&format!("{path}.gz")) } else { None };
    let is_compressed = compressed.is_some();
    let file = compressed.unwrap_or(file);

    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
    let is_known = request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], file.data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, caching);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if is_compressed && !is_known {
        headers.insert(header::CONTENT_ENCODING, GZIP);
    }
    response
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    let accepted = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, "q=1"));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
