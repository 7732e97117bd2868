//! The recipient's page: plain HTML that needs no script, in their language.

use domain::{TextEnum, stops::Motive};
use engine::unsubscribe::{Landing, Language, State, Words, escape};

/// What has just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// They look at how things stand.
    Looking,
    /// They took it back.
    TakenBack,
    /// They sent something that was understood as nothing.
    Unclear,
}

/// The words of one page, escaped.
struct Page<'a> {
    words: Words,
    values: [(&'static str, &'a str); 3],
}

impl Page<'_> {
    fn say(&self, id: &str) -> String {
        escape(&self.words.say(id, &self.values)).into_owned()
    }
}

pub(super) fn landing(landing: &Landing, moment: Moment) -> String {
    let page = Page {
        words: Words::of(landing.language),
        values: [("company", &landing.company), ("sender", &landing.sender), ("address", &landing.address)],
    };
    let body = match landing.state {
        State::Subscribed => question(&page, moment),
        State::Unsubscribed { from_everybody, may_undo } => done(&page, from_everybody, may_undo),
    };
    document(landing.language, &page.say("title"), &body)
}

/// A page that only says something.
pub(super) fn notice(language: Language, heading: &str, text: &str) -> String {
    let page = Page { words: Words::of(language), values: [("company", ""), ("sender", ""), ("address", "")] };
    let body = format!("<h1>{}</h1>\n<p>{}</p>", page.say(heading), page.say(text));
    document(language, &page.say(heading), &body)
}

fn question(page: &Page<'_>, moment: Moment) -> String {
    let news = match moment {
        Moment::Looking => String::new(),
        Moment::TakenBack => format!("<p class=\"news\" role=\"status\">{}</p>\n", page.say("undone")),
        Moment::Unclear => format!("<p class=\"news\" role=\"alert\">{}</p>\n", page.say("unclear")),
    };
    let reasons: Vec<String> = Motive::ALL
        .iter()
        .map(|motive| {
            let words = page.say(&format!("why-{}", motive.as_str().replace('_', "-")));
            format!("<label><input type=\"radio\" name=\"why\" value=\"{motive}\"> {words}</label>\n")
        })
        .collect();
    format!(
        "{news}<h1>{heading}</h1>\n<p>{intro}</p>\n<form method=\"post\">\n\
         <input type=\"hidden\" name=\"act\" value=\"unsubscribe\">\n\
         <fieldset>\n<legend>{what}</legend>\n\
         <label><input type=\"radio\" name=\"what\" value=\"all\" checked> {all}</label>\n\
         <label><input type=\"radio\" name=\"what\" value=\"sender\"> {sender}</label>\n</fieldset>\n\
         <fieldset>\n<legend>{why}</legend>\n{reasons}</fieldset>\n\
         <label class=\"above\" for=\"note\">{note}</label>\n\
         <textarea id=\"note\" name=\"note\" rows=\"3\" maxlength=\"1000\"></textarea>\n\
         <button type=\"submit\">{submit}</button>\n</form>",
        heading = page.say("heading"),
        intro = page.say("intro"),
        what = page.say("what"),
        all = page.say("what-all"),
        sender = page.say("what-sender"),
        why = page.say("why"),
        reasons = reasons.concat(),
        note = page.say("note"),
        submit = page.say("submit"),
    )
}

fn done(page: &Page<'_>, from_everybody: bool, may_undo: bool) -> String {
    let text = page.say(if from_everybody { "done-all" } else { "done-sender" });
    let mut body = format!("<h1>{}</h1>\n<p role=\"status\">{text}</p>\n", page.say("done-heading"));
    if !from_everybody {
        let more = "<input type=\"hidden\" name=\"act\" value=\"unsubscribe\">";
        body.push_str(&button(more, &page.say("done-also-all"), "quiet"));
    }
    if may_undo {
        body.push_str("<h2>");
        body.push_str(&page.say("mistake"));
        body.push_str("</h2>\n");
        body.push_str(&button("<input type=\"hidden\" name=\"act\" value=\"undo\">", &page.say("undo"), "quiet"));
    }
    body
}

fn button(hidden: &str, words: &str, class: &str) -> String {
    format!("<form method=\"post\">{hidden}<button type=\"submit\" class=\"{class}\">{words}</button></form>\n")
}

fn document(language: Language, title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/u/style.css\">\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n",
        language.tag()
    )
}
