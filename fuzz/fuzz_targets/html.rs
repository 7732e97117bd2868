//! What people write and paste: cleaned, turned into text, tracked, and the tracking taken out again.

#![no_main]

libfuzzer_sys::fuzz_target!(|html: &str| {
    let clean = mail::html::sanitize(html).html;
    let _ = mail::html::to_text(&clean);
    let _ = mail::html::opening(&clean);
    let _ = mail::html::newly_written(&clean);
    let tracked =
        mail::html::track(&clean, |number, _| format!("https://t.example/c/{number}"), "https://t.example/o/1.gif");
    let _ = mail::html::untrack(&tracked, |_| None, |url| url.starts_with("https://t.example/o/"));
});
