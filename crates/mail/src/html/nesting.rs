//! A bound on nesting. Parsers of HTML take time, and sometimes memory, for every element times its depth: a body of a
//! megabyte that is nothing but `<b>` would keep one busy for minutes.

use std::{cell::Cell, rc::Rc};

use lol_html::{EndTagHandler, end_tag};

/// The most that the depths of all elements of a document may add up to. A rich newsletter comes to some ten thousand.
const MAX_TOTAL_DEPTH: usize = 500_000;

/// Elements that a parser closes by itself when the next one comes, so that they do not make anything deeper.
const CLOSED_BY_THEIR_LIKE: &[&str] = &["colgroup", "dd", "dt", "li", "option", "p", "tbody", "tfoot", "thead", "tr"];

/// How deep we are in a document, never less than a parser would be.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    depth: Rc<Cell<usize>>,
    total: usize,
}

impl Nesting {
    /// Whether no further element is taken.
    pub(super) fn is_exhausted(&self) -> bool {
        self.total > MAX_TOTAL_DEPTH
    }

    /// Counts an element; the answer is for its end tag.
    ///
    /// Only the end tag of the innermost element makes the depth less: a parser may well ignore the others.
    pub(super) fn enter(&mut self, name: &str) -> EndTagHandler<'static> {
        let outer = self.depth.get();
        self.total += outer + 1;
        let inner = outer + usize::from(!CLOSED_BY_THEIR_LIKE.contains(&name));
        self.depth.set(inner);
        let depth = Rc::clone(&self.depth);
        end_tag!(move |_| {
            if depth.get() == inner {
                depth.set(outer);
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::html::{sanitize, to_text};

    #[test]
    fn hostile_nesting_ends_in_time_and_keeps_the_words() {
        let distinct = (0..).map(|n| format!("<b dir=\"{n}\">")).take(20).collect::<String>() + &"<p>x".repeat(30_000);
        let table = [
            ("<div>".repeat(50_000), "</div>".repeat(50_000)),
            ("<ul><li>".repeat(30_000), "</ul>".repeat(30_000)),
            ("<pre>".repeat(50_000), String::new()),
            ("<i>".repeat(80_000), "</b>".repeat(80_000)),
            ("<b><table><td></b></td></table>".repeat(8_000), String::new()),
            ("<table><tr><td>".repeat(20_000), String::new()),
            (distinct, String::new()),
        ];
        for (before, after) in table {
            let clean = sanitize(&format!("{before}last{after} words")).html;
            assert!(clean.len() < 20_000_000, "{} bytes", clean.len());
            let text = to_text(&clean);
            assert!(text.contains("last") && text.contains("words"), "{before:.20}");
        }
    }

    #[test]
    fn a_long_document_of_usual_depth_is_left_alone() {
        let row = "<tr><td><table><tbody><tr><td><p>x <b>y</b></p></td></tr></tbody></table></td></tr>";
        let html = format!("<table><tbody>{}</tbody></table>", row.repeat(2_000));
        assert_eq!(sanitize(&html).html, html);
        let unclosed = "<p>x<ul><li>a<li>b</ul>".repeat(10_000);
        assert_eq!(sanitize(&unclosed).html.matches("<li>").count(), 20_000);
    }
}
