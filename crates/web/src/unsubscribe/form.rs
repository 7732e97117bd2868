//! What a POST to the link says. Mail programs may write it as `multipart/form-data` or as an ordinary form (RFC 8058 §3.2).

use axum::{
    Form,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use domain::{TextEnum, stops::Motive};
use engine::unsubscribe::Wish;

/// What is wanted.
#[derive(Debug)]
pub(super) enum Said {
    /// No more mail.
    Unsubscribe(Wish),
    /// That was a mistake.
    TakeBack,
    /// Neither our form nor one click: nothing happens.
    Nothing,
}

type Fields = Vec<(String, String)>;

pub(super) async fn read(request: Request) -> Said {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let fields = if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        match Multipart::from_request(request, &()).await {
            Ok(parts) => parts_of(parts).await,
            Err(_) => None,
        }
    } else {
        Form::<Fields>::from_request(request, &()).await.ok().map(|Form(fields)| fields)
    };
    understand(&fields.unwrap_or_default())
}

async fn parts_of(mut parts: Multipart) -> Option<Fields> {
    let mut fields = Fields::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name().unwrap_or_default().to_owned();
        fields.push((name, part.text().await.ok()?));
    }
    Some(fields)
}

fn understand(fields: &Fields) -> Said {
    let value = |name: &str| {
        let found = fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    if value("List-Unsubscribe").is_some_and(|value| value.eq_ignore_ascii_case("One-Click")) {
        return Said::Unsubscribe(Wish { one_click: true, ..Wish::default() });
    }
    match value("act") {
        Some("unsubscribe") => Said::Unsubscribe(Wish {
            only_sender: value("what") == Some("sender"),
            one_click: false,
            motive: value("why").and_then(Motive::parse),
            note: value("note").map(str::to_owned),
        }),
        Some("undo") => Said::TakeBack,
        _ => Said::Nothing,
    }
}
