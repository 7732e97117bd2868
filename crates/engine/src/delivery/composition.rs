//! What was written, made ready to be filled in for many people.
//!
//! Cleaning a body, turning it into text and leading its links through us each take longer than everything else about an
//! email. They depend on what was written, not on whom it is for, so they are done once: the results are templates too,
//! with the tracked links and the pixel as two more kinds of field.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use mail::template::{Format, Template};
use sha2::{Digest, Sha256};

use super::fill::with_signature;

/// Compositions kept: as many bulk sends at once find theirs.
const KEPT: usize = 64;

/// The field of the pixel's address.
pub(super) const PIXEL: &str = "quarterdeck_pixel";

/// The field of the tracked address of link `number`.
pub(super) fn link(number: usize) -> String {
    format!("quarterdeck_link_{number}")
}

/// A subject and a body with its signature, understood once.
pub(super) struct Composition {
    pub(super) subject: Template,
    pub(super) html: Template,
    /// The HTML with its links led through us and a pixel.
    pub(super) tracked: Template,
    pub(super) text: Template,
    /// The text without the addresses of links: how it begins is what lists show.
    pub(super) opening: Template,
    /// Where the links lead.
    pub(super) links: Vec<String>,
}

impl Composition {
    /// `None` for what has to be looked at with each person's values: a field inside a tag, where a value could do harm.
    pub(super) fn new(subject: &str, body: &str, signature: &str, follow_up: bool) -> Option<Self> {
        let html = mail::html::sanitize(&with_signature(body, signature, follow_up)).html;
        let understood = Template::parse(&html, Format::Html).ok().filter(|template| !template.has_field_in_tag())?;
        let mut links = Vec::new();
        let address = |number: usize, url: &str| {
            links.push(url.to_owned());
            format!("{{{{ {} }}}}", link(number))
        };
        let tracked = mail::html::track(&html, address, &format!("{{{{ {PIXEL} }}}}"));
        let written = Template::parse(body, Format::Html).ok()?;
        Some(Self {
            subject: Template::parse(subject, Format::Line).ok()?,
            tracked: Template::parse(&tracked, Format::Html).ok()?,
            text: Template::parse(&mail::html::to_text(&html), Format::Line).ok()?,
            opening: Template::parse(&mail::html::opening(body), Format::Line).ok()?,
            links,
            html: understood,
        })
        // The text must have kept every field whole.
        .filter(|it| it.text.fields() == it.html.fields() && it.opening.fields() == written.fields())
    }
}

/// The compositions of late.
#[derive(Default)]
pub(crate) struct Compositions(Mutex<HashMap<[u8; 32], Option<Arc<Composition>>>>);

impl Compositions {
    /// The composition of `parts`, which `compose` makes unless it is known.
    pub(super) fn get(
        &self,
        parts: &[&[u8]],
        compose: impl FnOnce() -> Option<Composition>,
    ) -> Option<Arc<Composition>> {
        let mut key = Sha256::new();
        for part in parts {
            key.update(part.len().to_le_bytes());
            key.update(part);
        }
        let key: [u8; 32] = key.finalize().into();
        if let Some(known) = self.kept().get(&key) {
            return known.clone();
        }
        let composition = compose().map(Arc::new);
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, composition.clone());
        composition
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Option<Arc<Composition>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A person's values together with the addresses of tracked links.
pub(super) fn with_links(
    values: &BTreeMap<String, String>,
    links: Vec<String>,
    pixel: String,
) -> BTreeMap<String, String> {
    let mut values = values.clone();
    values.extend(links.into_iter().enumerate().map(|(number, url)| (link(number), url)));
    values.insert(PIXEL.to_owned(), pixel);
    values
}
