//! A message that came back: what it means, and what people read of it.

#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::forgive("/mail-parser-"), |raw: &[u8]| {
    let incoming = mail::incoming::understand(raw);
    assert!(!incoming.evidence.is_empty(), "a verdict without a reason");
    let bodies = mail::incoming::bodies(raw);
    assert_eq!(mail::html::sanitize(&bodies.html).html, bodies.html, "cleaning twice finds more");
});
