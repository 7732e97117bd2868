//! What was written, made ready to be filled in for many people.
//!
//! Cleaning a body, turning it into text and leading its links through us each take longer than everything else about an
//! email. They depend on what was written, not on whom it is for, so they are done once: the results are templates too,
//! with the tracked links and the pixel as two more kinds of field.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use mail::template::{Format, Part, Template};
use sha2::{Digest, Sha256};
use store::bodies::{Difference, Original};

use super::fill::under_what_was_written;
use crate::{
    emails::SNIPPET,
    unsubscribe::{LINK, Message, PLACEHOLDER},
};

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
    /// How the text begins, without the addresses of links, as far as lists show it.
    pub(super) opening: Template,
    /// Where the links lead.
    pub(super) links: Vec<String>,
    /// How what is the same for everybody in `html` differs from what was written, piece by piece.
    differences: Vec<Difference>,
}

/// What a composition is made of.
pub(super) struct Written<'a> {
    pub(super) subject: &'a str,
    /// The HTML as it was saved.
    pub(super) original: &'a str,
    /// The same, with its images where the message has them.
    pub(super) body: &'a str,
    pub(super) signature: &'a str,
    pub(super) unsubscribe: &'a Message,
    pub(super) non_commercial: bool,
    pub(super) follow_up: bool,
    /// What the unsubscribe links of earlier emails begin with, which may be quoted: they stay as they are.
    pub(super) unsubscribe_base: &'a str,
}

impl Composition {
    /// `None` for what has to be looked at with each person's values: a field inside a tag, where a value could do harm.
    pub(super) fn new(written: &Written<'_>) -> Option<Self> {
        let signed = under_what_was_written(written.body, written.signature, written.follow_up);
        let whole = written.unsubscribe.put_into(&signed, written.non_commercial, written.follow_up);
        let html = mail::html::sanitize(&whole).html;
        Template::parse(&html, Format::Html).ok().filter(|template| !template.has_field_in_tag())?;
        let leave = format!("{{{{ {LINK} }}}}");
        let mut links = Vec::new();
        let address = |_, url: &str| {
            if url == PLACEHOLDER {
                return leave.clone();
            }
            if url.starts_with(written.unsubscribe_base) {
                return url.to_owned();
            }
            links.push(url.to_owned());
            format!("{{{{ {} }}}}", link(links.len() - 1))
        };
        let tracked = mail::html::track(&html, address, &format!("{{{{ {PIXEL} }}}}"));
        let body = Template::parse(written.body, Format::Html).ok()?;
        let opening = Template::parse(&mail::html::opening(written.body), Format::Line).ok()?;
        let text = Template::parse(&mail::html::to_text(&html).replace(PLACEHOLDER, &leave), Format::Line).ok()?;
        let html = Template::parse(&html.replace(PLACEHOLDER, &leave), Format::Html).ok()?;
        // Both must have kept every field whole.
        if text.fields() != html.fields() || opening.fields() != body.fields() {
            return None;
        }
        let original = Original::new(written.original);
        Some(Self {
            subject: Template::parse(written.subject, Format::Line).ok()?,
            tracked: Template::parse(&tracked, Format::Html).ok()?,
            text,
            opening: opening.beginning(SNIPPET),
            links,
            differences: html.same_for_everybody().map(|text| original.difference(text)).collect(),
            html,
        })
    }

    /// How the HTML with `values` differs from what was written, and the fields that have none.
    pub(super) fn difference(&self, values: &BTreeMap<String, String>) -> (Difference, Vec<String>) {
        let mut difference = Difference::default();
        let mut known = self.differences.iter();
        let unresolved = self.html.render_parts(values, |part| match part {
            Part::Same(_) => known.next().into_iter().for_each(|it| difference.add(it)),
            Part::Own(text) => difference.add_text(text),
        });
        (difference, unresolved)
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
    mut values: BTreeMap<String, String>,
    links: impl Iterator<Item = String>,
    pixel: String,
) -> BTreeMap<String, String> {
    values.extend(links.enumerate().map(|(number, url)| (link(number), url)));
    values.insert(PIXEL.to_owned(), pixel);
    values
}
